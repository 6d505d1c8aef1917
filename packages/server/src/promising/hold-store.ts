import type pg from 'pg';

export async function findHold(
  client: pg.PoolClient,
  brandId: number,
  id: string,
): Promise<{ item: number; quantity: number; open: boolean } | null> {
  const { rows } = await client.query(
    'select item_id, quantity, open from hold where brand_id = $1 and hold_id = $2',
    [brandId, id],
  );
  return rows[0] === undefined
    ? null
    : { item: rows[0].item_id, quantity: rows[0].quantity, open: rows[0].open };
}

/** Items on which a hold's time is over. */
export async function itemsOfExpiredHolds(
  client: pg.PoolClient,
  brandId: number,
  now: string,
): Promise<number[]> {
  const { rows } = await client.query(
    'select distinct item_id from hold where brand_id = $1 and open and expires_at <= $2::timestamptz',
    [brandId, now],
  );
  return rows.map((row) => row.item_id);
}
