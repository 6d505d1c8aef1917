import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { explainConnectionFailure } from './connection-failure.ts';
import { APP_ROLE } from './database.ts';
import { KeptError } from './errors.ts';

/** Kept's own migrations. */
const MIGRATIONS_DIR = resolve(import.meta.dirname, '../../migrations');

/** Held while migrating: two servers that start at once migrate one after the other. The number is arbitrary. */
const MIGRATION_LOCK = 5_381_174;

export interface MigrateOptions {
  directory?: string;
  /** The last one to apply; all, unless told. */
  upTo?: string;
}

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/**
 * Brings the database to this code's schema: applies, in order and each in its own transaction, the files
 * `NNNN-name.sql` that it has not seen. Forward only. Connects as the user of `url`, the owner of the tables.
 * @returns the names applied now; none if the database was already there
 * @throws KeptError `cannot_start` if the database is newer than the code, an applied file was changed, or a file
 *   fails, of which then nothing remains; `database_unavailable` if there is no connection
 */
export async function migrate(
  url: string,
  { directory = MIGRATIONS_DIR, upTo }: MigrateOptions = {},
): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(directory);
  const client = new pg.Client({
    connectionString: url,
    application_name: 'kept migrate',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {}); // the running statement rejects with it
  try {
    await client.connect();
  } catch (err) {
    throw explainConnectionFailure(err, url);
  }
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await ensureAppRole(client);
    const pending = (await findPending(client, migrations)).filter(
      ({ name }) => upTo === undefined || name <= upTo,
    );
    for (const migration of pending) await apply(client, migration);
    return { applied: pending.map(({ name }) => name) };
  } finally {
    await client.end(); // which frees the lock
  }
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  const migrations: Migration[] = [];
  for (const [index, name] of names.entries()) {
    const number = /^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1];
    if (Number(number) !== index + 1) {
      throw cannotMigrate(
        `The migration ${name} should be named ${String(index + 1).padStart(4, '0')}-some-words.sql: they are numbered without gaps or doubles.`,
      );
    }
    // git may check text out with CRLF on Windows: the same file, so the same checksum.
    const sql = (await readFile(join(directory, name), 'utf8')).replaceAll('\r\n', '\n');
    migrations.push({ name, sql, checksum: createHash('sha256').update(sql).digest('hex') });
  }
  return migrations;
}

/** A role belongs to the server and not to the database: where a backup is restored, it may be missing. */
async function ensureAppRole(client: pg.Client): Promise<void> {
  try {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [APP_ROLE]);
    if (!rowCount) {
      await client.query(`create role ${APP_ROLE} nologin nosuperuser nobypassrls nocreatedb nocreaterole`);
    }
    // Since PostgreSQL 16 who creates a role does not thereby get to act as it.
    const mayActAsIt = client.query(`set role ${APP_ROLE}; reset role`).then(
      () => true,
      () => false,
    );
    if (!(await mayActAsIt)) await client.query(`grant ${APP_ROLE} to current_user`);
  } catch (err) {
    const { code } = err as pg.DatabaseError;
    if (code === '42710' || code === '23505') return ensureAppRole(client); // another database's migration was first
    throw cannotMigrate(
      `The role ${APP_ROLE}, which Kept serves as, could not be set up: ${(err as Error).message}. Let an administrator run: create role ${APP_ROLE} nologin; grant ${APP_ROLE} to "the user of KEPT_DATABASE_URL";`,
      err,
    );
  }
}

async function findPending(client: pg.Client, migrations: Migration[]): Promise<Migration[]> {
  await client.query(`create table if not exists kept_migration (
    name text primary key,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`);
  const { rows } = await client.query<Migration>('select name, checksum from kept_migration order by name');
  for (const [index, applied] of rows.entries()) {
    const known = migrations[index];
    if (known?.name !== applied.name) {
      throw cannotMigrate(
        `The database has the migration ${applied.name}, which this version of Kept does not know. Start the newer version that applied it, or restore a backup made before.`,
      );
    }
    if (known.checksum !== applied.checksum) {
      throw cannotMigrate(
        `The migration ${known.name} was changed after it was applied to this database. Put it back as it was, and write the change as a new migration.`,
      );
    }
  }
  return migrations.slice(rows.length);
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query('insert into kept_migration (name, checksum) values ($1, $2)', [name, checksum]);
    await client.query('commit');
  } catch (err) {
    const { message, position } = err as pg.DatabaseError;
    const line = position ? ` (line ${sql.slice(0, Number(position)).split('\n').length})` : '';
    throw cannotMigrate(`The migration ${name}${line} failed, and nothing of it remains: ${message}`, err);
  }
}

function cannotMigrate(detail: string, cause?: unknown): KeptError {
  return new KeptError('cannot_start', detail, { cause });
}
