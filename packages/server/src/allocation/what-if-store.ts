import type pg from 'pg';
import { bigints, ints } from '../platform/columns.ts';

/** Who bought, and in which currency. */
export interface Buyer {
  /** Tells customers of one name apart: the address, else the name. */
  readonly key: string;
  readonly currency: string;
}

/** Who placed some orders, by order. */
export async function readBuyers(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
  brandCurrency: string,
): Promise<Map<number, Buyer>> {
  if (orders.length === 0) return new Map();
  // Values in rows of arrays, and nothing where it is as usual: thousands of rows are read here.
  const { rows } = await client.query<[number, string, string | null]>({
    name: 'buyers',
    rowMode: 'array',
    text: `select order_id, coalesce(customer_email, customer_name), nullif(currency, $3) from customer_order
           where brand_id = $1 and order_id = any($2)`,
    values: [brandId, bigints(orders, (order) => order), brandCurrency],
  });
  return new Map(rows.map(([order, key, currency]) => [order, { key, currency: currency ?? brandCurrency }]));
}

/** What people call a line and its customer. */
export interface LineLabel {
  readonly order: string;
  readonly line: string | number;
  readonly customer: string;
}

/** Labels of lines, by 'order:line'. */
export async function readLabels(
  client: pg.PoolClient,
  brandId: number,
  lines: readonly { readonly order: number; readonly line: number }[],
): Promise<Map<string, LineLabel>> {
  if (lines.length === 0) return new Map();
  const { rows } = await client.query({
    name: 'line-labels',
    text: `select n.order_id, n.line, c.code, o.ref, o.customer_name, l.line_ref
           from unnest($2::bigint[], $3::int[]) as n(order_id, line)
           join customer_order o on o.brand_id = $1 and o.order_id = n.order_id
           join order_line l on l.brand_id = $1 and l.order_id = n.order_id and l.line = n.line
           join channel c on c.brand_id = $1 and c.channel_id = o.channel_id`,
    values: [brandId, bigints(lines, (one) => one.order), ints(lines, (one) => one.line)],
  });
  return new Map(
    rows.map((row) => [
      `${row.order_id}:${row.line}`,
      { order: `${row.code}:${row.ref}`, line: JSON.parse(row.line_ref), customer: row.customer_name },
    ]),
  );
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
