import type pg from 'pg';

/** Items with supply that is overdue in the brand's own day: its days move by themselves. */
export async function lateItems(client: pg.PoolClient, brandId: number, now: string): Promise<number[]> {
  const { rows } = await client.query(
    `select distinct s.item_id from supply s join brand b on b.brand_id = s.brand_id
     where s.brand_id = $1 and s.open > 0 and s.expected_on < ($2::timestamptz at time zone b.time_zone)::date
       and s.stage not in ('draft', 'cancelled')`,
    [brandId, now],
  );
  return rows.map((row) => row.item_id);
}

/** Whether nothing has been counted, ordered or sold yet. */
export async function isUntouched(client: pg.PoolClient, brandId: number): Promise<boolean> {
  const { rows } = await client.query(
    `select not exists (select from stock_movement where brand_id = $1)
       and not exists (select from supply where brand_id = $1)
       and not exists (select from customer_order where brand_id = $1) as untouched`,
    [brandId],
  );
  return rows[0].untouched;
}
