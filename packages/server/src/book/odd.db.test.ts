import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, purchaseOrder, type TestKept, testKept } from '../testing/brand.ts';

const { url } = await testDatabase();
let one: TestKept;
const MOST = Number.MAX_SAFE_INTEGER;
const READS = [
  '/v1/book',
  ...['item', 'supplier', 'purchase_order', 'channel', 'class', 'cause', 'state', 'month'].map(
    (by) => `/v1/book?by=${by}`,
  ),
  '/v1/book/history?by=cause',
  '/v1/book/ageing',
  '/v1/book/burn-down',
  '/v1/book/metrics',
  '/v1/book/money',
  '/v1/book/journal',
  '/v1/book/lines',
  '/v1/book/moves',
  '/v1/book/week',
  '/v1/book/export/by-item.csv',
  '/v1/book/export/all.xlsx',
];

beforeAll(async () => {
  one = await testKept(url);
  await givenShop(one, { A: 0, B: 0 });
  await one.call('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('A', 1_000_000, '2026-03-30'));
});
afterAll(() => one.close());

/** Every part of the book answers, and nothing of it is wrong. */
async function sound(): Promise<void> {
  for (const path of READS) {
    const { status, body } = await one.call('GET', path);
    expect(status, `${path}: ${JSON.stringify(body).slice(0, 300)}`).toBe(200);
  }
  expect(await faultsOf(one.kept)).toEqual([]);
}
const placed = (sku: string, quantity: number, amount: number, currency: string, discount?: number) =>
  order(sku, quantity, {
    mode: 'placed',
    lines: [
      {
        line: 1,
        sku,
        quantity,
        price: { amount, currency },
        ...(discount === undefined ? {} : { discount: { amount: discount, currency } }),
      },
    ],
  });

test.each<[string, () => unknown]>([
  ['a currency without decimals', () => placed('A', 3, 1200, 'JPY')],
  ['a currency with three', () => placed('A', 3, 1999, 'KWD')],
  ['a currency that nobody has heard of', () => placed('A', 1, 100, 'XXX')],
  ['a price of nothing', () => placed('A', 2, 0, 'USD')],
  ['a discount as large as the price', () => placed('A', 2, 500, 'USD', 1000)],
  ['a price that no order has', () => placed('A', 1, MOST, 'USD')],
  ['as many of that', () => placed('B', 2_000_000, MOST, 'USD')],
  ['again, so that their sum is beyond what a number holds', () => placed('B', 1, MOST, 'USD')],
  ['a negative price', () => placed('A', 1, -100, 'USD')],
  ['an order of the future', () => ({ ...placed('A', 1, 100, 'USD'), placedAt: '2027-01-01T00:00:00Z' })],
  ['an order of long ago', () => ({ ...placed('A', 1, 100, 'USD'), placedAt: '1999-12-31T23:59:59Z' })],
])('%s', async (_, wanted) => {
  const { status, body } = await one.call('POST', '/v1/orders', wanted());
  expect(status, JSON.stringify(body)).toBeLessThan(500);
  await sound();
});

test('who cancels and who ships the same units at the same instant', async () => {
  const wanted = placed('A', 8, 1000, 'USD');
  await one.call('POST', '/v1/orders', wanted);
  const name = `web:${wanted.ref}`;
  await one.call('POST', '/v1/purchase-orders/PO-1/receipts', { line: 1, quantity: 4 });
  const answers = await Promise.all([
    ...[3, 5].map((quantity) =>
      one.call('POST', `/v1/orders/${name}/cancellations`, {
        by: 'customer',
        lines: [{ line: 1, quantity }],
        reason: 'race',
      }),
    ),
    ...[2, 4].map((quantity) =>
      one.call('POST', `/v1/orders/${name}/shipments`, { lines: [{ line: 1, quantity }] }),
    ),
    one.call('POST', `/v1/orders/${name}/changes`, { lines: [{ line: 1, quantity: 6 }] }),
    one.call('PUT', '/v1/items/A', {
      title: 'A',
      price: { amount: 1, currency: 'USD' },
      cost: { amount: 77, currency: 'USD' },
    }),
  ]);
  for (const { status, body } of answers) expect(status, JSON.stringify(body)).toBeLessThan(500);
  await sound();
});

test('a customer whose address changes stays one customer of the book, whatever their orders do then', async () => {
  const customers = async () => (await one.call('GET', '/v1/book')).body.customers;
  const before = await customers();
  const wanted = placed('A', 4, 1000, 'USD');
  const name = `web:${wanted.ref}`;
  await one.call('POST', '/v1/orders', { ...wanted, customer: { name: 'Ada', email: 'ada@example.com' } });
  expect(await customers()).toBe(before + 1);
  for (const quantity of [1, 3]) {
    for (const email of [`ada.${quantity}@example.com`, null]) {
      expect((await one.call('PUT', `/v1/orders/${name}/contact`, { email })).status).toBe(204);
      await sound();
    }
    const gone = { lines: [{ line: 1, quantity }], by: 'customer', reason: 'changed mind' };
    expect((await one.call('POST', `/v1/orders/${name}/cancellations`, gone)).status).toBeLessThan(300);
    await sound();
  }
  expect(await customers()).toBe(before);
});

test('an order of a channel that sells from nowhere is shipped all the same', async () => {
  await one.call('PUT', '/v1/channels/fair', { title: 'A fair', kind: 'web' });
  const wanted = { ...placed('A', 2, 1000, 'USD'), channel: 'fair' };
  expect((await one.call('POST', '/v1/orders', wanted)).status).toBe(201);
  const shipped = { lines: [{ line: 1, quantity: 2 }] };
  const { status, body } = await one.call('POST', `/v1/orders/fair:${wanted.ref}/shipments`, shipped);
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  await sound();
});
