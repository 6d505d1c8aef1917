import { randomBytes } from 'node:crypto';
import type pg from 'pg';

export interface SettingsRow {
  version: number;
  /** JSON. */
  settings: string;
  actor: string;
  at: string;
}

export async function newestSettings(client: pg.PoolClient, brandId: number): Promise<SettingsRow | null> {
  const { rows } = await client.query({
    name: 'comms-settings',
    text: `select version, settings, actor, at from comms_settings where brand_id = $1 order by version desc limit 1`,
    values: [brandId],
  });
  return rows[0] ?? null;
}

export async function insertSettings(
  client: pg.PoolClient,
  brandId: number,
  row: SettingsRow,
): Promise<void> {
  await client.query(
    'insert into comms_settings (brand_id, version, settings, actor, at) values ($1, $2, $3, $4, $5)',
    [brandId, row.version, row.settings, row.actor, row.at],
  );
}

/** The key that signs a brand's links; made when it is first asked for. */
export async function linkKey(client: pg.PoolClient, brandId: number): Promise<string> {
  const read = () =>
    client.query({
      name: 'link-key',
      text: 'select key from link_key where brand_id = $1',
      values: [brandId],
    });
  const found = (await read()).rows[0];
  if (found !== undefined) return found.key;
  await client.query('insert into link_key (brand_id, key) values ($1, $2) on conflict do nothing', [
    brandId,
    randomBytes(32).toString('base64url'),
  ]);
  return (await read()).rows[0].key;
}

/** Null where there is none: a link to a brand that never made one is no link. */
export async function existingLinkKey(client: pg.PoolClient, brandId: number): Promise<string | null> {
  const { rows } = await client.query('select key from link_key where brand_id = $1', [brandId]);
  return rows[0]?.key ?? null;
}

export async function revokeLinks(
  client: pg.PoolClient,
  brandId: number,
  order: number,
  at: string,
): Promise<void> {
  await client.query(
    `insert into link_revoked (brand_id, order_id, revoked_at) values ($1, $2, $3)
     on conflict (brand_id, order_id) do update set revoked_at = excluded.revoked_at`,
    [brandId, order, at],
  );
}

export async function revokedAt(
  client: pg.PoolClient,
  brandId: number,
  order: number,
): Promise<string | null> {
  const { rows } = await client.query(
    'select revoked_at from link_revoked where brand_id = $1 and order_id = $2',
    [brandId, order],
  );
  return rows[0]?.revoked_at ?? null;
}
