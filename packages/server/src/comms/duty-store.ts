import type pg from 'pg';

/** Orders with open lines that waited at some time, after an id, in the order of their ids. */
export async function ordersWithDuties(
  client: pg.PoolClient,
  brandId: number,
  after: number,
  limit: number,
): Promise<number[]> {
  const { rows } = await client.query(
    `select order_id from order_line
     where brand_id = $1 and order_id > $2 and waiting_since is not null and shipped + cancelled < ordered
     group by order_id order by order_id limit $3`,
    [brandId, after, limit],
  );
  return rows.map((row) => row.order_id);
}
