import type pg from 'pg';
import { bigints, booleans, ints } from '../platform/columns.ts';

const ALL = 2 ** 31 - 1;

/** A line that may have come into the book, changed there or left it, and the event that did it. */
export interface TouchedLine {
  readonly order: number;
  readonly line: number;
  readonly event: number | null;
  /** A customer asked for the line, or for more of it. */
  readonly fresh: boolean;
  /** At most its days and what backs it have changed: neither its units on backorder nor its price. */
  readonly moved: boolean;
}
export interface TouchedBook {
  readonly lines: readonly TouchedLine[];
  /** Supplies were written too: should their days have moved, their lines are looked at, as of this moment. */
  readonly always: boolean;
}

/**
 * Says which lines the transaction has touched. When it commits, what it left of them is captured for the book (migration
 * 0033), so it does not matter whether this is said before or after the lines are written.
 * @param at ISO 8601, when it is recorded
 */
export async function touchBook(
  client: pg.PoolClient,
  brandId: number,
  { lines, always }: TouchedBook,
  at: string,
): Promise<void> {
  if (lines.length === 0 && !always) return;
  await client.query(
    lines.length === 0
      ? {
          name: 'touch-book-supplies',
          text: 'insert into book_touch (brand_id, at) values ($1, $2::timestamptz)',
          values: [brandId, at],
        }
      : {
          name: 'touch-book',
          text: `insert into book_touch (brand_id, at, orders, lines, events, fresh, moved)
           select $1, $2::timestamptz, array_agg(order_id), array_agg(line), array_agg(event_id), array_agg(fresh), array_agg(moved)
           from unnest($3::bigint[], $4::int[], $5::bigint[], $6::boolean[], $7::boolean[]) as n(order_id, line, event_id, fresh, moved)
           group by moved`,
          values: [
            brandId,
            at,
            bigints(lines, (one) => one.order),
            ints(lines, (one) => one.line),
            bigints(lines, (one) => one.event),
            booleans(lines, (one) => one.fresh),
            booleans(lines, (one) => one.moved),
          ],
        },
  );
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

/**
 * Brings the book up to all that was captured of transactions that have committed. Whoever reads the book does this first; nobody else
 * takes anything up until this transaction has ended.
 * @param most transactions
 * @returns how many were taken up
 */
export async function takeUpBook(client: pg.PoolClient, brandId: number, most = ALL): Promise<number> {
  const { rows } = await client.query({
    name: 'take-up-book',
    text: 'select take_up_book($1, $2) as taken',
    values: [brandId, most],
  });
  return rows[0].taken;
}
