import { dayOf, daysBetween, formatDay } from '../../platform/format.ts';
import type { Explanation } from '../backorders.ts';
import { words as queueWords } from '../words.ts';
import { reasonWords } from './reason-words.ts';
import styles from './Timeline.module.css';
import { words } from './words.ts';

type PromiseVersion = Explanation['promises'][number];
type PromisesProps = { promises: readonly PromiseVersion[]; today: string; timeZone: string };

/** Every date that was given, the latest first, each with why it differs from the one before. */
export function Promises({ promises, today, timeZone }: PromisesProps) {
  const versions = [...promises].sort((left, right) => right.version - left.version);
  return (
    <ol className={styles.timeline}>
      {versions.map((version, index) => {
        const before = versions[index + 1];
        const reasons = [...new Set(version.reasons.map((reason) => reasonWords(reason, today)))];
        return (
          <li key={version.version} className={styles.event} data-past={index > 0 || undefined}>
            <p className={styles.what}>
              <span className={styles.day}>{formatDay(version.shipBy, today)}</span>
              <span className={styles.moved}>
                {queueWords.units(version.quantity)}, {movedWords(version, before)}
              </span>
            </p>
            {version.parts.length > 1 ? (
              <p>
                {version.parts
                  .map(({ quantity, shipBy }) => words.part(quantity, formatDay(shipBy, today)))
                  .join(', ')}
              </p>
            ) : null}
            {reasons.map((reason) => (
              <p key={reason}>{sentence(reason)}</p>
            ))}
            <p className={styles.when}>
              {words.made(formatDay(dayOf(version.madeAt, timeZone), today))}
              {', '}
              {words.deliver(formatDay(version.deliverBy, today))}
            </p>
          </li>
        );
      })}
    </ol>
  );
}

function movedWords(version: PromiseVersion, before: PromiseVersion | undefined): string {
  if (!before) return words.firstPromise;
  const days = daysBetween(before.shipBy, version.shipBy);
  if (days > 0) return words.later(days);
  return days < 0 ? words.sooner(-days) : words.sameDay;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
