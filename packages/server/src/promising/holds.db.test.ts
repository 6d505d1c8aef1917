import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, type TestKept, testKept } from '../testing/brand.ts';

const { url } = await testDatabase();
let first: TestKept;
let second: TestKept;
let owner: pg.Client;

beforeAll(async () => {
  first = await testKept(url);
  second = await testKept(url, first.clock);
  await givenShop(first, { A: 5 });
  owner = new pg.Client({ connectionString: url });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await first.close();
  await second.close();
});

test('a hold that two processes give back at once is given back once', async () => {
  const hold = { sku: 'A', quantity: 2, channel: 'web', ttlSeconds: 600 };
  const { id } = (await first.call('POST', '/v1/holds', hold)).body;
  await owner.query(`begin; set local app.brand = 1; select from item where sku = 'A' for update`);
  const answers = Promise.all([first, second].map((one) => one.call('DELETE', `/v1/holds/${id}`)));
  // Both have seen that it is open, and wait for the item.
  for (;;) {
    const { rows } = await owner.query(
      `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows[0].waiting === 2) break;
  }
  await owner.query('commit');
  expect((await answers).map(({ status }) => status)).toEqual([204, 204]);
  const { rows } = await owner
    .query(
      `begin; set local app.brand = 1; select count(*)::int as told from event where kind = 'hold.released'`,
    )
    .then((results) => (results as unknown as pg.QueryResult[])[2]!);
  await owner.query('rollback');
  expect(rows).toEqual([{ told: 1 }]);
  expect(await faultsOf(first.kept)).toEqual([]);
});

test('a hold that lost all its units is over when its order has named it', async () => {
  await givenShop(first, { B: 2 });
  const { id } = (
    await first.call('POST', '/v1/holds', { sku: 'B', quantity: 2, channel: 'web', ttlSeconds: 600 })
  ).body;
  const count = { sku: 'B', location: 'main', counted: 0, reason: 'counted' };
  expect((await first.call('POST', '/v1/stock/adjustments', count)).status).toBeLessThan(300);
  const body = order('B', 1, { mode: 'placed' });
  const lines = body.lines.map((line) => ({ ...line, hold: id }));
  expect((await first.call('POST', '/v1/orders', { ...body, lines })).status).toBe(201);
  const results = await owner.query(
    `begin; set local app.brand = 1; select open, used_by is not null as used from hold where hold_id = '${id}'`,
  );
  await owner.query('rollback');
  expect((results as unknown as pg.QueryResult[])[2]!.rows).toEqual([{ open: false, used: true }]);
  expect(await faultsOf(first.kept)).toEqual([]);
});
