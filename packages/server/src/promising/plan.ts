import type { Reason } from '@kept/engine';
import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { decideItems } from './decide-items.ts';
import { itemsOfExpiredHolds } from './hold-store.ts';
import { forgetOldChanges } from './item-change-store.ts';
import { lookupItems } from './item-store.ts';
import { add, type PlanCounts, planBook } from './plan-book.ts';
import { lateItems } from './plan-store.ts';

export interface PlanOutcome extends PlanCounts {
  items: number;
  milliseconds: number;
}

/** Items decided in one transaction: enough to share the round trips, few enough that nobody waits long for their locks. */
const CHUNK = 500;

/**
 * Plans items again, all that have supply or open lines unless some are named. Each few hundred items commit by themselves,
 * so that live orders are held up for milliseconds; running it twice changes nothing the second time.
 */
export async function replan(
  kept: Kept,
  brandId: number,
  options: {
    skus?: readonly string[] | undefined;
    cause?: Reason;
    onProgress?: (done: number, all: number) => void;
  } = {},
): Promise<PlanOutcome> {
  const started = performance.now();
  const cause = options.cause ?? { code: 'replanned' };
  const onProgress = options.onProgress ?? (() => {});
  const counts: PlanCounts = { lines: 0, changed: 0, promises: 0, unbacked: 0 };
  let items: readonly number[];
  let known = 0;
  if (options.skus === undefined) {
    const book = await planBook(kept, brandId, cause, onProgress);
    add(counts, book.counts);
    known = book.items - book.left.length;
    items = book.left;
  } else items = await withBrand(kept.db, brandId, (client) => namedItems(client, brandId, options.skus!));
  for (let from = 0; from < items.length; from += CHUNK) {
    const chunk = items.slice(from, from + CHUNK);
    add(
      counts,
      await withBrand(kept.db, brandId, (client) => replanItems(kept, client, brandId, chunk, cause)),
    );
    onProgress(known + Math.min(from + CHUNK, items.length), known + items.length);
  }
  return { ...counts, items: known + items.length, milliseconds: Math.round(performance.now() - started) };
}

async function namedItems(
  client: pg.PoolClient,
  brandId: number,
  skus: readonly string[],
): Promise<readonly number[]> {
  const known = await lookupItems(client, brandId, skus);
  const unknown = skus.filter((sku) => !known.has(sku));
  if (unknown.length > 0)
    throw new KeptError(
      'unknown_sku',
      `No item has the SKU ${unknown.map((sku) => JSON.stringify(sku)).join(', ')}.`,
      {
        errors: unknown.map((sku) => ({
          path: `skus[${skus.indexOf(sku)}]`,
          message: 'expected the SKU of an item',
        })),
      },
    );
  return [...new Set([...known.values()].flatMap((item) => item.legs.map((leg) => leg.item)))];
}

async function replanItems(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
  cause: Reason,
): Promise<PlanCounts> {
  const event = await kept.ids.take(brandId, 'event', 1);
  const { decision, promises } = await decideItems(kept, client, brandId, {
    items,
    scope: { lines: 'queue' },
    event,
    facts: () => items.map((item) => ({ kind: 'replan', item, cause })),
  });
  const counts = { lines: 0, changed: 0, promises: promises.length, unbacked: 0 };
  for (const state of decision.states.values()) {
    counts.lines += state.position.lines.length;
    counts.changed += state.touchedLines.size;
    for (const line of state.position.lines)
      for (const one of line.commitments) if (one.kind === 'waiting') counts.unbacked += one.quantity;
  }
  if (counts.changed > 0 || counts.promises > 0)
    await recordEvents(client, brandId, [
      { id: event, kind: 'items.replanned', data: { cause, ...counts }, at: kept.clock.now().toISOString() },
    ]);
  return counts;
}

/** Every process looks at changes several times a second; one that slept longer begins anew. */
const CHANGES_KEPT_SECONDS = 120;

/** What time alone brings: holds that are over give their units back, and overdue supply is judged by how late it is now. */
export async function decideWhatIsDue(kept: Kept, brandId: number): Promise<void> {
  const now = kept.clock.now().toISOString();
  const [expired, late] = await withBrand(kept.db, brandId, (client) =>
    Promise.all([
      itemsOfExpiredHolds(client, brandId, now),
      lateItems(client, brandId, now),
      forgetOldChanges(client, brandId, CHANGES_KEPT_SECONDS),
    ]),
  );
  const items = [...new Set([...expired, ...late])];
  for (let from = 0; from < items.length; from += CHUNK) {
    const chunk = items.slice(from, from + CHUNK);
    await withBrand(kept.db, brandId, (client) =>
      replanItems(kept, client, brandId, chunk, { code: 'day_passed' }),
    );
  }
}
