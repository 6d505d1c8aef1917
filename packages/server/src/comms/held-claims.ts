import type { Kept } from '../platform/kept.ts';

/** What a process has claimed and is sending. */
export interface HeldClaims {
  /** Whether they are surely still this process's own: one that stood still for longer than the lease may have lost them. */
  areHeld(): boolean;
  release(): void;
}

/**
 * Renews claims as long as their process is at it, so that a server which keeps every message waiting takes none of them away
 * from the process that has it in hand. A process that dies, or stands still, renews nothing, and others take over.
 * @param claimedAt `performance.now()` from before they were claimed
 */
export function holdClaims(
  kept: Pick<Kept, 'log'>,
  leaseSeconds: number,
  claimedAt: number,
  renew: () => Promise<void>,
): HeldClaims {
  let heldUntil = claimedAt + leaseSeconds * 1000;
  const timer = setInterval(
    async () => {
      const asked = performance.now();
      try {
        await renew();
        heldUntil = asked + leaseSeconds * 1000;
      } catch (err) {
        kept.log.warn({ err }, 'claims of messages could not be renewed; it is tried again');
      }
    },
    (leaseSeconds * 1000) / 3,
  );
  timer.unref();
  return { areHeld: () => performance.now() < heldUntil, release: () => clearInterval(timer) };
}
