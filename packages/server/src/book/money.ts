import type { BookMoney, Journal } from '@kept/contract';
import {
  dayNumber,
  dayText,
  type JournalEntry,
  journalOf,
  type MoneyEvent,
  type OrderBalance,
  splitByWeight,
} from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { momentOf } from './book.ts';
import { readAllRates, readBookSettings, readSums, readSupplies } from './book-store.ts';
import { type MoneyLine, type MoneyOrder, readMoneyOrders, readRefundsOwed } from './money-store.ts';
import { minorDigits } from './rates.ts';

/** Orders read in one step. */
const STEP = 2000;

/** An order's journal up to a moment, and what is known of its rates. */
interface Told {
  readonly order: MoneyOrder;
  readonly entries: readonly JournalEntry[];
  readonly balance: OrderBalance;
  readonly rated: boolean;
}

/** Walks through every order that money has moved for, up to `until` (ISO 8601). */
async function* journals(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  until: string,
): AsyncGenerator<Told> {
  const { recognition, currency } = await readBookSettings(client, brandId);
  const { timeZone } = await loadSettings(client, kept.db, brandId);
  const rates = ratesBy(await readAllRates(client, brandId), currency);
  const dayOf = dayIn(timeZone);
  for (let after = 0; ; ) {
    const orders = await readMoneyOrders(client, brandId, after, STEP);
    for (const order of orders) {
      let rated = true;
      const rate = (at: string) => {
        const known = rates(order.currency, dayOf(at));
        rated &&= known !== null;
        return known ?? 0;
      };
      const events = eventsOf(order, recognition, until, rate);
      const told = journalOf(totalsOf(order), events);
      yield { order, ...told, rated };
    }
    if (orders.length < STEP) return;
    after = orders.at(-1)!.order_id;
  }
}

/** Net of discounts, before tax, of so many units of a line: cumulative, so that parts add up to the whole. */
export function netOf(line: Pick<MoneyLine, 'price' | 'discount' | 'ordered'>, units: number): number {
  return (
    line.price * units - Number((BigInt(line.discount) * BigInt(units)) / BigInt(Math.max(1, line.ordered)))
  );
}

function totalsOf(order: MoneyOrder): { net: number; tax: number } {
  let net = order.shipping;
  let tax = order.shipping_tax;
  for (const line of order.lines) {
    net += netOf(line, line.ordered);
    tax += line.tax;
  }
  return { net, tax };
}

function eventsOf(
  order: MoneyOrder,
  recognition: 'shipment' | 'delivery',
  until: string,
  rate: (at: string) => number,
): MoneyEvent[] {
  const limit = Date.parse(until);
  const events: MoneyEvent[] = order.payments.map(({ kind, id, amount, at }) => ({
    kind,
    at: new Date(at).toISOString(),
    name: id,
    amount,
    rate: 0,
  }));
  const left = new Map<number, number>();
  const lines = new Map(order.lines.map((line) => [line.line, line]));
  let first = true;
  for (const shipment of order.shipments) {
    const line = lines.get(shipment.line)!;
    const before = left.get(shipment.line) ?? 0;
    const now = before + shipment.quantity;
    left.set(shipment.line, now);
    const when = recognition === 'shipment' ? shipment.at : shipment.delivered;
    if (when === null) continue;
    // What was paid for shipping is earned with the first parcel.
    const amount = netOf(line, now) - netOf(line, before) + (first ? order.shipping : 0);
    first = false;
    events.push({
      kind: 'recognised',
      at: new Date(when).toISOString(),
      name: `shipment ${shipment.event}`,
      amount,
      rate: 0,
    });
  }
  return events
    .filter(({ at }) => Date.parse(at) <= limit)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map((event) => ({ ...event, rate: rate(event.at) }));
}

/** The rate of a day, or the newest before it, between minor units; null where none was given. */
function ratesBy(
  rows: readonly { currency: string; day: string; rate: string }[],
  brand: string,
): (currency: string, day: string) => number | null {
  const byCurrency = Map.groupBy(rows, ({ currency }) => currency);
  return (currency, day) => {
    if (currency === brand) return 1;
    const known = byCurrency.get(currency)?.findLast((row) => row.day <= day);
    return known === undefined
      ? null
      : Number(known.rate) * 10 ** (minorDigits(brand) - minorDigits(currency));
  };
}

function dayIn(timeZone: string): (at: string) => string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (at) => format.format(new Date(at));
}

