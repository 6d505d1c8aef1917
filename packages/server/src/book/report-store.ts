import type pg from 'pg';

/**
 * Takes the week's report for whoever asks first: nobody else sends it for that day.
 * @returns its settings as JSON; null where there is none, or somebody took it
 */
export async function takeReport(
  client: pg.PoolClient,
  brandId: number,
  day: string,
): Promise<string | null> {
  const { rows } = await client.query(
    `update book_settings set reported_on = $2 where brand_id = $1 and report is not null
       and (reported_on is null or reported_on < $2) returning report`,
    [brandId, day],
  );
  return rows[0]?.report ?? null;
}

/** It could not be sent: it is tried again. */
export async function giveReportBack(client: pg.PoolClient, brandId: number, day: string): Promise<void> {
  await client.query(
    'update book_settings set reported_on = $2::date - 1 where brand_id = $1 and reported_on = $2',
    [brandId, day],
  );
}
