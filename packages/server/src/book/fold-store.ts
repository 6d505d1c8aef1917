import type pg from 'pg';

/**
 * Adds up what the oldest transactions changed that were taken up and not added up yet (migration 0027). Somebody else who does so is
 * left to it.
 * @param most transactions at once
 * @returns how many were added up
 */
export async function foldPending(client: pg.PoolClient, brandId: number, most: number): Promise<number> {
  const { rows } = await client.query('select fold_book($1, $2) as folded', [brandId, most]);
  return rows[0].folded;
}