type Money = z.input<typeof BookMoney>;
type Deferred = Money['deferred'][number];
type Tie = Money['reconciliation'][number];

/** Deferred revenue, how it ties to the book, what is owed back, what is expected when, and whose money pays the suppliers. */
export async function moneyOf(kept: Kept, client: pg.PoolClient, brandId: number): Promise<Money> {
  const moment = await momentOf(kept, client, brandId, undefined);
  const { recognition } = await readBookSettings(client, brandId);
  const deferred = new Map<string, Omit<Deferred, 'inBrandCurrency'> & { base: number; rated: boolean }>();
  const ties = new Map<string, Tie>();
  const prepaid = new Map<string, number>();
  const missing = new Set<string>();
  for await (const { order, balance, rated } of journals(kept, client, brandId, moment.asOf)) {
    const { currency } = order;
    const sum = deferred.get(currency) ?? {
      currency,
      captured: 0,
      refunded: 0,
      recognised: 0,
      deferred: 0,
      receivable: 0,
      tax: 0,
      base: 0,
      rated: true,
    };
    deferred.set(currency, sum);
    for (const what of ['captured', 'refunded', 'recognised', 'deferred', 'receivable', 'tax'] as const)
      sum[what] += balance[what];
    sum.base += balance.deferredBase;
    sum.rated &&= rated;
    if (!rated) missing.add(currency);
    tie(order, balance.deferred, ties, prepaid);
  }
  const planned = await readSums(client, brandId, 'planned');
  return {
    asOf: moment.asOf,
    recognition,
    deferred: [...deferred.values()].map(({ base, rated, ...told }) => ({
      ...told,
      inBrandCurrency: rated ? { amount: base, currency: moment.exchange.currency } : null,
    })),
    reconciliation: [...ties.values()],
    refundsOwed: (await readRefundsOwed(client, brandId)).map(
      ({ order, amount, currency, due_on, basis }) => ({
        order,
        amount: { amount, currency },
        dueOn: due_on,
        basis,
      }),
    ),
    months: [
      ...Map.groupBy(planned, ({ key, currency }) => `${key.slice(0, 7) || 'no date'} ${currency}`).values(),
    ]
      .map((rows) => ({
        month: rows[0]!.key.slice(0, 7) || 'no date',
        currency: rows[0]!.currency,
        units: rows.reduce((sum, { units }) => sum + units, 0),
        value: rows.reduce((sum, { value }) => sum + value, 0),
      }))
      .sort((a, b) => (a.month < b.month ? -1 : 1)),
    workingCapital: await workingCapital(client, brandId, prepaid),
    missingRates: [...missing].sort(),
  };
}

/** An order's deferred money is allotted to its open units by value: those of the book, those set aside, and what is left. */
function tie(
  order: MoneyOrder,
  deferred: number,
  ties: Map<string, Tie>,
  prepaid: Map<string, number>,
): void {
  const { currency } = order;
  const sum = ties.get(currency) ?? {
    currency,
    book: 0,
    prepaid: 0,
    unpaid: 0,
    prepaidReserved: 0,
    otherDeferred: 0,
    deferred: 0,
  };
  ties.set(currency, sum);
  const waiting = new Map(order.entries.map((entry) => [entry.line, entry]));
  const values: { value: number; sources: readonly (readonly [number, number, number])[] | null }[] = [];
  for (const line of order.lines) {
    const entry = waiting.get(line.line);
    const open = line.ordered - line.shipped - line.cancelled;
    if (entry !== undefined) values.push({ value: entry.value, sources: entry.sources });
    const reserved = open - (entry?.units ?? 0);
    if (reserved > 0) values.push({ value: Math.max(0, netOf(line, reserved)), sources: null });
  }
  const whole = values.reduce((total, { value }) => total + Math.max(0, value), 0);
  const shares = splitByWeight(
    Math.min(deferred, whole),
    values.map(({ value }) => Math.max(0, value)),
  );
  let book = 0;
  let paid = 0;
  let reserved = 0;
  for (const [place, { value, sources }] of values.entries()) {
    const share = shares[place]!;
    if (sources === null) {
      reserved += share;
      continue;
    }
    book += value;
    paid += share;
    const parts = splitByWeight(
      share,
      sources.map(([, , part]) => Math.max(0, part)),
    );
    for (const [at, [item, supply]] of sources.entries()) {
      const key = `${supply === 0 ? '' : `${item}:${supply}`} ${currency}`;
      prepaid.set(key, (prepaid.get(key) ?? 0) + parts[at]!);
    }
  }
  sum.book += book;
  sum.prepaid += paid;
  sum.unpaid += book - paid;
  sum.prepaidReserved += reserved;
  sum.otherDeferred += deferred - paid - reserved;
  sum.deferred += deferred;
}

