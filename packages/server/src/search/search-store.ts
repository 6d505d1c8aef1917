import type pg from 'pg';

export interface OrderRow {
  /** channel:ref */
  readonly name: string;
  readonly customer: string;
}

/** So many of the newest orders are looked through for any part of a name: a few tens of milliseconds at most. */
const NEWEST = 20_000;

const like = (sought: string) => `%${sought.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`;

/** Orders of exactly this ref, of whichever channel. */
export async function findOrders(
  client: pg.PoolClient,
  brandId: number,
  ref: string,
  limit: number,
): Promise<OrderRow[]> {
  const { rows } = await client.query({
    name: 'search-orders',
    text: `select c.code || ':' || o.ref as name, o.customer_name as customer
           from channel c join customer_order o on o.brand_id = $1 and o.channel_id = c.channel_id and o.ref = $2
           where c.brand_id = $1 order by o.order_id desc limit $3`,
    values: [brandId, ref, limit],
  });
  return rows;
}

/** Among the newest orders, those whose ref or customer has it anywhere. */
export async function findNewestOrders(
  client: pg.PoolClient,
  brandId: number,
  sought: string,
  limit: number,
): Promise<OrderRow[]> {
  const { rows } = await client.query({
    name: 'search-newest',
    text: `select c.code || ':' || o.ref as name, o.customer_name as customer
           from (select channel_id, order_id, ref, customer_name from customer_order where brand_id = $1
                 order by order_id desc limit ${NEWEST}) o
           join channel c on c.brand_id = $1 and c.channel_id = o.channel_id
           where lower(o.ref) like $2 or lower(o.customer_name) like $2
           order by o.order_id desc limit $3`,
    values: [brandId, like(sought), 2 * limit],
  });
  return rows;
}

export async function findItems(
  client: pg.PoolClient,
  brandId: number,
  sought: string,
  limit: number,
): Promise<{ sku: string; title: string }[]> {
  const { rows } = await client.query({
    name: 'search-items',
    text: `select i.sku, d.title from item i join item_detail d on d.brand_id = $1 and d.item_id = i.item_id
           where i.brand_id = $1 and (lower(i.sku) like $2 or lower(d.title) like $2)
           order by lower(i.sku) = lower($3) desc, i.backordered desc, i.sku limit $4`,
    values: [brandId, like(sought), sought, limit],
  });
  return rows;
}

export async function findPurchaseOrders(
  client: pg.PoolClient,
  brandId: number,
  sought: string,
  limit: number,
): Promise<{ name: string; supplier: string }[]> {
  const { rows } = await client.query({
    name: 'search-purchase-orders',
    text: `select ref as name, supplier from purchase_order where brand_id = $1 and lower(ref) like $2
           order by lower(ref) = lower($3) desc, length(ref), ref limit $4`,
    values: [brandId, like(sought), sought, limit],
  });
  return rows;
}
