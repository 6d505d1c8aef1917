import type { BookAgeing, BookAgeingQuery, BookHistory, BookHistoryQuery } from '@kept/contract';
import { ageBucketOf, ageBuckets, dayNumber, dayText } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { momentOf } from './book.ts';
import { type DayRow, readDays, readOldest } from './book-store.ts';

const YEAR_DAYS = 365;
/** More than ten years of days is a mistake. */
const MOST_DAYS = 3660;
const OLDEST = 20;

/** The book at the end of each day, and what moved it. */
export async function historyOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  query: z.output<typeof BookHistoryQuery>,
): Promise<z.input<typeof BookHistory>> {
  const { day: today, exchange } = await momentOf(kept, client, brandId, undefined);
  const to = query.to ?? today;
  const from = query.from ?? dayText(dayNumber(to) - YEAR_DAYS + 1);
  const days = dayNumber(to) - dayNumber(from) + 1;
  if (days < 1 || days > MOST_DAYS)
    throw new KeptError(
      'invalid_input',
      `from: expected a day up to ${to}, at most ${MOST_DAYS} days before it.`,
      {
        errors: [{ path: 'from', message: `expected a day up to ${to}`, in: 'querystring' }],
      },
    );
  const currency = query.currency ?? exchange.currency;
  const { opening, days: rows } = await readDays(client, brandId, currency, from, to);
  const byDay = Map.groupBy(rows, ({ day }) => day);
  const level = levelOf(opening);
  return {
    currency,
    opening: { ...level },
    days: Array.from({ length: days }, (_, at) => {
      const day = dayText(dayNumber(from) + at);
      const moves = byDay.get(day) ?? [];
      for (const move of moves) {
        level.lines += move.lines;
        level.orders += move.orders;
        level.units += move.units;
        level.value += move.value;
      }
      return {
        day,
        closing: { ...level },
        moves: moves.map(({ kind, by, lines, orders, units, value }) => ({
          kind,
          by,
          lines,
          orders,
          units,
          value,
        })),
      };
    }),
  };
}

const levelOf = ({ lines, orders, units, value }: DayRow) => ({ lines, orders, units, value });

/** How old the book is: since the order, or past the first or the latest promise; and the oldest lines by name. */
export async function ageingOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { basis, asOf }: z.output<typeof BookAgeingQuery>,
): Promise<z.input<typeof BookAgeing>> {
  const moment = await momentOf(kept, client, brandId, asOf);
  const rows = await moment.sums(basis === 'order' ? 'placed' : basis);
  const today = dayNumber(moment.day);
  const buckets = ageBuckets(basis);
  const byBucket = Map.groupBy(rows, ({ key }) =>
    key === '' ? 'no promise' : ageBucketOf(today - dayNumber(key), buckets).key,
  );
  const oldest = moment.past ? [] : await readOldest(client, brandId, OLDEST);
  return {
    basis,
    day: moment.day,
    buckets: [...buckets.map(({ key }) => key), ...(basis === 'order' ? [] : ['no promise'])].map((key) => {
      const same = byBucket.get(key) ?? [];
      const values = new Map<string, number>();
      for (const { currency, value } of same) values.set(currency, (values.get(currency) ?? 0) + value);
      return {
        key,
        lines: same.reduce((sum, { lines }) => sum + lines, 0),
        units: same.reduce((sum, { units }) => sum + units, 0),
        values: [...values].map(([currency, amount]) => ({ amount, currency })),
      };
    }),
    oldest: oldest.map((row) => ({
      order: row.order,
      line: JSON.parse(row.line_ref),
      sku: row.sku,
      title: row.title,
      customer: row.customer,
      placedOn: row.placed_on,
      days: today - dayNumber(row.placed_on),
      units: row.units,
      value: { amount: row.value, currency: row.currency },
      firstPromise: row.first_on,
      latestPromise: row.latest_on,
    })),
  };
}
