import { Skeleton } from '@mantine/core';
import { formatDay, formatShare } from '../platform/format.ts';
import { useToday } from '../platform/session.ts';
import styles from '../platform/sheet.module.css';
import { useMetrics } from './messages.ts';
import { words } from './words.ts';

const rates = [
  'noticeTimeliness',
  'consentRate',
  'cancelRate',
  'switchRate',
  'silentRate',
  'cancelledBySilenceRate',
  'bounceRate',
  'complaintRate',
] as const;

/** How telling customers goes, each figure with what it counts. */
export function Figures() {
  const { today } = useToday();
  const { data, error } = useMetrics();
  if (error !== null && data === undefined)
    return (
      <p className={styles.late} role="alert">
        {error.message}
      </p>
    );
  if (data === undefined) return <Skeleton height={220} radius={8} />;
  return (
    <>
      <p className={styles.soft}>
        {words.metrics.title(formatDay(data.from, today), formatDay(data.until, today))}
      </p>
      <dl className={styles.figures} style={{ marginTop: 18 }}>
        {rates.map((name) => {
          const { value, count, of, formula } = data[name];
          return (
            <div key={name}>
              <dt>{words.metrics[name]}</dt>
              <dd title={formula}>
                {value === null ? '–' : formatShare(value)}
                <small>{value === null ? words.metrics.none : words.metrics.of(count, of)}</small>
              </dd>
            </div>
          );
        })}
      </dl>
      {data.reasons.length === 0 ? null : (
        <>
          <h2>{words.metrics.reasons}</h2>
          <ul className={styles.rows}>
            {data.reasons.map(({ reason, orders }) => (
              <li key={reason} className={styles.row}>
                <span>{reason ?? words.metrics.noReason}</span>
                <span>{orders}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
