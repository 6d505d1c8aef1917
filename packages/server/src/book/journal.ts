import type { Journal } from '@kept/contract';
import { dayNumber, dayText } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { momentOf } from './book.ts';
import { moneySums } from './money-balance.ts';
import { type MoneyOrder, readMoneyOrders, readMovedSince } from './money-store.ts';
import { moneyRules } from './order-money.ts';

/** Orders read in one step. */
const STEP = 2000;

/**
 * The entries of a span of days, and what all entries up to its end leave in deferred revenue: what there is now, less what
 * came to it since.
 */
export async function journalFor(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  from: string | undefined,
  to: string | undefined,
): Promise<z.input<typeof Journal> & { readonly missing: readonly string[]; readonly currency: string }> {
  const moment = await momentOf(kept, client, brandId, undefined);
  const { dayOf, moneyOf } = await moneyRules(kept, client, brandId);
  const last = to ?? moment.day;
  const entries: z.input<typeof Journal>['entries'] = [];
  const left = new Map<string, number>();
  const missing = new Set<string>();
  for (const [currency, { deferred, unrated }] of (await moneySums(kept, client, brandId, moment.asOf))
    .byCurrency) {
    left.set(currency, deferred);
    if (unrated !== 0) missing.add(currency);
  }
  const after = dayText(dayNumber(last) + 1);
  const since = from === undefined ? null : from < after ? from : after;
  for await (const order of ordersSince(client, brandId, since, moment.asOf)) {
    const told = moneyOf(order, moment.asOf);
    for (const [number, entry] of told.entries.entries()) {
      const day = dayOf(entry.at);
      if (day > last) {
        for (const posting of entry.postings)
          if (posting.account === 'deferred_revenue')
            left.set(order.currency, (left.get(order.currency) ?? 0) + posting.amount);
        continue;
      }
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

/** Orders whose money moved on a day or since; null: that it ever moved for. */
async function* ordersSince(
  client: pg.PoolClient,
  brandId: number,
  day: string | null,
  asOf: string,
): AsyncGenerator<MoneyOrder> {
  // A day begins up to fourteen hours before it does in Greenwich.
  const since = day === null ? null : `${dayText(dayNumber(day) - 1)}T00:00:00Z`;
  const orders = await readMovedSince(client, brandId, since, asOf);
  for (let from = 0; from < orders.length; from += STEP)
    yield* await readMoneyOrders(client, brandId, orders.slice(from, from + STEP));
}
