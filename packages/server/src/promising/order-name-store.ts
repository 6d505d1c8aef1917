import type pg from 'pg';

/** An order by Kept's id or as channel:ref; null where there is none. The same wherever an order is named. */
export async function findOrderByName(
  client: pg.PoolClient,
  brandId: number,
  name: string,
): Promise<number | null> {
  const colon = name.indexOf(':');
  if (colon > 0) {
    const { rows } = await client.query({
      name: 'find-order-by-ref',
      text: `select o.order_id from customer_order o
             join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id
             where o.brand_id = $1 and c.code = $2 and o.ref = $3`,
      values: [brandId, name.slice(0, colon), name.slice(colon + 1)],
    });
    return rows[0]?.order_id ?? null;
  }
  const id = Number(name);
  if (!Number.isSafeInteger(id) || id <= 0) return null;
  const { rows } = await client.query(
    'select order_id from customer_order where brand_id = $1 and order_id = $2',
    [brandId, id],
  );
  return rows[0]?.order_id ?? null;
}
