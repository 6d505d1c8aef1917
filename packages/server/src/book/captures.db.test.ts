import { afterAll, beforeAll, expect, test } from 'vitest';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { takeUpBook } from '../promising/index.ts';
import { faultsOf, givenShop, order, purchaseOrder, type TestKept, testKept } from '../testing/brand.ts';
import { foldBook } from './fold.ts';

const { url } = await testDatabase();
let one: TestKept;
beforeAll(async () => {
  one = await testKept(url);
  await givenShop(one, { A: 0, B: 0 });
  await one.call('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('A', 100, '2026-03-30'));
});
afterAll(async () => {
  expect(await faultsOf(one.kept)).toEqual([]);
  await one.close();
});

const rows = async (sql: string) => {
  const client = await one.kept.db.pool.connect();
  try {
    await client.query(`set app.brand = '1'`);
    return (await client.query(sql)).rows;
  } finally {
    client.release();
  }
};
const waiting = async () => {
  const [row] = await rows(
    'select (select count(*) from book_capture)::int as captured, (select count(*) from book_moved)::int as moved',
  );
  return row;
};

test('what nobody looked at in between is told step by step all the same', async () => {
  const ref = 'STEPS';
  await one.call('POST', '/v1/orders', order('A', 10, { ref, mode: 'placed' }));
  const cancel = { lines: [{ line: 1, quantity: 4 }], by: 'customer', reason: 'changed_mind' };
  expect((await one.call('POST', `/v1/orders/web:${ref}/cancellations`, cancel)).status).toBeLessThan(300);
  expect(await waiting()).toMatchObject({ captured: 2 });
  const { body } = await one.call('GET', '/v1/book');
  expect(body).toMatchObject({ units: 6 });
  expect(await waiting()).toEqual({ captured: 0, moved: 0 });
  const entries = await rows(
    `select kind, units::int as units, was_units::int as "wasUnits" from book_entry order by version`,
  );
  expect(entries).toEqual([
    { kind: 'new', units: 10, wasUnits: 0 },
    { kind: 'cancelled', units: 6, wasUnits: 10 },
  ]);
});

test('days that move are names until somebody looks, and then the days of that moment', async () => {
  for (const expectedOn of ['2026-06-15', '2026-08-15'])
    await one.call('POST', '/v1/purchase-orders/PO-1/revisions', { line: 1, expectedOn, reason: 'freight' });
  expect(await waiting()).toMatchObject({ captured: 0 });
  expect((await waiting()).moved).toBeGreaterThan(0);
  await foldBook(one.kept, 1);
  const entries = await rows(`select kind, planned_on from book_entry where until_at is null`);
  expect(entries).toHaveLength(1);
  expect(entries[0].kind).toBe('moved');
  expect(entries[0].planned_on > '2026-08-15').toBe(true);
});

test('a line that moved and was cancelled afterwards is told by what cancelled it', async () => {
  await one.call('POST', '/v1/purchase-orders/PO-1/revisions', {
    ...{ line: 1, expectedOn: '2026-09-15', reason: 'freight' },
  });
  const cancel = { lines: [{ line: 1, quantity: 6 }], by: 'brand', reason: 'out_of_stock' };
  expect((await one.call('POST', '/v1/orders/web:STEPS/cancellations', cancel)).status).toBeLessThan(300);
  expect((await one.call('GET', '/v1/book')).body.units).toBe(0);
  const [last] = await rows(
    'select kind, by, units::int as units from book_entry order by version desc limit 1',
  );
  expect(last).toEqual({ kind: 'cancelled', by: 'brand', units: 0 });
});

test('many who look at once take everything up once', async () => {
  for (let number = 0; number < 30; number++)
    await one.call('POST', '/v1/orders', order('B', 1, { ref: `CROWD-${number}`, mode: 'placed' }));
  const takers = Array.from({ length: 4 }, () =>
    withBrand(one.kept.db, 1, (client) => takeUpBook(client, 1), { reads: true }),
  );
  const taken = await Promise.all(takers);
  expect(taken.reduce((sum, number) => sum + number, 0)).toBe(30);
  expect((await one.call('GET', '/v1/book')).body.lines).toBe(30);
});
