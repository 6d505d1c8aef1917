import type { OrderCharge } from '@kept/contract';
import {
  type Authorisation,
  type CardNetwork,
  type ChargedLine,
  type ChargeEvent,
  chargeStanding,
  lapsesAt,
  refundsFor,
  termsFor,
  WINDOW_MS,
} from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { type OrderMoney, readOrderMoney, type StoredPayment } from './charge-store.ts';

/** Shipping is a line of its own here: it is due with the first parcel, and given back when nothing was ever sent. */
const SHIPPING = 0;

/** Where an order's money stands, to the cent, and how what is due goes back. */
export async function orderCharge(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  order: number,
): Promise<z.output<typeof OrderCharge>> {
  const money = await readOrderMoney(client, brandId, order);
  const { policies } = await loadSettings(client, kept.db, brandId);
  const standing = chargeStanding(linesOf(money), eventsOf(money));
  const inCurrency = (amount: number) => ({ amount, currency: money.currency });
  const disputed = money.payments.reduce((sum, one) => (one.kind === 'disputed' ? sum + one.amount : sum), 0);
  const { refunds } = refundsFor(standing.refundDue + Math.max(0, standing.credit), takenOf(money.payments));
  const providerOf = (id: string) => money.payments.find((one) => one.id === id)!.provider;
  return {
    order: money.name,
    captured: inCurrency(standing.captured),
    refunded: inCurrency(standing.refunded),
    disputed: inCurrency(disputed),
    prepaid: inCurrency(standing.prepaid),
    owed: inCurrency(standing.owed),
    refundDue: inCurrency(standing.refundDue),
    credit: inCurrency(standing.credit),
    refunds: refunds.map(({ payment, amount }) => ({
      payment,
      provider: providerOf(payment),
      amount: inCurrency(amount),
    })),
    lines: money.lines.map((line) => {
      const stands = standing.lines.find((one) => one.line === line.line)!;
      return {
        line: line.ref,
        terms: termsFor(policies.get(line.policy)?.charge, money.channel).kind,
        open: stands.open,
        openAmount: inCurrency(stands.openAmount),
        prepaid: inCurrency(stands.prepaid),
        paid: inCurrency(stands.paid),
        owed: inCurrency(stands.owed),
      };
    }),
    authorisations: money.payments
      .filter((one) => one.kind === 'authorised' && !money.payments.some((next) => next.of === one.id))
      .map((one) => ({
        payment: one.id,
        provider: one.provider,
        amount: inCurrency(one.amount),
        lapsesAt: new Date(lapsesAt(authorisationOf(one))).toISOString(),
      })),
  };
}

function linesOf({ lines, shipping }: OrderMoney): ChargedLine[] {
  return [...(shipping > 0 ? [{ line: SHIPPING, units: 1, amount: shipping }] : []), ...lines];
}

/**
 * Everything in the order in which it happened, and what went back at the end: a refund answers a cancellation, whichever of
 * the two was recorded under the earlier time.
 */
function eventsOf({ payments, moves, shipping, lines }: OrderMoney): ChargeEvent[] {
  const timed: { at: number; event: ChargeEvent }[] = [];
  for (const { kind, amount, at } of payments)
    if (kind === 'captured') timed.push({ at: Date.parse(at), event: { kind, amount } });
  let open = lines.reduce((units, one) => units + one.units, 0);
  let sent = shipping === 0;
  for (const { kind, line, units, at } of moves) {
    const time = at === '' ? 0 : Date.parse(at);
    timed.push({ at: time, event: { kind, line, units } });
    open -= units;
    if (sent || (kind === 'cancelled' && open > 0)) continue;
    sent = true;
    timed.push({ at: time, event: { kind, line: SHIPPING, units: 1 } });
  }
  const refunds = payments.flatMap(({ kind, amount }) =>
    kind === 'refunded' ? [{ kind, amount } as const] : [],
  );
  return [...timed.sort((a, b) => a.at - b.at).map((one) => one.event), ...refunds];
}

/** Payments that took money, and what of each went back: refunds name theirs, others are held against the last. */
function takenOf(payments: readonly StoredPayment[]) {
  const taken = payments
    .filter((one) => one.kind === 'captured')
    .map((one) => ({ id: one.id, amount: one.amount, refunded: 0 }));
  for (const { kind, amount, of } of payments) {
    if (kind !== 'refunded') continue;
    const named = taken.filter((one) => one.id === of);
    let left = amount;
    for (const one of [...named, ...taken.toReversed()]) {
      const back = Math.min(left, one.amount - one.refunded);
      one.refunded += back;
      left -= back;
    }
  }
  return taken;
}

export function authorisationOf(one: Pick<StoredPayment, 'at' | 'captureBefore' | 'network'>): Authorisation {
  const network = (one.network ?? '').toLowerCase();
  return {
    at: Date.parse(one.at),
    captureBefore: one.captureBefore === null ? null : Date.parse(one.captureBefore),
    network: network in WINDOW_MS ? (network as CardNetwork) : 'other',
    by: 'customer',
    extendsUntil: null,
  };
}
