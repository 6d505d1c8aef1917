import type pg from 'pg';
import { bigints, booleans, ints } from '../platform/columns.ts';

/** A line that may have come into the book, changed there or left it, and the event that did it. */
export interface TouchedLine {
  readonly order: number;
  readonly line: number;
  readonly event: number | null;
  /** A customer asked for the line, or for more of it. */
  readonly fresh: boolean;
}
export interface TouchedBook {
  readonly lines: readonly TouchedLine[];
  /** Supplies were written too: should their days have moved, their lines are looked at, as of this moment. */
  readonly always: boolean;
}

/**
 * Says which lines the transaction has touched. When it commits, the book is brought up to what it left of them (migration
 * 0011), so it does not matter whether this is said before or after the lines are written.
 * @param at ISO 8601, when it is recorded
 */
export async function touchBook(
  client: pg.PoolClient,
  brandId: number,
  { lines, always }: TouchedBook,
  at: string,
): Promise<void> {
  if (lines.length === 0 && !always) return;
  await client.query({
    name: 'touch-book',
    // A column of nothing but nulls comes as null; the lengths are what unnest fills up.
    text: `insert into book_touch (brand_id, at, orders, lines, events, fresh)
           select $1, $2::timestamptz, coalesce(array_agg(order_id), '{}'), coalesce(array_agg(line), '{}'),
             coalesce(array_agg(event_id), '{}'), coalesce(array_agg(fresh), '{}')
           from unnest($3::bigint[], $4::int[], $5::bigint[], $6::boolean[]) as n(order_id, line, event_id, fresh)`,
    values: [
      brandId,
      at,
      bigints(lines, (one) => one.order),
      ints(lines, (one) => one.line),
      bigints(lines, (one) => one.event),
      booleans(lines, (one) => one.fresh),
    ],
  });
}

/** Items cost something else: what waits of them is valued anew. */
export async function touchCosts(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
  at: string,
): Promise<void> {
  if (items.length === 0) return;
  await client.query(
    `insert into book_touch (brand_id, at, item_id) select $1, $2::timestamptz, item_id from unnest($3::int[]) as n(item_id)`,
    [brandId, at, items],
  );
}
