import type pg from 'pg';
import { bigints, ints } from '../platform/columns.ts';

/** A line that may have come into the book, changed there or left it, and the event that did it. */
export interface TouchedLine {
  readonly order: number;
  readonly line: number;
  readonly event: number | null;
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
    text: `insert into book_touch (brand_id, at, orders, lines, events)
           values ($1, $2::timestamptz, coalesce($3::bigint[], '{}'), coalesce($4::int[], '{}'), coalesce($5::bigint[], '{}'))`,
    values: [
      brandId,
      at,
      bigints(lines, (one) => one.order),
      ints(lines, (one) => one.line),
      bigints(lines, (one) => one.event),
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
