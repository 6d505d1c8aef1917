import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../embedded-postgres.ts';
import { migrate } from '../migrate.ts';
import { findPostgres } from '../postgres-binaries.ts';
import { readPostmaster } from '../postmaster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the test run's own server, as its owner. */
    testServerUrl: string;
  }
}

export const TEMPLATE_DATABASE = 'kept_template';

const PREFIX = 'kept-test-';

/** Held while the template is made: the projects of one run share a server, and set up on their own. */
const TEMPLATE_LOCK = 5_381_175;

/**
 * Starts the run's PostgreSQL, without fsync, in a directory named for this process: a second project of the same run
 * joins it, and the last to finish stops and removes it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const directory = join(tmpdir(), PREFIX + process.pid);
  const dataDir = join(directory, 'postgres');
  const server = await startEmbedded({ dataDir, fsync: false });
  try {
    await ensureTemplate(server.url);
  } catch (err) {
    await server.stop();
    throw err;
  }
  project.provide('testServerUrl', server.url);
  return async () => {
    await server.stop();
    if (!readPostmaster(dataDir)) await rm(directory, { recursive: true, force: true });
  };
}

async function ensureTemplate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      TEMPLATE_DATABASE,
    ]);
    if (rowCount) return;
    await client.query(`create database ${TEMPLATE_DATABASE}`);
    await migrate(databaseUrl(url, TEMPLATE_DATABASE));
  } finally {
    await client.end();
  }
}

/** The URL of another database of the same server. */
export function databaseUrl(url: string, database: string): string {
  return url.replace(/\/kept\?/, `/${database}?`);
}

/** A run that was killed leaves its server behind; the next run ends it. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : Number.NaN;
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    const directory = join(tmpdir(), name);
    const dataDir = join(directory, 'postgres');
    const { pgCtl } = await findPostgres();
    await pgCtl(['stop', '-w', '-m', 'immediate', '-D', dataDir]).catch(() => {}); // it does not run
    await rm(directory, { recursive: true, force: true }).catch(() => {}); // it is another user's
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (err) {
    return !(err instanceof Error && 'code' in err && err.code === 'ESRCH');
  }
}
