import type { Cancellation, OrderChanges, Payment, Shipment } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { findOrderByName } from '../promising/index.ts';
import { changeOrder, lineOrFail, lockForChange, orderOrFail } from './change-order.ts';
import { hasPayment } from './fact-store.ts';
import { NO_CHANGE, type OrderPlan } from './order-plan.ts';
import type { StoredLine, StoredOrder } from './order-store.ts';
import { recordPayment } from './payments.ts';
import { requestedChanges } from './requested-changes.ts';

/**
 * What happened to orders elsewhere, as another system tells it. It has happened, so nothing is refused for being more than
 * is open: what is open is what can be cancelled or leave. Each answers whether it changed anything.
 */

type Ship = OrderPlan['ship'];

/** @throws KeptError `not_found` */
async function orderByName(
  client: pg.PoolClient,
  brandId: number,
  name: string,
  newSkus: readonly string[] = [],
): Promise<StoredOrder> {
  const found = await orderOrFail(client, brandId, await findOrderByName(client, brandId, name), name);
  return lockForChange(client, brandId, found, newSkus);
}

export async function cancelAsTold(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  name: string,
  { by, reason, lines }: z.output<typeof Cancellation>,
): Promise<boolean> {
  const order = await orderByName(client, brandId, name);
  const named =
    lines?.map((line, index) => ({
      line: lineOrFail(order, line.line, `lines[${index}].line`),
      quantity: line.quantity,
    })) ?? order.lines.map((line) => ({ line, quantity: openOf(line) }));
  const cancel = named
    .map(({ line, quantity }) => ({ line, quantity: Math.min(quantity, openOf(line)) }))
    .filter((one) => one.quantity > 0);
  if (cancel.length === 0) return false;
  await changeOrder(
    kept,
    client,
    brandId,
    order,
    { ...NO_CHANGE, cancel },
    {
      event: 'order.cancelled',
      reason: { code: 'cancelled', by, reason },
      happenedAt: kept.clock.now(),
      by,
      words: reason,
      mode: 'placed',
    },
  );
  return true;
}

export async function shipAsTold(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  name: string,
  shipment: z.output<typeof Shipment>,
): Promise<boolean> {
  const order = await orderByName(client, brandId, name);
  const ship = shipment.lines.map((line, index) => ({
    line: lineOrFail(order, line.line, `lines[${index}].line`),
    quantity: line.quantity,
    location: line.location ?? null,
  }));
  return shipOpen(kept, client, brandId, order, ship, shipment);
}

/** What of each line has left in all, as it is told: what of that is not known yet leaves now. */
export async function shipUpTo(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  name: string,
  totals: readonly { readonly line: string | number; readonly quantity: number }[],
  at: string | undefined,
): Promise<boolean> {
  const order = await orderByName(client, brandId, name);
  const ship = totals.map((total, index) => {
    const line = lineOrFail(order, total.line, `shipped[${index}].line`);
    return { line, quantity: total.quantity - line.shipped, location: null };
  });
  return shipOpen(kept, client, brandId, order, ship, { ...(at === undefined ? {} : { shippedAt: at }) });
}

async function shipOpen(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  order: StoredOrder,
  told: Ship,
  { tracking, carrier, deliveredOn, shippedAt }: Partial<z.output<typeof Shipment>>,
): Promise<boolean> {
  const ship = told
    .map((one) => ({ ...one, quantity: Math.min(one.quantity, openOf(one.line)) }))
    .filter((one) => one.quantity > 0);
  if (ship.length === 0) return false;
  await changeOrder(
    kept,
    client,
    brandId,
    order,
    { ...NO_CHANGE, ship },
    {
      event: 'order.shipped',
      reason: { code: 'shipped', ...(tracking === undefined ? {} : { tracking }) },
      happenedAt: shippedAt === undefined ? kept.clock.now() : new Date(shippedAt),
      shipment: { carrier: carrier ?? null, tracking: tracking ?? null, deliveredOn: deliveredOn ?? null },
      mode: 'placed',
    },
  );
  return true;
}

export async function changeAsTold(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  name: string,
  changes: z.output<typeof OrderChanges>,
): Promise<boolean> {
  const newSkus = changes.lines.flatMap(({ sku }) => (sku === undefined ? [] : [sku]));
  const order = await orderByName(client, brandId, name, newSkus);
  await changeOrder(kept, client, brandId, order, requestedChanges(order, changes), {
    event: 'order.changed',
    reason: {
      code: 'order_changed',
      by: 'channel',
      ...(changes.reason === undefined ? {} : { reason: changes.reason }),
    },
    happenedAt: kept.clock.now(),
    by: 'channel',
    words: changes.reason ?? 'changed by the channel',
    mode: 'placed',
  });
  return true;
}

export async function payAsTold(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  name: string,
  payment: z.output<typeof Payment>,
): Promise<boolean> {
  const order = await orderOrFail(client, brandId, await findOrderByName(client, brandId, name), name);
  if (await hasPayment(client, brandId, order.order, payment.id)) return false;
  await recordPayment(kept, client, brandId, order, payment);
  return true;
}

function openOf(line: StoredLine): number {
  return line.ordered - line.shipped - line.cancelled;
}
