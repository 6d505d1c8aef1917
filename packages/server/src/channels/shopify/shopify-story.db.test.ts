import { afterEach, expect, test } from 'vitest';
import { offerConnectors, workConnections } from '../../connections/index.ts';
import { testSealer } from '../../connections/testing/conformance.ts';
import { relayTo } from '../../connections/testing/relay.ts';
import { manualClock } from '../../platform/clock.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { faultsOf, START, testKept } from '../../testing/brand.ts';
import { shopify } from './connector.ts';
import { ShopifySimulator } from './simulator/server.ts';
import { currentOf, onHand } from './simulator/state.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

/** A brand whose shop is simulated: four lamps are there, ten are under way, and shades are plenty. */
async function connected() {
  const { url } = await testDatabase();
  const clock = manualClock(START);
  const kept = await testKept(url, clock);
  open.push(() => kept.close());
  const simulator = await new ShopifySimulator({ now: () => clock.now(), pointsPerSecond: 5000 }).listen();
  open.push(() => simulator.close());
  // Shopify sends to an address; what it sends is handed to Kept as it comes.
  const relay = await relayTo(() => kept);
  open.push(() => relay.close());
  offerConnectors(kept.kept, {
    connectors: [shopify],
    sealer: testSealer(),
    privateTargets: true,
    publicUrl: relay.url,
  });
  const { shop } = simulator;
  const place = shop.addLocation('Warehouse');
  const lamp = shop.addVariant('LAMP', '10.00');
  const shade = shop.addVariant('SHADE', '8.00');
  shop.move(lamp.item, place.id, 'available', 4);
  shop.move(shade.item, place.id, 'available', 50);
  const transfer = shop.addTransfer([{ variant: lamp, quantity: 10 }], {
    arrivesAt: new Date(clock.now().getTime() + 14 * DAY_MS).toISOString(),
  });
  const made = await kept.call('PUT', '/v1/connections/shop', {
    kind: 'shopify',
    settings: { shop: shop.domain, channel: 'web', adminUrl: simulator.url },
    secrets: { ...simulator.app, ...simulator.token() },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const work = async (rounds = 3) => {
    for (let round = 0; round < rounds; round++) {
      await simulator.webhooks.delivered();
      await workConnections(kept.kept, 1);
      clock.set(new Date(clock.now().getTime() + 11 * 60_000));
    }
  };
  const order = async (name: string) =>
    (await kept.call('GET', `/v1/orders/${encodeURIComponent(`web:${name}`)}`)).body;
  /** Both sides say the same of every order, and of what lies there. */
  const agree = async () => {
    for (const one of shop.orders) {
      const { lines } = await order(one.name);
      const seen = (lines as { sku: string; ordered: number; cancelled: number; shipped: number }[])
        .map((line) => ({ sku: line.sku, wanted: line.ordered - line.cancelled, shipped: line.shipped }))
        .filter((line) => line.wanted > 0);
      const there = one.lines
        .map((line) => ({ sku: line.variant.sku, wanted: currentOf(line), shipped: line.fulfilled }))
        .filter((line) => line.wanted > 0);
      expect({ name: one.name, lines: seen }).toEqual({ name: one.name, lines: there });
    }
    for (const variant of shop.variants) {
      const { body } = await kept.call('GET', `/v1/items/${variant.sku}`);
      const lies = (body.stock as { sellable: number }[]).reduce((sum, one) => sum + one.sellable, 0);
      expect(`${lies} ${variant.sku}`).toBe(`${onHand(shop.level(variant.item, place.id))} ${variant.sku}`);
    }
    expect(await faultsOf(kept.kept)).toEqual([]);
    const { body } = await kept.call('GET', '/v1/connections/shop/refused-facts');
    expect(body.items).toEqual([]);
  };
  await work();
  return { kept, clock, simulator, shop, lamp, shade, transfer, work, order, agree };
}

test('it sells what is coming and no more, and stops the moment that ends', async () => {
  const { shop, lamp, work, agree } = await connected();
  expect(lamp.inventoryPolicy).toBe('CONTINUE');
  expect(JSON.parse(lamp.metafields.get('availability')!)).toMatchObject({
    now: 4,
    later: [{ quantity: 10 }],
  });
  shop.buy([{ variant: lamp, quantity: 3 }]);
  shop.buy([{ variant: lamp, quantity: 11 }]);
  await work();
  expect(lamp.inventoryPolicy).toBe('DENY');
  expect(() => shop.buy([{ variant: lamp, quantity: 1 }])).toThrow('sold out');
  await agree();
});

test('a till sells on whatever is denied: the order is recorded, and waits', async () => {
  const { shop, lamp, work, order, agree } = await connected();
  shop.buy([{ variant: lamp, quantity: 14 }]);
  await work();
  expect(lamp.inventoryPolicy).toBe('DENY');
  const sold = shop.buy([{ variant: lamp, quantity: 2 }], { source: 'pos' });
  await work();
  const { lines } = await order(sold.name);
  expect(lines[0].commitments).toMatchObject([{ kind: 'waiting', quantity: 2 }]);
  await agree();
});

test('units that wait are held in the shop, though they are paid, and leave when they are here', async () => {
  const { kept, shop, lamp, transfer, work, order, agree } = await connected();
  shop.buy([{ variant: lamp, quantity: 4 }]);
  await work();
  const waits = shop.buy([{ variant: lamp, quantity: 6 }]);
  await work();
  const held = shop.fulfillmentOrders.find((one) => one.order === waits.id)!;
  expect(held.status).toBe('ON_HOLD');
  expect(held.holds).toMatchObject([{ handle: 'kept-stock', reason: 'INVENTORY_OUT_OF_STOCK' }]);
  expect(shop.fulfil(waits)).toBe(0);
  shop.receive(transfer, 10);
  await work();
  expect((await order(waits.name)).lines[0].commitments).toMatchObject([{ kind: 'reserved', quantity: 6 }]);
  const released = await kept.call('POST', `/v1/releases/${encodeURIComponent(`web:${waits.name}`)}/approve`);
  expect(released.status, JSON.stringify(released.body)).toBeLessThan(300);
  await work();
  expect(held.status, JSON.stringify(released.body)).toBe('OPEN');
  expect(shop.fulfil(waits)).toBe(6);
  await work();
  expect((await order(waits.name)).lines[0]).toMatchObject({ shipped: 6, open: 0 });
  await agree();
});

test('one cancels and gets the money back, one takes another item instead', async () => {
  const { kept, shop, lamp, work, agree } = await connected();
  const gone = shop.buy([{ variant: lamp, quantity: 5 }]);
  const changed = shop.buy([{ variant: lamp, quantity: 2 }]);
  await work();
  const path = (name: string) => `/v1/orders/${encodeURIComponent(`web:${name}`)}`;
  const cancelled = await kept.call('POST', `${path(gone.name)}/cancellations`, {
    by: 'customer',
    reason: 'too late',
  });
  expect(cancelled.status, JSON.stringify(cancelled.body)).toBeLessThan(300);
  const line = (await kept.call('GET', path(changed.name))).body.lines[0].line;
  const switched = await kept.call('POST', `${path(changed.name)}/switches`, {
    line,
    sku: 'SHADE',
    quantity: 2,
  });
  expect(switched.status, JSON.stringify(switched.body)).toBeLessThan(300);
  await work(4);
  expect(gone.cancelledAt).not.toBeNull();
  expect(changed.lines.map((one) => `${currentOf(one)} ${one.variant.sku}`)).toEqual(['0 LAMP', '2 SHADE']);
  await agree();
});

test.each<[string, (simulator: ShopifySimulator) => void]>([
  ['twice', ({ webhooks }) => (webhooks.duplicates = true)],
  ['in the other order', ({ webhooks }) => (webhooks.reversed = true)],
  ['only some of them', ({ webhooks }) => (webhooks.miss = 5)],
  ['while its answers are lost', ({ faults }) => faults.ask('lost_after', 3)],
  [
    'while it fails and throttles',
    ({ faults }) => {
      faults.ask('error_before', 2);
      faults.ask('throttled', 3);
    },
  ],
  ['with a token that has expired', (simulator) => simulator.expireTokens()],
])('where Shopify tells %s, both sides agree in the end', async (_, begin) => {
  const { simulator, shop, lamp, shade, transfer, work, agree, clock } = await connected();
  begin(simulator);
  const first = shop.buy([{ variant: lamp, quantity: 3 }]);
  shop.buy([
    { variant: lamp, quantity: 5 },
    { variant: shade, quantity: 2 },
  ]);
  await work(1);
  shop.fulfil(first);
  shop.receive(transfer, 6);
  await work(4);
  // The night looks for what no webhook told.
  clock.set(new Date(clock.now().getTime() + DAY_MS));
  await work(4);
  await agree();
});

test('disconnected, the shop is as it was before', async () => {
  const { kept, shop, lamp, work } = await connected();
  const waits = shop.buy([{ variant: lamp, quantity: 6 }]);
  await work();
  expect(shop.subscriptions.length).toBeGreaterThan(20);
  expect(lamp.inventoryPolicy).toBe('CONTINUE');
  await kept.call('DELETE', '/v1/connections/shop');
  expect(shop.subscriptions).toEqual([]);
  expect(shop.definitions).toEqual([]);
  expect([...lamp.metafields.keys()]).toEqual([]);
  expect([...waits.metafields.keys()]).toEqual([]);
  expect(lamp.inventoryPolicy).toBe('DENY');
  expect(shop.fulfillmentOrders.every((one) => one.holds.length === 0)).toBe(true);
});

test('an app that is uninstalled ends the connection', async () => {
  const { kept, simulator, work } = await connected();
  simulator.uninstall();
  await work(1);
  expect((await kept.call('GET', '/v1/connections/shop')).body.state).not.toBe('active');
});
