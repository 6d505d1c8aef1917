import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { touchBook } from '../promising/index.ts';
import { changeOrder, lockForChange } from './change-order.ts';
import { contentOf, type Order } from './order-input.ts';
import { type ChangeCause, NO_CHANGE, type OrderPlan } from './order-plan.ts';
import { priceLines, readOrder, type StoredLine, updateContent } from './order-store.ts';

/**
 * A channel tells an order again with other content (RULES 2): a line-by-line edit. What it no longer lists is cancelled,
 * less is cancelled, more is added and queues from now, new lines are placed. An older message than the last one taken
 * changes nothing. An order that was told while its payment was pending takes its prices and its address with it.
 * @returns whether it changed anything
 */
export async function editPlacedOrder(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  orderId: number,
  input: Order,
  actor?: string,
): Promise<boolean> {
  const found = await readOrder(client, brandId, orderId);
  if (found === null) throw new Error(`order ${orderId} vanished`);
  const order = await lockForChange(
    client,
    brandId,
    found,
    input.lines.map((line) => line.sku),
  );
  const content = contentOf(input);
  if (order.content === content) return false;
  const told = input.sourceUpdatedAt ?? null;
  if (
    order.sourceUpdatedAt !== null &&
    (told === null || Date.parse(told) < Date.parse(order.sourceUpdatedAt))
  )
    return false;
  const plan = planOf(order.lines, input);
  const cause: ChangeCause = {
    event: 'order.edited',
    reason: { code: 'order_changed', by: 'channel' },
    happenedAt: told === null ? kept.clock.now() : new Date(told),
    by: 'channel',
    mode: 'placed',
    actor,
  };
  await changeOrder(kept, client, brandId, order, plan, cause);
  const unpriced = pricesFor(order.lines, input);
  await priceLines(client, brandId, orderId, unpriced);
  await touchBook(
    client,
    brandId,
    {
      lines: unpriced.map(({ line }) => ({ order: orderId, line, event: null, fresh: false, moved: false })),
      always: false,
    },
    kept.clock.now().toISOString(),
  );
  await updateContent(client, brandId, orderId, {
    content,
    sourceUpdatedAt: told,
    paymentDueAt: input.paymentDueAt ?? null,
    shipTo: input.shipTo,
  });
  return true;
}

/** A marketplace tells the prices of an order only once it is paid: lines that were sold without one take theirs. */
function pricesFor(stored: readonly StoredLine[], input: Order) {
  const byRef = new Map(stored.map((line) => [String(line.ref), line]));
  return input.lines.flatMap(({ line, quantity, price, discount, tax, uom }) => {
    const known = byRef.get(String(line));
    if (known === undefined || known.price !== 0 || price.amount === 0 || uom !== undefined) return [];
    // the discount that is told is of what is wanted now; of units that were cancelled before it was priced there is none
    const off = Math.min(discount?.amount ?? 0, price.amount * quantity);
    return [{ line: known.line, price: price.amount, discount: off, tax: tax?.amount ?? 0 }];
  });
}

function planOf(stored: readonly StoredLine[], input: Order): OrderPlan {
  const byRef = new Map(stored.map((line) => [String(line.ref), line]));
  const cancel: { line: StoredLine; quantity: number }[] = [];
  const add: { line: StoredLine; quantity: number }[] = [];
  const place: Order['lines'] = [];
  const give = (line: StoredLine, total: number) => {
    const wanted = Math.max(total, line.shipped);
    const has = line.ordered - line.cancelled;
    if (wanted < has) cancel.push({ line, quantity: has - wanted });
    if (wanted > has) add.push({ line, quantity: wanted - has });
  };
  for (const line of input.lines) {
    const known = byRef.get(String(line.line));
    byRef.delete(String(line.line));
    if (known === undefined) place.push(line);
    else if (known.sku !== line.sku)
      throw new KeptError(
        'conflict',
        `Line ${line.line} was ${known.sku} and is now ${line.sku}; a line keeps its item. Drop the line and add another.`,
        { line: line.line },
      );
    else give(known, line.quantity);
  }
  for (const line of byRef.values()) give(line, 0);
  return { ...NO_CHANGE, cancel, add, place };
}
