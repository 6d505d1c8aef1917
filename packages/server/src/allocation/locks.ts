import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { decideItems, lockItems, lockSettings, noteChanges } from '../promising/index.ts';
import { lineOf } from './backorder-id.ts';
import { itemsOfLine } from './line-store.ts';
import { insertLock, writeLock } from './lock-store.ts';

/**
 * Locks what backs a line, or lets it go. A locked line keeps its units whatever its rank and whatever is re-allocated; let go, it
 * is decided again like any other. Doing it twice changes nothing the second time.
 * @throws KeptError `not_found`; `conflict` for a line of which nothing is open
 */
export async function lockLine(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  id: string,
  { locked, reason, actor }: { locked: boolean; reason: string; actor: string },
) {
  const { key, named } = await lineOf(client, brandId, id);
  const items = await itemsOfLine(client, brandId, key);
  if (items.length === 0)
    throw new KeptError('conflict', `Nothing of line ${named.line} of ${named.order} is open any more.`);
  // As every decision does: nobody who decides these items meanwhile takes what is being locked.
  await lockSettings(client, brandId, 'shared');
  await lockItems(client, brandId, items);
  await noteChanges(client, brandId, items);
  const at = kept.clock.now().toISOString();
  const answer = { ...named, locked, reason, by: actor, at };
  if (!(await writeLock(client, brandId, key, locked))) return answer;
  const event = await kept.ids.take(brandId, 'event', 1);
  await insertLock(client, brandId, key, { event, locked, reason, actor, at });
  const kind = locked ? 'line.locked' : 'line.unlocked';
  const data = { order: key.order, line: named.line, reason };
  await recordEvents(client, brandId, [{ id: event, kind, data, at, actor }]);
  if (!locked) await replanUnlocked(kept, client, brandId, items, event, reason);
  return answer;
}

/** What is let go may have what became free meanwhile. */
async function replanUnlocked(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
  event: number,
  reason: string,
): Promise<void> {
  const cause = { code: 'line_unlocked', reason };
  await decideItems(kept, client, brandId, {
    items,
    scope: { lines: 'queue' },
    event,
    facts: () => items.map((item) => ({ kind: 'replan' as const, item, cause })),
  });
}
