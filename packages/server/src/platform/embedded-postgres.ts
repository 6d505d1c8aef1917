import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { KeptError } from './errors.ts';
import { findPostgres, type PostgresBinaries } from './postgres-binaries.ts';
import { adminPassword, prepareDataDirectory, startServer } from './postgres-cluster.ts';
import { chooseEndpoint, type Endpoint, readPostmaster } from './postmaster.ts';

export interface EmbeddedOptions {
  /** The server's own directory; created if it is not there. */
  dataDir: string;
  /** false only where the data may be lost: tests. What the first to start it says, holds. */
  fsync?: boolean;
  /** A Unix socket where there is one, unless told. */
  transport?: 'socket' | 'tcp';
  /** How long a server may take to stop before it is ended without waiting; two minutes unless told. */
  longestStopMs?: number;
}

export interface EmbeddedServer {
  /** Of the database `kept`, as its owner. */
  url: string;
  /** Leaves the server, and stops it if nobody else uses it. Close what is connected to it first. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on `dataDir`, or joins the one that already runs there: another Kept's, or one that was left behind
 * when Kept was killed. Any number of processes may share it, and the last to leave stops it. Should it die meanwhile,
 * one of them starts it again.
 * @throws KeptError `cannot_start` with what is wrong and what to do
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { fsync = true, transport = process.platform === 'win32' ? 'tcp' : 'socket' } = options;
  const { longestStopMs = LONGEST_STOP_MS } = options;
  const postgres = await findPostgres();
  await prepareDataDirectory(options.dataDir, postgres, fsync);
  const place: Place = {
    dataDir: await realpath(options.dataDir),
    postgres,
    transport,
    fsync,
    longestStopMs,
  };

  let left = false;
  const joinAndWatch = async (): Promise<Member> => {
    const member = await joinServer(place);
    await createDatabase(member.connection, 'kept');
    member.connection.once('end', () => {
      if (left) return;
      // The server went down under us. The pools connect again by themselves as soon as it is back; should it not
      // come back, their next statement tells.
      current = joinAgain();
      current.catch(() => {});
    });
    // It is there to be counted; it must not keep a process alive that has done its work.
    member.connection.unref();
    return member;
  };
  /** Until it is there, or nobody here needs it any more. */
  const joinAgain = async (): Promise<Member> => {
    for (;;)
      try {
        return await joinAndWatch();
      } catch (error) {
        if (left) throw error;
        await sleep(AGAIN_MS);
      }
  };
  let current = joinAndWatch();
  const { endpoint } = await current;

  return {
    url: urlOf(endpoint, place),
    async stop() {
      if (left) return;
      left = true;
      const member = await current.catch(() => undefined);
      if (member) await leaveServer(member, place);
    },
  };
}

/** A data directory, and how its server is run. */
interface Place {
  dataDir: string;
  postgres: PostgresBinaries;
  transport: 'socket' | 'tcp';
  fsync: boolean;
  longestStopMs: number;
}

/** A process's share in a server: a connection that holds USERS_LOCK for as long as the process lives, kill -9 included. */
interface Member {
  connection: Connection;
  endpoint: Endpoint;
}

/** pg has these two; its typings do not. */
type Connection = pg.Client & { ref(): void; unref(): void };

/** Everybody who uses a server holds this advisory lock shared; who gets it alone is the last. The number is arbitrary. */
const USERS_LOCK = 5_381_173;

/** After a crash PostgreSQL replays its log before it answers, which may take minutes. */
const LONGEST_START_MS = 300_000;

/** A server that says it is ready answers at once; one that is starting or stopping is looked at again. */
const LONGEST_SILENCE_MS = 15_000;
/** It writes what it holds in memory to the disk, before it goes. */
const LONGEST_STOP_MS = 120_000;

const POLL_MS = 10;
/** A server that does not come back is looked for again, by whoever has nothing else to do. */
const AGAIN_MS = 5000;

