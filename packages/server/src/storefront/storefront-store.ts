import type pg from 'pg';

export async function insertKey(
  client: pg.PoolClient,
  brandId: number,
  key: { readonly digest: string; readonly name: string; readonly channel: string; readonly at: string },
): Promise<void> {
  await client.query(
    'insert into publishable_key (brand_id, key_digest, name, channel, created_at) values ($1, $2, $3, $4, $5)',
    [brandId, key.digest, key.name, key.channel, key.at],
  );
}

export async function listKeys(
  client: pg.PoolClient,
  brandId: number,
): Promise<{ name: string; channel: string; createdAt: string }[]> {
  const { rows } = await client.query(
    `select name, channel, created_at as "createdAt" from publishable_key where brand_id = $1 and revoked_at is null
     order by created_at, name`,
    [brandId],
  );
  return rows;
}

export async function isInForce(client: pg.PoolClient, brandId: number, digest: string): Promise<boolean> {
  const { rows } = await client.query(
    'select from publishable_key where brand_id = $1 and key_digest = $2 and revoked_at is null',
    [brandId, digest],
  );
  return rows.length > 0;
}

/** @returns how many keys of that name were in force */
export async function revokeKeys(
  client: pg.PoolClient,
  brandId: number,
  name: string,
  at: string,
): Promise<number> {
  const { rowCount } = await client.query(
    'update publishable_key set revoked_at = $3 where brand_id = $1 and name = $2 and revoked_at is null',
    [brandId, name, at],
  );
  return rowCount ?? 0;
}

export async function writeWords(
  client: pg.PoolClient,
  brandId: number,
  language: string,
  words: string,
): Promise<void> {
  await client.query(
    `insert into copy_words (brand_id, language, words) values ($1, $2, $3)
     on conflict (brand_id, language) do update set words = excluded.words`,
    [brandId, language, words],
  );
}

/** The drop of an item whose list is open. */
export async function joiningDropOf(
  client: pg.PoolClient,
  brandId: number,
  sku: string,
): Promise<string | null> {
  const { rows } = await client.query(
    `select r.ref from limited_release r join item i on i.brand_id = r.brand_id and i.item_id = r.item_id
     where r.brand_id = $1 and i.sku = $2 and r.state = 'joining'`,
    [brandId, sku],
  );
  return rows[0]?.ref ?? null;
}

/** A few items to show in a shop window, in SKU order. */
export async function windowItems(
  client: pg.PoolClient,
  brandId: number,
  prefix: string,
): Promise<{ sku: string; title: string }[]> {
  const { rows } = await client.query(
    `select i.sku, d.title from item i join item_detail d on d.brand_id = i.brand_id and d.item_id = i.item_id
     where i.brand_id = $1 and starts_with(i.sku, $2) order by i.sku limit 60`,
    [brandId, prefix],
  );
  return rows;
}
