import type { Changes as ChangesShape } from '@kept/contract';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { read, type Shape } from '../platform/api.ts';
import { formatInstant } from '../platform/format.ts';
import { useToday } from '../platform/session.ts';
import styles from './TodayPage.module.css';
import { words } from './words.ts';

const STORED = 'kept-seen';
/** Whoever comes back after so long visits anew. */
const AWAY_MS = 30 * 60_000;
const STILL_HERE_MS = 60_000;

/** Kinds of events that a person would ask about, in the order in which they are told. */
const TOLD = Object.keys(words.since.kinds) as (keyof typeof words.since.kinds)[];

/** What happened while whoever looks was away. */
export function Since() {
  const { today, timeZone } = useToday();
  const [since] = useState(lastVisit);
  useEffect(() => {
    const here = () => remember(since);
    here();
    const timer = setInterval(here, STILL_HERE_MS);
    return () => clearInterval(timer);
  }, [since]);
  const { data } = useQuery({
    queryKey: ['changes', since],
    queryFn: ({ signal }) => read<Shape<typeof ChangesShape>>('/v1/changes', { since: since! }, signal),
    enabled: since !== null,
    refetchInterval: STILL_HERE_MS,
  });
  if (since === null || data === undefined) return null;
  const count = new Map(data.changes.map((one) => [one.kind, one.count]));
  const told = TOLD.flatMap((kind) => {
    const number = count.get(kind) ?? 0;
    return number > 0 ? [words.since.kinds[kind](number)] : [];
  });
  return (
    <p className={styles.totals} aria-live="polite">
      {words.since.visit(formatInstant(data.since, timeZone, today))}{' '}
      {told.length === 0 ? words.since.nothing : `${told.join(', ')}.`}
    </p>
  );
}

interface Seen {
  /** When the visit before this one ended, and when this browser last looked. */
  readonly before: string | null;
  readonly last: string;
}

function lastVisit(): string | null {
  try {
    const seen = JSON.parse(window.localStorage.getItem(STORED) ?? 'null') as Seen | null;
    if (seen === null) return null;
    return Date.now() - Date.parse(seen.last) > AWAY_MS ? seen.last : seen.before;
  } catch {
    return null;
  }
}

function remember(before: string | null): void {
  try {
    window.localStorage.setItem(
      STORED,
      JSON.stringify({ before, last: new Date().toISOString() } satisfies Seen),
    );
  } catch {
    // Storage may be closed to us: then every visit is the first.
  }
}
