import { dayOf, formatDay, formatTime } from '../../platform/format.ts';
import type { Explanation } from '../backorders.ts';
import styles from './Timeline.module.css';

type HistoryProps = { history: Explanation['history']; today: string; timeZone: string };

/** What was recorded about the line, the latest first. */
export function History({ history, today, timeZone }: HistoryProps) {
  // Of one instant's events the later recorded one is the later one: hence the reversal before the stable sort.
  const events = [...history].reverse().sort((left, right) => right.at.localeCompare(left.at));
  return (
    <ol className={styles.timeline}>
      {events.map((event, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two events may share their instant and their words.
        <li key={index} className={styles.event}>
          <p>{event.words}</p>
          <p className={styles.when}>
            <time dateTime={event.at}>
              {formatDay(dayOf(event.at, timeZone), today)}, {formatTime(Date.parse(event.at))}
            </time>
          </p>
        </li>
      ))}
    </ol>
  );
}
