import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { givenShop, order, purchaseOrder, type TestKept, testKept } from '../testing/brand.ts';

const { url } = await testDatabase();
let one: TestKept;
beforeAll(async () => {
  one = await testKept(url);
  await givenShop(one, { CUP: 0, PLATE: 0, LAMP: 0, SET: 0 });
  const set = { title: 'Set', price: { amount: 3000, currency: 'USD' } };
  const components = [
    { sku: 'CUP', quantity: 2 },
    { sku: 'PLATE', quantity: 1 },
  ];
  expect((await one.call('PUT', '/v1/items/SET', { ...set, components })).status).toBeLessThan(300);
  for (const sku of ['CUP', 'PLATE', 'LAMP'])
    await one.call('PUT', `/v1/purchase-orders/PO-${sku}`, purchaseOrder(sku, 50, '2026-03-23'));
  for (const sku of ['CUP', 'SET', 'LAMP', 'SET', 'PLATE', 'CUP'])
    expect((await one.call('POST', '/v1/orders', order(sku, 3))).status).toBe(201);
  // It is no kit any more, and what was sold as one waits as one.
  expect((await one.call('PUT', '/v1/items/SET', { ...set, components: [] })).status).toBeLessThan(300);
  await one.call('PUT', '/v1/purchase-orders/PO-SET', purchaseOrder('SET', 50, '2026-04-02'));
  expect((await one.call('POST', '/v1/orders', order('SET', 1))).status).toBe(201);
});
afterAll(() => one.close());

const asked = async (query: string) => {
  const { status, body } = await one.call('GET', `/v1/backorders${query}`);
  expect(status).toBe(200);
  return body;
};

test.each(['CUP', 'PLATE', 'LAMP', 'SET', 'NONE'])(
  'the backorders of %s alone are those among all',
  async (sku) => {
    const all = await asked('?limit=100');
    expect(all.items).toHaveLength(7);
    const own = all.items.filter((row: { sku: string }) => row.sku === sku);
    const found = await asked(`?sku=${sku}&limit=100`);
    expect(found.items).toEqual(own);
    const units = own.reduce((sum: number, row: { quantity: number }) => sum + row.quantity, 0);
    expect([found.totals.lines, found.totals.units]).toEqual([own.length, units]);
  },
);

test('and so is a line by itself', async () => {
  const { items } = await asked('?limit=100');
  for (const row of items) {
    const { status, body } = await one.call('GET', `/v1/backorders/${row.id}`);
    expect([status, body.id, body.quantity]).toEqual([200, row.id, row.quantity]);
  }
});
