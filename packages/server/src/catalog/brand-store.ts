import type pg from 'pg';

/** A brand as it is stored; the calendar is JSON. */
export interface BrandRow {
  title: string;
  timeZone: string;
  currency: string;
  country: string | null;
  calendar: string;
}

export async function readBrand(client: pg.PoolClient, brandId: number): Promise<BrandRow> {
  const { rows } = await client.query(
    'select title, time_zone, currency, country, calendar from brand where brand_id = $1',
    [brandId],
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`brand ${brandId} does not exist`);
  return {
    title: row.title,
    timeZone: row.time_zone,
    currency: row.currency,
    country: row.country,
    calendar: row.calendar,
  };
}

export async function updateBrand(client: pg.PoolClient, brandId: number, row: BrandRow): Promise<void> {
  await client.query(
    'update brand set title = $2, time_zone = $3, currency = $4, country = $5, calendar = $6 where brand_id = $1',
    [brandId, row.title, row.timeZone, row.currency, row.country, row.calendar],
  );
}
