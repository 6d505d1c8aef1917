import { afterAll, beforeAll, expect, test } from 'vitest';
import { offerConnectors, workConnections } from '../../connections/index.ts';
import { testSealer } from '../../connections/testing/conformance.ts';
import { manualClock } from '../../platform/clock.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { faultsOf, purchaseOrder, START, type TestKept, testKept } from '../../testing/brand.ts';
import { shopify } from './connector.ts';
import { gid } from './nodes.ts';
import { ShopifySimulator } from './simulator/server.ts';
import { numberIn, type SimVariant } from './simulator/state.ts';

const { url } = await testDatabase();
const clock = manualClock(START);
let kept: TestKept;
let simulator: ShopifySimulator;
const variants = {} as Record<'LAMP' | 'SHADE' | 'BULB', SimVariant>;
let key: string;

/** Lamps come in three weeks, shades in six, and bulbs are there. */
beforeAll(async () => {
  kept = await testKept(url, clock);
  simulator = await new ShopifySimulator({ now: () => clock.now(), pointsPerSecond: 5000 }).listen();
  offerConnectors(kept.kept, { connectors: [shopify], sealer: testSealer(), privateTargets: true });
  const { shop } = simulator;
  const place = shop.addLocation('Warehouse');
  for (const sku of ['LAMP', 'SHADE', 'BULB'] as const) variants[sku] = shop.addVariant(sku, '10.00');
  await done('PUT', '/v1/locations/main', { title: 'Warehouse' });
  await done('PUT', '/v1/connections/shop', {
    kind: 'shopify',
    settings: {
      shop: shop.domain,
      channel: 'web',
      adminUrl: simulator.url,
      stock: false,
      locations: { [numberIn(place.id)]: 'main' },
    },
    secrets: { ...simulator.app, ...simulator.token() },
  });
  await work();
  await done('POST', '/v1/stock/adjustments', { sku: 'BULB', location: 'main', counted: 5, reason: 'count' });
  await done('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('LAMP', 10, '2026-03-16'));
  await done('PUT', '/v1/purchase-orders/PO-2', purchaseOrder('SHADE', 10, '2026-04-06'));
  ({ key } = await done('POST', '/v1/publishable-keys', { name: 'theme', channel: 'web' }));
  await work();
});
afterAll(async () => {
  expect(await faultsOf(kept.kept)).toEqual([]);
  await kept.close();
  await simulator.close();
});

async function done(method: string, path: string, body?: unknown) {
  const answer = await kept.call(method, path, body);
  expect(answer.status, `${method} ${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
}
async function work() {
  for (let round = 0; round < 3; round++) {
    await workConnections(kept.kept, 1);
    clock.set(new Date(clock.now().getTime() + 2 * 60_000));
  }
}
/** As a cart page asks: with the key in the page, and nothing else. */
const cart = async (lines: readonly Record<string, unknown>[], more: Record<string, unknown> = {}) => {
  const answer = await kept.call(
    'POST',
    '/storefront/v1/cart',
    { key, lines, ...more },
    { authorization: '' },
  );
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};
const MIXED = [
  { line: 'a', sku: 'BULB', quantity: 2 },
  { line: 'b', sku: 'LAMP', quantity: 1 },
  { line: 'c', sku: 'SHADE', quantity: 3 },
];

test('a cart of several days is warned about, with what leaves when', async () => {
  const answer = await cart(MIXED);
  const [, lamp, shade] = answer.parcels.map((one: { shipBy: string }) => one.shipBy);
  expect(answer).toMatchObject({
    channel: 'web',
    mixed: true,
    severalDueDates: true,
    missing: 0,
    parcels: [
      { shipBy: null, lines: [{ line: 'a', sku: 'BULB', quantity: 2 }] },
      { lines: [{ line: 'b', sku: 'LAMP', quantity: 1 }] },
      { lines: [{ line: 'c', sku: 'SHADE', quantity: 3 }] },
    ],
  });
  expect(lamp < shade).toBe(true);
  expect(answer.ways.map((one: { words: string }) => one.words)).toEqual([
    'Send each as soon as it can go',
    expect.stringMatching(/^Send everything together by .*April/),
  ]);
  // The theme can tell by itself: the days stand with the variants.
  expect([variants.LAMP, variants.SHADE].map((one) => one.metafields.get('ships_on'))).toEqual([lamp, shade]);
  expect(variants.BULB.metafields.has('ships_on')).toBe(false);
  expect(await cart(MIXED, { locale: 'de' })).toMatchObject({
    ways: [{ words: 'Jedes senden, sobald es geht' }, { words: expect.stringContaining('zusammen') }],
  });
});

test('a cart of one day, or of what is here, is one order; with a key of the API it is asked alike', async () => {
  expect(await cart([MIXED[1]!])).toMatchObject({ mixed: false, severalDueDates: false, ways: [] });
  const asked = { channel: 'web', lines: MIXED.slice(0, 2) };
  expect(await done('POST', '/v1/availability/cart', asked)).toMatchObject({
    mixed: true,
    severalDueDates: false,
  });
});

test('units of one item on several lines are shared out once, and what is not to be had is missing', async () => {
  const answer = await cart([
    { sku: 'BULB', quantity: 4 },
    { sku: 'BULB', quantity: 4 },
  ]);
  expect(answer.lines).toMatchObject([
    { line: 1, now: 4, missing: 0 },
    { line: 2, now: 1, missing: 3 },
  ]);
  expect(answer.missing).toBe(3);
  const nobody = await kept.call('POST', '/storefront/v1/cart', { key, lines: [{ sku: 'NO', quantity: 1 }] });
  expect(nobody.body.code).toBe('not_found');
  const forged = { key: `${key.slice(0, -1)}_`, lines: MIXED };
  expect((await kept.call('POST', '/storefront/v1/cart', forged)).status).toBe(401);
});

test('as one order Shopify gives all of it the soonest day; as an order for each parcel, each has its own', async () => {
  const { shop } = simulator;
  const plan = { sellingPlanId: gid('SellingPlan', 1), name: 'Pre-order' };
  const { parcels } = await cart(MIXED.slice(1));
  const buy = (some: typeof parcels) =>
    shop.buy(
      some.flatMap(
        ({ shipBy, lines }: { shipBy: string; lines: { sku: 'LAMP' | 'SHADE'; quantity: number }[] }) =>
          lines.map(({ sku, quantity }) => ({
            variant: variants[sku],
            quantity,
            plan,
            fulfillAt: `${shipBy}T00:00:00Z`,
          })),
      ),
    );
  const daysOf = (order: ReturnType<typeof buy>) =>
    shop.fulfillmentOrders.filter((one) => one.order === order.id).map((one) => one.fulfillAt?.slice(0, 10));
  const [lamp, shade] = parcels.map((one: { shipBy: string }) => one.shipBy);
  const whole = buy(parcels);
  expect(daysOf(whole)).toEqual([lamp]);
  const apart = parcels.map((parcel: unknown) => buy([parcel]));
  expect(apart.map(daysOf)).toEqual([[lamp], [shade]]);
  await work();
  // Whichever it was, Kept promises each line its own day, and nothing leaves before it is here.
  const promised = async (order: ReturnType<typeof buy>) =>
    (await done('GET', `/v1/orders/${encodeURIComponent(`web:${order.name}`)}`)).lines.map(
      (line: { promise: { shipBy: string } }) => line.promise.shipBy,
    );
  expect(await promised(whole)).toEqual([lamp, shade]);
  expect(await Promise.all(apart.map(promised))).toEqual([[lamp], [shade]]);
  expect([whole, ...apart].map((order) => shop.fulfil(order))).toEqual([0, 0, 0]);
});
