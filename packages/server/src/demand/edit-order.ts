import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { changeOrder, lockForChange } from './change-order.ts';
import { contentOf, type Order } from './order-input.ts';
import { type ChangeCause, NO_CHANGE, type OrderPlan } from './order-plan.ts';
import { readOrder, type StoredLine, updateContent } from './order-store.ts';

/**
 * A channel tells an order again with other content (RULES 2): a line-by-line edit. What it no longer lists is cancelled,
 * less is cancelled, more is added and queues from now, new lines are placed. An older message than the last one taken
 * changes nothing.
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
  await updateContent(client, brandId, orderId, content, told);
  return true;
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
