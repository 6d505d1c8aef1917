import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { type Db, openDatabase } from '../database.ts';
import { databaseUrl, TEMPLATE_DATABASE } from './global-setup.ts';

export interface TestDatabase {
  /** As the owner of the tables. */
  url: string;
  /** As the role that serves. Closed by itself. */
  db: Db;
}

/**
 * A migrated and empty database of this test file's own, dropped after its last test. Call it at the top of the file:
 * `const { db } = await testDatabase();`
 *
 * The file fails if something it opened stays connected, because a server would leak it, too.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const serverUrl = inject('testServerUrl');
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
  // Copying the files takes 20 ms; writing them through the log, the default, takes 100.
  await asOwner(serverUrl, `create database ${name} template ${TEMPLATE_DATABASE} strategy file_copy`);
  const url = databaseUrl(serverUrl, name);
  const db = await openDatabase({ url, max: 8 });
  afterAll(async () => {
    await db.close();
    await drop(serverUrl, name);
  });
  return { url, db };
}

async function drop(serverUrl: string, name: string): Promise<void> {
  try {
    // Waits some seconds by itself for connections that are just closing.
    await asOwner(serverUrl, `drop database ${name}`);
  } catch {
    const left = await asOwner(serverUrl, `select query from pg_stat_activity where datname = '${name}'`);
    await asOwner(serverUrl, `drop database ${name} with (force)`);
    const queries = left.rows.map(({ query }) => `  ${query}`).join('\n');
    throw new Error(
      `This test file left ${left.rowCount} connection(s) open, whose last statements were:\n${queries}`,
    );
  }
}

async function asOwner(serverUrl: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
