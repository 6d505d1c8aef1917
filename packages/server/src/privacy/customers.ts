import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import {
  countOpen,
  eraseOrders,
  eraseRequests,
  eraseRequestsIn,
  insertRequest,
  noteErased,
  noteExported,
  oldOrders,
  ordersOpen,
  ordersOver,
  readCustomer,
  readEraseAfterDays,
  type Whose,
  waitingErasures,
} from './store.ts';

const DAY_MS = 86_400_000;
/** Orders whose customers are erased in one transaction. */
const MOST = 500;

/** Everything that is known of the customer with an address, for them to have (GDPR, art. 15 and 20). */
export function exportCustomer(
  kept: Kept,
  brandId: number,
  email: string,
): Promise<Record<string, unknown[]>> {
  const address = email.toLowerCase();
  return withBrand(kept.db, brandId, async (client) => {
    const known = await readCustomer(client, brandId, address);
    await noteExported(client, brandId, address, kept.clock.now());
    return known;
  });
}

/** A channel passes on that a customer asks for what is known: it waits for a person to export it. */
export async function askForExport(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { email, by }: { readonly email: string; readonly by: string },
): Promise<void> {
  await insertRequest(client, brandId, {
    id: randomUUID(),
    kind: 'export',
    whose: { email: email.toLowerCase() },
    by,
    at: kept.clock.now(),
    orders: 0,
    done: false,
  });
}

export interface Erased {
  readonly request: string;
  /** Orders that nobody is behind any more. */
  readonly orders: number;
  /** Orders with open units: they are erased by themselves once they are over. */
  readonly postponed: number;
}

/**
 * Forgets the customer with an address (GDPR, art. 17): names, addresses, telephone numbers, what was written to them. What was
 * ordered, promised, shipped and paid stays, and so does every sum: the books must be kept (art. 17.3 b). Orders with open units wait
 * until those are shipped or cancelled, since somebody has to be told and sent something.
 */
export function eraseCustomer(
  kept: Kept,
  brandId: number,
  asked: { email: string; by: string },
): Promise<Erased> {
  return withBrand(
    kept.db,
    brandId,
    (client) => erase(kept, client, brandId, { whose: { email: asked.email }, by: asked.by }),
    { actor: asked.by },
  );
}

/** The same in the caller's transaction, for an address, some orders or all of a channel. Of many, most are erased afterwards. */
export async function erase(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  asked: { readonly whose: Whose; readonly by: string },
): Promise<Erased> {
  const whose = 'email' in asked.whose ? { email: asked.whose.email.toLowerCase() } : asked.whose;
  const over = await ordersOver(client, brandId, whose, MOST);
  await eraseOrders(client, over);
  if ('email' in whose) await eraseRequests(client, brandId, whose.email);
  if ('channel' in whose) await eraseRequestsIn(client, brandId, whose.channel);
  const open = await ordersOpen(client, brandId, whose);
  const all = over.length < MOST;
  const request = randomUUID();
  await insertRequest(client, brandId, {
    id: request,
    kind: 'erasure',
    // Orders have no index of addresses, so those that wait are looked for by themselves.
    whose: 'email' in whose && all ? { orders: open } : whose,
    by: asked.by,
    at: kept.clock.now(),
    orders: over.length,
    done: open.length === 0 && all,
  });
  return { request, orders: over.length, postponed: open.length };
}

/** Erases what had to wait and is over now, and whose time with the brand is over by its setting. */
export async function eraseWhatIsDue(kept: Kept, brandId: number): Promise<void> {
  const waiting = await withBrand(kept.db, brandId, (client) => waitingErasures(client, brandId), {
    reads: true,
  });
  for (const { id, whose } of waiting)
    for (let erased = MOST; erased === MOST; )
      erased = await withBrand(
        kept.db,
        brandId,
        async (client) => {
          const over = await ordersOver(client, brandId, whose, MOST);
          await eraseOrders(client, over);
          const isDone = over.length < MOST && (await countOpen(client, brandId, whose)) === 0;
          if (over.length > 0 || isDone)
            await noteErased(client, brandId, id, {
              orders: over.length,
              doneAt: isDone ? kept.clock.now() : null,
            });
          return over.length;
        },
        { reads: true },
      );
  const days = await withBrand(kept.db, brandId, (client) => readEraseAfterDays(client, brandId), {
    reads: true,
  });
  if (days === null) return;
  const before = new Date(kept.clock.now().getTime() - days * DAY_MS);
  for (let erased = MOST; erased === MOST; )
    erased = await withBrand(
      kept.db,
      brandId,
      async (client) => {
        const orders = await oldOrders(client, brandId, before, MOST);
        await eraseOrders(client, orders);
        return orders.length;
      },
      { reads: true },
    );
}
