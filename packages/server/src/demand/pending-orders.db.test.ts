import { afterAll, beforeAll, expect, test } from 'vitest';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, type TestKept, testKept } from '../testing/brand.ts';

const { url } = await testDatabase();
let one: TestKept;
beforeAll(async () => {
  one = await testKept(url);
  await givenShop(one, { MUG: 0 });
});
afterAll(async () => {
  expect(await faultsOf(one.kept)).toEqual([]);
  await one.close();
});

const sold = (minute: number, price: number, more: object = {}) =>
  one.call('POST', '/v1/orders', {
    ref: 'pending',
    channel: 'web',
    mode: 'placed',
    placedAt: '2026-03-02T08:00:00Z',
    sourceUpdatedAt: `2026-03-02T08:${String(minute).padStart(2, '0')}:00Z`,
    customer: { name: '' },
    shipTo: { country: 'US' },
    lines: [{ line: 'MUG', sku: 'MUG', quantity: 3, price: { amount: price, currency: 'USD' } }],
    ...more,
  });

test('an order that was told while its payment was pending takes its prices and address with it, and is not given up', async () => {
  await sold(0, 0, { paymentDueAt: '2026-03-09T08:00:00Z' });
  const value = async () => (await one.call('GET', '/v1/backorders')).body.items[0].value.amount;
  expect(await value()).toBe(0);
  const paid = { amount: 1200, currency: 'USD' };
  const lines = [{ line: 'MUG', sku: 'MUG', quantity: 3, price: paid, tax: { amount: 90, currency: 'USD' } }];
  expect((await sold(30, 1200, { lines, shipTo: { country: 'CA', region: 'ON' } })).status).toBe(200);
  expect(await value()).toBe(3600);
  const { rows } = await withBrand(one.kept.db, 1, (client) =>
    client.query(`select country, region, payment_due_at from customer_order where ref = 'pending'`),
  );
  expect(rows).toEqual([{ country: 'CA', region: 'ON', payment_due_at: null }]);
  // once it has a price, it keeps it: what it was sold for is what it was sold for
  expect((await sold(40, 900)).status).toBe(200);
  expect(await value()).toBe(3600);
  await one.call('PUT', '/v1/clock', { now: '2026-03-12T09:00:00Z' });
  expect((await one.call('GET', '/v1/orders/web:pending')).body.lines[0]).toMatchObject({
    open: 3,
    cancelled: 0,
  });
});
