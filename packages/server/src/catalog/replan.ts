import type { Reason } from '@kept/engine';
import type pg from 'pg';
import type { Kept } from '../platform/kept.ts';
import { decideItems } from '../promising/index.ts';

/** Items decided with one load; their queues are in memory meanwhile. */
const CHUNK = 500;

/**
 * Decides items again after a setting moved, in the transaction that moved it.
 * @param items in SKU order, as all locks are taken
 */
export async function replanItems(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
  { event, cause }: { event: number; cause: Reason },
): Promise<void> {
  for (let from = 0; from < items.length; from += CHUNK) {
    const chunk = items.slice(from, from + CHUNK);
    await decideItems(kept, client, brandId, {
      items: chunk,
      scope: { lines: 'queue' },
      event,
      facts: () => chunk.map((item) => ({ kind: 'replan' as const, item, cause })),
    });
  }
}