async function joinServer(place: Place): Promise<Member> {
  const begin = Date.now();
  let silentSince: number | undefined;
  let stoppingSince: number | undefined;
  for (;;) {
    const running = readPostmaster(place.dataDir);
    stoppingSince = running?.stopping ? (stoppingSince ?? Date.now()) : undefined;
    // A server has been seen that was told to stop while it recovered, and never did. What is committed is in its log.
    if (running && stoppingSince !== undefined && Date.now() - stoppingSince > place.longestStopMs) {
      await place.postgres.pgCtl(['stop', '-W', '-m', 'immediate', '-D', place.dataDir]);
      stoppingSince = undefined;
    }
    if (!running) {
      const endpoint = await chooseEndpoint(place.dataDir, place.postgres.user, place.transport);
      if (await startServer(place.dataDir, place.postgres, endpoint, place.fsync)) continue;
    } else if (running.endpoint) {
      const connection = await connectAsUser(running.endpoint, place);
      if (connection) return { connection, endpoint: running.endpoint };
      silentSince ??= Date.now();
      if (Date.now() - silentSince > LONGEST_SILENCE_MS) throw doesNotAnswer(place);
    } else {
      silentSince = undefined;
    }
    if (Date.now() - begin > LONGEST_START_MS) throw doesNotAnswer(place);
    await sleep(POLL_MS);
  }
}

/** @returns undefined if the server does not answer or is just being stopped */
async function connectAsUser(endpoint: Endpoint, place: Place): Promise<Connection | undefined> {
  const connection = new pg.Client({
    connectionString: urlOf(endpoint, place, 'postgres'),
    application_name: 'kept embedded',
    connectionTimeoutMillis: LONGEST_SILENCE_MS,
  }) as Connection;
  connection.on('error', () => {}); // its end is what matters, and that is watched
  try {
    await connection.connect();
    // While the last user is leaving, this waits, and fails as the server stops.
    await connection.query('select pg_advisory_lock_shared($1)', [USERS_LOCK]);
    return connection;
  } catch {
    await connection.end().catch(() => {});
    return undefined;
  }
}

async function leaveServer({ connection }: Member, { dataDir, postgres }: Place): Promise<void> {
  connection.ref();
  try {
    const server = readPostmaster(dataDir);
    if (!(await isLast(connection)) || !server) return;
    // "fast" ends the sessions of whoever is still connected, such as a psql; our own users are all gone.
    await postgres.pgCtl(['stop', '-W', '-m', 'fast', '-D', dataDir]);
    // Waited for here, because pg_ctl would wait on when somebody else at once starts the next server.
    const begin = Date.now();
    while (readPostmaster(dataDir)?.pid === server.pid) {
      if (Date.now() - begin > LONGEST_STOP_MS) throw doesNotStop(server.pid);
      await sleep(POLL_MS);
    }
  } finally {
    await connection.end().catch(() => {});
  }
}

/** Gives up the share, and takes the lock alone if that was the last one: from then on nobody can join until the stop. */
async function isLast(connection: pg.Client): Promise<boolean> {
  try {
    await connection.query('select pg_advisory_unlock_shared($1)', [USERS_LOCK]);
    const { rows } = await connection.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [
      USERS_LOCK,
    ]);
    return rows[0]?.last === true;
  } catch {
    return false; // the server is already down
  }
}

async function createDatabase(connection: pg.Client, name: string): Promise<void> {
  const { rowCount } = await connection.query('select from pg_database where datname = $1', [name]);
  if (rowCount) return;
  await connection.query(`create database ${name}`).catch((err: pg.DatabaseError) => {
    // duplicate_database, or unique_violation in its catalog: another process was first
    if (err.code !== '42P04' && err.code !== '23505') throw err;
  });
}

/** In the form that libpq's programs take too. */
function urlOf(endpoint: Endpoint, { dataDir }: Pick<Place, 'dataDir'>, database = 'kept'): string {
  // The surroundings may hold a PGSSLMODE, and an embedded server speaks no TLS.
  const common = 'user=postgres&sslmode=disable';
  if ('socketDirectory' in endpoint) {
    return `postgresql:///${database}?host=${encodeURIComponent(endpoint.socketDirectory)}&port=${endpoint.port}&${common}`;
  }
  return `postgresql://${endpoint.host}:${endpoint.port}/${database}?password=${adminPassword(dataDir)}&${common}`;
}

function doesNotStop(pid: number): Error {
  return new Error(`The database server (process ${pid}) was told to stop and has not.`);
}

function doesNotAnswer({ dataDir }: Place): KeptError {
  return new KeptError(
    'cannot_start',
    `A database runs on ${dataDir}, but does not answer. Its directory "log" may tell why. If no PostgreSQL runs there, delete ${join(dataDir, 'postmaster.pid')}.`,
  );
}
