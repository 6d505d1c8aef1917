import { randomUUID } from 'node:crypto';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import {
  eraseOrders,
  eraseRequests,
  insertRequest,
  noteErased,
  oldOrders,
  ordersOf,
  readCustomer,
  readEraseAfterDays,
  waitingRequests,
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
  return withBrand(kept.db, brandId, (client) => readCustomer(client, brandId, email.toLowerCase()), {
    reads: true,
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
  const email = asked.email.toLowerCase();
  const request = randomUUID();
  return withBrand(
    kept.db,
    brandId,
    async (client) => {
      const { over, open } = await ordersOf(client, brandId, email);
      await eraseOrders(client, over);
      await eraseRequests(client, brandId, email);
      await insertRequest(client, brandId, {
        id: request,
        email: open.length > 0 ? email : null,
        by: asked.by,
        at: kept.clock.now(),
        orders: over.length,
      });
      return { request, orders: over.length, postponed: open.length };
    },
    { actor: asked.by },
  );
}

/** Erases what had to wait and is over now, and whose time with the brand is over by its setting. */
export async function eraseWhatIsDue(kept: Kept, brandId: number): Promise<void> {
  await withBrand(
    kept.db,
    brandId,
    async (client) => {
      for (const { id, email } of await waitingRequests(client, brandId)) {
        const { over, open } = await ordersOf(client, brandId, email);
        await eraseOrders(client, over);
        const doneAt = open.length === 0 ? kept.clock.now() : null;
        if (over.length > 0 || doneAt !== null)
          await noteErased(client, brandId, id, { orders: over.length, doneAt });
      }
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
