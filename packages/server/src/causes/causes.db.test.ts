import { afterAll, beforeAll, expect, test } from 'vitest';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, purchaseOrder, type TestKept, testKept } from '../testing/brand.ts';

const { url } = await testDatabase();
let shop: TestKept;
const clock = (now: string) => shop.call('PUT', '/v1/clock', { now });
const episodes = async (sku: string) => (await shop.call('GET', `/v1/episodes?sku=${sku}`)).body.items;

beforeAll(async () => {
  shop = await testKept(url);
  await givenShop(shop, { LAMP: 170, MUG: 3, KIT_PART: 2, NEW: 0 });
  await shop.call('PUT', '/v1/suppliers/acme', { title: 'Acme', leadTimeDays: 14 });
});

afterAll(async () => {
  expect(await faultsOf(shop.kept)).toEqual([]);
  await shop.close();
});

test('a queue that ends and begins again is two episodes, and the same order twice is in one', async () => {
  await shop.call('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('MUG', 50, '2026-03-30'));
  const first = order('MUG', 5);
  await shop.call('POST', '/v1/orders', first);
  await shop.call('POST', '/v1/orders', first);
  expect(await episodes('MUG')).toMatchObject([{ closedAt: null, found: null, by: 'evidence' }]);
  await shop.call('POST', '/v1/stock/adjustments', {
    sku: 'MUG',
    location: 'main',
    delta: 10,
    reason: 'found',
  });
  expect(await episodes('MUG')).toMatchObject([{ closedAt: '2026-03-02T09:00:00.000Z' }]);
  await shop.call('POST', '/v1/orders', order('MUG', 20));
  await clock('2026-03-03T09:00:00Z');
  const [second, one] = await episodes('MUG');
  expect(second).toMatchObject({ closedAt: null, units: 12, orders: 1 });
  expect(one).toMatchObject({ units: 2, orders: 1, unitDays: 0 });
  expect(second.id).not.toBe(one.id);
});

test('a kit that waits for a component is in the component’s episode', async () => {
  const price = { amount: 5000, currency: 'USD' };
  await shop.call('PUT', '/v1/items/KIT', {
    title: 'Kit',
    price,
    components: [{ sku: 'KIT_PART', quantity: 2 }],
  });
  await shop.call('PUT', '/v1/purchase-orders/PO-2', purchaseOrder('KIT_PART', 50, '2026-03-30'));
  await shop.call('POST', '/v1/orders', order('KIT', 3));
  await clock('2026-03-04T09:00:00Z');
  expect(await episodes('KIT_PART')).toMatchObject([{ units: 4, orders: 1, deepest: 4 }]);
});

test('a preorder has not run out; once it is launched and not here, it has', async () => {
  const item = { title: 'New', price: { amount: 1000, currency: 'USD' }, policy: 'preorder' };
  await shop.call('PUT', '/v1/items/NEW', { ...item, lifecycle: 'upcoming', launchOn: '2026-03-20' });
  await shop.call('PUT', '/v1/purchase-orders/PO-3', purchaseOrder('NEW', 50, '2026-03-15'));
  expect((await shop.call('POST', '/v1/orders', order('NEW', 3))).status).toBe(201);
  await clock('2026-03-05T09:00:00Z');
  expect(await episodes('NEW')).toEqual([]);
  await shop.call('PUT', '/v1/items/NEW', { ...item, policy: 'backorder', lifecycle: 'active' });
  await clock('2026-03-06T09:00:00Z');
  expect(await episodes('NEW')).toMatchObject([{ closedAt: null, units: 3 }]);
});

test('a campaign that planning was told too late is what the lift is put down to', async () => {
  for (let week = 1; week <= 16; week++) {
    const placedAt = new Date(Date.parse('2026-03-06T08:00:00Z') - week * 7 * 864e5).toISOString();
    await shop.call('POST', '/v1/orders', order('LAMP', 10, { mode: 'placed', placedAt }));
  }
  await withBrand(shop.kept.db, 1, (client) =>
    client.query(
      `insert into campaign (brand_id, ref, title, from_on, until_on, told_on, skus, lift)
       values (1, 'spring', 'Spring', '2026-03-06', '2026-03-20', '2026-03-05', '{LAMP}', 3)`,
    ),
  );
  await shop.call('PUT', '/v1/purchase-orders/PO-4', purchaseOrder('LAMP', 200, '2026-04-13'));
  for (const day of ['07', '08', '09', '10']) {
    await clock(`2026-03-${day}T09:00:00Z`);
    await shop.call('POST', '/v1/orders', order('LAMP', 12, { placedAt: `2026-03-${day}T09:00:00Z` }));
  }
  await clock('2026-03-12T09:00:00Z');
  const [episode] = await episodes('LAMP');
  expect(episode.causes).toMatchObject([{ cause: 'promotional_surprise', weight: 1, kind: 'one_off' }]);
  expect(episode.found.evidence[0].words).toMatch(
    /^Campaign spring was told to planning 1 day before it began/,
  );
});

test('filters, pages and bad questions', async () => {
  const all = (await shop.call('GET', '/v1/episodes')).body.items;
  const first = (await shop.call('GET', '/v1/episodes?limit=2')).body;
  const rest = (await shop.call('GET', `/v1/episodes?limit=100&cursor=${first.next}`)).body;
  const ids = (items: { id: string }[]) => items.map(({ id }) => id);
  expect([...ids(first.items), ...ids(rest.items)]).toEqual(ids(all));
  expect(ids((await shop.call('GET', '/v1/episodes?cause=promotional_surprise')).body.items)).toHaveLength(1);
  expect((await shop.call('GET', '/v1/episodes?channel=wholesale')).body.items).toEqual([]);
  expect((await shop.call('GET', '/v1/episodes?cause=weather')).status).toBe(422);
  const bad = await shop.call('PATCH', `/v1/episodes/${all[0].id}`, { causes: [] });
  expect(bad).toMatchObject({ status: 422, body: { errors: [{ path: 'causes' }] } });
});

test('another brand sees none of it', async () => {
  const seen = await withBrand(shop.kept.db, 2, (client) =>
    client.query(
      'select from episode union all select from backorder_cause union all select from channel_offer',
    ),
  );
  expect(seen.rowCount).toBe(0);
});

test('the Pareto sums to what waited, whatever it is told by', async () => {
  const sums = await Promise.all(
    ['cause', 'supplier', 'buyer', 'channel', 'item', 'month'].map(async (by) => {
      const { items } = (await shop.call('GET', `/v1/causes?by=${by}`)).body;
      return items.reduce((sum: number, one: { units: number }) => sum + one.units, 0);
    }),
  );
  expect(new Set(sums.map((sum) => Math.round(sum)))).toHaveProperty('size', 1);
  expect(sums[0]).toBeGreaterThan(0);
});
