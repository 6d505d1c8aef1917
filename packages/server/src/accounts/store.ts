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

export async function insertKey(
  client: pg.PoolClient,
  brandId: number,
  key: { digest: string; name: string; at: Date },
): Promise<void> {
  await client.query('insert into api_key (brand_id, key_digest, name, created_at) values ($1, $2, $3, $4)', [
    brandId,
    key.digest,
    key.name,
    key.at,
  ]);
}

/** The name of a key that is in force. */
export async function findKey(
  client: pg.PoolClient,
  brandId: number,
  digest: string,
): Promise<string | null> {
  const { rows } = await client.query({
    name: 'find-key',
    text: 'select name from api_key where brand_id = $1 and key_digest = $2 and revoked_at is null',
    values: [brandId, digest],
  });
  return rows[0]?.name ?? null;
}

export type TokenKind = 'link' | 'session';

/** Records a token, and forgets those of the brand whose time is over. */
export async function insertToken(
  client: pg.PoolClient,
  brandId: number,
  token: { digest: string; kind: TokenKind; at: Date; expiresAt: Date },
): Promise<void> {
  await client.query('delete from session where brand_id = $1 and expires_at <= $2', [brandId, token.at]);
  await client.query(
    'insert into session (brand_id, token_digest, kind, created_at, expires_at) values ($1, $2, $3, $4, $5)',
    [brandId, token.digest, token.kind, token.at, token.expiresAt],
  );
}

export async function isTokenInForce(
  client: pg.PoolClient,
  brandId: number,
  token: { digest: string; kind: TokenKind; at: Date },
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'find-token',
    text: 'select from session where brand_id = $1 and token_digest = $2 and kind = $3 and expires_at > $4',
    values: [brandId, token.digest, token.kind, token.at],
  });
  return rowCount === 1;
}

export async function deleteToken(client: pg.PoolClient, brandId: number, digest: string): Promise<void> {
  await client.query('delete from session where brand_id = $1 and token_digest = $2', [brandId, digest]);
}
