import '@mantine/core/styles/Paper.layer.css';
import '@mantine/core/styles/Popover.layer.css';
import '@mantine/core/styles/ScrollArea.layer.css';
import '@mantine/core/styles/Combobox.layer.css';
import '@mantine/core/styles/FloatingIndicator.layer.css';
import '@mantine/core/styles/SegmentedControl.layer.css';
import '@mantine/core/styles/Progress.layer.css';
import '@mantine/core/styles/NumberInput.layer.css';
import '@mantine/core/styles/Checkbox.layer.css';
import '@mantine/core/styles/InlineInput.layer.css';
import { Button, CloseButton, Select, Skeleton, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import {
  daysBetween,
  formatDay,
  formatMoney,
  formatMoneyList,
  formatMoneyShort,
} from '../platform/format.ts';
import styles from './LinePanel.module.css';
import { type OpenLine, type SlipReason, usePurchasing, useSupposed, type WhatIf } from './orders.ts';
import { Receive } from './Receive.tsx';
import { words } from './words.ts';

type PanelProps = {
  line: OpenLine;
  /** The day it is supposed to come; the line's own where nothing else is supposed. */
  day: string | null;
  today: string;
  /** Null: as it is. */
  onDay: (day: string | null) => void;
  onClose: () => void;
};
type Done = { kind: 'moved' | 'undone'; from: string | null; day: string };

/** One line of a purchase order: who is hit if it comes on another day, and what came of it. */
export function LinePanel({ line, day, today, onDay, onClose }: PanelProps) {
  const { revise } = usePurchasing();
  const [reason, setReason] = useState<SlipReason>('production');
  const [done, setDone] = useState<Done | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const supposed = day !== null && day !== line.expectedOn;

  const commit = async (to: string | null, kind: Done['kind']) => {
    setBusy(true);
    setTrouble(null);
    try {
      await revise(line, to, reason);
      setDone(kind === 'undone' || to === null ? null : { kind, from: line.expectedOn, day: to });
      onDay(null);
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <aside className={styles.panel} aria-label={`${line.order} ${line.sku}`}>
      <header className={styles.head}>
        <div>
          <h2 className={styles.title}>{line.order}</h2>
          <p className={styles.sub}>
            {line.sku} · {line.supplier} · {words.waitFor(line.pegged, line.open)}
          </p>
        </div>
        <CloseButton aria-label={words.panel.close} onClick={onClose} />
      </header>
      <TextInput
        type="date"
        label={words.panel.expectedOn}
        value={day ?? ''}
        onChange={({ currentTarget }) => {
          setDone(null);
          onDay(currentTarget.value || null);
        }}
      />
      {supposed ? (
        <>
          <Supposed line={line} day={day} today={today} />
          <Select
            label={words.panel.reason}
            data={Object.entries(words.panel.reasons).map(([value, label]) => ({ value, label }))}
            value={reason}
            allowDeselect={false}
            onChange={(chosen) => setReason(chosen as SlipReason)}
          />
          <div className={styles.actions}>
            <Button loading={busy} onClick={() => void commit(day, 'moved')}>
              {words.panel.commit(formatDay(day, today))}
            </Button>
            <Button variant="default" disabled={busy} onClick={() => onDay(null)}>
              {words.panel.letGo}
            </Button>
          </div>
        </>
      ) : null}
      <div aria-live="polite">
        {done === null || supposed ? null : (
          <p className={styles.done}>
            {words.panel.committed(formatDay(done.day, today))}{' '}
            <Button
              size="compact-sm"
              variant="default"
              loading={busy}
              onClick={() => void commit(done.from, 'undone')}
            >
              {words.panel.undo}
            </Button>
          </p>
        )}
        {trouble === null ? null : (
          <p className={styles.trouble} role="alert">
            {words.panel.failed}: {trouble}
          </p>
        )}
      </div>
      {supposed ? null : <Receive line={line} today={today} />}
    </aside>
  );
}

function Supposed({ line, day, today }: { line: OpenLine; day: string; today: string }) {
  const [settled] = useDebouncedValue(day, 120);
  const query = useSupposed(line, settled);
  if (query.isError)
    return (
      <p className={styles.trouble} role="alert">
        {query.error.message}
      </p>
    );
  const off = line.expectedOn === null ? null : daysBetween(line.expectedOn, day);
  return (
    <section className={styles.supposed} data-stale={query.isPlaceholderData || settled !== day || undefined}>
      <p className={styles.moved}>{off === null ? null : words.moved(off)}</p>
      {query.data === undefined ? (
        <div role="status" aria-label={words.panel.looking}>
          <Skeleton height={13} width="80%" radius={4} />
        </div>
      ) : (
        <Effects answer={query.data} today={today} />
      )}
    </section>
  );
}

function Effects({ answer, today }: { answer: WhatIf; today: string }) {
  const { hit, helped, revenueAtRisk, lines, more } = answer;
  const broken = lines.filter((one) => one.broken > 0);
  const told = answer.notices.reduce((sum, { orders }) => sum + orders, 0);
  const risk = revenueAtRisk.filter(({ amount }) => amount > 0);
  return (
    <>
      <p className={styles.verdict} data-hit={risk.length > 0 || undefined}>
        {hit.lines === 0 ? words.panel.nobodyHit : words.panel.hit(hit.lines, hit.customers)}
        {risk.length > 0 ? (
          <b title={formatMoneyList(risk, formatMoney)}>
            {' '}
            {words.panel.atRisk(formatMoneyList(risk, formatMoneyShort))}
          </b>
        ) : null}
      </p>
      {helped.lines > 0 ? <p>{words.panel.helped(helped.lines)}</p> : null}
      {told > 0 ? <p>{words.panel.tell(told)}</p> : null}
      {broken.length > 0 ? (
        <table className={styles.broken}>
          <caption>{words.panel.broken}</caption>
          <tbody>
            {broken.slice(0, 12).map((one) => (
              <tr key={one.id}>
                <th scope="row">{one.customer}</th>
                <td>{one.order}</td>
                <td>{words.panel.brokenOf(one.broken)}</td>
                <td>
                  <s>{dayOf(one.promise.from.at(-1)?.shipBy, today)}</s>{' '}
                  {dayOf(one.plannedShipBy.to ?? undefined, today)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {broken.length > 12 || more > 0 ? (
        <p className={styles.more}>{words.panel.more(Math.max(0, broken.length - 12) + more)}</p>
      ) : null}
    </>
  );
}

function dayOf(day: string | undefined, today: string): string {
  return day === undefined ? words.noDate : formatDay(day, today, { weekday: false });
}
