import type pg from 'pg';
import { bigints, ints } from '../platform/columns.ts';

/** A line by all its names. */
export interface NamedLine {
  readonly id: string;
  readonly order: string;
  readonly line: string | number;
  readonly sku: string;
  readonly channel: string;
  readonly customer: string;
  readonly class: string | null;
}

/** A line's number in its order, as Kept counts them. */
export interface LineKey {
  readonly order: number;
  readonly line: number;
}

/** Lines by 'order:line', with what people call them; those that are not there are left out. */
export async function readNamedLines(
  client: pg.PoolClient,
  brandId: number,
  lines: readonly LineKey[],
): Promise<Map<string, NamedLine>> {
  if (lines.length === 0) return new Map();
  const { rows } = await client.query({
    name: 'named-lines',
    text: `select distinct on (n.order_id, n.line) n.order_id, n.line, c.code, o.ref, o.customer_name, o.customer_class,
             l.line_ref, i.sku
           from unnest($2::bigint[], $3::int[]) as n(order_id, line)
           join customer_order o on o.brand_id = $1 and o.order_id = n.order_id
           join order_line l on l.brand_id = $1 and l.order_id = n.order_id and l.line = n.line
           join item i on i.brand_id = $1 and i.item_id = l.item_id
           join channel c on c.brand_id = $1 and c.channel_id = o.channel_id`,
    values: [brandId, bigints(lines, (one) => one.order), ints(lines, (one) => one.line)],
  });
  return new Map(
    rows.map((row) => [
      keyOf({ order: row.order_id, line: row.line }),
      {
        id: `${row.order_id}-${row.line}`,
        order: `${row.code}:${row.ref}`,
        line: JSON.parse(row.line_ref),
        sku: row.sku,
        channel: row.code,
        customer: row.customer_name,
        class: row.customer_class,
      },
    ]),
  );
}

export const keyOf = ({ order, line }: LineKey) => `${order}:${line}`;

/** The items on which a line's units stand: its own, or a kit's components. Empty: nothing of it is open, or it is not there. */
export async function itemsOfLine(
  client: pg.PoolClient,
  brandId: number,
  { order, line }: LineKey,
): Promise<number[]> {
  const { rows } = await client.query(
    'select distinct item_id from commitment where brand_id = $1 and order_id = $2 and line = $3',
    [brandId, order, line],
  );
  return rows.map((row) => row.item_id);
}

/** Items, and all on which kits of their queues stand: a kit has one rank in all of its queues. */
export async function withKitItems(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
): Promise<number[]> {
  const { rows } = await client.query(
    `select unnest($2::int[]) as item_id union
     select k.item_id from order_line_component k
     where k.brand_id = $1 and (k.order_id, k.line) in (
       select c.order_id, c.line from commitment c
       join order_line_component o on o.brand_id = c.brand_id and o.order_id = c.order_id and o.line = c.line
       where c.brand_id = $1 and c.item_id = any($2))`,
    [brandId, items],
  );
  return rows.map((row) => row.item_id);
}

/** Where lines stand in their queues from now on, and whether by hand. */
export async function writeRanks(
  client: pg.PoolClient,
  brandId: number,
  lines: readonly (LineKey & { rank: number; addedRank: number | null; moved: boolean })[],
): Promise<void> {
  if (lines.length === 0) return;
  await client.query(
    `update order_line l set rank = n.rank, added_rank = coalesce(n.added_rank, l.added_rank), moved = n.moved
     from unnest($2::bigint[], $3::int[], $4::bigint[], $5::bigint[], $6::boolean[])
       as n(order_id, line, rank, added_rank, moved)
     where l.brand_id = $1 and l.order_id = n.order_id and l.line = n.line`,
    [
      brandId,
      lines.map((one) => one.order),
      lines.map((one) => one.line),
      lines.map((one) => one.rank),
      lines.map((one) => one.addedRank),
      lines.map((one) => one.moved),
    ],
  );
}
