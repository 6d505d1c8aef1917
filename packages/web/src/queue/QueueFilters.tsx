import { ActionIcon, Button, CloseButton, NativeSelect, TextInput } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconArrowDown, IconArrowUp, IconSearch } from '@tabler/icons-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import styles from './QueueFilters.module.css';
import { countFilters, type QueueSearch, type QueueSort } from './search-params.ts';
import { words } from './words.ts';

type FiltersProps = {
  search: QueueSearch;
  channels: { code: string; title: string }[];
  searchField: RefObject<HTMLInputElement | null>;
  /** `typing` changes replace the address instead of adding a step to go back through. */
  onChange: (change: Partial<QueueSearch>, typing?: boolean) => void;
  onClear: () => void;
};

/** What narrows the queue. On a phone all but the search field folds away. */
export function QueueFilters({ search, channels, searchField, onChange, onClear }: FiltersProps) {
  const [unfolded, setUnfolded] = useState(false);
  const folded = countFilters({ ...search, search: undefined, state: undefined }) + (search.sort ? 1 : 0);
  const any = countFilters(search) > 0;
  return (
    <search className={styles.filters}>
      <TypedField
        field={searchField}
        className={styles.search}
        label={words.filters.search}
        hint={words.filters.searchHint}
        icon={<IconSearch size={16} stroke={1.8} />}
        keyHint="/"
        value={search.search}
        onType={(value) => onChange({ search: value }, true)}
      />
      <Button
        className={styles.unfold}
        variant="default"
        aria-expanded={unfolded}
        aria-controls="queue-filters"
        leftSection={<IconAdjustmentsHorizontal size={17} stroke={1.7} />}
        rightSection={folded > 0 ? <span className={styles.count}>{folded}</span> : null}
        onClick={() => setUnfolded(!unfolded)}
      >
        {words.filters.open}
      </Button>
      <div id="queue-filters" className={styles.fold} data-unfolded={unfolded || undefined}>
        <SortFields search={search} onChange={onChange} />
        <NativeSelect
          className={styles.channel}
          aria-label={words.filters.channel}
          value={search.channel ?? ''}
          onChange={(event) => onChange({ channel: event.currentTarget.value || undefined })}
          data={[
            { value: '', label: words.filters.everyChannel },
            ...channels.map(({ code, title }) => ({ value: code, label: title })),
          ]}
        />
        <TypedField
          className={styles.code}
          label={words.filters.sku}
          hint={words.filters.skuHint}
          value={search.sku}
          onType={(value) => onChange({ sku: value }, true)}
        />
        <TypedField
          className={styles.code}
          label={words.filters.purchaseOrder}
          hint={words.filters.purchaseOrderHint}
          value={search.purchaseOrder}
          onType={(value) => onChange({ purchaseOrder: value }, true)}
        />
        {any ? (
          <Button variant="subtle" className={styles.clear} onClick={onClear}>
            {words.filters.clear}
          </Button>
        ) : null}
      </div>
    </search>
  );
}

/** Where there are no columns to click. */
function SortFields({ search, onChange }: Pick<FiltersProps, 'search' | 'onChange'>) {
  const rising = search.direction !== 'desc';
  const Arrow = rising ? IconArrowUp : IconArrowDown;
  const label = rising ? words.turn.asc : words.turn.desc;
  return (
    <div className={styles.sort}>
      <NativeSelect
        className={styles.sortBy}
        aria-label={words.sortBy}
        value={search.sort ?? 'queue'}
        onChange={(event) => {
          const sort = event.currentTarget.value as QueueSort;
          onChange({ sort: sort === 'queue' ? undefined : sort, direction: undefined });
        }}
        data={Object.entries(words.sorts).map(([value, name]) => ({
          value,
          label: `${words.sortBy}: ${name}`,
        }))}
      />
      <ActionIcon
        variant="default"
        size={36}
        aria-label={label}
        title={label}
        disabled={!search.sort}
        onClick={() => onChange({ direction: rising ? 'desc' : undefined })}
      >
        <Arrow size={17} stroke={1.8} />
      </ActionIcon>
    </div>
  );
}

const typingMillis = 250;

/** A field that tells what was typed once the typing pauses, and follows the address when that changes by itself. */
function TypedField(props: {
  value: string | undefined;
  onType: (value: string | undefined) => void;
  label: string;
  hint: string;
  className?: string;
  icon?: React.ReactNode;
  keyHint?: string;
  field?: RefObject<HTMLInputElement | null>;
}) {
  const [typed, setTyped] = useState(props.value ?? '');
  const told = useRef(props.value ?? '');
  const { value = '', onType } = props;
  useEffect(() => {
    // Only what came from elsewhere (back, a link, "clear") overrules the field; its own words come back as they were told.
    if (value === told.current) return;
    told.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    const next = typed.trim();
    if (next === told.current) return;
    const pause = setTimeout(() => {
      told.current = next;
      onType(next || undefined);
    }, typingMillis);
    return () => clearTimeout(pause);
  }, [typed, onType]);
  const clear = typed ? (
    <CloseButton size="sm" aria-label={words.filters.clearOne(props.label)} onClick={() => setTyped('')} />
  ) : props.keyHint ? (
    <kbd className={styles.key}>{props.keyHint}</kbd>
  ) : null;
  return (
    <TextInput
      ref={props.field}
      className={props.className}
      aria-label={props.label}
      placeholder={props.hint}
      leftSection={props.icon}
      rightSection={clear}
      value={typed}
      maxLength={120}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}
