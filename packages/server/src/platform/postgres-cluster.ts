import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { closedDirectory } from './data-directory.ts';
import { KeptError } from './errors.ts';
import type { OsUser, PostgresBinaries } from './postgres-binaries.ts';
import { postgresSettings } from './postgres-settings.ts';
import type { Endpoint } from './postmaster.ts';

/** The major version of the embedded programs: a data directory of another cannot be opened by them. */
const MAJOR_VERSION = '18';

const PASSWORD_FILE = 'kept.password';

/**
 * Makes sure that `dataDir` is a data directory that the server's user may use, creating it where it is missing.
 * Several processes may do this at once, and one may be killed at any instant: a new directory is made complete beside
 * its place and then moved there, which only one can do.
 * @throws KeptError `cannot_start` where something else is in that place
 */
export async function prepareDataDirectory(
  dataDir: string,
  postgres: PostgresBinaries,
  fsync: boolean,
): Promise<void> {
  await makeParents(dirname(dataDir), postgres.user);
  if (await isDataDirectory(dataDir, postgres.user)) return;
  const unfinished = `${dataDir}.${randomBytes(4).toString('hex')}`;
  const cluster = join(unfinished, 'cluster');
  try {
    await initialise(unfinished, cluster, postgres, fsync);
    // Windows does not move onto a directory, not even an empty one.
    if (existsSync(dataDir)) await rmdir(dataDir);
    await rename(cluster, dataDir);
  } catch (err) {
    if (await isDataDirectory(dataDir, postgres.user)) return; // another process was first
    throw cannotStart(`The database could not be created in ${dataDir}: ${messageOf(err)}`, err);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/**
 * Starts the server on `dataDir`, and waits until it answers.
 * @returns false if it does not: it is still recovering, or another process was faster, which the caller finds out
 * @throws KeptError `cannot_start` with what the server said
 */
export async function startServer(
  dataDir: string,
  postgres: PostgresBinaries,
  endpoint: Endpoint,
  fsync: boolean,
): Promise<boolean> {
  await writeSettings(join(dataDir, 'postgresql.conf'), postgresSettings(endpoint, fsync), postgres.user);
  // Its own: several may try at once, and what one of them is told must not be lost by another.
  const output = join(dataDir, `start-${process.pid}.log`);
  await rm(output, { force: true });
  try {
    await postgres.pgCtl(['start', '-w', '-D', dataDir, '-l', output]);
    return true;
  } catch (err) {
    if (existsSync(join(dataDir, 'postmaster.pid'))) return false;
    const said = existsSync(output) ? readFileSync(output, 'utf8').trim() : messageOf(err);
    if (/lock file .* already exists|could not rename|is another postmaster/i.test(said)) return false;
    throw cannotStart(
      `The database in ${dataDir} does not start (see also its directory "log"). It says:\n${said}`,
      err,
    );
  }
}

/**
 * Whole, or not at all: another process may be starting the server just now, and one that read half a file would listen
 * where nobody looks for it.
 */
async function writeSettings(path: string, settings: string, user: OsUser): Promise<void> {
  if (existsSync(path) && readFileSync(path, 'utf8') === settings) return;
  const written = `${path}.${process.pid}`;
  await writeFile(written, settings);
  await giveTo(user, written);
  await rename(written, path);
}

/** The password for connections by TCP; those through a socket are guarded by the socket's directory. */
export function adminPassword(dataDir: string): string {
  return readFileSync(join(dataDir, PASSWORD_FILE), 'utf8');
}

async function initialise(unfinished: string, cluster: string, postgres: PostgresBinaries, fsync: boolean) {
  const passwordFile = join(unfinished, PASSWORD_FILE);
  await mkdir(cluster, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  for (const path of [unfinished, cluster, passwordFile]) await giveTo(postgres.user, path);
  await postgres.initdb([
    `--pgdata=${cluster}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth-local=trust',
    '--auth-host=scram-sha-256',
    '--encoding=UTF8',
    // Sorts alike on every system, whichever locales it has and whenever its libraries change.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
    ...(fsync ? [] : ['--no-sync']),
  ]);
  await rename(passwordFile, join(cluster, PASSWORD_FILE));
}

/** Whether `dataDir` is ours to start: false where there is nothing yet. */
async function isDataDirectory(dataDir: string, user: OsUser): Promise<boolean> {
  if (!existsSync(dataDir)) return false;
  const versionFile = join(dataDir, 'PG_VERSION');
  const owner = (await stat(dataDir)).uid;
  const expectedOwner = user.uid ?? process.getuid?.() ?? owner; // Windows has no such numbers
  if (!existsSync(versionFile)) {
    const content = await readdir(dataDir).catch(() => ['something that cannot be read']);
    if (content.length === 0) return false;
    throw cannotStart(`${dataDir} is neither empty nor a database. Choose another directory with --data.`);
  }
  if (owner !== expectedOwner) {
    throw cannotStart(
      `The database in ${dataDir} belongs to another user of this machine. Start Kept as that user, or choose another directory with --data.`,
    );
  }
  const version = readFileSync(versionFile, 'utf8').trim();
  if (version !== MAJOR_VERSION) {
    throw cannotStart(
      `The database in ${dataDir} was made by PostgreSQL ${version}, and this Kept brings ${MAJOR_VERSION}. Move it there with "kept backup" and "kept restore", or choose another directory with --data.`,
    );
  }
  return true;
}

async function makeParents(parent: string, user: OsUser): Promise<void> {
  const first = await mkdir(parent, { recursive: true });
  if (user.uid === undefined) return;
  // Root's umask may close what it creates; what was there before is left as its owner wants it.
  for (let path = parent; first && path.length >= first.length; path = dirname(path))
    await chmod(path, 0o755);
  // The directory that was given for the data is for the server to pass through; nothing in it becomes readable by that.
  if (closedDirectory(parent) === parent) await chmod(parent, (await stat(parent)).mode | 0o011);
  const closed = closedDirectory(parent);
  if (closed !== undefined) {
    throw cannotStart(
      `The database runs as the user postgres, who may not enter ${closed}. Choose another directory with --data, such as /var/lib/kept.`,
    );
  }
}

async function giveTo(user: OsUser, path: string): Promise<void> {
  if (user.uid !== undefined) await chown(path, user.uid, user.gid ?? user.uid);
}

function cannotStart(detail: string, cause?: unknown): KeptError {
  return new KeptError('cannot_start', detail, { cause });
}

function messageOf(err: unknown): string {
  return err instanceof Error ? err.message : String(err);
}
