import { placeInTransaction } from '../packages/server/src/demand/place-service.ts';
import { withBrand } from '../packages/server/src/platform/database.ts';
import { type BenchBrand, oneUnit } from './brand.ts';
import type { OrderServer } from './http-orders.ts';

/** An item of which some is in stock, and that a channel sold far beyond it. */
export const QUEUE = { sku: 'QUEUE', stock: 1000 };

const STEP = 4096;

/** Sells all its stock and then a queue of so many lines that wait. Answers the orders that have stock, as the API names them. */
export async function fillQueue({ kept, brandId }: BenchBrand, lines: number): Promise<string[]> {
  const served: string[] = [];
  for (let left = QUEUE.stock + lines; left > 0; left -= STEP) {
    const orders = Array.from({ length: Math.min(left, STEP) }, () => oneUnit(QUEUE.sku, 'placed'));
    const answers = await withBrand(kept.db, brandId, (client) =>
      placeInTransaction(kept, client, brandId, orders),
    );
    for (const answer of answers) {
      if (answer instanceof Error) throw answer;
      if (answer.order.lines[0]!.commitments[0]!.kind === 'reserved') served.push(answer.order.id);
    }
  }
  return served;
}

/** Milliseconds until an order is cancelled and its unit is with the next in the queue. */
export async function cancelInQueue(brand: BenchBrand, server: OrderServer, order: string): Promise<number> {
  const began = performance.now();
  await server.post(`/v1/orders/${order}/cancellations`, { by: 'customer', reason: 'changed my mind' });
  const elapsed = performance.now() - began;
  const [row] = await brand.asOwner(
    `select reserved from stock join item using (brand_id, item_id) where sku = '${QUEUE.sku}'`,
  );
  if (row?.reserved !== QUEUE.stock) throw new Error(`${row?.reserved} units are with somebody, not all`);
  return elapsed;
}
