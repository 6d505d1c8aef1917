import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ensureBrand } from '../accounts/index.ts';
import { buildApp } from '../app.ts';
import { manualClock } from '../platform/clock.ts';
import { openDatabase, withBrand } from '../platform/database.ts';
import { startEmbedded } from '../platform/embedded-postgres.ts';
import { openIds } from '../platform/ids.ts';
import type { Kept } from '../platform/kept.ts';
import { createLog } from '../platform/log.ts';
import { migrate } from '../platform/migrate.ts';
import { findPostgres } from '../platform/postgres-binaries.ts';
import { checkInvariants, takeUpBook } from '../promising/index.ts';
import { httpServer } from './http-server.ts';
import { everythingArrives } from './post.ts';
import { type Outcome, runScenario } from './run.ts';
import type { Scenario } from './scenario.ts';

/** When a story begins that does not say: a Monday. */
const FIRST_MORNING = new Date('2026-03-02T09:00:00Z');

const TEMPLATE = 'scenario_template';
const PREFIX = 'kept-scenario-';

/** A database server for stories alone: each is given a Kept of its own on an empty database. */
export interface Sandbox {
  /** Holds the databases while they are there; `kept start --data` opens one that was kept. */
  readonly directory: string;
  play(scenario: Scenario, options?: { keep?: boolean }): Promise<Outcome>;
  /** @param keep leaves the directory where it is */
  close(keep?: boolean): Promise<void>;
}

/** Starts a PostgreSQL that may lose everything, and prepares the empty database that stories begin with. */
export async function openSandbox(): Promise<Sandbox> {
  await removeLeftovers();
  const directory = join(tmpdir(), `${PREFIX}${process.pid}-${randomBytes(3).toString('hex')}`);
  const server = await startEmbedded({ dataDir: join(directory, 'postgres'), fsync: false });
  try {
    await asOwner(server.url, `create database ${TEMPLATE}`);
    await migrate(databaseUrl(server.url, TEMPLATE));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    directory,
    play: (scenario, { keep = false } = {}) =>
      keep
        ? // The name that kept start looks for.
          migrate(server.url).then(() => playOn(server.url, scenario))
        : playOnClone(server.url, TEMPLATE, scenario),
    async close(keep = false) {
      await server.stop();
      if (!keep) await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Plays a story on a copy of a migrated, empty database of a server, and drops the copy. */
export async function playOnClone(serverUrl: string, template: string, scenario: Scenario): Promise<Outcome> {
  const name = `scenario_${process.pid}_${randomBytes(4).toString('hex')}`;
  await asOwner(serverUrl, `create database ${name} template ${template} strategy file_copy`);
  try {
    return await playOn(databaseUrl(serverUrl, name), scenario);
  } finally {
    // Waits some seconds by itself for connections that are just closing.
    await asOwner(serverUrl, `drop database ${name}`);
  }
}

/** Plays a story on an empty database, through HTTP, as any client would; looks at the invariants when it is over. */
async function playOn(url: string, scenario: Scenario): Promise<Outcome> {
  const log = createLog('silent');
  const db = await openDatabase({ url, max: 4, log });
  try {
    const clock = manualClock(scenario.start ?? FIRST_MORNING);
    const kept: Kept = { db, clock, ids: openIds(db), log };
    const { brandId } = await ensureBrand(kept, scenario.brand);
    const key = randomUUID();
    const app = await buildApp(kept, {
      bootstrapKey: key,
      manualClock: clock,
      outgoing: scenario.messages === 'arrive' ? everythingArrives : undefined,
    });
    try {
      const address = await app.listen({ port: 0, host: '127.0.0.1' });
      return await runScenario(scenario, httpServer(address, key), async () => {
        await withBrand(db, brandId, (client) => takeUpBook(client, brandId), { reads: true });
        const findings = await withBrand(db, brandId, (client) => checkInvariants(client, brandId));
        return findings.flatMap(({ name, faults }) => faults.map((fault) => `${name}: ${fault}`));
      });
    } finally {
      await app.close();
    }
  } finally {
    await db.close();
  }
}

const databaseUrl = (url: string, database: string) => url.replace(/\/kept\?/, `/${database}?`);

async function asOwner(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A run that was killed leaves its server behind; the next run ends it. What was kept has none, and stays. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : Number.NaN;
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    const directory = join(tmpdir(), name);
    const { pgCtl } = await findPostgres();
    const stopped = await pgCtl(['stop', '-w', '-m', 'immediate', '-D', join(directory, 'postgres')]).then(
      () => true,
      () => false, // it does not run, or it is another user's
    );
    if (stopped) await rm(directory, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
