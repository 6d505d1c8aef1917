import type { SwitchInput } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { changeOrder, lineOrFail, lockForChange, orderOrFail } from './change-order.ts';
import { NO_CHANGE } from './order-plan.ts';
import { itemPrice, type StoredLine, type StoredOrder } from './order-store.ts';

/** What of an order is to be cancelled; a line without a quantity goes whole. */
export type CancelledLines = readonly {
  readonly line: string | number;
  readonly quantity?: number | undefined;
}[];

/**
 * Cancels open units because the customer wants that: all, or some lines, or some units of them.
 * @throws KeptError `not_found`, `invalid_input` for a line that is not there, `conflict` where it is not open any more
 */
export async function cancelForCustomer(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  orderId: number,
  lines: CancelledLines | undefined,
  reason: string,
): Promise<void> {
  const found = await orderOrFail(client, brandId, orderId, String(orderId));
  const order = await lockForChange(client, brandId, found);
  const named = lines ?? order.lines.map((line) => ({ line: line.ref, quantity: undefined }));
  const cancel = named
    .map(({ line: ref, quantity }, index) => {
      const line = lineOrFail(order, ref, `lines[${index}].line`);
      return { line, quantity: quantity ?? openOf(line) };
    })
    .filter((one) => one.quantity > 0);
  if (cancel.length === 0) throw new KeptError('conflict', 'Nothing of this order is open any more.');
  await changeOrder(
    kept,
    client,
    brandId,
    order,
    { ...NO_CHANGE, cancel },
    {
      event: 'order.cancelled',
      reason: { code: 'cancelled', by: 'customer' },
      happenedAt: kept.clock.now(),
      by: 'customer',
      words: reason,
      mode: 'request',
    },
  );
}

/**
 * Another item instead of a line's open units, in one transaction: they are cancelled, and as many of the other are taken or
 * queue from when the order was placed.
 * @returns the name of the new line
 * @throws KeptError `conflict` where the line is not open, `unknown_sku`, `cannot_promise`; nothing is changed then
 */
export async function switchLine(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  found: StoredOrder | number,
  input: z.output<typeof SwitchInput>,
): Promise<string> {
  const stored = typeof found === 'number' ? await orderOrFail(client, brandId, found, String(found)) : found;
  const order = await lockForChange(client, brandId, stored, [input.sku]);
  const line = lineOrFail(order, input.line, 'line');
  const quantity = input.quantity ?? openOf(line);
  if (quantity === 0 || quantity > openOf(line))
    throw new KeptError('conflict', `Line ${line.ref} has ${openOf(line)} open units of ${line.sku}.`, {
      line: line.ref,
      open: openOf(line),
    });
  if (input.sku === line.sku)
    throw new KeptError('invalid_input', `Line ${line.ref} is ${line.sku} already.`, {
      errors: [{ path: 'sku', message: 'expected another item' }],
    });
  const price = input.price ?? (await itemPrice(client, brandId, input.sku));
  if (price === null)
    throw new KeptError('unknown_sku', `No item has the SKU ${JSON.stringify(input.sku)}.`, {
      errors: [{ path: 'sku', message: 'expected the SKU of an item' }],
    });
  if (price.currency !== order.currency)
    throw new KeptError(
      'invalid_input',
      `The order is in ${order.currency}, ${input.sku} in ${price.currency}.`,
      {
        errors: [{ path: 'price.currency', message: `expected ${order.currency}` }],
      },
    );
  const ref = freeName(order, `${line.ref}-${input.sku}`.slice(0, 110));
  await changeOrder(
    kept,
    client,
    brandId,
    order,
    {
      ...NO_CHANGE,
      cancel: [{ line, quantity }],
      place: [{ line: ref, sku: input.sku, quantity, price, kind: 'sale' }],
    },
    {
      event: 'order.changed',
      reason: { code: 'order_changed', by: 'customer', switched: line.sku },
      happenedAt: kept.clock.now(),
      queuesFrom: Date.parse(order.placedAt),
      by: 'switch',
      words: [`to ${input.sku}`, ...(input.reason === undefined ? [] : [input.reason])].join(': '),
      mode: 'request',
    },
  );
  return ref;
}

function freeName(order: StoredOrder, wanted: string): string {
  const taken = new Set(order.lines.map((line) => String(line.ref)));
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}-${number}`;
  return name;
}

function openOf(line: StoredLine): number {
  return line.ordered - line.shipped - line.cancelled;
}
