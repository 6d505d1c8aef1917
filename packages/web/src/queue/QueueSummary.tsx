import { UnstyledButton } from '@mantine/core';
import { formatMoney, formatMoneyList, formatMoneyShort, formatTime } from '../platform/format.ts';
import type { Totals } from './backorders.ts';
import styles from './QueueSummary.module.css';
import { words } from './words.ts';

type SummaryProps = {
  totals: Totals | undefined;
  /** When the server last answered, in milliseconds; 0 before it did. */
  asOfMillis: number;
  /** The last refresh failed: the figures are the last known ones. */
  failed: boolean;
  /** Whether the figures follow by themselves. */
  live: boolean;
  onRefresh: () => void;
};

/** The quiet line over the queue: how much waits, what it is worth, and when that was so. */
export function QueueSummary({ totals, asOfMillis, failed, live, onRefresh }: SummaryProps) {
  return (
    <div className={styles.summary}>
      <h1 className={styles.title}>{words.title}</h1>
      {totals && totals.lines > 0 ? (
        <p className={styles.totals}>
          <b>{words.lines(totals.lines)}</b>
          <b>{words.units(totals.units)}</b>
          {totals.value.length > 0 ? (
            <b title={formatMoneyList(totals.value, formatMoney)}>
              {formatMoneyList(totals.value, formatMoneyShort)}
            </b>
          ) : null}
        </p>
      ) : null}
      {asOfMillis > 0 ? (
        <p className={styles.asOf}>
          {failed ? <span className={styles.failed}>{words.failed.stale} </span> : null}
          <time dateTime={new Date(asOfMillis).toISOString()}>{words.asOf(formatTime(asOfMillis))}</time>
          {failed || !live ? (
            <UnstyledButton className={styles.refresh} onClick={onRefresh}>
              {words.refresh}
            </UnstyledButton>
          ) : null}
        </p>
      ) : null}
    </div>
  );
}
