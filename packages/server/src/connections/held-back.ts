import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { applyFacts } from './apply-facts.ts';
import type { Fact } from './connector.ts';
import type { OpenedConnection } from './opened.ts';
import { lastChanges } from './own-change-store.ts';
import { beingChanged, HELD_BACK } from './own-changes.ts';
import { waitMs } from './read-changes.ts';
import { deleteRefused, readRefusedFor, triedRefused } from './refusal-store.ts';
import { retryRefused } from './refusals.ts';

type OrderFact = Extract<Fact, { kind: 'order' }>;

const AT_ONCE = 50;

/**
 * Takes up what the other side told of orders while Kept's own changes of them were under way, once those are over: as it is
 * there now, where that can be read. Where it cannot, what was told stands if the change was refused or given up, and is
 * forgotten if it was done: whoever did it tells how the order is since.
 */
export async function takeUpHeldBack(
  kept: Kept,
  brandId: number,
  { row: { name }, connector, connection }: OpenedConnection,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const now = kept.clock.now();
  const over = await withBrand(kept.db, brandId, async (client) => {
    const held = await readRefusedFor(client, brandId, name, HELD_BACK, AT_ONCE);
    const due = held.filter(({ lastAt, attempts }) => Date.parse(lastAt) + waitMs(attempts) <= now.getTime());
    if (due.length === 0) return [];
    const facts = due.map(({ fact }) => JSON.parse(fact) as OrderFact);
    const changing = await beingChanged({ kept, client, brandId, connection: name }, facts);
    const over = facts.filter((fact) => !changing.has(fact.externalId));
    await triedRefused(
      client,
      brandId,
      name,
      'order',
      over.map((fact) => fact.externalId),
      now,
    );
    return over;
  });
  if (over.length === 0) return;
  const forget = (externalIds: readonly string[]) =>
    withBrand(kept.db, brandId, async (client) => {
      for (const id of externalIds) await deleteRefused(client, brandId, name, 'order', id);
    });
  if (connection.reread !== undefined && connector.streams.includes('orders')) {
    const ids = over.map((fact) => fact.externalId);
    try {
      const facts = await connection.reread('orders', ids, signal);
      await applyFacts(kept, brandId, name, facts, { again: true });
      const told = new Set(facts.flatMap((one) => (one.kind === 'order' ? [one.externalId] : [])));
      // It is gone there, or cancelled: there is no order to be taken up any more.
      await forget(ids.filter((id) => !told.has(id)));
    } catch (err) {
      kept.log.warn(
        { err, connection: name },
        'orders could not be read anew after Kept had changed them; it is tried again',
      );
    }
    return;
  }
  const became = await withBrand(kept.db, brandId, (client) =>
    lastChanges(
      client,
      brandId,
      name,
      over.map(({ order: { channel, ref }, externalId }) => ({ channel, ref, externalId })),
    ),
  );
  for (const { kind, externalId } of over)
    if (became.get(externalId) === 'done') await forget([externalId]);
    else await retryRefused(kept, brandId, name, { kind, externalId });
}
