import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foldBook } from '../book/index.ts';
import { NOTHING_OUTGOING, tell } from '../comms/index.ts';
import { decideDue } from '../due.ts';
import { tablesOfBrands } from '../platform/catalogue-store.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, type TestKept, testKept } from '../testing/brand.ts';

const { url } = await testDatabase();
const owner = new pg.Client({ connectionString: url });
let one: TestKept;
beforeAll(async () => {
  await owner.connect();
  one = await testKept(url);
  await givenShop(one, { LAMP: 50 });
});
afterAll(async () => {
  await owner.end();
  await one.close();
});

/** Everything in the database, as its owner sees it. */
async function tablesWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const table of await tablesOfBrands(owner)) {
    const { rowCount } = await owner.query(
      `select from ${table} t where position(lower($1) in lower(t::text)) > 0 limit 1`,
      [text],
    );
    if (rowCount) found.push(table);
  }
  return found;
}

const who = (name: string) => ({
  name,
  email: `${name.replace(' ', '.')}@Example.com`,
  phone: '+44 20 7183 8750',
});
async function place(ref: string, name: string, quantity = 2) {
  const placed = order('LAMP', quantity, {
    ref,
    mode: 'placed',
    customer: who(name),
    shipTo: { country: 'GB', region: 'Kent', zip: 'CT1 2EH' },
  });
  expect((await one.call('POST', '/v1/orders', placed)).status).toBe(201);
  const paid = {
    id: `pay-${ref}`,
    kind: 'captured',
    amount: { amount: 2000, currency: 'USD' },
    at: '2026-03-02T09:00:00Z',
  };
  expect((await one.call('POST', `/v1/orders/web:${ref}/payments`, paid)).status).toBeLessThan(300);
}
const ship = (ref: string, quantity = 2) =>
  one.call('POST', `/v1/orders/web:${ref}/shipments`, { lines: [{ line: 1, quantity }] });
const erase = async (name: string) =>
  (await one.call('POST', '/v1/privacy/erasures', { email: who(name).email })).body;
const settle = async () => {
  await decideDue(one.kept, 1);
  await tell(one.kept, 1, NOTHING_OUTGOING);
  await foldBook(one.kept, 1);
};
const sums = async () => {
  const { rows } = await owner.query(
    `select (select sum(amount)::text from payment) as paid, (select sum(ordered)::text from order_line) as ordered,
       (select sum(value)::text from book_entry) as book, (select count(distinct customer)::int from book_entry) as customers`,
  );
  return rows[0];
};

test('a customer is told everything that is known of them', async () => {
  await place('E1', 'Quintus Export');
  await settle();
  const { body } = await one.call('POST', '/v1/privacy/exports', { email: 'QUINTUS.export@example.com' });
  expect(body.known.orders).toMatchObject([{ customer_name: 'Quintus Export', zip: 'CT1 2EH' }]);
  expect(body.known.lines).toMatchObject([{ sku: 'LAMP', ordered: 2 }]);
  expect(body.known.payments).toHaveLength(1);
  expect(body.known.promises.length).toBeGreaterThan(0);
  expect(
    (await one.call('POST', '/v1/privacy/exports', { email: 'nobody@example.com' })).body.known.orders,
  ).toEqual([]);
});

test('a customer is forgotten everywhere, and every sum is as it was', async () => {
  await place('F1', 'Ottoline Forgotten');
  await place('F2', 'Somebody Else');
  await ship('F1');
  await settle();
  expect((await tablesWith('Ottoline')).length).toBeGreaterThan(0);
  const before = await sums();
  expect(await erase('Ottoline Forgotten')).toMatchObject({ orders: 1, postponed: 0 });
  expect(await tablesWith('Ottoline')).toEqual([]);
  expect(await tablesWith('Somebody Else')).not.toEqual([]);
  expect(await sums()).toEqual(before);
  await settle();
  expect(await faultsOf(one.kept)).toEqual([]);
  expect((await one.call('GET', '/v1/orders/web:F1')).status).toBe(200);
  // Who asks again is not known.
  expect(await erase('Ottoline Forgotten')).toMatchObject({ orders: 0, postponed: 0 });
});

test('an order with open units waits until it is over, and is then erased by itself', async () => {
  await place('W1', 'Zebedee Waiting');
  await place('W2', 'Zebedee Waiting');
  await ship('W1');
  expect(await erase('Zebedee Waiting')).toMatchObject({ orders: 1, postponed: 1 });
  await settle();
  expect(await tablesWith('Zebedee')).not.toEqual([]);
  await ship('W2');
  await settle();
  expect(await tablesWith('Zebedee')).toEqual([]);
  expect(await faultsOf(one.kept)).toEqual([]);
});

test('who was reached by another address before is forgotten under both', async () => {
  await place('C1', 'Cosima Before', 60);
  await settle();
  expect(
    (await one.call('PUT', '/v1/orders/web:C1/contact', { email: who('Cosima After').email })).status,
  ).toBe(204);
  const gone = { lines: [{ line: 1, quantity: 60 }], by: 'customer', reason: 'changed mind' };
  expect((await one.call('POST', '/v1/orders/web:C1/cancellations', gone)).status).toBeLessThan(300);
  await settle();
  expect(await erase('Cosima After')).toMatchObject({ orders: 1, postponed: 0 });
  expect(await tablesWith('Cosima')).toEqual([]);
  expect(await faultsOf(one.kept)).toEqual([]);
});

test('after the time that a brand has set, customers of orders that are over are erased', async () => {
  await place('O1', 'Wilhelmina Old');
  await place('O2', 'Barnaby Open');
  await ship('O1');
  await settle();
  expect((await one.call('PUT', '/v1/privacy/settings', { eraseAfterDays: 5 })).status).toBe(422);
  expect((await one.call('PUT', '/v1/privacy/settings', { eraseAfterDays: 30 })).status).toBe(200);
  one.clock.set(new Date('2026-03-31T09:00:00Z'));
  await settle();
  expect(await tablesWith('Wilhelmina')).not.toEqual([]);
  one.clock.set(new Date('2026-04-02T09:00:00Z'));
  await settle();
  expect(await tablesWith('Wilhelmina')).toEqual([]);
  expect(await tablesWith('Barnaby')).not.toEqual([]);
  expect(await faultsOf(one.kept)).toEqual([]);
});
