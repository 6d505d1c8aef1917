import type { BookLines, BookLinesQuery, BookMoves, BookMovesQuery } from '@kept/contract';
import { ageBuckets } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { momentOf, UNTOLD_CAUSE } from './book.ts';
import { type LineFilter, readLines, readMoves } from './line-store.ts';

type LinesQuery = z.output<typeof BookLinesQuery>;

/** The rows behind a figure of the book, the oldest order first. */
export async function linesOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  query: LinesQuery,
): Promise<z.input<typeof BookLines>> {
  const { day } = await momentOf(kept, client, brandId, undefined);
  const after =
    query.cursor === undefined
      ? null
      : (decodeCursor(query.cursor, ['string', 'number', 'number']) as [string, number, number]);
  const rows = await readLines(
    client,
    brandId,
    day,
    { ...query, days: daysOf(query) },
    query.limit + 1,
    after,
  );
  const page = pageOf(rows, query.limit, (row) => [row.placed_on, row.order_id, row.line]);
  return {
    next: page.next,
    items: page.items.map((row) => ({
      order: row.order,
      line: JSON.parse(row.line_ref),
      sku: row.sku,
      title: row.title,
      customer: row.customer,
      channel: row.channel,
      class: row.class,
      placedOn: row.placed_on,
      units: row.units,
      value: { amount: row.value, currency: row.currency },
      cost: row.cost_currency === '' ? null : { amount: row.cost, currency: row.cost_currency },
      state: row.state,
      cause: row.cause || UNTOLD_CAUSE,
      plannedOn: row.planned_on,
      firstPromise: row.first_on,
      latestPromise: row.latest_on,
      supplies: row.supplies.map(([ref, units, value]) => ({ ref, units, value })),
    })),
  };
}

/** @throws KeptError `invalid_input` for a bucket that the ageing does not have */
function daysOf({ basis = 'order', age }: LinesQuery): LineFilter['days'] {
  if (age === undefined) return undefined;
  if (age === 'no promise') return 'none';
  const buckets = ageBuckets(basis);
  const at = buckets.findIndex(({ key }) => key === age);
  if (at === -1) {
    const expected = `expected one of ${buckets.map(({ key }) => key).join(', ')}, no promise`;
    throw new KeptError('invalid_input', `age: ${expected}.`, {
      errors: [{ path: 'age', message: expected, in: 'querystring' }],
    });
  }
  // Days before the first bucket count in it.
  return { from: at === 0 ? null : buckets[at]!.from, to: buckets[at]!.to };
}

/** What moved the book in some days, change by change: today’s unless told. */
export async function movesOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  query: z.output<typeof BookMovesQuery>,
): Promise<z.input<typeof BookMoves>> {
  const { day } = await momentOf(kept, client, brandId, undefined);
  const to = query.to ?? day;
  const after =
    query.cursor === undefined
      ? null
      : (decodeCursor(query.cursor, ['string', 'number', 'number', 'number']) as [
          string,
          number,
          number,
          number,
        ]);
  const rows = await readMoves(
    client,
    brandId,
    { ...query, from: query.from ?? to, to },
    query.limit + 1,
    after,
  );
  const page = pageOf(rows, query.limit, (row) => [row.at, row.order_id, row.line, row.version]);
  return {
    next: page.next,
    items: page.items.map((row) => ({
      order: row.order,
      line: JSON.parse(row.line_ref),
      sku: row.sku,
      customer: row.customer,
      at: row.at,
      day: row.day,
      kind: row.kind,
      by: row.by,
      units: row.units,
      value: { amount: row.value, currency: row.currency },
      cause: row.cause || UNTOLD_CAUSE,
      causeBefore: row.cause_before === null ? null : row.cause_before || UNTOLD_CAUSE,
    })),
  };
}
