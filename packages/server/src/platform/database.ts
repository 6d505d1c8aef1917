import type { EventEmitter } from 'node:events';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { columnTypes } from './column-types.ts';
import { explainConnectionFailure } from './connection-failure.ts';
import { KeptError } from './errors.ts';
import { createLog, type Logger } from './log.ts';

/** The role of every connection that serves: it owns nothing, and row-level security binds it. */
export const APP_ROLE = 'kept_app';

// biome-ignore lint/suspicious/noExplicitAny: each store knows its own tables; the platform knows none.
type AnyTables = any;

export interface Db {
  /** For hot paths. Its connections see no brand's rows: those are reached through withBrand. */
  pool: pg.Pool;
  /** One connection for what a transaction asks for while it has its own: waiting in the pool there, all would wait for each other. */
  reserve: pg.Pool;
  /** Kysely over the pool; over a transaction of a brand it is `kyselyOn(client)`. */
  kysely: Kysely<AnyTables>;
  /** Transactions that this process has committed and that may have written: what was read before the latest may be old. */
  commits: number;
  /** Waits for the connections in use, then closes all. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  /** Most connections at once; 10 unless told. */
  max?: number;
  /** Longest wait for a connection, to the server or out of a busy pool; 10 s unless told. */
  connectionTimeoutMs?: number;
  /** Longest that a transaction may stand still before PostgreSQL ends it and its locks; five minutes unless told. */
  idleTransactionMs?: number;
  log?: Logger;
}

/**
 * Opens a pool as the role kept_app, and proves that it works.
 * @throws KeptError `database_unavailable`, with a sentence that names host and port and what to do.
 */
export async function openDatabase({
  url,
  max = 10,
  connectionTimeoutMs = 10_000,
  idleTransactionMs = 300_000,
  log = createLog(),
}: DatabaseOptions): Promise<Db> {
  const settings: pg.PoolConfig = {
    connectionString: url,
    types: columnTypes,
    // Statements go out without waiting for the answers before them: half the latency of a lone order.
    pipeline: true,
    connectionTimeoutMillis: connectionTimeoutMs,
    keepAlive: true,
    application_name: 'kept',
    // isoInstant reads what a session in UTC writes. Not as startup parameters: poolers refuse those.
    onConnect: (client) =>
      client.query(
        `set role ${APP_ROLE}; set time zone 'UTC'; set datestyle = 'ISO'; set idle_in_transaction_session_timeout = ${idleTransactionMs}`,
      ),
  };
  const pool = new pg.Pool({ ...settings, max });
  const reserve = new pg.Pool({ ...settings, max: 1 });
  // An idle connection that dies says so here; unheard, it would end the process. The pool has already dropped it.
  for (const one of [pool, reserve])
    one.on('error', (err) => log.warn({ err }, 'an idle database connection was lost'));
  try {
    await pool.query('select 1');
  } catch (err) {
    await pool.end();
    throw explainConnectionFailure(err, url);
  }
  const kysely = new Kysely<AnyTables>({ dialect: new PostgresDialect({ pool }) });
  const close = async () => {
    await Promise.all([pool.end(), reserve.end()]);
  };
  return { pool, reserve, kysely, commits: 0, close };
}

/** Most runs of one transaction, the first included. */
const ATTEMPTS = 6;

/** Takes a statement that was sent and whose answer nobody waits for: the commit travels right behind it, and fails with it. */
export type Later = (statement: Promise<unknown>) => void;

interface TransactionOptions {
  readonly reads?: boolean;
  readonly actor?: string | undefined;
  readonly plannedOnce?: boolean;
}

/**
 * Runs `work` in one transaction that sees and writes the rows of one brand. It commits when `work` resolves and rolls
 * back when it throws; after a serialisation failure or a deadlock it runs again, up to five times: so `work` must do
 * nothing but talk to `client`, and must await all of it or hand it to `later`.
 * `reads` says that it writes nothing, so that nobody's memory is out of date after it. `actor` is whoever asked for it, as the
 * audit trail names them: events that name nobody else were done by them. `plannedOnce`: its statements are for a few rows found
 * by their keys; each is planned once a connection, where PostgreSQL would plan some anew each time (half of an order's work).
 * @throws KeptError `overloaded` when no connection comes free or the retries are used up, `database_unavailable` when
 *   the connection is lost, after which only a second look tells whether it was committed; else what `work` threw
 */
