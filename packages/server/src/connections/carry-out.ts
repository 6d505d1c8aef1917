import { noteMoneyDue } from '../payments/index.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import {
  type ActionOutcome,
  type ActionRow,
  claimActions,
  recordAction,
  renewActions,
} from './action-store.ts';
import { AccessLost, type Action, Busy, type Outcome } from './connector.ts';
import { keepClaim } from './keep-claim.ts';
import { breakConnection, type OpenedConnection } from './opened.ts';
import { type ReadOptions, waitMs } from './read-changes.ts';

const AT_ONCE = 20;
/** How long claimed actions stay a process's own without a sign of it. */
const LEASE_SECONDS = 30;
/** How often is asked what became of what the other system works on. */
const SETTLE_MS = 2_000;
/** After so many attempts, each twice as far away as the last, it is a person's. */
const MOST_ATTEMPTS = 12;

/**
 * Carries out what a connection was asked, and asks what became of what it works on. Each is claimed first, so that a process
 * that dies leaves it to others: the same id twice is done once there.
 * @returns how many were attempted
 */
export async function carryOut(
  kept: Kept,
  brandId: number,
  opened: OpenedConnection,
  { signal, leaseSeconds = LEASE_SECONDS }: ReadOptions = {},
): Promise<number> {
  const { name } = opened.row;
  let attempted = 0;
  while (!signal?.aborted) {
    const claimed = await withBrand(kept.db, brandId, (client) =>
      claimActions(client, brandId, name, kept.clock.now(), AT_ONCE, leaseSeconds),
    );
    if (claimed.length === 0) break;
    const letGo = keepClaim(kept, brandId, name, leaseSeconds, (client) =>
      renewActions(client, brandId, name, claimed, leaseSeconds),
    );
    try {
      for (const row of claimed) {
        const { outcome, lost } = await attempt(kept, opened, row, signal);
        await withBrand(kept.db, brandId, async (client) => {
          await recordAction(client, brandId, name, row, outcome);
          // Whoever waits for the answer is told of it now.
          if (outcome.doneAt !== null && row.order !== null && isRefund(row))
            await noteMoneyDue(client, brandId, 'refund', [row.order], outcome.doneAt.toISOString());
        });
        attempted++;
        if (lost === null) continue;
        await breakConnection(kept, brandId, name, lost);
        return attempted;
      }
    } finally {
      letGo();
    }
  }
  return attempted;
}

const isRefund = ({ action }: ActionRow) => (JSON.parse(action) as Action).kind === 'refund';

async function attempt(
  kept: Kept,
  { connection }: OpenedConnection,
  row: ActionRow,
  signal: AbortSignal | undefined,
): Promise<{ outcome: ActionOutcome; lost: AccessLost | null }> {
  const action = JSON.parse(row.action) as Action;
  const now = () => kept.clock.now();
  const base = {
    state: row.handle === null ? 'waiting' : 'pending',
    handle: row.handle,
    doneAt: null,
  } as const;
  try {
    const outcome =
      row.handle !== null && connection.settle !== undefined
        ? await connection.settle(action, row.handle, signal)
        : await connection.act!(action, signal);
    return { outcome: recorded(outcome, row, now()), lost: null };
  } catch (error) {
    const trouble = error instanceof Error ? error.message : String(error);
    if (error instanceof Busy) return { outcome: { ...base, tryAt: error.after, trouble }, lost: null };
    if (error instanceof AccessLost) return { outcome: { ...base, tryAt: now(), trouble }, lost: error };
    kept.log.warn({ err: error, kind: action.kind }, 'an action was not carried out');
    if (row.attempts >= MOST_ATTEMPTS)
      return { outcome: { ...base, state: 'refused', tryAt: now(), trouble }, lost: null };
    const tryAt = new Date(now().getTime() + waitMs(row.attempts));
    return { outcome: { ...base, tryAt, trouble }, lost: null };
  }
}

function recorded(outcome: Outcome, row: ActionRow, now: Date): ActionOutcome {
  switch (outcome.state) {
    case 'done':
      return { state: 'done', handle: null, tryAt: now, doneAt: now, trouble: outcome.reference ?? null };
    case 'pending': {
      const tryAt = new Date(now.getTime() + SETTLE_MS * Math.min(row.attempts, 30));
      return { state: 'pending', handle: outcome.handle, tryAt, doneAt: null, trouble: null };
    }
    case 'later':
      return {
        state: row.handle === null ? 'waiting' : 'pending',
        handle: row.handle,
        tryAt: outcome.after,
        doneAt: null,
        trouble: outcome.why,
      };
    case 'refused':
      return { state: 'refused', handle: null, tryAt: now, doneAt: now, trouble: outcome.why };
  }
}
