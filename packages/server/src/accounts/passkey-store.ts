import type pg from 'pg';

export interface PasskeyRow {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  /** base64url, COSE. */
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

const COLUMNS = `credential_id as id, person_id as "personId", name, public_key as "publicKey", counter, transports,
  created_at as "createdAt", last_used_at as "lastUsedAt"`;

export async function insertPasskey(
  client: pg.PoolClient,
  brandId: number,
  passkey: {
    id: string;
    personId: string;
    name: string;
    publicKey: string;
    counter: number;
    transports: readonly string[];
    at: Date;
  },
): Promise<void> {
  await client.query(
    `insert into passkey (brand_id, credential_id, person_id, name, public_key, counter, transports, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      brandId,
      passkey.id,
      passkey.personId,
      passkey.name,
      passkey.publicKey,
      passkey.counter,
      passkey.transports,
      passkey.at,
    ],
  );
}

export async function passkeysOf(
  client: pg.PoolClient,
  brandId: number,
  personId: string,
): Promise<PasskeyRow[]> {
  const { rows } = await client.query(
    `select ${COLUMNS} from passkey where brand_id = $1 and person_id = $2 order by created_at`,
    [brandId, personId],
  );
  return rows;
}

export async function lockPasskey(
  client: pg.PoolClient,
  brandId: number,
  id: string,
): Promise<PasskeyRow | null> {
  const { rows } = await client.query(
    `select ${COLUMNS} from passkey where brand_id = $1 and credential_id = $2 for update`,
    [brandId, id],
  );
  return rows[0] ?? null;
}

export async function notePasskeyUse(
  client: pg.PoolClient,
  brandId: number,
  use: { id: string; counter: number; at: Date },
): Promise<void> {
  await client.query(
    'update passkey set counter = $3, last_used_at = $4 where brand_id = $1 and credential_id = $2',
    [brandId, use.id, use.counter, use.at],
  );
}

/** @param id null: all of them */
export async function deletePasskeys(
  client: pg.PoolClient,
  brandId: number,
  personId: string,
  id: string | null,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'delete from passkey where brand_id = $1 and person_id = $2 and ($3::text is null or credential_id = $3)',
    [brandId, personId, id],
  );
  return (rowCount ?? 0) > 0;
}
