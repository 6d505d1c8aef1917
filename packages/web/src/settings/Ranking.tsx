import { ActionIcon, NativeSelect } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import styles from '../platform/sheet.module.css';
import type { Policy } from './settings.ts';
import { words } from './words.ts';

type Rule = NonNullable<Policy['ranking']>[number];
const ALL: readonly Rule[] = ['class', 'promise_date', 'order_time', 'value', 'ship_complete'];

/** The rules in the order in which they decide. */
export function Ranking({
  rules,
  onChange,
  disabled,
}: {
  rules: readonly Rule[];
  onChange: (rules: Rule[]) => void;
  disabled: boolean;
}) {
  const move = (from: number, to: number) =>
    onChange(rules.toSpliced(from, 1).toSpliced(to, 0, rules[from]!));
  const left = ALL.filter((rule) => !rules.includes(rule));
  return (
    <>
      <ol className={styles.rows} aria-label={words.policy.ranking}>
        {rules.map((rule, at) => (
          <li key={rule} className={styles.row} style={{ gridTemplateColumns: 'minmax(0, 1fr) auto' }}>
            <span>
              {at + 1}. {words.policy.rules[rule]}
            </span>
            <span className={styles.actions}>
              <ActionIcon
                variant="default"
                disabled={disabled || at === 0}
                aria-label={words.policy.up(words.policy.rules[rule])}
                onClick={() => move(at, at - 1)}
              >
                <IconArrowUp size={16} stroke={1.6} />
              </ActionIcon>
              <ActionIcon
                variant="default"
                disabled={disabled || at === rules.length - 1}
                aria-label={words.policy.down(words.policy.rules[rule])}
                onClick={() => move(at, at + 1)}
              >
                <IconArrowDown size={16} stroke={1.6} />
              </ActionIcon>
              <ActionIcon
                variant="default"
                disabled={disabled || rules.length === 1}
                aria-label={words.policy.drop(words.policy.rules[rule])}
                onClick={() => onChange(rules.toSpliced(at, 1))}
              >
                <IconX size={16} stroke={1.6} />
              </ActionIcon>
            </span>
          </li>
        ))}
      </ol>
      {left.length === 0 || disabled ? null : (
        <NativeSelect
          label={words.policy.add}
          value=""
          data={[
            { value: '', label: '' },
            ...left.map((rule) => ({ value: rule, label: words.policy.rules[rule] })),
          ]}
          onChange={({ currentTarget: { value } }) => value && onChange([...rules, value as Rule])}
        />
      )}
    </>
  );
}
