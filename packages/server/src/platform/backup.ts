import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import {
  beginBackup,
  beginRestore,
  columnsOf,
  endRestore,
  isEmpty,
  lastingTables,
  migrationsIn,
} from './backup-store.ts';
import { tablesOfBrands } from './catalogue-store.ts';
import { explainConnectionFailure } from './connection-failure.ts';
import { KeptError } from './errors.ts';
import { migrate } from './migrate.ts';

/** What a backup says of itself, in `kept-backup.json`: written last, so that half a backup is none. */
interface Manifest {
  readonly format: 1;
  readonly takenAt: string;
  /** What the schema was made by. */
  readonly migrations: readonly string[];
  readonly tables: readonly {
    readonly name: string;
    readonly columns: readonly string[];
    readonly rows: number;
    /** Of the table's file. */
    readonly sha256: string;
  }[];
}

const MANIFEST = 'kept-backup.json';

export interface BackupReport {
  readonly takenAt: string;
  readonly tables: number;
  readonly rows: number;
}

/**
 * Writes everything, of one instant, into a new directory: a compressed file for each table, in PostgreSQL's own COPY format. Orders
 * go on meanwhile.
 * @param url as a role that sees all rows: the owner of the tables as superuser, or one with bypassrls
 * @throws KeptError `conflict` where the directory holds something, or the role does not see all rows
 */
export async function backUp(url: string, directory: string, now: Date): Promise<BackupReport> {
  await mkdir(directory, { recursive: true });
  if ((await readdir(directory)).length > 0)
    throw new KeptError('conflict', `${directory} is not empty. A backup goes into a directory of its own.`);
  return connected(url, async (client) => {
    await beginBackup(client);
    const lasting = await lastingTables(client);
    const tables: Manifest['tables'][number][] = [];
    for (const name of await tablesOfBrands(client)) {
      if (!lasting.has(name)) continue;
      const columns = await columnsOf(client, name);
      const out = client.query(copyTo(`copy ${name} (${columns.join(', ')}) to stdout`));
      const hash = hashing();
      const file = join(directory, `${name}.copy.gz`);
      await pipeline(
        out,
        createGzip({ level: 6 }),
        hash.stream,
        createWriteStream(file, { mode: 0o600 }),
      ).catch(explained);
      tables.push({ name, columns, rows: out.rowCount, sha256: hash.digest() });
    }
    const manifest: Manifest = {
      format: 1,
      takenAt: now.toISOString(),
      migrations: await migrationsIn(client),
      tables,
    };
    await client.query('rollback');
    const path = join(directory, MANIFEST);
    await writeFile(`${path}.part`, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    await rename(`${path}.part`, path);
    return reportOf(manifest);
  });
}

/**
 * Puts a backup into an empty database, and brings that to this version. Nothing of it remains where it fails.
 * @throws KeptError `conflict` where the database holds something, or the backup is not whole
 */
export async function restore(url: string, directory: string): Promise<BackupReport> {
  const manifest = await readManifest(directory);
  await connected(url, async (client) => {
    if (!(await isEmpty(client)))
      throw new KeptError('conflict', 'This database holds something. A backup goes into an empty one.');
  });
  await checkFiles(directory, manifest);
  // The schema as it was, then the rows, then what came since.
  await migrate(url, { upTo: manifest.migrations.at(-1)! });
  await connected(url, async (client) => {
    const known = await migrationsIn(client);
    if (known.join() !== manifest.migrations.join())
      throw new KeptError(
        'conflict',
        'The backup was made by other migrations than this version of Kept has.',
      );
    const names = manifest.tables.map(({ name }) => name);
    await beginRestore(client, names);
    for (const { name, columns, rows } of manifest.tables) {
      const into = client.query(copyFrom(`copy ${name} (${columns.join(', ')}) from stdin`));
      const file = createReadStream(join(directory, `${name}.copy.gz`));
      await pipeline(file, createGunzip(), into).catch(explained);
      if (into.rowCount !== rows)
        throw new KeptError('conflict', `${name}: ${into.rowCount} rows came of the ${rows} of the backup.`);
    }
    await endRestore(client, names);
  });
  await migrate(url);
  return reportOf(manifest);
}

async function readManifest(directory: string): Promise<Manifest> {
  const text = await readFile(join(directory, MANIFEST), 'utf8').catch(() => null);
  const manifest = text === null ? null : (JSON.parse(text) as Manifest);
  if (manifest?.format !== 1)
    throw new KeptError(
      'conflict',
      `${directory} holds no whole backup: ${MANIFEST} is missing or of another make.`,
    );
  return manifest;
}

/** Before anything is written: a file that changed would be found when half of it is in. */
async function checkFiles(directory: string, { tables }: Manifest): Promise<void> {
  for (const { name, sha256 } of tables) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(directory, `${name}.copy.gz`)), hash).catch((cause) => {
      throw new KeptError('conflict', `${name}.copy.gz of the backup cannot be read.`, { cause });
    });
    if (hash.digest('hex') !== sha256)
      throw new KeptError('conflict', `${name}.copy.gz is not as it was when the backup was made.`);
  }
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'kept backup' });
  client.on('error', () => {}); // the running statement rejects with it
  try {
    await client.connect();
  } catch (err) {
    throw explainConnectionFailure(err, url);
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function explained(err: unknown): never {
  // 42501 insufficient_privilege: row-level security would have left rows out.
  if ((err as pg.DatabaseError).code === '42501')
    throw new KeptError(
      'conflict',
      'The user of KEPT_DATABASE_URL does not see all brands’ rows. Back up and restore as a superuser, or let an administrator run: alter role "that user" bypassrls. Kept itself goes on serving as kept_app, which may not.',
      { cause: err },
    );
  throw err;
}

function hashing(): { stream: Transform; digest(): string } {
  const hash = createHash('sha256');
  const stream = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { stream, digest: () => hash.digest('hex') };
}

const reportOf = ({ takenAt, tables }: Manifest): BackupReport => ({
  takenAt,
  tables: tables.length,
  rows: tables.reduce((sum, { rows }) => sum + rows, 0),
});
