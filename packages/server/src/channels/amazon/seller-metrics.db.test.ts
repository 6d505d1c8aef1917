import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBrand } from '../../accounts/index.ts';
import { soldOrders } from '../../connections/sold-orders.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { faultsOf, purchaseOrder, type TestKept, testKept } from '../../testing/brand.ts';
import { sellerMetrics, sellerOrderOf } from './seller-metrics.ts';

const { url } = await testDatabase();
const TODAY = '2026-03-02';
let one: TestKept;
let brandId: number;

beforeAll(async () => {
  one = await testKept(url);
  ({ brandId } = await ensureBrand(one.kept, {
    title: 'Test',
    timeZone: 'UTC',
    currency: 'USD',
    country: 'US',
  }));
  for (const [path, body] of [
    ['/v1/channels/amazon-us', { title: 'Amazon.com', kind: 'amazon' }],
    ['/v1/locations/main', { title: 'Warehouse', channels: ['amazon-us'] }],
    ['/v1/suppliers/azure', { title: 'Azure' }],
    ['/v1/items/MUG', { title: 'Mug', price: { amount: 1999, currency: 'USD' } }],
    ['/v1/items/LAMP', { title: 'Lamp', price: { amount: 1999, currency: 'USD' } }],
  ] as const)
    expect((await one.call('PUT', path, body)).status).toBeLessThan(300);
  await one.call('POST', '/v1/stock/adjustments', {
    sku: 'MUG',
    location: 'main',
    counted: 10,
    reason: 'count',
  });
  await one.call('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('LAMP', 5, '2026-03-10'));
});
afterAll(async () => {
  expect(await faultsOf(one.kept)).toEqual([]);
  await one.close();
});

async function sold(ref: string, sku: string, shipBy: string) {
  const { status } = await one.call('POST', '/v1/orders', {
    ref,
    channel: 'amazon-us',
    mode: 'placed',
    placedAt: '2026-02-27T10:00:00Z',
    customer: { name: '' },
    shipTo: { country: 'US' },
    lines: [{ line: sku, sku, quantity: 1, price: { amount: 1999, currency: 'USD' }, statedShipBy: shipBy }],
  });
  expect(status).toBe(201);
}
const after = (ref: string, what: string, body: object) =>
  one
    .call('POST', `/v1/orders/amazon-us:${ref}/${what}`, body)
    .then(({ status }) => expect(status).toBe(200));

test('late, late soon, cancelled by whom, and with nothing behind it: out of Kept’s own tables', async () => {
  await sold('on-time', 'MUG', '2026-03-02');
  await after('on-time', 'shipments', {
    lines: [{ line: 'MUG', quantity: 1 }],
    shippedAt: '2026-03-01T10:00:00Z',
  });
  await sold('late', 'MUG', '2026-02-28');
  await after('late', 'shipments', {
    lines: [{ line: 'MUG', quantity: 1 }],
    shippedAt: '2026-03-01T10:00:00Z',
  });
  await sold('by-seller', 'MUG', '2026-03-05');
  await after('by-seller', 'cancellations', { by: 'brand' });
  await sold('by-buyer', 'MUG', '2026-03-05');
  await after('by-buyer', 'cancellations', { by: 'customer' });
  await sold('open', 'MUG', '2026-03-05');
  // four wait for a purchase order that comes after the day that Amazon told, one beyond what it brings
  for (const number of [1, 2, 3, 4]) await sold(`waits-${number}`, 'LAMP', '2026-03-05');
  await sold('waits-5', 'LAMP', '2026-04-20');
  await sold('unbacked', 'LAMP', '2026-03-05');
  const told = await soldOrders(one.kept, brandId, 'amazon-us', new Date('2026-02-01T00:00:00Z'));
  const orders = told.map((order) => sellerOrderOf(order, 'America/Los_Angeles'));
  expect(orders).toHaveLength(11);
  expect(orders.filter((order) => order.plannedOn !== null && order.plannedOn > '2026-03-10')).toHaveLength(
    5,
  );
  const metrics = sellerMetrics(orders, one.clock.now(), TODAY);
  expect(metrics.late).toMatchObject({ count: 1, of: 9 });
  expect(metrics.lateSoon).toMatchObject({ count: 5, of: 9 });
  expect(metrics.cancelled).toMatchObject({ count: 1, of: 11 });
  expect(metrics.cancelledSoon).toMatchObject({ count: 2, of: 11 });
  expect(await soldOrders(one.kept, brandId, 'amazon-us', new Date('2026-02-28T00:00:00Z'))).toEqual([]);
});
