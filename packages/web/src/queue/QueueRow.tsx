// biome-ignore-all lint/a11y/useSemanticElements: a virtualised grid cannot be a <table>; its rows are placed by hand.
import { memo, useEffect, useRef } from 'react';
import {
  dayOf,
  daysBetween,
  formatCount,
  formatDay,
  formatMoney,
  formatMoneyShort,
} from '../platform/format.ts';
import { backingOf, stageWords, supplyName } from './backing.ts';
import type { Backorder } from './backorders.ts';
import { promiseStanding } from './promise-standing.ts';
import styles from './QueueTable.module.css';
import { StateMark } from './StateMark.tsx';
import { selectWords } from './select-words.ts';
import { words } from './words.ts';

type RowProps = {
  line: Backorder;
  index: number;
  /** Pixels from the list's top. */
  start: number;
  today: string;
  timeZone: string;
  channelTitle: string;
  active: boolean;
  opened: boolean;
  /** The row that Tab reaches. */
  reachable: boolean;
  /** Takes the keyboard's focus when it becomes active by keyboard. */
  takesFocus: boolean;
  /** Whether it is among those that something is to be done with. */
  chosen: boolean;
  onChoose: (id: string) => void;
  onOpen: (id: string) => void;
  onFocused: (id: string) => void;
};

/** One line of the queue: a row of the table, a card on a phone. The same cells, laid out by the style sheet. */
export const QueueRow = memo(function QueueRow(props: RowProps) {
  const { line, today, onOpen, onFocused } = props;
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (props.takesFocus) element.current?.focus({ preventScroll: true });
  }, [props.takesFocus]);

  const since = dayOf(line.waitingSince, props.timeZone);
  const waitedDays = daysBetween(since, today);
  const promise = promiseStanding(line, today);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter opens a row through the page's own keys (keyboard.ts).
    <div
      ref={element}
      role="row"
      tabIndex={props.reachable ? 0 : -1}
      aria-rowindex={props.index + 2}
      aria-label={words.openLine(line.title, line.customer)}
      aria-selected={props.opened}
      data-row={line.id}
      data-active={props.active || undefined}
      className={styles.row}
      style={{ transform: `translateY(${props.start}px)` }}
      onClick={() => onOpen(line.id)}
      onFocus={() => onFocused(line.id)}
    >
      <Cell name="item">
        <input
          type="checkbox"
          className={styles.choose}
          tabIndex={-1}
          aria-label={selectWords.choose(line.title, line.customer)}
          title={selectWords.choose(line.title, line.customer)}
          checked={props.chosen}
          onClick={(event) => event.stopPropagation()}
          onChange={() => props.onChoose(line.id)}
        />
        <span className={styles.main} title={line.title}>
          {line.title}
        </span>
        <span className={styles.note}>{line.sku}</span>
      </Cell>
      <Cell name="customer">
        <span className={styles.main} title={line.customer}>
          {line.customer}
        </span>
        <span className={styles.note}>{line.order}</span>
      </Cell>
      <Cell name="channel">
        <span className={styles.main}>{props.channelTitle}</span>
        {line.notBefore || line.cancelAfter ? (
          <span className={styles.note} title={words.windowWhy(line.notBefore, line.cancelAfter)}>
            {words.window(
              line.notBefore && formatDay(line.notBefore, today, { weekday: false }),
              line.cancelAfter && formatDay(line.cancelAfter, today, { weekday: false }),
            )}
          </span>
        ) : null}
      </Cell>
      <Cell name="quantity">
        <span className={styles.main}>{formatCount(line.quantity)}</span>
        <span className={styles.unit}> {words.unitsShort(line.quantity)}</span>
      </Cell>
      <Cell name="value">
        <span className={styles.main} title={formatMoney(line.value)}>
          {formatMoneyShort(line.value)}
        </span>
      </Cell>
      <Cell name="waitingSince">
        <span className={styles.label}>{words.since} </span>
        <span className={styles.main}>{formatDay(since, today)}</span>
        <span className={styles.note}>{words.waiting(waitedDays)}</span>
      </Cell>
      <Cell name="shipBy">
        <span className={styles.label}>{words.columns.shipBy} </span>
        <span
          className={styles.main}
          title={promise.exact}
          data-none={promise.day === words.promise.none || undefined}
        >
          {promise.day}
        </span>
        <span className={styles.note} data-broken={promise.broken || undefined}>
          {promise.note}
        </span>
      </Cell>
      <Cell name="backing">
        <span className={styles.label}>{words.columns.backing} </span>
        <BackingCell line={line} today={today} />
      </Cell>
      <Cell name="state">
        <StateMark state={line.state} />
      </Cell>
    </div>
  );
});

function BackingCell({ line, today }: { line: Backorder; today: string }) {
  const { first, more, waitingUnits } = backingOf(line.commitments);
  if (!first)
    return (
      <span className={styles.main} data-none>
        {words.backing.none}
      </span>
    );
  const due = first.expectedOn
    ? words.backing.expected(formatDay(first.expectedOn, today, { weekday: false }))
    : undefined;
  const note = waitingUnits > 0 ? words.backing.unbacked(waitingUnits) : undefined;
  return (
    <>
      <span className={styles.main}>
        {supplyName(first)}
        {more > 0 ? (
          <span className={styles.more} title={words.backing.moreWhy(more)}>
            {words.backing.more(more)}
          </span>
        ) : null}
      </span>
      <span className={styles.note} data-unbacked={note ? true : undefined}>
        {note ?? [stageWords(first), due].filter(Boolean).join(', ')}
      </span>
    </>
  );
}

function Cell({ name, children }: { name: keyof typeof words.columns; children: React.ReactNode }) {
  return (
    <div role="gridcell" tabIndex={-1} className={`${styles.cell} ${styles[name]}`}>
      {children}
    </div>
  );
}
