import { afterAll, beforeAll, expect, test } from 'vitest';
import { offerConnectors, workConnections } from '../../connections/index.ts';
import { testSealer } from '../../connections/testing/conformance.ts';
import { manualClock } from '../../platform/clock.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { faultsOf, purchaseOrder, START, type TestKept, testKept } from '../../testing/brand.ts';
import { amazonConnector } from './connector.ts';
import { type AmazonSimulator, openAmazonSimulator } from './simulator/server.ts';
import { amazonVendorConnector } from './vendor-connector.ts';

const { url } = await testDatabase();
const clock = manualClock(START);
const pace = { pauseMs: 1, patienceMs: 1000 };
let kept: TestKept;
let simulator: AmazonSimulator;

beforeAll(async () => {
  kept = await testKept(url, clock);
  simulator = await openAmazonSimulator({ now: () => clock.now(), polls: 1 });
  offerConnectors(kept.kept, {
    connectors: [amazonConnector(pace), amazonVendorConnector(pace)],
    sealer: testSealer(),
    privateTargets: true,
  });
  for (const [path, body] of [
    ['/v1/channels/amazon-us', { title: 'Amazon.com', kind: 'amazon', maximumPromiseDays: 30 }],
    ['/v1/channels/amazon-vendor', { title: 'Amazon Vendor', kind: 'wholesale' }],
    ['/v1/locations/main', { title: 'Warehouse', channels: ['amazon-us', 'amazon-vendor'] }],
    ['/v1/suppliers/azure', { title: 'Azure' }],
    ['/v1/items/MUG', { title: 'Mug', price: { amount: 1999, currency: 'USD' } }],
    ['/v1/items/LAMP', { title: 'Lamp', price: { amount: 3600, currency: 'USD' } }],
  ] as const)
    await done('PUT', path, body);
  simulator.shop.list({ sku: 'MUG' });
  const { marketplace, endpoint, tokenEndpoint } = simulator.settings;
  await done('PUT', '/v1/connections/seller', {
    kind: 'amazon',
    settings: { ...simulator.settings, channel: 'amazon-us', historyDays: 2 },
    secrets: simulator.secrets,
  });
  await done('PUT', '/v1/connections/vendor', {
    kind: 'amazon_vendor',
    settings: { marketplace, endpoint, tokenEndpoint, channel: 'amazon-vendor', historyDays: 7 },
    secrets: simulator.tokens.credentials,
  });
});
afterAll(async () => {
  expect(await faultsOf(kept.kept)).toEqual([]);
  expect(simulator.violations).toEqual([]);
  await kept.close();
  await simulator.close();
});

async function done(method: string, path: string, body?: unknown) {
  const { status, body: answer } = await kept.call(method, path, body);
  expect(status, `${method} ${path} ${JSON.stringify(answer)}`).toBeLessThan(300);
  return answer;
}

/** Some rounds of work, with the time that they would take. */
async function rounds(count = 3): Promise<void> {
  for (let round = 0; round < count; round++) {
    clock.set(new Date(clock.now().getTime() + 5 * 60_000));
    await workConnections(kept.kept, 1);
  }
}
const listing = () => simulator.world.listings.get('MUG')!;

