import type { Payment } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { insertPayment } from './fact-store.ts';
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
