import type pg from 'pg';

/** Locks orders in the order of their ids, and tells which of them ship complete and which items their open lines stand on. */
export async function lockOrders(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
): Promise<{ shipComplete: ReadonlySet<number>; items: readonly number[] }> {
  const locked = await client.query(
    `select order_id, ship_complete from customer_order where brand_id = $1 and order_id = any($2)
     order by order_id for update`,
    [brandId, orders],
  );
  const items = await client.query(
    'select distinct item_id from commitment where brand_id = $1 and order_id = any($2)',
    [brandId, orders],
  );
  return {
    shipComplete: new Set(locked.rows.filter((row) => row.ship_complete).map((row) => row.order_id)),
    items: items.rows.map((row) => row.item_id),
  };
}
