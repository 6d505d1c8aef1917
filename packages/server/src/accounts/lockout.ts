/** Wrong passwords or codes in a row that cost nothing but themselves. */
const FREE_FAILURES = 5;
const FIRST_WAIT_SECONDS = 15;
const LONGEST_WAIT_SECONDS = 3600;

/**
 * How many seconds more an account takes no further try. Each failure beyond the fifth doubles the wait, up to an hour: a
 * guesser gets some 30 tries a day, and a person who mistyped is never locked out for good.
 * @param failedAt of the latest failure, in milliseconds since 1970
 */
export function waitSeconds(failures: number, failedAt: number | null, now: number): number {
  if (failures < FREE_FAILURES || failedAt === null) return 0;
  const wait = Math.min(FIRST_WAIT_SECONDS * 2 ** (failures - FREE_FAILURES), LONGEST_WAIT_SECONDS);
  return Math.max(0, Math.ceil(wait - (now - failedAt) / 1000));
}