test('what Amazon may sell follows what can be promised: shelf, arrival, slip, arrival again', async () => {
  await rounds();
  await done('POST', '/v1/stock/adjustments', { sku: 'MUG', location: 'main', counted: 3, reason: 'count' });
  await done('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('MUG', 20, '2026-03-10'));
  await rounds();
  expect(listing()).toMatchObject({ quantity: 3, leadTimeDays: 2 });
  expect(listing().restockOn).toBeUndefined();
  // the shelf is sold out: what arrives is offered, with its day
  for (let order = 0; order < 3; order++)
    simulator.shop.sell({ items: [{ sku: 'MUG', quantity: 1 }], shipBy: '2026-04-01T06:59:59Z' });
  await rounds();
  expect(listing()).toMatchObject({ quantity: 20 });
  const before = listing().restockOn!;
  expect(before > '2026-03-10').toBe(true);
  await done('POST', '/v1/purchase-orders/PO-1/revisions', {
    line: 1,
    expectedOn: '2026-03-16',
    reason: 'freight',
  });
  await rounds();
  expect(listing()).toMatchObject({ quantity: 20 });
  expect(listing().restockOn! > before).toBe(true);
  // beyond thirty days Amazon is offered nothing
  await done('POST', '/v1/purchase-orders/PO-1/revisions', {
    line: 1,
    expectedOn: '2026-04-20',
    reason: 'customs',
  });
  await rounds();
  expect(listing().quantity).toBe(0);
  await done('POST', '/v1/purchase-orders/PO-1/receipts', { line: 1, quantity: 20 });
  await rounds();
  expect(listing()).toMatchObject({ quantity: 20, leadTimeDays: 2 });
});

test('what ships here is confirmed there, and told back changes nothing; what is cancelled here is cancelled there', async () => {
  const shipped = simulator.shop.sell({ items: [{ sku: 'MUG', quantity: 2 }] });
  const ended = simulator.shop.sell({ items: [{ sku: 'MUG', quantity: 1 }] });
  await rounds();
  await done('POST', `/v1/orders/amazon-us:${shipped.orderId}/shipments`, {
    lines: [{ line: 'MUG', quantity: 2 }],
    carrier: 'UPS',
    tracking: '1Z999',
  });
  await done('POST', `/v1/orders/amazon-us:${ended.orderId}/cancellations`, {
    by: 'customer',
    reason: 'too late',
  });
  await rounds(8);
  expect(shipped).toMatchObject({ status: 'SHIPPED', packages: [{ trackingNumber: '1Z999' }] });
  expect(ended).toMatchObject({ status: 'CANCELLED', cancelledBy: 'BUYER' });
  const { body } = await kept.call('GET', `/v1/orders/amazon-us:${shipped.orderId}`);
  expect(body.lines).toMatchObject([{ ordered: 2, shipped: 2, cancelled: 0 }]);
  const { waiting } = (await kept.call('GET', '/v1/connections/seller')).body;
  expect(waiting).toMatchObject({ refusedFacts: 0, refusedActions: 0, actions: 0 });
});

test('a purchase order of Amazon is answered by what stands behind it, and what was rejected is wanted no more', async () => {
  await done('POST', '/v1/stock/adjustments', { sku: 'LAMP', location: 'main', counted: 4, reason: 'count' });
  await done('PUT', '/v1/purchase-orders/PO-2', purchaseOrder('LAMP', 3, '2026-03-20'));
  const day = (number: number) => `2026-03-${String(number).padStart(2, '0')}T08:00:00Z`;
  const order = simulator.shop.orderFromVendor({
    shipWindow: `${day(3)}--${day(9)}`,
    lines: [
      {
        itemSequenceNumber: '1',
        amazonProductIdentifier: 'B00SIMULAT',
        vendorProductIdentifier: 'LAMP',
        quantity: { amount: 10, unitOfMeasure: 'Eaches', unitSize: 1 },
        isBackOrderAllowed: true,
        netCost: { amount: '18.00', currencyCode: 'USD' },
      },
    ],
  });
  const answers = () => (order.lines[0]!.answered ?? []).map(({ code, amount }) => `${amount} ${code}`);
  await rounds(4);
  expect(answers()).toEqual(['4 Accepted', '3 Backordered', '3 Rejected']);
  await rounds(4);
  const { body } = await kept.call('GET', `/v1/orders/amazon-vendor:${order.number}`);
  expect(body.lines).toMatchObject([{ ordered: 10, cancelled: 3, open: 7 }]);
  // the answer to that is the same answer
  await rounds(4);
  expect(answers()).toEqual(['4 Accepted', '3 Backordered', '3 Rejected']);
});
