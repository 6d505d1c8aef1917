import type pg from 'pg';
import { texts } from '../platform/columns.ts';

/** An order or purchase order of Kept, by the connection that told it and its name there. */
export interface Thing {
  readonly channel: string;
  readonly ref: string;
  readonly externalId: string;
}

/** Keeps whose things are; who tells one again keeps it. */
export async function saveThings(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  what: 'order' | 'purchase_order',
  things: readonly Thing[],
): Promise<void> {
  if (things.length === 0) return;
  const sorted = [...things].sort((a, b) => (a.ref < b.ref ? -1 : 1));
  await client.query({
    name: 'save-things',
    text: `insert into connection_thing (brand_id, what, channel, ref, connection, external_id)
           select distinct on (channel, ref) $1, $2, channel, ref, $3, external_id
           from unnest($4::text[], $5::text[], $6::text[]) as t(channel, ref, external_id) order by channel, ref
           on conflict (brand_id, what, channel, ref) do nothing`,
    values: [
      brandId,
      what,
      connection,
      texts(sorted, (one) => one.channel),
      texts(sorted, (one) => one.ref),
      texts(sorted, (one) => one.externalId),
    ],
  });
}

export type OrderOf = Thing & { readonly order: number; readonly connection: string };

/** Of orders by Kept's ids, those that a connection told. */
export async function ordersOfConnections(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
): Promise<OrderOf[]> {
  if (orders.length === 0) return [];
  const { rows } = await client.query({
    // Each by itself: before the tables have statistics, a join is planned that walks through all that connections ever told.
    text: `select n.order_id as "order", t.channel, t.ref, t.connection, t.external_id as "externalId"
           from unnest($2::bigint[]) as n(order_id)
           cross join lateral (
             select ref, channel_id from customer_order where brand_id = $1 and order_id = n.order_id limit 1) o
           join channel c on c.brand_id = $1 and c.channel_id = o.channel_id
           cross join lateral (
             select * from connection_thing
             where brand_id = $1 and what = 'order' and channel = c.code and ref = o.ref limit 1) t`,
    values: [brandId, [...new Set(orders)]],
  });
  return rows;
}

/** Kept's ids of orders by their names, channel:ref, and by what a connection calls them. Unknown ones are left out. */
export async function ordersTold(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  names: readonly string[],
  externalIds: readonly string[],
): Promise<number[]> {
  if (names.length + externalIds.length === 0) return [];
  const { rows } = await client.query<{ order: number }>(
    `with named as (
       select split_part(n, ':', 1) as channel, substr(n, strpos(n, ':') + 1) as ref from unnest($2::text[]) as n
       union
       select channel, ref from connection_thing
       where brand_id = $1 and what = 'order' and connection = $3 and external_id = any($4))
     select o.order_id as "order" from named n
     join channel c on c.brand_id = $1 and c.code = n.channel
     join customer_order o on o.brand_id = $1 and o.channel_id = c.channel_id and o.ref = n.ref`,
    [brandId, texts(names, (one) => one), connection, texts(externalIds, (one) => one)],
  );
  return rows.map((row) => row.order);
}

/** Which connection told a purchase order; others are nobody's. */
export async function connectionsOfPurchaseOrders(
  client: pg.PoolClient,
  brandId: number,
  refs: readonly string[],
): Promise<Map<string, string>> {
  if (refs.length === 0) return new Map();
  const { rows } = await client.query({
    text: `select ref, connection from connection_thing
           where brand_id = $1 and what = 'purchase_order' and channel = '' and ref = any($2)`,
    values: [brandId, [...new Set(refs)]],
  });
  return new Map(rows.map((row) => [row.ref, row.connection]));
}

/** Takes orders whose promises were passed on as news, in the caller's transaction. */
export async function takeOrderNews(
  client: pg.PoolClient,
  brandId: number,
  limit: number,
): Promise<number[]> {
  const { rows } = await client.query({
    name: 'take-order-news',
    text: `delete from order_news where brand_id = $1 and ctid = any(array(
             select ctid from order_news where brand_id = $1 order by order_id limit $2 for update skip locked))
           returning order_id`,
    values: [brandId, limit],
  });
  return rows.map((row) => row.order_id);
}

/** Of orders, those with a line that waited when it was placed: the others have all their units. */
export async function waitingAmong(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
): Promise<Set<number>> {
  if (orders.length === 0) return new Set();
  const { rows } = await client.query({
    text: `select distinct order_id from order_line
           where brand_id = $1 and order_id = any($2::bigint[]) and waiting_since is not null`,
    values: [brandId, [...orders]],
  });
  return new Set(rows.map((row) => row.order_id));
}
