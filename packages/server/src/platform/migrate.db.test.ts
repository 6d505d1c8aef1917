import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { migrate } from './migrate.ts';
import { databaseUrl } from './testing/global-setup.ts';

const DATABASE = `test_migrate_${process.pid}`;
const serverUrl = inject('testServerUrl');
const url = databaseUrl(serverUrl, DATABASE);
let directory: string;

beforeEach(async () => {
  await query(serverUrl, `create database ${DATABASE}`);
  directory = await mkdtemp(join(tmpdir(), 'kept-migrations-'));
  await file('0001-mug.sql', 'create table mug (mug_id int primary key); grant select on mug to kept_app;');
});
afterEach(async () => {
  await query(serverUrl, `drop database ${DATABASE}`);
  await rm(directory, { recursive: true });
});

test('files are applied once, in order, and recorded', async () => {
  await file('0002-handle.sql', 'alter table mug add handle text;');
  expect(await migrate(url, { directory })).toEqual({ applied: ['0001-mug.sql', '0002-handle.sql'] });
  expect(await migrate(url, { directory })).toEqual({ applied: [] });
  await file('0003-lid.sql', 'alter table mug add lid text;');
  expect(await migrate(url, { directory })).toEqual({ applied: ['0003-lid.sql'] });
  const recorded = await query(url, 'select name from kept_migration order by name');
  expect(recorded.map(({ name }) => name)).toEqual(['0001-mug.sql', '0002-handle.sql', '0003-lid.sql']);
});

test('two at once apply each file once', async () => {
  await file('0002-slow.sql', 'select pg_sleep(0.05); create table lid (lid_id int);');
  const runs = await Promise.all([migrate(url, { directory }), migrate(url, { directory })]);
  expect(runs.flatMap(({ applied }) => applied).sort()).toEqual(['0001-mug.sql', '0002-slow.sql']);
});

test('a file that fails leaves nothing, and the ones before it stay', async () => {
  await file('0002-broken.sql', 'create table half (id int);\n\nselect nonsense;');
  await expect(migrate(url, { directory })).rejects.toThrow(
    '0002-broken.sql (line 3) failed, and nothing of it remains: column "nonsense" does not exist',
  );
  expect(await query(url, `select to_regclass('half') as half, to_regclass('mug')::text as mug`)).toEqual([
    { half: null, mug: 'mug' },
  ]);
});

test('one that is killed half-way leaves nothing of the file it was at, and the next one goes on there', async () => {
  await file('0002-handle.sql', 'alter table mug add handle text;');
  await file(
    '0003-slow.sql',
    'create table lid (lid_id int); select pg_sleep(20); create table cup (cup_id int);',
  );
  const killed = migrate(url, { directory });
  killed.catch(() => {}); // expected below
  const at = `select pid from pg_stat_activity where datname = '${DATABASE}' and query like '%pg_sleep%' and pid <> pg_backend_pid()`;
  while ((await query(serverUrl, at)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await query(serverUrl, `select pg_terminate_backend(pid) from (${at}) x`);
  await expect(killed).rejects.toThrow(/nothing of it remains/);
  expect(await query(url, 'select name from kept_migration order by name')).toHaveLength(2);
  expect(await query(url, `select to_regclass('lid') as lid`)).toEqual([{ lid: null }]);
  await file('0003-slow.sql', 'create table lid (lid_id int); create table cup (cup_id int);');
  expect(await migrate(url, { directory })).toEqual({ applied: ['0003-slow.sql'] });
});

test('a file that was changed after it was applied is refused', async () => {
  await migrate(url, { directory });
  await file('0001-mug.sql', 'create table cup (cup_id int);');
  await expect(migrate(url, { directory })).rejects.toMatchObject({
    code: 'cannot_start',
    message: expect.stringContaining('0001-mug.sql was changed after it was applied'),
  });
});

test('but not one that was only checked out with other line ends', async () => {
  await file('0001-mug.sql', 'create table mug (\n  mug_id int\n);');
  await migrate(url, { directory });
  await file('0001-mug.sql', 'create table mug (\r\n  mug_id int\r\n);');
  expect(await migrate(url, { directory })).toEqual({ applied: [] });
});

test('a database that is newer than the code is refused', async () => {
  await file('0002-handle.sql', 'alter table mug add handle text;');
  await migrate(url, { directory });
  await rm(join(directory, '0002-handle.sql'));
  await expect(migrate(url, { directory })).rejects.toThrow(
    'has the migration 0002-handle.sql, which this version of Kept does not know',
  );
});

test.each(['0003-gap.sql', '0001-double.sql', '2-short.sql', 'notes.sql'])(
  'a file may not be named %s',
  async (name) => {
    await file(name, 'select 1');
    await expect(migrate(url, { directory })).rejects.toThrow(/should be named 000[12]-some-words\.sql/);
  },
);

test('without a connection there is a sentence', async () => {
  await expect(migrate('postgresql://127.0.0.1:1/kept', { directory })).rejects.toMatchObject({
    code: 'database_unavailable',
  });
});

function file(name: string, sql: string): Promise<void> {
  return writeFile(join(directory, name), sql);
}

async function query(on: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: on });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
