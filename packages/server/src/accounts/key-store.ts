import type { Scope } from '@kept/contract';
import type pg from 'pg';

export interface KeyRow {
  readonly id: string;
  readonly name: string;
  /** null: all there are. */
  readonly scopes: readonly Scope[] | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

const COLUMNS = `key_id as id, name, scopes, created_by as "createdBy", created_at as "createdAt",
  last_used_at as "lastUsedAt", expires_at as "expiresAt", revoked_at as "revokedAt"`;

export async function insertKey(
  client: pg.PoolClient,
  brandId: number,
  key: {
    id: string;
    digest: string;
    name: string;
    scopes: readonly Scope[] | null;
    by: string;
    at: Date;
    expiresAt: Date | null;
  },
): Promise<KeyRow> {
  const { rows } = await client.query(
    `insert into api_key (brand_id, key_id, key_digest, name, scopes, created_by, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${COLUMNS}`,
    [brandId, key.id, key.digest, key.name, key.scopes, key.by, key.at, key.expiresAt],
  );
  return rows[0];
}

/** A key that is in force. */
export async function findKey(
  client: pg.PoolClient,
  brandId: number,
  digest: string,
  at: Date,
): Promise<{ id: string; name: string; scopes: readonly Scope[] | null } | null> {
  const { rows } = await client.query({
    name: 'find-key',
    text: `select key_id as id, name, scopes from api_key where brand_id = $1 and key_digest = $2
           and (revoked_at is null or revoked_at > $3) and (expires_at is null or expires_at > $3)`,
    values: [brandId, digest, at],
  });
  return rows[0] ?? null;
}

export async function listKeys(client: pg.PoolClient, brandId: number): Promise<KeyRow[]> {
  const { rows } = await client.query(
    `select ${COLUMNS} from api_key where brand_id = $1 order by created_at desc, key_id`,
    [brandId],
  );
  return rows;
}

/** One that is in force, locked. */
export async function lockKey(
  client: pg.PoolClient,
  brandId: number,
  id: string,
  at: Date,
): Promise<KeyRow | null> {
  const { rows } = await client.query(
    `select ${COLUMNS} from api_key where brand_id = $1 and key_id = $2 and (revoked_at is null or revoked_at > $3) for update`,
    [brandId, id, at],
  );
  return rows[0] ?? null;
}

/** @param at when it ceases to work: now, or once its successor is in place */
export async function revokeKey(client: pg.PoolClient, brandId: number, id: string, at: Date): Promise<void> {
  await client.query('update api_key set revoked_at = $3 where brand_id = $1 and key_id = $2', [
    brandId,
    id,
    at,
  ]);
}

export async function noteKeyUse(
  client: pg.PoolClient,
  brandId: number,
  id: string,
  at: Date,
): Promise<void> {
  await client.query(
    `update api_key set last_used_at = $3 where brand_id = $1 and key_id = $2
     and (last_used_at is null or last_used_at < $3)`,
    [brandId, id, at],
  );
}
