import type { OrderCharge } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { hasPayment, insertPayment } from '../demand/index.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { raiseSignals, withdrawSignal } from '../signals/index.ts';
import { readOrderMoney, type StoredPayment } from './charge-store.ts';
import { orderCharge } from './order-charge.ts';
import { IN_SHADOW, ProviderRefusal } from './provider.ts';
import {
  answerRefund,
  insertRefundAsked,
  lockMoney,
  type RefundAsked,
  refundsAsked,
} from './refund-store.ts';
import { providerOf } from './renew.ts';

type Charge = z.output<typeof OrderCharge>;

/**
 * Gives back what is due, each part to the payment it came by. What is asked is written down first, under a key of its own, so
 * that a crash gives nothing back twice, whatever is cancelled meanwhile. What a provider refuses, or people handle, is a
 * signal; it never becomes store credit. `again`: a provider could not be reached.
 */
export async function refundWhatIsDue(
  kept: Kept,
  brandId: number,
  order: number,
): Promise<{ charge: Charge; again: boolean }> {
  for (;;) {
    const asked = await withBrand(kept.db, brandId, (client) => plan(kept, client, brandId, order));
    let given = 0;
    let again = false;
    for (const { refund, payment } of asked) {
      const answer = await giveBack(kept, brandId, order, refund, payment);
      await record(kept, brandId, order, refund, payment, answer);
      if ('id' in answer) given++;
      again ||= 'again' in answer;
    }
    // What was cancelled while the provider was asked is due now.
    if (asked.length > 0 && given === asked.length) continue;
    const charge = await withBrand(kept.db, brandId, (client) => orderCharge(kept, client, brandId, order), {
      reads: true,
    });
    return { charge, again };
  }
}

interface Planned {
  readonly refund: RefundAsked;
  readonly payment: StoredPayment;
}

/** What was asked and not answered; else what is due, written down. Nothing more is planned before all of it is answered. */
async function plan(
  kept: Kept,
  client: Parameters<typeof lockMoney>[0],
  brandId: number,
  order: number,
): Promise<Planned[]> {
  await lockMoney(client, brandId, order);
  const { refunds } = await orderCharge(kept, client, brandId, order);
  const before = await refundsAsked(client, brandId, order);
  // Somebody has given it back by hand meanwhile, and recorded it.
  const due = refunds.reduce((total, { amount }) => total + amount.amount, 0);
  if (before.reduce((total, { amount }) => total + amount, 0) > due) {
    for (const { number } of before)
      await answerRefund(client, brandId, order, number, 'refused', 'it is no longer due');
    return plan(kept, client, brandId, order);
  }
  if (due === 0)
    for (const { id } of (await readOrderMoney(client, brandId, order)).payments)
      await withdrawSignal(kept, client, brandId, 'refund_failed', `${order}:${id}`);
  if (before.length === 0) {
    const at = kept.clock.now().toISOString();
    for (const { payment, amount } of refunds)
      await insertRefundAsked(client, brandId, order, { payment, ...amount }, at);
  }
  const { payments } = await readOrderMoney(client, brandId, order);
  return (await refundsAsked(client, brandId, order)).map((refund) => ({
    refund,
    payment: payments.find((one) => one.id === refund.payment)!,
  }));
}

export type Answer =
  | { readonly id: string }
  /** `asked`: the other system works on it, and says so when it is over. */
  | { readonly reason: string; readonly again?: true; readonly asked?: true };

/** Gives back a payment that Kept's own providers do not know; null: it is not for it either. */
export type WayBack = (
  kept: Kept,
  brandId: number,
  order: number,
  refund: RefundAsked,
  key: string,
) => Promise<Answer | null>;

const waysBack = new WeakMap<object, WayBack>();

/** Says by whom money goes back that came through a channel. */
export function registerWayBack(kept: Pick<Kept, 'db'>, way: WayBack): void {
  waysBack.set(kept.db, way);
}

/** What would go back now, were nothing only shown: a signal for each payment, and a person sends it (`POST …/refunds`). */
export async function holdRefunds(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  order: number,
): Promise<void> {
  const { refunds } = await orderCharge(kept, client, brandId, order);
  for (const { payment, amount } of refunds)
    await raiseSignals(kept, client, brandId, [
      {
        kind: 'refund_failed',
        subject: `${order}:${payment}`,
        order,
        data: { payment, amount, reason: IN_SHADOW },
      },
    ]);
}

async function giveBack(
  kept: Kept,
  brandId: number,
  order: number,
  refund: RefundAsked,
  { provider: name, reference }: StoredPayment,
): Promise<Answer> {
  const { number, amount, currency } = refund;
  const provider = providerOf(kept, name);
  if (provider === undefined) {
    const key = `kept-refund-${order}-${number}`;
    const answer = await waysBack.get(kept.db)?.(kept, brandId, order, refund, key);
    if (answer != null) return answer;
  }
  if (provider === undefined || reference === null)
    return { reason: 'it was recorded by hand, and has to go back by hand' };
  try {
    const { id } = await provider.refund(reference, { amount, currency }, `kept-refund-${order}-${number}`);
    return { id };
  } catch (error) {
    if (error instanceof ProviderRefusal) return { reason: error.message };
    kept.log.warn({ err: error, order }, 'a refund could not be sent');
    return { reason: 'the provider could not be reached; it is tried again', again: true };
  }
}

async function record(
  kept: Kept,
  brandId: number,
  order: number,
  { number, amount: units, currency }: RefundAsked,
  paid: StoredPayment,
  answer: Answer,
): Promise<void> {
  const at = kept.clock.now().toISOString();
  const event = await kept.ids.take(brandId, 'event', 1);
  const amount = { amount: units, currency };
  await withBrand(kept.db, brandId, async (client) => {
    if ('reason' in answer) {
      if (answer.asked) return;
      if (!answer.again) await answerRefund(client, brandId, order, number, 'refused', answer.reason);
      const data = { payment: paid.id, amount, reason: answer.reason };
      const subject = `${order}:${paid.id}`;
      await raiseSignals(kept, client, brandId, [{ kind: 'refund_failed', subject, order, data }]);
      return;
    }
    if (!(await answerRefund(client, brandId, order, number, 'given', null))) return;
    const provider = paid.provider as 'manual' | 'stripe' | 'shopify';
    const payment = { id: answer.id, kind: 'refunded', amount, at, provider, of: paid.id } as const;
    // The channel may have told of it before it said that it is done.
    if (!(await hasPayment(client, brandId, order, answer.id))) {
      await insertPayment(client, brandId, event, order, payment);
      await recordEvents(client, brandId, [
        { id: event, kind: 'payment.refunded', data: { order, payment }, at },
      ]);
    }
    await withdrawSignal(kept, client, brandId, 'refund_failed', `${order}:${paid.id}`);
  });
}