export async function withBrand<T>(
  db: Db,
  brandId: number,
  work: (client: pg.PoolClient, later: Later) => Promise<T>,
  { reads = false, actor, plannedOnce = false }: TransactionOptions = {},
): Promise<T> {
  // It is written into a statement, which takes no parameters: only a number may get there.
  if (!Number.isSafeInteger(brandId)) throw new TypeError(`${brandId} is not a brand id`);
  for (let attempt = 1; ; attempt++) {
    try {
      const result = await transaction(db, work, beginFor(brandId, { actor, plannedOnce }));
      if (!reads) db.commits++;
      return result;
    } catch (err) {
      if (!isRetryable(err)) throw err;
      if (attempt === ATTEMPTS) {
        throw new KeptError('overloaded', 'Others changed the same items again and again; try again.', {
          cause: err,
        });
      }
      // Whoever collided must not meet again at the same instant.
      const waitMs = Math.random() * 5 * 2 ** attempt;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** Begins a transaction that sees one brand's rows; statements that take no parameters. */
export function beginFor(
  brandId: number,
  { actor, plannedOnce = false }: Omit<TransactionOptions, 'reads'> = {},
): string {
  const begin = `begin; set local app.brand = ${brandId}`;
  const planned = plannedOnce ? '; set local plan_cache_mode = force_generic_plan' : '';
  const named = actor === undefined ? '' : `; set local app.actor = ${pg.escapeLiteral(actor)}`;
  return begin + planned + named;
}

/** Kysely for slow paths inside withBrand, over its connection and in its transaction. */
export function kyselyOn(client: pg.PoolClient): Kysely<AnyTables> {
  const connection = { query: client.query.bind(client) as never, release: () => {} };
  const pool = { connect: async () => connection, end: async () => {}, options: {} };
  return new Kysely<AnyTables>({ dialect: new PostgresDialect({ pool }) });
}

async function transaction<T>(
  db: Db,
  work: (client: pg.PoolClient, later: Later) => Promise<T>,
  begin: string,
): Promise<T> {
  const client = await connect(db);
  const sent: Promise<unknown>[] = [];
  const failures: unknown[] = [];
  const later: Later = (statement) => {
    statement.catch((err: unknown) => failures.push(err)); // thrown below
    sent.push(statement);
  };
  let lost: Error | undefined;
  const noteLoss = (err: Error) => {
    lost ??= err;
  };
  client.on('error', noteLoss);
  // Statements are under way together: whose failure is heard first says nothing of which failed first.
  let first: unknown;
  const noteFirst = (err: unknown) => {
    first ??= err;
  };
  const { connection } = client as unknown as { readonly connection: EventEmitter };
  connection.on('errorMessage', noteFirst);
  try {
    // Not awaited: the first statement of `work` travels in the same pipeline. Should it fail, so does all behind it.
    const begun = client.query(begin);
    begun.catch(() => {});
    let result: T;
    try {
      result = await work(client, later);
      await begun;
      // What failed before it was sent is not known to PostgreSQL, which would commit the rest. It is known here once all
      // that is waiting to run has run.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      if (failures.length > 0) throw failures[0];
    } catch (err) {
      await client.query('rollback').catch(noteLoss);
      await Promise.allSettled(sent);
      await begun; // where it failed too, its error is the cause and the other one only follows
      throw err;
    }
    const [committed, ...written] = await Promise.allSettled([client.query('commit'), ...sent]);
    // The first that failed is the cause; the others, the commit among them, only follow.
    for (const one of [...written, committed]) if (one.status === 'rejected') throw one.reason;
    const { command } = (committed as PromiseFulfilledResult<pg.QueryResult>).value;
    // PostgreSQL answers the commit of a failed transaction with a quiet ROLLBACK: somebody swallowed that failure.
    if (command === 'ROLLBACK')
      throw new Error('withBrand: a statement failed, and the work went on as if it had not');
    return result;
  } catch (err) {
    if (!lost) throw onlyFollows(err) ? (first ?? err) : err;
    throw new KeptError('database_unavailable', 'The connection to the database was lost.', { cause: lost });
  } finally {
    client.off('error', noteLoss);
    connection.off('errorMessage', noteFirst);
    client.release(lost); // the pool throws a lost connection away
  }
}

async function connect(db: Db): Promise<pg.PoolClient> {
  try {
    return await db.pool.connect();
  } catch (err) {
    if (err instanceof Error && err.message === 'timeout exceeded when trying to connect') {
      throw new KeptError('overloaded', 'All database connections are in use; try again.', { cause: err });
    }
    // pg gives no code to a connection that was taken and then not answered in time.
    if (err instanceof Error && err.message.startsWith('Connection terminated')) {
      throw new KeptError('database_unavailable', 'The database does not answer. Try again in a moment.', {
        cause: err,
      });
    }
    throw err;
  }
}

/** 25P02 in_failed_sql_transaction: the statement fell to one that failed before it. */
function onlyFollows(err: unknown): boolean {
  return err instanceof pg.DatabaseError && err.code === '25P02';
}

/** 40001 serialization_failure, 40P01 deadlock_detected: PostgreSQL rolled back, and asks to try again. */
function isRetryable(err: unknown): boolean {
  const code = typeof err === 'object' && err !== null && 'code' in err ? err.code : undefined;
  return code === '40001' || code === '40P01';
}
