import { afterEach, expect, test } from 'vitest';
import { offerConnectors, workConnections } from '../../connections/index.ts';
import { testSealer } from '../../connections/testing/conformance.ts';
import { manualClock } from '../../platform/clock.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { faultsOf, START, type TestKept, testKept } from '../../testing/brand.ts';
import { amazonConnector } from './connector.ts';
import type { Faults } from './simulator/faults.ts';
import { type AmazonSimulator, openAmazonSimulator } from './simulator/server.ts';

const { url } = await testDatabase();
const MINUTE = 60_000;
let kept: TestKept;
let simulator: AmazonSimulator;
let connections = 0;

afterEach(async () => {
  const faults = await faultsOf(kept.kept);
  await kept.close();
  await simulator.close();
  expect(faults).toEqual([]);
  expect(simulator.violations).toEqual([]);
});

/** A connection of its own, on channels of its own, that has read what was there. */
async function connected() {
  const name = `amazon-${++connections}`;
  const clock = manualClock(START);
  kept = await testKept(url, clock);
  simulator = await openAmazonSimulator({ now: () => clock.now(), polls: 1, rates: 'none' });
  offerConnectors(kept.kept, {
    connectors: [amazonConnector({ pauseMs: 1, patienceMs: 1000 })],
    sealer: testSealer(),
    privateTargets: true,
  });
  for (const [path, body] of [
    [`/v1/channels/${name}`, { title: 'Amazon.com', kind: 'amazon' }],
    ['/v1/locations/main', { title: 'Warehouse' }],
    ['/v1/items/MUG', { title: 'Mug', price: { amount: 1999, currency: 'USD' } }],
  ] as const)
    expect((await kept.call('PUT', path, body)).status).toBeLessThan(300);
  const made = await kept.call('PUT', `/v1/connections/${name}`, {
    kind: 'amazon',
    settings: { ...simulator.settings, channel: name, historyDays: 3 },
    secrets: simulator.secrets,
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const pass = async (minutes: number) => {
    clock.set(new Date(clock.now().getTime() + minutes * MINUTE));
    await workConnections(kept.kept, 1);
  };
  for (let round = 0; round < 6; round++) await pass(5);
  return { name, pass };
}

/** What of each order is still to come, on both sides. */
async function openOnBothSides(
  channel: string,
): Promise<{ there: Record<string, number>; here: Record<string, number> }> {
  const there: Record<string, number> = {};
  for (const { orderId, items } of simulator.world.orders.values()) {
    const open = items.reduce((sum, item) => sum + item.quantity - item.fulfilled - item.cancelled, 0);
    if (open > 0) there[orderId] = open;
  }
  const here: Record<string, number> = {};
  const { body } = await kept.call('GET', '/v1/backorders?limit=1000');
  for (const { order, quantity } of body.items as { order: string; quantity: number }[]) {
    const [of, ref] = order.split(':') as [string, string];
    if (of === channel) here[ref] = (here[ref] ?? 0) + quantity;
  }
  return { there, here };
}

const ALL: Partial<Faults> = {
  throttling: true,
  serverErrors: true,
  lostAnswers: true,
  expiredTokens: true,
  duplicates: true,
  outOfOrder: true,
  missed: true,
};

test.each<[string, Partial<Faults>]>([
  ...Object.entries(ALL).map(([name, on]): [string, Partial<Faults>] => [name, { [name]: on }]),
  ['all of it at once', ALL],
])('%s: nothing is missed, nothing counts twice', async (_, faults) => {
  const { name, pass } = await connected();
  Object.assign(simulator.faults, faults);
  const { shop } = simulator;
  const sold: string[] = [];
  for (let round = 0; round < 6; round++) {
    for (let order = 0; order < 4; order++)
      sold.push(shop.sell({ items: [{ sku: 'MUG', quantity: order + 1 }] }).orderId);
    if (round > 1) shop.cancelByBuyer(sold[round]!);
    shop.change(sold[round * 4 + 3]!, (order) => {
      order.items[0]!.fulfilled = 1;
      order.status = 'PARTIALLY_SHIPPED';
    });
    await pass(1);
  }
  let sides = await openOnBothSides(name);
  for (let round = 0; round < 40 && JSON.stringify(sides.here) !== JSON.stringify(sides.there); round++) {
    await pass(5);
    sides = await openOnBothSides(name);
  }
  expect(sides.here).toEqual(sides.there);
  expect(Object.keys(sides.there).length).toBeGreaterThan(15);
  await pass(5);
  expect((await openOnBothSides(name)).here).toEqual(sides.there);
});

test('an order that is not as Amazon publishes it is kept with what is wrong, and the others come in', async () => {
  const { name, pass } = await connected();
  const { shop, world } = simulator;
  const odd = shop.sell({ items: [{ sku: 'MUG', quantity: 1 }] });
  shop.sell({ items: [{ sku: 'MUG', quantity: 2 }] });
  world.orders.set(odd.orderId, { ...odd, createdTime: 'yesterday' });
  for (let round = 0; round < 4; round++) await pass(5);
  const { here } = await openOnBothSides(name);
  expect(Object.values(here)).toEqual([2]);
  const { body } = await kept.call('GET', `/v1/connections/${name}/refused-facts`);
  expect(body.items).toMatchObject([{ kind: 'order', externalId: odd.orderId }]);
  // the models say so as well
  simulator.violations.length = 0;
});
