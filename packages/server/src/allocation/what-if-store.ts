import type pg from 'pg';
import { bigints, ints } from '../platform/columns.ts';

/** What people call a line, and whose it is. */
export interface LineLabel {
  readonly order: string;
  readonly line: string | number;
  readonly channel: string;
  readonly customer: string;
  /** Tells customers of one name apart: the address, else the name. */
  readonly customerKey: string;
  readonly currency: string;
}

/** Labels of lines, in the order of the lines. */
export async function readLabels(
  client: pg.PoolClient,
  brandId: number,
  lines: readonly { readonly order: number; readonly line: number }[],
): Promise<LineLabel[]> {
  if (lines.length === 0) return [];
  const { rows } = await client.query({
    name: 'line-labels',
    text: `select c.code, o.ref, o.customer_name, o.customer_email, o.currency, l.line_ref
           from unnest($2::bigint[], $3::int[]) with ordinality as n(order_id, line, place)
           join customer_order o on o.brand_id = $1 and o.order_id = n.order_id
           join order_line l on l.brand_id = $1 and l.order_id = n.order_id and l.line = n.line
           join channel c on c.brand_id = $1 and c.channel_id = o.channel_id
           order by n.place`,
    values: [brandId, bigints(lines, (one) => one.order), ints(lines, (one) => one.line)],
  });
  return rows.map((row) => ({
    order: `${row.code}:${row.ref}`,
    line: JSON.parse(row.line_ref),
    channel: row.code,
    customer: row.customer_name,
    customerKey: row.customer_email ?? row.customer_name,
    currency: row.currency,
  }));
}

/** The items on which the open lines of some orders stand. */
export async function itemsOfOrders(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
): Promise<number[]> {
  if (orders.length === 0) return [];
  const { rows } = await client.query(
    'select distinct item_id from commitment where brand_id = $1 and order_id = any($2)',
    [brandId, orders],
  );
  return rows.map((row) => row.item_id);
}
