import type pg from 'pg';
import type { Kept } from '../platform/kept.ts';
import type { Saved } from '../platform/saved.ts';
import { deliveriesOf, lockOrders } from './lines.ts';
import { readHeaders } from './order-store.ts';
import { savePurchaseOrders } from './purchase-orders.ts';
import { receive } from './receive.ts';
import type { PurchaseOrderRecord } from './wanted.ts';

type LineName = string | number;

/** A purchase order as another system tells it: what it is, and what of it has come in all. */
export type ToldOrder = PurchaseOrderRecord & {
  readonly sourceUpdatedAt?: string | undefined;
  readonly received?:
    | readonly {
        readonly line: LineName;
        readonly schedule?: LineName | undefined;
        readonly quantity: number;
      }[]
    | undefined;
};

/**
 * Makes purchase orders what another system says and receives what came there and Kept does not know yet: totals, so that
 * told twice it comes once, and whatever was missed is healed. Of an order that is new, what its lines call `received` came
 * before Kept knew it; of one that is known everything that came is news.
 */
export async function saveToldOrders(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  told: readonly ToldOrder[],
): Promise<Saved[]> {
  const refs = told.map((one) => one.ref);
  const known = new Set((await readHeaders(client, brandId, refs)).map((header) => header.ref));
  const saved = await savePurchaseOrders(
    kept,
    client,
    brandId,
    told.map((one) => (known.has(one.ref) && one.received !== undefined ? withoutHistory(one) : one)),
  );
  const outcomes: Saved[] = [];
  for (const [index, one] of told.entries()) {
    const outcome = saved[index]!;
    const came = outcome.state === 'refused' ? false : await receiveUpTo(kept, client, brandId, one);
    outcomes.push(came && outcome.state === 'unchanged' ? { state: 'applied', created: false } : outcome);
  }
  return outcomes;
}

function withoutHistory(told: ToldOrder): ToldOrder {
  const lines = told.purchaseOrder.lines.map(({ received: _received, ...line }) => line);
  return { ...told, purchaseOrder: { ...told.purchaseOrder, lines } };
}

/** What came and is not known; less than is known takes nothing back, since those units may have left already. */
async function receiveUpTo(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { ref, received = [], sourceUpdatedAt }: ToldOrder,
): Promise<boolean> {
  if (received.length === 0) return false;
  const supplies = (await lockOrders(client, brandId, [ref])).get(ref)!;
  let came = false;
  for (const { quantity, ...name } of received) {
    const deliveries = deliveriesOf(supplies, ref, name);
    const missing = quantity - deliveries.reduce((sum, delivery) => sum + delivery.received, 0);
    if (missing <= 0) continue;
    const at = sourceUpdatedAt === undefined ? {} : { at: sourceUpdatedAt };
    const receipt = { quantity: missing, condition: 'sellable' as const, close: false, ...at };
    await receive(kept, client, brandId, deliveries, receipt);
    came = true;
  }
  return came;
}
