import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';

export type ConnectionState = 'active' | 'paused' | 'broken' | 'disconnected';

export interface ConnectionRow {
  readonly name: string;
  readonly kind: string;
  readonly role: 'channel' | 'erp';
  readonly title: string;
  readonly state: ConnectionState;
  readonly trouble: string | null;
  /** JSON. */
  readonly settings: string;
  /** Sealed; null: none. */
  readonly secrets: string | null;
  /** Of one that has ended: what checks the pushes that are taken all the same, sealed. */
  readonly partingSecrets: string | null;
  readonly createdAt: string;
  readonly reconcileAt: string | null;
}

const COLUMNS = `name, kind, role, title, state, trouble, settings, secrets, parting_secrets as "partingSecrets", created_at as "createdAt", reconcile_at as "reconcileAt"`;

export async function listConnections(client: pg.PoolClient, brandId: number): Promise<ConnectionRow[]> {
  const { rows } = await client.query({
    name: 'list-connections',
    text: `select ${COLUMNS} from connection where brand_id = $1 order by name`,
    values: [brandId],
  });
  return rows;
}

export async function readConnection(
  client: pg.PoolClient,
  brandId: number,
  name: string,
): Promise<ConnectionRow | null> {
  const { rows } = await client.query({
    name: 'read-connection',
    text: `select ${COLUMNS} from connection where brand_id = $1 and name = $2`,
    values: [brandId, name],
  });
  return rows[0] ?? null;
}

/** @throws KeptError `not_found` */
export async function connectionOrFail(
  client: pg.PoolClient,
  brandId: number,
  name: string,
): Promise<ConnectionRow> {
  const row = await readConnection(client, brandId, name);
  if (row === null)
    throw new KeptError(
      'not_found',
      `There is no connection ${JSON.stringify(name)}. PUT /v1/connections/${encodeURIComponent(name)} makes one.`,
    );
  return row;
}

export type ConnectionWrite = Pick<
  ConnectionRow,
  'name' | 'kind' | 'role' | 'title' | 'settings' | 'secrets'
>;

/** Makes a connection, or makes it what the row says; one that was disconnected or broken is active again. */
export async function upsertConnection(
  client: pg.PoolClient,
  brandId: number,
  row: ConnectionWrite,
  now: Date,
): Promise<boolean> {
  const { rows } = await client.query(
    `insert into connection as known (brand_id, name, kind, role, title, state, settings, secrets, created_at)
     values ($1, $2, $3, $4, $5, 'active', $6, $7, $8)
     on conflict (brand_id, name) do update set title = excluded.title, settings = excluded.settings,
       secrets = excluded.secrets, parting_secrets = null, trouble = null,
       state = case when known.state = 'paused' then 'paused' else 'active' end
     returning xmax = 0 as created`,
    [brandId, row.name, row.kind, row.role, row.title, row.settings, row.secrets, now],
  );
  return rows[0].created;
}

export async function setState(
  client: pg.PoolClient,
  brandId: number,
  name: string,
  state: ConnectionState,
  trouble: string | null,
): Promise<void> {
  await client.query('update connection set state = $3, trouble = $4 where brand_id = $1 and name = $2', [
    brandId,
    name,
    state,
    trouble?.slice(0, 1000) ?? null,
  ]);
}

export async function setSecrets(
  client: pg.PoolClient,
  brandId: number,
  name: string,
  secrets: string | null,
): Promise<void> {
  await client.query('update connection set secrets = $3 where brand_id = $1 and name = $2', [
    brandId,
    name,
    secrets,
  ]);
}

export async function setPartingSecrets(
  client: pg.PoolClient,
  brandId: number,
  name: string,
  secrets: string | null,
): Promise<void> {
  await client.query('update connection set parting_secrets = $3 where brand_id = $1 and name = $2', [
    brandId,
    name,
    secrets,
  ]);
}

/** Names of connections whose secrets are kept here. */
export async function withSecrets(client: pg.PoolClient, brandId: number): Promise<string[]> {
  const { rows } = await client.query(
    'select name from connection where brand_id = $1 and coalesce(secrets, parting_secrets) is not null order by name',
    [brandId],
  );
  return rows.map((row) => row.name);
}

export interface Note {
  readonly at: string;
  readonly level: 'info' | 'warning' | 'healed' | 'broken';
  readonly words: string;
  /** JSON. */
  readonly data: string;
}

export async function insertNote(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  { at, level, words, data }: Omit<Note, 'at'> & { readonly at: Date },
): Promise<void> {
  await client.query(
    'insert into connection_note (brand_id, connection, at, level, words, data) values ($1, $2, $3, $4, $5, $6)',
    [brandId, connection, at, level, words.slice(0, 1000), data],
  );
}

/** Says when a connection is to be reconciled next. @returns false where another process has said so since */
export async function moveReconciliation(
  client: pg.PoolClient,
  brandId: number,
  { name, reconcileAt }: Pick<ConnectionRow, 'name' | 'reconcileAt'>,
  next: Date,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update connection set reconcile_at = $4
     where brand_id = $1 and name = $2 and reconcile_at is not distinct from $3::timestamptz`,
    [brandId, name, reconcileAt, next],
  );
  return rowCount === 1;
}

/** Notes of a connection, the newest first. */
export async function listNotes(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  before: readonly [string, string] | null,
  limit: number,
): Promise<(Note & { readonly id: string })[]> {
  const { rows } = await client.query(
    `select note_id as id, at, level, words, data from connection_note
     where brand_id = $1 and connection = $2 and ($3::timestamptz is null or (at, note_id) < ($3, $4::uuid))
     order by at desc, note_id desc limit $5`,
    [brandId, connection, before?.[0] ?? null, before?.[1] ?? null, limit],
  );
  return rows;
}
