import type pg from 'pg';

export interface Brand {
  readonly id: number;
  readonly title: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly country: string | null;
}

export async function readBrand(client: pg.PoolClient, brandId: number): Promise<Brand | null> {
  const { rows } = await client.query(
    'select title, time_zone, currency, country from brand where brand_id = $1',
    [brandId],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    id: brandId,
    title: row.title,
    timeZone: row.time_zone,
    currency: row.currency,
    country: row.country,
  };
}

/** @returns whether it was made now */
export async function insertBrand(client: pg.PoolClient, brand: Brand, at: Date): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into brand (brand_id, title, time_zone, currency, country, created_at) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [brand.id, brand.title, brand.timeZone, brand.currency, brand.country, at],
  );
  return rowCount === 1;
}

export async function wantsSecondFactor(client: pg.PoolClient, brandId: number): Promise<boolean> {
  const { rows } = await client.query('select second_factor as wanted from brand where brand_id = $1', [
    brandId,
  ]);
  return rows[0]?.wanted === true;
}

export async function setSecondFactor(
  client: pg.PoolClient,
  brandId: number,
  wanted: boolean,
): Promise<void> {
  await client.query('update brand set second_factor = $2 where brand_id = $1', [brandId, wanted]);
}
