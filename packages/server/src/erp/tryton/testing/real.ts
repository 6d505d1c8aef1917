import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPostgres } from '../../../platform/postgres-binaries.ts';

export interface RealTryton {
  readonly address: string;
  stop(): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL('../../../../../../../shared/erp/tryton.sh', import.meta.url));
const ADDRESS = 'http://127.0.0.1:8069';

/** Why no real Tryton can be started here; null: it can. */
export function whyNoTryton(): string | null {
  if (process.env.KEPT_TEST_TRYTON !== undefined) return null;
  if (!existsSync(SCRIPT)) return `${SCRIPT} is not there`;
  if (spawnSync('psql', ['--version']).status !== 0) return 'there is no psql';
  const installed = spawnSync('trytond', ['--version']).status === 0;
  if (!installed && (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0))
    return "Tryton is not installed, and only root can install Debian's packages";
  return null;
}

/** A Tryton of its own with an empty database, or the one whose address KEPT_TEST_TRYTON gives. */
export async function startTryton(): Promise<RealTryton> {
  const given = process.env.KEPT_TEST_TRYTON;
  if (given !== undefined) return { address: given, stop: async () => {} };
  if (await fetch(ADDRESS).catch(() => null)) throw new Error(`something answers at ${ADDRESS} already`);
  const { user, initdb, pgCtl } = await findPostgres();
  const directory = await mkdtemp(join(tmpdir(), 'kept-tryton-'));
  if (user.uid !== undefined) await chown(directory, user.uid, user.gid ?? user.uid);
  const data = join(directory, 'postgres');
  const port = await freePort();
  await initdb([`--pgdata=${data}`, '--username=postgres', '--auth=trust', '--encoding=UTF8', '--no-sync']);
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c full_page_writes=off`;
  await pgCtl(['start', '-w', '-D', data, '-l', join(directory, 'postgres.log'), '-o', options]);
  const stopDatabase = () => pgCtl(['stop', '-w', '-m', 'immediate', '-D', data]);
  const files = await mkdtemp(join(tmpdir(), 'kept-tryton-files-'));
  try {
    const pid = await start(files, `127.0.0.1:${port}`);
    return {
      address: ADDRESS,
      async stop() {
        process.kill(pid);
        await stopDatabase();
        await rm(directory, { recursive: true, force: true });
        await rm(files, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await stopDatabase();
    throw error;
  }
}

/** @returns the server's process id, the last line of what the script says */
function start(files: string, database: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 64 * 1024 ** 2, timeout: 420_000 };
    execFile(SCRIPT, [files, database], options, (error, stdout, stderr) => {
      const pid = Number(stdout.trim().split('\n').at(-1));
      if (error !== null || !Number.isInteger(pid) || pid <= 0)
        reject(new Error(`Tryton did not start: ${stderr.slice(-2000)}`, { cause: error }));
      else resolve(pid);
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
