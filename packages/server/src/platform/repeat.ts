import { setInterval } from 'node:timers';

/**
 * Does something again and again, and never twice at once; the next time comes all the same where it fails, so `work` says itself
 * what went wrong. `stopped` tells work of many parts when to leave the rest to whoever comes next.
 * @returns stops, and waits for what is under way
 */
export function repeat(
  everyMs: number,
  work: (stopped: () => boolean) => Promise<unknown>,
): () => Promise<void> {
  let underWay: Promise<unknown> | undefined;
  let stopped = false;
  const timer = setInterval(() => {
    underWay ??= work(() => stopped)
      .catch(() => {})
      .finally(() => {
        underWay = undefined;
      });
  }, everyMs);
  return async () => {
    stopped = true;
    clearInterval(timer);
    await underWay;
  };
}
