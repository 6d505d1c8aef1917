import { chargeStanding, lapsesAt, sum } from '@kept/engine';
import { insertPayment } from '../demand/index.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { raiseSignals, withdrawSignal } from '../signals/index.ts';
import { type OrderMoney, readOrderMoney, type StoredPayment } from './charge-store.ts';
import { answerCollection, askedCollections, type Collection, insertCollections } from './money-due-store.ts';
import { authorisationOf, eventsOf, linesOf, SHIPPING } from './order-charge.ts';
import { ProviderRefusal } from './provider.ts';
import { providerOf } from './renew.ts';

/** Money that these terms leave for the shipment is taken then; an invoice is the customer's to pay. */
const COLLECTED = new Set(['deposit', 'authorise', 'at_shipment']);

/**
 * Takes what an order owes for goods that have left: off what was set aside for it, then by the card that an earlier payment
 * left. What is asked is written down first, under a key of its own, so that a crash takes nothing twice. What cannot be taken
 * is a signal.
 * @returns whether it has to be tried again
 */
export async function collectWhatIsOwed(kept: Kept, brandId: number, order: number): Promise<boolean> {
  const asked = await withBrand(kept.db, brandId, async (client) => {
    const open = await askedCollections(client, brandId, order);
    if (open.length > 0) return open;
    const money = await readOrderMoney(client, brandId, order);
    const planned = planOf(kept, money);
    if (planned.length === 0) return [];
    await insertCollections(client, brandId, order, planned, kept.clock.now().toISOString());
    return askedCollections(client, brandId, order);
  });
  const missing: { amount: number; reason: string }[] = [];
  let again = false;
  for (const one of asked) {
    const answer = await ask(kept, brandId, order, one);
    if (answer === 'taken') continue;
    if (answer === 'unreachable') again = true;
    else missing.push({ amount: one.amount, reason: answer });
  }
  await tell(kept, brandId, order, missing, again);
  return again;
}

/** What is owed, and from where it can be taken; nothing where nothing is owed. */
function planOf(kept: Kept, money: OrderMoney): Omit<Collection, 'number'>[] {
  let owed = owedOf(money);
  const { currency, payments } = money;
  const planned: Omit<Collection, 'number'>[] = [];
  const now = kept.clock.now().getTime();
  const standing = payments.filter(
    (one) =>
      one.kind === 'authorised' &&
      one.amount > 0 &&
      !payments.some((next) => next.of === one.id) &&
      lapsesAt(authorisationOf(one)) > now,
  );
  for (const one of standing) {
    const amount = Math.min(owed, one.amount);
    if (amount > 0) planned.push({ payment: one.id, how: 'capture', amount, currency });
    owed -= amount;
  }
  const card =
    payments.findLast((one) => one.kind !== 'refunded' && one.reference !== null) ?? payments.at(-1);
  if (owed > 0) planned.push({ payment: card?.id ?? '', how: 'charge', amount: owed, currency });
  return planned;
}

/**
 * What has left unpaid of lines whose terms leave the money for the shipment, and of shipping where such a line is. Where a
 * channel sold an order and told of no payment, its money is the channel's to collect.
 */
function owedOf(money: OrderMoney): number {
  if (money.placed && money.payments.length === 0) return 0;
  const collected = new Set(
    money.lines.filter((one) => COLLECTED.has(one.stated?.terms.kind ?? '')).map((one) => one.line),
  );
  if (collected.size === 0) return 0;
  const standing = chargeStanding(linesOf(money), eventsOf(money));
  return sum(standing.lines.map((one) => (one.line === SHIPPING || collected.has(one.line) ? one.owed : 0)));
}

/** 'taken', 'unreachable', or why it was refused. */
async function ask(kept: Kept, brandId: number, order: number, one: Collection): Promise<string> {
  const payment = await withBrand(
    kept.db,
    brandId,
    async (client) =>
      (await readOrderMoney(client, brandId, order)).payments.find(({ id }) => id === one.payment) ?? null,
    { reads: true },
  );
  const answer = await take(kept, order, one, payment);
  if (answer === 'unreachable') return answer;
  await withBrand(kept.db, brandId, async (client) => {
    if (typeof answer === 'string') {
      await answerCollection(client, brandId, order, one.number, 'refused', answer);
      return;
    }
    const event = await kept.ids.take(brandId, 'event', 1);
    const at = kept.clock.now().toISOString();
    const taken = {
      id: `kept-collected-${one.number}`,
      kind: 'captured',
      amount: { amount: one.amount, currency: one.currency },
      at,
      provider: payment!.provider as 'manual' | 'stripe' | 'shopify',
      reference: answer.reference,
      ...(payment!.network === null ? {} : { network: payment!.network }),
      ...(one.how === 'capture' ? { of: one.payment } : {}),
    } as const;
    await answerCollection(client, brandId, order, one.number, 'taken', null);
    await insertPayment(client, brandId, event, order, taken);
    await recordEvents(client, brandId, [
      { id: event, kind: 'payment.captured', data: { order, payment: taken }, at },
    ]);
  });
  return typeof answer === 'string' ? answer : 'taken';
}

async function take(
  kept: Kept,
  order: number,
  one: Collection,
  payment: StoredPayment | null,
): Promise<{ reference: string } | string> {
  if (payment === null) return 'nothing was paid or set aside for it';
  const provider = providerOf(kept, payment.provider);
  if (provider === undefined || payment.reference === null)
    return 'the payment was recorded by hand, and the rest has to be taken by hand';
  const amount = { amount: one.amount, currency: one.currency };
  const key = `kept-collect-${order}-${one.number}`;
  try {
    if (one.how === 'capture') {
      await provider.capture(payment.reference, amount, key);
      return { reference: payment.reference };
    }
    const charge = await provider.charge(payment.reference, amount, key);
    return charge ?? 'the card cannot be charged without the customer';
  } catch (error) {
    if (error instanceof ProviderRefusal) return error.message;
    kept.log.warn({ err: error, order }, 'what is owed could not be taken; it is tried again');
    return 'unreachable';
  }
}

async function tell(
  kept: Kept,
  brandId: number,
  order: number,
  missing: readonly { readonly amount: number; readonly reason: string }[],
  again: boolean,
): Promise<void> {
  await withBrand(kept.db, brandId, async (client) => {
    const money = await readOrderMoney(client, brandId, order);
    const owed = owedOf(money);
    const subject = String(order);
    if (owed === 0) {
      await withdrawSignal(kept, client, brandId, 'collection_failed', subject);
      return;
    }
    const reason =
      missing[0]?.reason ?? (again ? 'the provider could not be reached; it is tried again' : null);
    if (reason === null) return;
    const data = { amount: { amount: owed, currency: money.currency }, reason };
    await raiseSignals(kept, client, brandId, [{ kind: 'collection_failed', subject, order, data }]);
  });
}
