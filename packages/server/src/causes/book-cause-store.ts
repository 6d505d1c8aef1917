import type pg from 'pg';
import { takeUpBook } from '../promising/index.ts';
import type { EpisodeName } from './episode-store.ts';

/**
 * Has the lines of an episode counted under its cause, where the book has them under another: their entries are written again when
 * the transaction commits (migration 0027). The item is locked until then, as whoever decides about it does, and so are the lines:
 * a kit's may be written for another of its components.
 * @param at ISO 8601, when it is recorded
 */
export async function attributeBook(
  client: pg.PoolClient,
  brandId: number,
  { item, pool, number }: EpisodeName,
  at: string,
): Promise<void> {
  await client.query({
    name: 'lock-attributed-item',
    text: 'select from item where brand_id = $1 and item_id = $2 for update',
    values: [brandId, item],
  });
  // What came into the book by what was told before now is under that cause; what comes after reads this one.
  await takeUpBook(client, brandId);
  const { rows } = await client.query({
    name: 'lines-to-attribute',
    text: `select b.order_id, b.line from backorder_cause b
           cross join lateral (select e.cause, e.until_at from book_entry e where e.brand_id = $1
             and e.order_id between b.order_id and b.order_id and e.line = b.line
             order by e.order_id desc, e.line desc, e.version desc limit 1) e
           cross join lateral book_told_cause($1, b.order_id, b.line) t
           where b.brand_id = $1 and b.item_id = $2 and b.pool = $3 and b.number = $4 and e.until_at is null and t.cause <> e.cause`,
    values: [brandId, item, pool, number],
  });
  if (rows.length === 0) return;
  await client.query({
    name: 'attribute-lines',
    text: `with line as (
             select l.order_id, l.line from unnest($2::bigint[], $3::int[]) as n(order_id, line)
             join order_line l on l.brand_id = $1 and l.order_id = n.order_id and l.line = n.line
             order by l.order_id, l.line for no key update of l)
           insert into book_touch (brand_id, at, orders, lines, events, fresh)
           select $1, $4::timestamptz, array_agg(order_id), array_agg(line), array_agg(null::bigint), array_agg(false) from line
           having count(*) > 0`,
    values: [brandId, rows.map((row) => row.order_id), rows.map((row) => row.line), at],
  });
}
