import type { OrderCharge } from '@kept/contract';
import {
  type Authorisation,
  type CardNetwork,
  type ChargedLine,
  type ChargeEvent,
  type ChargeTerms,
  chargeStanding,
  chooseTag,
  type Dues,
  dayText,
  lapsesAt,
  refundsFor,
  statementsOf,
  voiceOf,
  WINDOW_MS,
  writeCharge,
} from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { catalogueOf, loadSettings, type Settings, worldAt } from '../promising/index.ts';
import { type OrderMoney, readOrderMoney, type StoredPayment } from './charge-store.ts';

/** Shipping is a line of its own here: it is due with the first parcel, and given back when nothing was ever sent. */
export const SHIPPING = 0;

/** Where an order's money stands, to the cent, and how what is due goes back. */
export async function orderCharge(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  order: number,
): Promise<z.output<typeof OrderCharge>> {
  const money = await readOrderMoney(client, brandId, order);
  const settings = await loadSettings(client, kept.db, brandId);
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
    stated: statementsIn(kept, settings, money),
    lines: money.lines.map((line) => {
      const stands = standing.lines.find((one) => one.line === line.line)!;
      return {
        line: line.ref,
        terms: line.stated?.terms.kind ?? 'at_order',
        stated: duesIn(line, inCurrency),
        open: stands.open,
        openAmount: inCurrency(stands.openAmount),
        prepaid: inCurrency(stands.prepaid),
        paid: inCurrency(stands.paid),
        owed: inCurrency(stands.owed),
      };
    }),
    authorisations: money.payments
      .filter(
        (one) =>
          one.kind === 'authorised' && one.amount > 0 && !money.payments.some((next) => next.of === one.id),
      )
      .map((one) => ({
        payment: one.id,
        provider: one.provider,
        amount: inCurrency(one.amount),
        lapsesAt: new Date(lapsesAt(authorisationOf(one))).toISOString(),
      })),
  };
}

type MoneyLine = OrderMoney['lines'][number];

const AT_ORDER: ChargeTerms = { kind: 'at_order' };
const NO_DUES = { authorised: 0, atShipment: 0, invoiced: 0 };

function duesOfLine({ stated, amount }: MoneyLine): Dues | null {
  return stated === null ? { ...NO_DUES, dueNow: amount } : stated.dues;
}

function duesIn(line: MoneyLine, inCurrency: (amount: number) => { amount: number; currency: string }) {
  const dues = duesOfLine(line);
  if (dues === null) return null;
  return {
    dueNow: inCurrency(dues.dueNow),
    authorised: inCurrency(dues.authorised),
    atShipment: inCurrency(dues.atShipment),
    invoiced: inCurrency(dues.invoiced),
  };
}

/**
 * What was stated of an order's money when it was ordered, in the customer's language: what the page said before it, and the
 * confirmation repeats. Shipping is part of what is paid with the order. None where it was not recorded.
 */
function statementsIn(
  kept: Kept,
  settings: Settings,
  money: OrderMoney,
  tag = chooseTag(money.locale ?? undefined),
): string[] {
  const lines = money.lines.flatMap((line) => {
    const dues = duesOfLine(line);
    return dues === null ? [] : [{ terms: line.stated?.terms ?? AT_ORDER, dues }];
  });
  if (lines.length < money.lines.length) return [];
  if (money.shipping > 0) lines.push(shippingStated(lines[0]!.terms, money.shipping));
  const today = dayText(worldAt(settings, kept.clock.now()).today);
  const voice = voiceOf(tag, today, catalogueOf(settings, tag));
  return statementsOf(lines, money.currency).map((said) => writeCharge(voice, said));
}

/** Shipping goes with the goods where they are paid for when they leave, and with the order else. */
function shippingStated(terms: ChargeTerms, shipping: number): { terms: ChargeTerms; dues: Dues } {
  if (terms.kind === 'at_shipment') return { terms, dues: { ...NO_DUES, dueNow: 0, atShipment: shipping } };
  if (terms.kind === 'invoice') return { terms, dues: { ...NO_DUES, dueNow: 0, invoiced: shipping } };
  return { terms: AT_ORDER, dues: { ...NO_DUES, dueNow: shipping } };
}

/** What was stated of an order's money, in the language of a letter. */
export async function statedCharge(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  order: number,
  language: string,
): Promise<string[]> {
  const money = await readOrderMoney(client, brandId, order);
  const settings = await loadSettings(client, kept.db, brandId);
  const own = money.locale?.toLowerCase().startsWith(language) ? money.locale : language;
  return statementsIn(kept, settings, money, chooseTag(own));
}

export function linesOf({ lines, shipping }: OrderMoney): ChargedLine[] {
  return [...(shipping > 0 ? [{ line: SHIPPING, units: 1, amount: shipping }] : []), ...lines];
}

/**
 * Everything in the order in which it happened, and what went back at the end: a refund answers a cancellation, whichever of
 * the two was recorded under the earlier time.
 */
export function eventsOf({ payments, moves, shipping, lines }: OrderMoney): ChargeEvent[] {
  const timed: { at: number; id: number; event: ChargeEvent }[] = [];
  for (const { kind, amount, at, event: id } of payments)
    if (kind === 'captured') timed.push({ at: Date.parse(at), id, event: { kind, amount } });
  let open = lines.reduce((units, one) => units + one.units, 0);
  let sent = shipping === 0;
  for (const { kind, line, units, at, event: id } of moves) {
    const time = at === '' ? 0 : Date.parse(at);
    timed.push({ at: time, id, event: { kind, line, units } });
    open -= units;
    if (sent || (kind === 'cancelled' && open > 0)) continue;
    sent = true;
    timed.push({ at: time, id, event: { kind, line: SHIPPING, units: 1 } });
  }
  const refunds = payments.flatMap(({ kind, amount }) =>
    kind === 'refunded' ? [{ kind, amount } as const] : [],
  );
  // Of one instant, as they were recorded: what was taken because goods left comes after their leaving.
  return [...timed.sort((a, b) => a.at - b.at || a.id - b.id).map((one) => one.event), ...refunds];
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
