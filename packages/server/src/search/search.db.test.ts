import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { givenShop, order, purchaseOrder, type TestKept, testKept } from '../testing/brand.ts';

const { url } = await testDatabase();
let shop: TestKept;
const find = async (q: string) =>
  (await shop.call('GET', `/v1/search?q=${encodeURIComponent(q)}`)).body.items;

beforeAll(async () => {
  shop = await testKept(url);
  await givenShop(shop, { 'LAMP-1': 90 });
  await shop.call('PUT', '/v1/purchase-orders/PO-7', purchaseOrder('LAMP-1', 50, '2026-03-30'));
  for (const [ref, name] of [
    ['1001', 'Ada Moss'],
    ['1002', 'Grace O’Hall_%'],
  ])
    await shop.call('POST', '/v1/orders', { ...order('LAMP-1', 1), ref, customer: { name } });
});
afterAll(() => shop.close());

test.each([
  ['1001', { kind: 'order', name: 'web:1001', title: 'Ada Moss', order: 'web:1001' }],
  ['web:1001', { kind: 'order', name: 'web:1001' }],
  ['ada', { kind: 'customer', name: 'Ada Moss', order: 'web:1001' }],
  ['Moss', { kind: 'customer', name: 'Ada Moss', order: 'web:1001' }],
  ['_%', { kind: 'customer', name: 'Grace O’Hall_%' }],
  ['lamp', { kind: 'item', name: 'LAMP-1', sku: 'LAMP-1' }],
  ['po-7', { kind: 'purchase_order', name: 'PO-7' }],
])('%s finds it, and nothing else', async (q, expected) => {
  const found = await find(q);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject(expected);
});

test('what is called otherwise is not found, and too little is refused', async () => {
  expect(await find('no-such')).toEqual([]);
  expect((await shop.call('GET', '/v1/search?q=a')).status).toBe(422);
});
