import type pg from 'pg';

/** Items whose plan could be another: those with open supply or open lines. */
export async function itemsToPlan(client: pg.PoolClient, brandId: number): Promise<number[]> {
  const { rows } = await client.query(
    `select item_id from item i where brand_id = $1 and (
       exists (select from commitment c where c.brand_id = $1 and c.item_id = i.item_id)
       or exists (select from supply s where s.brand_id = $1 and s.item_id = i.item_id and s.open > 0))
     order by item_id`,
    [brandId],
  );
  return rows.map((row) => row.item_id);
}

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
