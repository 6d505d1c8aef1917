import type { Kept } from './kept.ts';

/** Two clocks that are kept by the network differ by milliseconds; more than this and one of them is wrong. */
const MOST_DRIFT_MS = 120_000;

/** By how many milliseconds this process's clock is ahead of the database's; the time that asking takes is in it. */
export async function clockDrift(kept: Kept): Promise<number> {
  const { rows } = await kept.db.pool.query<{ at: number }>(
    'select extract(epoch from clock_timestamp())::float8 * 1000 as at',
  );
  return kept.clock.now().getTime() - rows[0]!.at;
}

/** What is wrong, in a sentence; null where the clocks agree. */
export function driftSentence(driftMs: number): string | null {
  if (Math.abs(driftMs) <= MOST_DRIFT_MS) return null;
  const seconds = Math.round(Math.abs(driftMs) / 1000);
  const direction = driftMs > 0 ? 'ahead of' : 'behind';
  return `The clock of this machine is ${seconds} s ${direction} the database's: set both by the network (NTP).`;
}

/**
 * Does what time brings about, unless this machine's clock and the database's disagree: what a wrong clock brings about (orders that
 * the law ends, money, messages) cannot be taken back, and an hour later is early enough.
 * @returns whether it was done
 */
export async function byTime(kept: Kept, work: () => Promise<unknown>): Promise<boolean> {
  const amiss = driftSentence(await clockDrift(kept));
  if (amiss !== null) {
    kept.log.error({ amiss }, 'nothing is brought about by time until the clocks agree');
    return false;
  }
  await work();
  return true;
}
