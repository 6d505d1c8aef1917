import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { serverProcesses } from '../bench/processes.ts';
import { buildPages } from '../packages/server/src/pages.ts';
import { openDatabase } from '../packages/server/src/platform/database.ts';
import { startEmbedded } from '../packages/server/src/platform/embedded-postgres.ts';
import { createLog } from '../packages/server/src/platform/log.ts';
import { readPostmaster } from '../packages/server/src/platform/postmaster.ts';
import type { checkInvariants } from '../packages/server/src/promising/index.ts';
import { API_KEY } from './http.ts';

const MAIN = fileURLToPath(new URL('../packages/server/src/main.ts', import.meta.url));
const POLL_MS = 20;
/** Two minutes of looking: counted in looks, since a machine that sleeps meanwhile must not count. */
const MOST_LOOKS = 6000;

/** A connection to the database, as its owner. */
export type Database = Parameters<typeof checkInvariants>[0];

/** A place in which a Kept runs, is killed, and runs again. */
export class Seat {
  readonly #dataDir: string;
  #child: ChildProcess | null = null;
  #address: string | null = null;
  #ending = false;
  /** Ends that nobody brought about, of a Kept that had been listening. */
  crashes = 0;
  /** Starts that came to nothing, as they may while the database is down. */
  vainStarts = 0;
  /** What it last said on stderr: shown when something was wrong. */
  complaints: string[] = [];

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /** Of its process; null while there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Where it listens; null while it does not. */
  get address(): string | null {
    return this.#address;
  }

  start(): void {
    const args = [MAIN, 'start', '--port', '0', '--no-demo', '--data', this.#dataDir];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, KEPT_BOOTSTRAP_KEY: API_KEY, KEPT_DATABASE_URL: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#ending = false;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /^Kept is at (\S+)/.exec(line)?.[1];
      if (address !== undefined && this.#child === child) this.#address = address;
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.complaints = [...this.complaints.slice(-49), line];
    });
    child.once('exit', () => {
      if (this.#child !== child || this.#ending) return;
      if (this.#address === null) this.vainStarts++;
      else this.crashes++;
      this.#address = null;
    });
  }

  /** It is gone when this answers. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** The code with which it ended when it was asked to; null: it had not in time, and was killed. */
  async stopWithin(milliseconds: number): Promise<number | null> {
    const child = this.#child;
    const timer = setTimeout(() => child?.kill('SIGKILL'), milliseconds);
    await this.#end('SIGTERM');
    clearTimeout(timer);
    return child?.exitCode ?? null;
  }

  /** Without waiting: the program itself is ending. The last Kept to leave stops the database. */
  abandon(): void {
    this.#child?.kill('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#address = null;
    this.#ending = true;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  /** Waits until it listens; one that has ended is started again. */
  async untilReady(): Promise<void> {
    for (let looks = 1; this.#address === null; looks++) {
      if (this.#child === null || this.#child.exitCode !== null || this.#child.signalCode !== null)
        this.start();
      if (looks > MOST_LOOKS)
        throw new Error(`A Kept does not start. It last said:\n${this.complaints.join('\n')}`);
      await sleep(POLL_MS);
    }
  }
}

/** Some Kepts on one embedded PostgreSQL with fsync, in a data directory of their own. */
export interface Cluster {
  readonly seats: readonly Seat[];
  /** Ends the server's first process; one of those who use it starts it again. */
  killPostgres(signal: NodeJS.Signals): Promise<void>;
  /** Kills one of the server's connections: the server ends all others, and recovers. */
  killBackend(index: number): Promise<void>;
  /** Of the server as it is now; none while it is down. */
  serverProcesses(): readonly number[];
  /** Says statements of which it does not matter whether they come through. */
  asOwner(statements: string): Promise<void>;
  /** Runs statements as the owner of the tables, in one snapshot of the brand's rows; waits for the server where it is down. */
  inspect<T>(work: (client: Database) => Promise<T>): Promise<T>;
  /** Every Kept listens, and nothing is under way in the database. */
  heal(): Promise<void>;
  stop(): Promise<void>;
}

export async function startCluster(directory: string, keptCount: number): Promise<Cluster> {
  await buildPages();
  const dataDir = join(directory, 'postgres');
  const server = await startEmbedded({ dataDir });
  const seats = Array.from({ length: keptCount }, () => new Seat(directory));
  const abandon = () => {
    for (const seat of seats) seat.abandon();
  };
  process.once('exit', abandon);
  // The first makes the schema and the brand; the others find them.
  for (const seat of seats) {
    seat.start();
    await seat.untilReady();
  }

  const db = await openDatabase({ url: server.url, max: 2, log: createLog('silent') });

  async function connect(): Promise<Database> {
    for (let looks = 1; ; looks++)
      try {
        const client = await db.pool.connect();
        // What it was doing fails with it, and that is heard.
        client.on('error', () => {});
        await client.query('reset role');
        return client;
      } catch (error) {
        if (looks > MOST_LOOKS) throw error;
        await sleep(POLL_MS);
      }
  }

  /** As the owner of the tables; the connection is not used again. */
  async function withConnection<T>(work: (client: Database) => Promise<T>): Promise<T> {
    const client = await connect();
    try {
      return await work(client);
    } finally {
      client.release(true);
    }
  }

  /** Backends of Kepts that were killed may still be carrying out what had reached them. */
  async function untilIdle(): Promise<void> {
    await withConnection(async (client) => {
      for (let quiet = 0; quiet < 5; ) {
        const { rows } = await client.query(
          `select count(*)::int as busy from pg_stat_activity where application_name = 'kept' and state <> 'idle' and pid <> pg_backend_pid()`,
        );
        quiet = rows[0].busy === 0 ? quiet + 1 : 0;
        await sleep(POLL_MS);
      }
    });
  }

  return {
    seats,
    async killPostgres(signal) {
      const running = readPostmaster(dataDir);
      if (running !== undefined) signalTo(running.pid, signal);
    },
    async killBackend(index) {
      await withConnection(async (client) => {
        const { rows } = await client.query(
          `select pid from pg_stat_activity where application_name = 'kept' and pid <> pg_backend_pid() order by pid`,
        );
        if (rows.length > 0) signalTo(rows[index % rows.length].pid, 'SIGKILL');
      });
    },
    serverProcesses: () => serverProcesses(directory),
    asOwner: (statements) =>
      withConnection(async (client) => {
        await client.query(statements);
      }).catch(() => {}),
    inspect: (work) =>
      withConnection(async (client) => {
        await client.query('begin isolation level repeatable read, read only; set local app.brand = 1');
        return work(client);
      }),
    async heal() {
      for (const seat of seats) await seat.untilReady();
      await untilIdle();
    },
    async stop() {
      process.off('exit', abandon);
      await db.close();
      await Promise.all(seats.map((seat) => seat.stop()));
      await server.stop();
    },
  };
}

/** It may be gone already. */
export function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
