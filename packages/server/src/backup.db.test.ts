import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { sealAudit } from './audit/index.ts';
import { NOTHING_OUTGOING, tell } from './comms/index.ts';
import { backUp, restore } from './platform/backup.ts';
import { tablesOfBrands } from './platform/catalogue-store.ts';
import { withBrand } from './platform/database.ts';
import { takeEvents } from './platform/event-reader.ts';
import { testDatabase } from './platform/testing/database.ts';
import { databaseUrl } from './platform/testing/global-setup.ts';
import { faultsOf, givenShop, order, purchaseOrder, type TestKept, testKept } from './testing/brand.ts';

const { url } = await testDatabase();
const serverUrl = inject('testServerUrl');
const NOW = new Date('2026-03-02T09:00:00Z');
let folder: string;
let one: TestKept;
const made: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-backup-'));
  one = await testKept(url);
  await givenShop(one, { LAMP: 3 });
  await one.call('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('LAMP', 20, '2026-03-25'));
  for (let i = 0; i < 4; i++)
    expect((await one.call('POST', '/v1/orders', order('LAMP', 2))).status).toBe(201);
  await tell(one.kept, 1, NOTHING_OUTGOING);
  await sealAudit(one.kept, 1);
  // After the readers: somebody has still to be told of it, and it is not sealed.
  expect((await one.call('POST', '/v1/orders', order('LAMP', 2, { ref: 'LATE' }))).status).toBe(201);
  // Which writes what was to be written behind the answers.
  await one.close();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  for (const name of made) await asOwner(serverUrl, `drop database ${name} with (force)`);
});

async function asOwner(to: string, sql: string) {
  const client = new pg.Client({ connectionString: to });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function emptyDatabase(): Promise<string> {
  const name = `restored_${process.pid}_${made.length}`;
  made.push(name);
  await asOwner(serverUrl, `create database ${name}`);
  return databaseUrl(serverUrl, name);
}

/** What each table holds, but for the order in which transactions were counted by the old server. */
async function pictureOf(to: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: to });
  await client.connect();
  const picture: Record<string, string> = {};
  for (const table of await tablesOfBrands(client)) {
    if (['event_reader', 'item_change', 'book_touch'].includes(table)) continue;
    const { rows } = await client.query(
      `select count(*)::int as n, md5(coalesce(string_agg(line, e'\\n' order by line), '')) as digest
       from (select (to_jsonb(t) - 'transaction')::text as line from ${table} t) row`,
    );
    picture[table] = `${rows[0].n} ${rows[0].digest}`;
  }
  await client.end();
  return picture;
}

test('a backup is everything, and Kept goes on from it', async () => {
  const directory = join(folder, 'good');
  const written = await backUp(url, directory, NOW);
  expect(written.rows).toBeGreaterThan(40);
  const target = await emptyDatabase();
  expect(await restore(target, directory)).toEqual(written);
  expect(await pictureOf(target)).toEqual(await pictureOf(url));

  const other = await testKept(target);
  try {
    expect(await faultsOf(other.kept)).toEqual([]);
    const read = (reader: string) =>
      withBrand(other.kept.db, 1, (client) => takeEvents(client, 1, reader, 1000));
    // Of what was read nothing comes again; what was not read comes, and what happens from now on.
    const unread = (await read('audit'))!;
    expect(unread.filter(({ kind }) => kind === 'order.placed')).toHaveLength(1);
    expect((await other.call('POST', '/v1/orders', order('LAMP', 1, { ref: 'AFTER' }))).status).toBe(201);
    expect((await read('audit'))!.some(({ kind }) => kind === 'order.placed')).toBe(true);
    expect((await other.call('GET', '/v1/orders/web:LATE')).status).toBe(200);
    expect(await faultsOf(other.kept)).toEqual([]);
  } finally {
    await other.close();
  }
}, 120_000);

test.each([
  ['a database that holds something', async () => url, async () => 'good', /holds something/],
  ['a directory that holds no backup', emptyDatabase, async () => 'nothing', /no whole backup/],
  [
    'a backup with a file that changed',
    emptyDatabase,
    async () => {
      await backUp(url, join(folder, 'changed'), NOW);
      await appendFile(join(folder, 'changed', 'event.copy.gz'), 'x');
      return 'changed';
    },
    /event.copy.gz is not as it was/,
  ],
])(
  '%s is refused',
  async (_, target, source, says) => {
    await expect(restore(await target(), join(folder, await source()))).rejects.toThrow(says);
  },
  120_000,
);

test('a backup goes into a directory of its own', async () => {
  await expect(backUp(url, join(folder, 'good'), NOW)).rejects.toThrow('is not empty');
});

test('a role that does not see all rows backs up nothing, and says who could', async () => {
  await asOwner(serverUrl, `create role halfway login in role kept_app`);
  try {
    const half = url.replace('user=postgres', 'user=halfway');
    await expect(backUp(half, join(folder, 'half'), NOW)).rejects.toThrow('does not see all');
  } finally {
    await asOwner(serverUrl, 'drop role halfway');
  }
});
