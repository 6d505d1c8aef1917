import { type JournalEntry, journalOf, type MoneyEvent, type OrderBalance } from '@kept/engine';
import type pg from 'pg';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { readAllRates, readBookSettings } from './book-store.ts';
import type { MoneyLine, MoneyOrder } from './money-store.ts';
import { minorDigits } from './rates.ts';

/** An order's journal up to a moment. Instants ISO 8601. */
export interface OrderMoney {
  readonly order: MoneyOrder;
  readonly entries: readonly JournalEntry[];
  readonly balance: OrderBalance;
  /** Whether each of its events had a rate. */
  readonly rated: boolean;
  /** Its newest event that counts, and its first that lies ahead. */
  readonly lastAt: string | null;
  readonly againAt: string | null;
}

/** How a brand's orders are reckoned: by its rule of recognition, in its zone, at the rates of their days. */
export interface MoneyRules {
  dayOf(at: string): string;
  moneyOf(order: MoneyOrder, until: string): OrderMoney;
}

export async function moneyRules(kept: Kept, client: pg.PoolClient, brandId: number): Promise<MoneyRules> {
  const { recognition, currency } = await readBookSettings(client, brandId);
  const { timeZone } = await loadSettings(client, kept.db, brandId);
  const rates = ratesBy(await readAllRates(client, brandId), currency);
  const dayOf = dayIn(timeZone);
  return {
    dayOf,
    moneyOf(order, until) {
      const limit = Date.parse(until);
      const all = eventsOf(order, recognition);
      const events = all.filter(({ at }) => Date.parse(at) <= limit);
      let rated = true;
      const told = journalOf(
        totalsOf(order),
        events.map((event) => {
          const rate = rates(order.currency, dayOf(event.at));
          rated &&= rate !== null;
          return { ...event, rate: rate ?? 0 };
        }),
      );
      return {
        order,
        ...told,
        rated,
        lastAt: events.at(-1)?.at ?? null,
        againAt: all[events.length]?.at ?? null,
      };
    },
  };
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

/** What moved an order's money, or is said to move it later, oldest first. */
function eventsOf(order: MoneyOrder, recognition: 'shipment' | 'delivery'): MoneyEvent[] {
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
  return events.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
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
