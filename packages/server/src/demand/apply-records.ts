import type { OrderInput } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import type { Saved } from '../platform/saved.ts';
import { findOrderByName } from '../promising/index.ts';
import { changeOrder } from './change-order.ts';
import { editPlacedOrder } from './edit-order.ts';
import type { Order } from './order-input.ts';
import { NO_CHANGE } from './order-plan.ts';
import { readOrder } from './order-store.ts';
import { placeOrders } from './place-orders.ts';

/** An order out of a file, with what had happened to its lines before. */
export interface OrderRecord {
  readonly order: z.input<typeof OrderInput>;
  readonly history?: readonly {
    readonly line: string | number;
    readonly shipped: number;
    readonly cancelled: number;
  }[];
}

/** Records orders that channels have sold, in the caller's transaction. One that cannot be recorded leaves the others. */
export async function applyOrderRecords(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  records: readonly OrderRecord[],
): Promise<Saved[]> {
  const requests = records.map(({ order, history }) => {
    const whole = withDefaults(order);
    if (history === undefined) return { order: whole };
    const byLine = new Map(history.map((one) => [String(one.line), one]));
    return {
      order: whole,
      history: whole.lines.map((line) => byLine.get(String(line.line)) ?? { shipped: 0, cancelled: 0 }),
    };
  });
  const results = await placeOrders(kept, client, brandId, requests);
  const saved: Saved[] = [];
  for (const [index, result] of results.entries()) {
    if (result.kind === 'placed') saved.push({ state: 'applied', created: true });
    else if (result.kind === 'known') saved.push({ state: 'unchanged', created: false });
    else if (result.kind === 'failed') saved.push({ state: 'refused', error: result.error });
    else saved.push(await edited(kept, client, brandId, result.order, requests[index]!.order));
  }
  return saved;
}

async function edited(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  order: number,
  input: Order,
): Promise<Saved> {
  try {
    const changed = await editPlacedOrder(kept, client, brandId, order, input);
    return { state: changed ? 'applied' : 'unchanged', created: false };
  } catch (error) {
    // What it throws is thrown before anything is written.
    if (error instanceof KeptError) return { state: 'refused', error };
    throw error;
  }
}

/** Cancels what is open of lines that a channel no longer sells. */
export async function cancelOrderLines(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  records: readonly { channel: string; ref: string; lines: readonly (string | number)[] }[],
): Promise<Saved[]> {
  const saved: Saved[] = [];
  for (const { channel, ref, lines } of records) {
    const id = await findOrderByName(client, brandId, `${channel}:${ref}`);
    const order = id === null ? null : await readOrder(client, brandId, id);
    if (order === null) {
      saved.push({ state: 'unchanged', created: false });
      continue;
    }
    const named = new Set(lines.map(String));
    const cancel = order.lines
      .filter((line) => named.has(String(line.ref)))
      .map((line) => ({ line, quantity: line.ordered - line.shipped - line.cancelled }))
      .filter((one) => one.quantity > 0);
    if (cancel.length > 0)
      await changeOrder(
        kept,
        client,
        brandId,
        order,
        { ...NO_CHANGE, cancel },
        {
          event: 'order.cancelled',
          reason: { code: 'cancelled', by: 'channel' },
          happenedAt: kept.clock.now(),
          by: 'channel',
          words: 'cancelled by the channel',
          mode: 'placed',
        },
      );
    saved.push({ state: cancel.length > 0 ? 'applied' : 'unchanged', created: false });
  }
  return saved;
}

/** A file's order, checked row by row already, with the contract's defaults filled in. */
function withDefaults(order: z.input<typeof OrderInput>): Order {
  return {
    ...order,
    mode: order.mode ?? 'placed',
    customer: { ...order.customer, name: order.customer.name ?? '' },
    business: order.business ?? false,
    shipComplete: order.shipComplete ?? false,
    allowPartial: order.allowPartial ?? false,
    acceptBackorder: order.acceptBackorder ?? true,
    lines: order.lines.map((line) => ({ ...line, kind: line.kind ?? 'sale' })),
  };
}
