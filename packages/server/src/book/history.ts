import type { BookAgeing, BookAgeingQuery, BookHistory, BookHistoryQuery } from '@kept/contract';
import { ageBucketOf, ageBuckets, dayNumber, dayText } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { momentOf, UNTOLD_CAUSE } from './book.ts';
import { type DayRow, readChannelNames, readDays, readOldest } from './book-store.ts';

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
  const read = await readDays(client, brandId, currency, from, to);
  const wanted = ({ cause }: DayRow) => query.cause === undefined || (cause || UNTOLD_CAUSE) === query.cause;
  const level = NOTHING();
  const parts = new Map<string, Level>();
  const partOf = await partsOf(client, brandId, query.by);
  const add = (row: DayRow) => {
    addTo(level, row);
    if (partOf === null) return;
    const key = partOf(row);
    const part = parts.get(key) ?? NOTHING();
    addTo(part, row);
    parts.set(key, part);
  };
  const told = ({ orders, ...counts }: Level) => ({
    ...counts,
    orders: query.cause === undefined ? orders : null,
  });
  read.opening.filter(wanted).forEach(add);
  const opening = told(level);
  const byDay = Map.groupBy(read.days.filter(wanted), ({ day }) => day);
  return {
    currency,
    opening,
    days: Array.from({ length: days }, (_, at) => {
      const day = dayText(dayNumber(from) + at);
      const rows = byDay.get(day) ?? [];
      rows.forEach(add);
      return {
        day,
        closing: told(level),
        ...(partOf === null ? {} : { parts: partsNow(parts) }),
        moves: [...Map.groupBy(rows, ({ kind, by }) => `${kind} ${by}`).values()].map((same) => {
          const sum = NOTHING();
          for (const row of same) addTo(sum, row);
          return { kind: same[0]!.kind, by: same[0]!.by, ...told(sum) };
        }),
      };
    }),
  };
}

interface Level {
  lines: number;
  orders: number;
  units: number;
  value: number;
}
const NOTHING = (): Level => ({ lines: 0, orders: 0, units: 0, value: 0 });

function addTo(level: Level, row: Readonly<Level>): void {
  level.lines += row.lines;
  level.orders += row.orders;
  level.units += row.units;
  level.value += row.value;
}

async function partsOf(
  client: pg.PoolClient,
  brandId: number,
  by: z.output<typeof BookHistoryQuery>['by'],
): Promise<((row: DayRow) => string) | null> {
  if (by === undefined) return null;
  if (by === 'cause') return ({ cause }) => cause || UNTOLD_CAUSE;
  const channels = await readChannelNames(client, brandId);
  return ({ channel }) => channels.get(channel)?.code ?? channel;
}

const partsNow = (parts: ReadonlyMap<string, Level>) =>
  [...parts]
    .filter(([, { lines, units, value }]) => lines !== 0 || units !== 0 || value !== 0)
    .map(([key, { lines, units, value }]) => ({ key, lines, units, value }))
    .sort((a, b) => b.value - a.value || (a.key < b.key ? -1 : 1));

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
