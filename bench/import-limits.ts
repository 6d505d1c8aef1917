import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '../packages/server/src/platform/database.ts';
import { startEmbedded } from '../packages/server/src/platform/embedded-postgres.ts';
import { createLog } from '../packages/server/src/platform/log.ts';

/** The validated rows that are compared: orders and their lines. */
const TABLES = ['customer_order', 'order_line'] as const;
/** All that an import of orders writes besides. */
const ALL = [...TABLES, 'commitment', 'promise', 'event', 'item', 'item_detail'] as const;

/** Rows in one statement of the peer. */
const STEP = 1000;

/** The same rows into the same tables, without Kept: by COPY on the server, and by INSERT of many rows at once. */
export interface ImportLimits {
  readonly rows: number;
  /** Seconds. */
  copy(): Promise<number>;
  copyAll(): Promise<number>;
  insert(): Promise<number>;
  close(): Promise<void>;
}

/** Takes the rows out of a database into which a file was imported. */
export async function importLimits(dataDir: string): Promise<ImportLimits> {
  const server = await startEmbedded({ dataDir: join(dataDir, 'postgres') });
  const { pool, close } = await openDatabase({ url: server.url, max: 1, log: createLog('silent') });
  const client = await pool.connect();
  await client.query('reset role');
  const { rows: found } = await client.query('show data_directory');
  const fileOf = (table: string) => join(found[0].data_directory, `bench-${table}`);
  let rows = 0;
  for (const table of ALL) {
    const { rowCount } = await client.query(`copy ${table} to '${fileOf(table)}'`);
    if ((TABLES as readonly string[]).includes(table)) rows += rowCount ?? 0;
  }

  /** Into tables with the same columns, checks and indexes, in one transaction, as the import has it. */
  async function timed(tables: readonly string[], fill: (table: string) => Promise<void>): Promise<number> {
    await client.query('drop schema if exists bench_limit cascade; create schema bench_limit');
    for (const table of tables)
      await client.query(`create table bench_limit.${table} (like public.${table} including all)`);
    await client.query('checkpoint');
    const began = performance.now();
    await client.query('begin');
    for (const table of tables) await fill(table);
    await client.query('commit');
    return (performance.now() - began) / 1000;
  }
  const copyIn = async (table: string) => {
    await client.query(`copy bench_limit.${table} from '${fileOf(table)}'`);
  };

  return {
    rows,
    copy: () => timed(TABLES, copyIn),
    copyAll: () => timed(ALL, copyIn),
    async insert() {
      const statements = new Map<string, string[]>();
      for (const table of TABLES)
        statements.set(table, insertsOf(table, await readFile(fileOf(table), 'utf8')));
      return timed(TABLES, async (table) => {
        for (const statement of statements.get(table)!) await client.query(statement);
      });
    },
    async close() {
      await client.query('drop schema if exists bench_limit cascade');
      client.release();
      await close();
      await server.stop();
    },
  };
}

/** Lines of COPY's text as INSERTs of many rows, as a program writes them that knows no better. */
function insertsOf(table: string, text: string): string[] {
  const lines = text.split('\n').slice(0, -1);
  const statements: string[] = [];
  for (let from = 0; from < lines.length; from += STEP) {
    const rows = lines.slice(from, from + STEP).map((line) => `(${line.split('\t').map(literal).join(',')})`);
    statements.push(`insert into bench_limit.${table} values ${rows.join(',')}`);
  }
  return statements;
}

function literal(field: string): string {
  if (field === '\\N') return 'null';
  const quoted = field.replaceAll("'", "''");
  return field.includes('\\') ? `e'${quoted}'` : `'${quoted}'`;
}
