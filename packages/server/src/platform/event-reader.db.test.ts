import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { withBrand } from './database.ts';
import { takeEvents } from './event-reader.ts';
import { recordEvents } from './outbox.ts';
import { testDatabase } from './testing/database.ts';

const { db, url } = await testDatabase();
/** A session of its own, whose transaction stays open as long as the test wants. */
async function session(address: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  return client;
}
let slow: pg.Client;
let elsewhere: pg.Client;
beforeAll(async () => {
  [slow, elsewhere] = await Promise.all([session(url), session(inject('testServerUrl'))]);
});
afterAll(() => Promise.all([slow.end(), elsewhere.end()]));

const read = () =>
  withBrand(db, 1, async (client) => (await takeEvents(client, 1, 'test', 100))!.map((one) => one.id));
const record = (id: number) =>
  withBrand(db, 1, (client) =>
    recordEvents(client, 1, [{ id, kind: 'test', data: {}, at: '2026-03-02T09:00:00Z' }]),
  );
const recordSlowly = (id: number) =>
  slow.query('insert into event (brand_id, event_id, kind, data, at) values (1, $1, $2, $3, now())', [
    id,
    'test',
    '{}',
  ]);

test('a transaction of another database holds nobody up', async () => {
  await elsewhere.query('begin; select pg_current_xact_id()');
  await record(1);
  expect(await read()).toEqual([1]);
  await elsewhere.query('rollback');
});

test('a slow writer is waited for, and never passed over', async () => {
  await slow.query('begin');
  await recordSlowly(2);
  await record(3);
  expect(await read()).toEqual([]);
  await slow.query('commit');
  expect(await read()).toEqual([2, 3]);
});

test('one that is killed leaves nothing behind, and holds up nobody', async () => {
  const dying = await session(url);
  dying.on('error', () => {});
  await dying.query('begin');
  const { rows } = await dying.query('select pg_current_xact_id(), pg_backend_pid() as pid');
  await record(4);
  expect(await read()).toEqual([]);
  await slow.query('select pg_terminate_backend($1)', [rows[0].pid]);
  await expect.poll(read, { timeout: 10_000 }).toEqual([4]);
  await dying.end().catch(() => {});
});

test('a session that cannot be looked into is waited for like any other', async () => {
  const name = `stranger_${process.pid}`;
  await slow.query(`create role ${name} login password 'stranger'`);
  const stranger = await session(Object.assign(new URL(url), { username: name, password: 'stranger' }).href);
  await stranger.query('begin; select pg_current_xact_id()');
  try {
    await record(5);
    // The owner of the tests is a superuser, who sees into all: as somebody who is not, the server's horizon holds.
    await slow.query(
      `create role owner_${name} nologin; alter function settled_transaction() owner to owner_${name}`,
    );
    expect(await read()).toEqual([]);
    await stranger.query('rollback');
    await expect.poll(read, { timeout: 10_000 }).toEqual([5]);
  } finally {
    await stranger.end();
    await slow.query(
      `alter function settled_transaction() owner to current_user; drop role ${name}; drop role owner_${name}`,
    );
  }
});

test('under many writers at once each event is read once', async () => {
  const written = Array.from({ length: 200 }, (_, index) => 100 + index);
  const seen: number[] = [];
  let over = false;
  const reading = (async () => {
    while (!over) seen.push(...(await read()));
  })();
  const queue = [...written];
  const writer = async () => {
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) await record(id);
  };
  await Promise.all(Array.from({ length: 6 }, writer));
  await expect.poll(() => seen.length, { timeout: 20_000 }).toBe(written.length);
  over = true;
  await reading;
  expect(seen.toSorted((a, b) => a - b)).toEqual(written);
});
