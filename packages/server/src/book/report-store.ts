import type pg from 'pg';

/**
 * Takes the week's report for whoever asks first: nobody else writes it for that day.
 * @returns whether it was still to be written
 */
export async function takeReport(client: pg.PoolClient, brandId: number, day: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `update book_settings set reported_on = $2 where brand_id = $1 and report is not null
       and (reported_on is null or reported_on < $2)`,
    [brandId, day],
  );
  return rowCount === 1;
}

/** Reports of days up to this one are not owed any more. */
export async function startReportsAfter(client: pg.PoolClient, brandId: number, day: string): Promise<void> {
  await client.query(
    'update book_settings set reported_on = greatest(reported_on, $2::date) where brand_id = $1',
    [brandId, day],
  );
}
