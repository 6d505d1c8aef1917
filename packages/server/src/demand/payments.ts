import type { Payment } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { insertCaptures, insertPayment } from './fact-store.ts';
import type { StoredOrder } from './order-store.ts';

/**
 * Records what happened to an order's money. It moves no units: what an unpaid order's deadline does, `due` decides.
 * @throws KeptError `invalid_input` for money in another currency than the order's
 */
export async function recordPayment(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  order: StoredOrder,
  payment: z.output<typeof Payment>,
): Promise<void> {
  if (payment.amount.currency !== order.currency)
    throw new KeptError(
      'invalid_input',
      `The order is in ${order.currency}, the payment in ${payment.amount.currency}.`,
      {
        errors: [{ path: 'amount.currency', message: `expected ${order.currency}` }],
      },
    );
  const event = await kept.ids.take(brandId, 'event', 1);
  await Promise.all([
    insertPayment(client, brandId, event, order.order, payment),
    recordEvents(client, brandId, [
      {
        id: event,
        kind: `payment.${payment.kind}`,
        data: { order: order.order, payment },
        at: kept.clock.now().toISOString(),
      },
    ]),
  ]);
}

/** What was paid in full, in the order's own currency. */
export interface Capture {
  /** 'channel:ref'. */
  readonly order: string;
  readonly id: string;
  /** Minor units. */
  readonly amount: number;
  /** ISO 8601. */
  readonly at: string;
}

/** Records what was captured of many orders at once; one that is not there has nothing recorded. */
export async function recordCaptures(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  captures: readonly Capture[],
): Promise<void> {
  if (captures.length === 0) return;
  const first = await kept.ids.take(brandId, 'event', captures.length);
  const recorded = await insertCaptures(client, brandId, first, captures);
  const now = kept.clock.now().toISOString();
  await recordEvents(
    client,
    brandId,
    recorded.map(({ event, order, currency }) => {
      const { id, amount, at } = captures[event - first]!;
      const payment = { id, kind: 'captured', amount: { amount, currency }, at };
      return { id: event, kind: 'payment.captured', data: { order, payment }, at: now };
    }),
  );
}