/** What is owed to suppliers for what the book waits for, when, and how much of customers' money is in before. */
async function workingCapital(
  client: pg.PoolClient,
  brandId: number,
  prepaid: ReadonlyMap<string, number>,
): Promise<Money['workingCapital']> {
  const sums = await readSums(client, brandId, 'supply');
  const supplies = await readSupplies(
    client,
    brandId,
    [...new Set(sums.map(({ key }) => key))].filter(Boolean),
  );
  const rows = new Map<string, Money['workingCapital'][number]>();
  const counted = new Set<string>();
  for (const sum of sums) {
    const supply = supplies.get(sum.key);
    if (supply === undefined || supply.kind !== 'purchase_order') continue;
    const terms = termDays(supply.payment_terms);
    const row = rows.get(supply.ref) ?? {
      purchaseOrder: supply.ref,
      supplier: supply.supplier_title ?? supply.supplier ?? '',
      expectedOn: supply.expected_on,
      paymentTerms: supply.payment_terms,
      payOn:
        terms === null || supply.expected_on === null ? null : dayText(dayNumber(supply.expected_on) + terms),
      payable: null,
      book: [],
      prepaid: [],
    };
    rows.set(supply.ref, row);
    if (!counted.has(sum.key) && supply.unit_cost !== null && supply.currency !== null) {
      const amount = (row.payable?.amount ?? 0) + supply.unit_cost * supply.open;
      row.payable = { amount, currency: supply.currency };
    }
    const key = `${sum.key} ${sum.currency}`;
    addTo(row.book, sum.value, sum.currency);
    // One sum per currency of cost: the customers' money is counted once.
    if (!counted.has(key)) addTo(row.prepaid, prepaid.get(key) ?? 0, sum.currency);
    counted.add(sum.key).add(key);
  }
  return [...rows.values()].sort((a, b) => ((a.expectedOn ?? '9') < (b.expectedOn ?? '9') ? -1 : 1));
}

function addTo(sums: { amount: number; currency: string }[], amount: number, currency: string): void {
  const known = sums.find((one) => one.currency === currency);
  if (known) known.amount += amount;
  else sums.push({ amount, currency });
}

/** Days after receipt by which a supplier is paid, as its terms say: 'net 30', '60 days', 'on receipt'; null: not said. */
export function termDays(terms: string | null): number | null {
  if (terms === null) return null;
  if (/receipt|delivery|immediate/i.test(terms)) return 0;
  if (/advance|prepa/i.test(terms)) return null;
  const days = /(\d{1,3})/.exec(terms);
  return days === null ? null : Number(days[1]);
}

/** The entries of a span of days, and what all entries up to its end leave in deferred revenue. */
export async function journalFor(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  from: string | undefined,
  to: string | undefined,
): Promise<z.input<typeof Journal> & { readonly missing: readonly string[]; readonly currency: string }> {
  const moment = await momentOf(kept, client, brandId, undefined);
  const { timeZone } = await loadSettings(client, kept.db, brandId);
  const dayOf = dayIn(timeZone);
  const last = to ?? moment.day;
  const entries: z.input<typeof Journal>['entries'] = [];
  const left = new Map<string, number>();
  const missing = new Set<string>();
  for await (const told of journals(kept, client, brandId, moment.asOf)) {
    const { order } = told;
    if (!told.rated) missing.add(order.currency);
    for (const [number, entry] of told.entries.entries()) {
      const day = dayOf(entry.at);
      if (day > last) continue;
      for (const posting of entry.postings)
        if (posting.account === 'deferred_revenue')
          left.set(order.currency, (left.get(order.currency) ?? 0) - posting.amount);
      if (from !== undefined && day < from) continue;
      entries.push({
        number: `K-${order.order_id}-${number + 1}`,
        at: entry.at,
        day,
        order: order.name,
        kind: entry.kind,
        name: entry.name,
        currency: order.currency,
        postings: [...entry.postings],
      });
    }
  }
  entries.sort((a, b) => (a.at === b.at ? (a.number < b.number ? -1 : 1) : a.at < b.at ? -1 : 1));
  return {
    entries,
    deferred: [...left].map(([currency, amount]) => ({ amount, currency })),
    missing: [...missing].sort(),
    currency: moment.exchange.currency,
  };
}
