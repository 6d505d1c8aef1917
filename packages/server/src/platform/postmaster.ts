import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { chown, lstat, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeptError } from './errors.ts';
import type { OsUser } from './postgres-binaries.ts';

/** Where a server listens: a Unix socket where there is one, a port of this machine elsewhere. */
export type Endpoint = { socketDirectory: string; port: number } | { host: string; port: number };

/** The system takes about 104 bytes for the path of a socket, macOS counting shortest. */
const LONGEST_SOCKET_PATH = 100;

/** An endpoint for a server on `dataDir` that is about to start. */
export async function chooseEndpoint(
  dataDir: string,
  user: OsUser,
  transport: 'socket' | 'tcp',
): Promise<Endpoint> {
  const identity = createHash('sha256').update(dataDir).digest();
  if (transport === 'tcp') {
    // The same port at each start where it is free: so those who were connected find the server again.
    const usual = 20_000 + (identity.readUInt16BE() % 10_000);
    return { host: '127.0.0.1', port: await freePort(usual).catch(() => freePort(0)) };
  }
  const port = 5432; // only part of the socket's name
  if (Buffer.byteLength(join(dataDir, `.s.PGSQL.${port}.lock`)) < LONGEST_SOCKET_PATH) {
    return { socketDirectory: dataDir, port };
  }
  const name = `kept-${identity.toString('hex').slice(0, 12)}`;
  return { socketDirectory: await ownDirectory(join(tmpdir(), name), user), port };
}

/** A running server. */
export interface Postmaster {
  pid: number;
  /** undefined while it is starting or stopping. */
  endpoint?: Endpoint;
  readonly stopping?: true;
}

/** The server on `dataDir`, as its postmaster.pid tells; undefined where none runs. */
export function readPostmaster(dataDir: string): Postmaster | undefined {
  const file = join(dataDir, 'postmaster.pid');
  const lines = readIfThere(file).split('\n');
  const [firstLine = '', , , port = '', socketDirectory = '', host = '', , status = ''] = lines;
  if (!/^\d+$/.test(firstLine)) return undefined;
  const pid = Number(firstLine);
  const life = lifeOf(pid);
  if (life === 'dead') return undefined; // pg_ctl finds the file stale, too, and replaces it
  if (life === 'someone_else') {
    // After a hard stop the number may have gone to any program, in a container even to Kept itself, and PostgreSQL
    // would take that for itself. A server that is really there still holds its shared memory, and is found by that.
    rmSync(file, { force: true });
    return undefined;
  }
  if (status.trim() === 'stopping') return { pid, stopping: true };
  if (status.trim() !== 'ready') return { pid };
  const endpoint = socketDirectory ? { socketDirectory, port: Number(port) } : { host, port: Number(port) };
  return { pid, endpoint };
}

/** Whether the process with this id is there and, where that can be seen, a PostgreSQL. */
function lifeOf(pid: number): 'postgres' | 'someone_else' | 'dead' {
  try {
    process.kill(pid, 0);
  } catch (err) {
    if (err instanceof Error && 'code' in err && err.code === 'ESRCH') return 'dead';
  }
  if (!existsSync('/proc/self/comm')) return 'postgres'; // not Linux: nobody can tell
  // Read without looking first: it may end in between, as a server does that is killed.
  const name = readIfThere(`/proc/${pid}/comm`).trim();
  if (name === '') return 'dead';
  return name === 'postgres' ? 'postgres' : 'someone_else';
}

/** A directory that only the server's user can enter. In a place for all, somebody else may have made it first. */
async function ownDirectory(path: string, user: OsUser): Promise<string> {
  const owner = user.uid ?? process.getuid?.();
  try {
    await mkdir(path, { mode: 0o700 });
    if (user.uid !== undefined) await chown(path, user.uid, user.gid ?? user.uid);
  } catch {
    // It is there, or cannot be made: looked at next.
  }
  const found = await lstat(path);
  if (!found.isDirectory() || found.uid !== owner || (found.mode & 0o077) !== 0) {
    throw new KeptError(
      'cannot_start',
      `${path} is needed for the database's socket, but belongs to somebody else. Choose a shorter --data directory.`,
    );
  }
  return path;
}

/** @param wanted 0 for any */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** '' for a file that is not there: looked for first, it could vanish before it is read, as it does when the server stops. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (err) {
    // The second is what Linux says of a process that ends while its file is read.
    if (['ENOENT', 'ESRCH'].includes((err as NodeJS.ErrnoException).code ?? '')) return '';
    throw err;
  }
}
