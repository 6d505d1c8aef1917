/** After so many attempts a person has to look: a server that is down for a day is asked once it is back. */
export const ATTEMPTS = 21;

const MINUTE_MS = 60_000;
const MOST_MS = 120 * MINUTE_MS;

/** A minute after the first attempt, then two, four, eight …, at most two hours: all are spread over 28 hours. */
export function waitMsAfter(attempts: number): number {
  return Math.min(MOST_MS, MINUTE_MS * 2 ** (attempts - 1));
}
