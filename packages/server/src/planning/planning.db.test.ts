import { afterAll, beforeAll, expect, test } from 'vitest';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import {
  faultsOf,
  givenShop,
  order,
  purchaseOrder,
  START,
  type TestKept,
  testKept,
} from '../testing/brand.ts';

const { url } = await testDatabase();
let shop: TestKept;

/** Twelve weeks of ten a week, as the channel sold them. */
async function sellWeekly(sku: string, units: number): Promise<void> {
  for (let week = 1; week <= 12; week++) {
    const placedAt = new Date(START.getTime() - week * 7 * 864e5 + 2 * 864e5).toISOString();
    const { status, body } = await shop.call(
      'POST',
      '/v1/orders',
      order(sku, units, { mode: 'placed', placedAt }),
    );
    if (status >= 300) throw new Error(JSON.stringify(body));
    const shipment = { lines: [{ line: 1, quantity: units }] };
    await shop.call('POST', `/v1/orders/${body.id}/shipments`, shipment);
  }
}

beforeAll(async () => {
  shop = await testKept(url);
  await givenShop(shop, { MUG: 160, LAMP: 500, TRAY: 0 });
  await shop.call('PUT', '/v1/suppliers/acme', { title: 'Acme', leadTimeDays: 28, moq: 50 });
  const price = { amount: 1000, currency: 'USD' };
  for (const sku of ['MUG', 'LAMP', 'TRAY'])
    await shop.call('PUT', `/v1/items/${sku}`, {
      title: sku,
      price,
      cost: { amount: 300, currency: 'USD' },
      supplier: 'acme',
    });
  await sellWeekly('MUG', 10);
});

afterAll(async () => {
  expect(await faultsOf(shop.kept)).toEqual([]);
  await shop.close();
});

test('the projection falls by what is asked for a week, and says when it is empty', async () => {
  const { status, body } = await shop.call('GET', '/v1/items/MUG/projection?days=56');
  expect(status).toBe(200);
  expect(body.onHand).toEqual([{ location: 'main', sellable: 40, reserved: 0 }]);
  expect(body.forecast.weekly[0]).toBeCloseTo(10, 0);
  expect(body.days).toHaveLength(56);
  expect(body.days[6].stock.p50).toBeGreaterThan(24);
  expect(body.days[6].stock.p50).toBeLessThan(36);
  expect(body.firstStockOut > '2026-03-22' && body.firstStockOut < '2026-04-06').toBe(true);
  expect(body.weeksOfCover).toBeCloseTo(4, 0);
});

test('what-if: more demand empties it sooner, and a supply more holds it', async () => {
  const asked = (query: string) => shop.call('GET', `/v1/items/MUG/projection?days=56&${query}`);
  const plain = (await asked('')).body.firstStockOut;
  expect((await asked('demandFactor=2')).body.firstStockOut < plain).toBe(true);
  expect((await asked('extraUnits=200&extraOn=2026-03-10')).body.firstStockOut).toBeNull();
  expect((await asked('extraUnits=200')).status).toBe(422);
});

test('pegged units leave when their supply comes, and not today', async () => {
  await shop.call('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('TRAY', 30, '2026-03-20'));
  await shop.call('POST', '/v1/orders', order('TRAY', 20));
  const { body } = await shop.call('GET', '/v1/items/TRAY/projection?days=60');
  expect(body.pegged).toBe(20);
  expect(body.days[0]).toMatchObject({ queue: { p50: 20 }, stock: { p50: 0 }, naive: -20 });
  expect(body.days[59].queue.p90).toBe(0);
});

test('an item below its reorder point is suggested, with the reason; one above it is not', async () => {
  const { status, body } = await shop.call('GET', '/v1/reorder-suggestions');
  expect(status).toBe(200);
  const suggestion = body.items.find(({ sku }: { sku: string }) => sku === 'MUG');
  expect(suggestion).toMatchObject({
    supplier: 'acme',
    orderBy: '2026-03-02',
    expectedOn: '2026-03-30',
    position: 40,
  });
  expect(suggestion.quantity).toBeGreaterThanOrEqual(50);
  expect(suggestion.why).toMatch(
    /^40 free on hand, 10 a week asked for, nothing on its way: order \d+ by 2 Mar/,
  );
  expect(suggestion.value.amount).toBe(300 * suggestion.quantity);
  expect(body.items.some(({ sku }: { sku: string }) => sku === 'LAMP')).toBe(false);
});

test('accepting makes a draft, which promises nothing and holds back the next suggestion', async () => {
  const path = '/v1/reorder-suggestions/MUG/accept';
  const { status, body } = await shop.call('POST', path, { quantity: 90, ref: 'D-1' });
  expect(status).toBe(201);
  expect(body).toEqual({ purchaseOrder: 'D-1', supplier: 'acme', quantity: 90, expectedOn: '2026-03-30' });
  const made = await shop.call('GET', '/v1/purchase-orders/D-1');
  expect(made.body).toMatchObject({ stage: 'draft', lines: [{ sku: 'MUG', quantity: 90 }] });
  const { body: page } = await shop.call('GET', '/v1/reorder-suggestions?sku=MUG');
  expect(page.items).toEqual([]);
});

test('accepting never writes over a purchase order that is placed, nor over another draft', async () => {
  const accept = (body: unknown) => shop.call('POST', '/v1/reorder-suggestions/MUG/accept', body);
  await shop.call('PUT', '/v1/purchase-orders/PO-9', purchaseOrder('TRAY', 7, '2026-05-20'));
  const over = await accept({ quantity: 90, ref: 'PO-9' });
  expect(over).toMatchObject({ status: 409, body: { code: 'conflict', errors: [{ path: 'ref' }] } });
  expect((await accept({ quantity: 91, ref: 'D-1' })).status).toBe(409);
  expect((await accept({ quantity: 90, ref: 'D-1' })).status).toBe(201);
  const { stage, lines } = (await shop.call('GET', '/v1/purchase-orders/PO-9')).body;
  expect({ stage, sku: lines[0].sku, quantity: lines[0].quantity }).toEqual({
    ...{ stage: 'confirmed', sku: 'TRAY', quantity: 7 },
  });
  // One that got its name here, and was placed since, is another order.
  const first = (await accept({ quantity: 60 })).body.purchaseOrder;
  await shop.call('PUT', `/v1/purchase-orders/${first}`, purchaseOrder('MUG', 60, '2026-04-20'));
  expect((await accept({ quantity: 61 })).body.purchaseOrder).toBe(`${first}-2`);
  const joint = { supplier: 'acme', ref: 'PO-9', lines: [{ sku: 'MUG', quantity: 60 }] };
  expect((await shop.call('POST', '/v1/joint-orders', joint)).status).toBe(409);
  for (const ref of [first, `${first}-2`, 'PO-9']) {
    const { body: one } = await shop.call('GET', `/v1/purchase-orders/${ref}`);
    const cancelled = {
      ...purchaseOrder(one.lines[0].sku, one.lines[0].quantity, '2026-05-20'),
      stage: 'cancelled',
    };
    expect((await shop.call('PUT', `/v1/purchase-orders/${ref}`, cancelled)).status).toBe(200);
  }
});

test('items of one supplier are ordered together within a budget, at a price break, and exported', async () => {
  const breaks = { breaks: [{ from: 300, unitCost: 200 }] };
  expect((await shop.call('PUT', '/v1/items/TRAY/price-breaks', breaks)).body).toEqual(breaks);
  await sellWeekly('TRAY', 30);
  const propose = (query: string) => shop.call('GET', `/v1/joint-orders?supplier=acme${query}`);
  const { body: whole } = await propose('');
  const tray = whole.lines.find(({ sku }: { sku: string }) => sku === 'TRAY');
  expect(tray).toMatchObject({ unitCost: { amount: 200, currency: 'USD' } });
  expect(tray.quantity).toBeGreaterThanOrEqual(300);
  const { body: little } = await propose('&budget=15000');
  expect(little).toMatchObject({ limitedBy: 'budget', currency: 'USD' });
  expect(little.cost).toBeLessThanOrEqual(15_000);
  expect((await propose('&supplier=nobody')).status).toBe(422);
  const { status, body } = await shop.call('POST', '/v1/joint-orders', {
    supplier: 'acme',
    ref: 'J-1',
    lines: [
      { sku: 'TRAY', quantity: 320 },
      { sku: 'MUG', quantity: 60 },
    ],
  });
  expect(status).toBe(201);
  expect(body).toEqual({ purchaseOrder: 'J-1', supplier: 'acme', lines: 2, units: 380 });
  const { body: order } = await shop.call('GET', '/v1/purchase-orders/J-1');
  expect(order).toMatchObject({
    stage: 'draft',
    lines: [{ unitCost: { amount: 200 } }, { unitCost: { amount: 300 } }],
  });
  const { body: csv } = await shop.call('GET', '/v1/purchase-orders/J-1/export');
  expect(csv.split('\r\n')[0]).toMatch(/^ref,supplier,placed_on,stage,currency,line,sku/);
  expect(csv).toContain('J-1,acme,2026-03-02,draft,USD,1,TRAY,TRAY,320,2.00,2026-03-30,main');
  const events = await withBrand(shop.kept.db, 1, (client) =>
    client.query(
      `select data from event where brand_id = 1 and kind = 'purchase_order.proposed' order by event_id`,
    ),
  );
  const proposed = events.rows.map((row) => JSON.parse(row.data).purchaseOrder);
  expect([proposed[0], proposed.at(-1)]).toEqual(['D-1', 'J-1']);
});

test('a queue waits for units that its channels can draw on, and not for those of another pool', async () => {
  await shop.call('PUT', '/v1/channels/amazon', { title: 'Amazon', kind: 'amazon' });
  await shop.call('PUT', '/v1/locations/main', { title: 'Main', channels: ['web', 'wholesale'] });
  await shop.call('PUT', '/v1/locations/fba', { title: 'Amazon', channels: ['amazon'] });
  await shop.call('PUT', '/v1/items/CUP', { title: 'Cup', price: { amount: 900, currency: 'USD' } });
  await shop.call('POST', '/v1/stock/adjustments', {
    ...{ sku: 'CUP', location: 'fba', condition: 'sellable', counted: 289, reason: 'count' },
  });
  await shop.call('POST', '/v1/orders', order('CUP', 80, { ref: 'W-1', mode: 'placed' }));
  const path = '/v1/items/CUP/projection?days=21';
  const { body } = await shop.call('GET', path);
  const [web, fba] = ['main', 'fba'].map((code) =>
    body.pools.find(({ locations }: { locations: string[] }) => locations.includes(code)),
  );
  expect(web).toMatchObject({ channels: ['web', 'wholesale'], onHand: 0, waiting: 80 });
  expect(fba).toMatchObject({ channels: ['amazon'], onHand: 289, waiting: 0, deepestQueue: 0 });
  expect(fba.days[20].stock.p50).toBe(289);
  expect(body.days[0]).toMatchObject({ stock: { p50: 289 }, queue: { p50: 80 } });
  const there = await shop.call('GET', `${path}&extraUnits=100&extraOn=2026-03-05&extraAt=main`);
  expect(there.body.days[20].queue.p90).toBe(0);
  const elsewhere = await shop.call('GET', `${path}&extraUnits=100&extraOn=2026-03-05&extraAt=fba`);
  expect(elsewhere.body.days[20]).toMatchObject({ stock: { p50: 389 }, queue: { p50: 80 } });
  expect((await shop.call('GET', `${path}&extraUnits=1&extraOn=2026-03-05&extraAt=moon`)).status).toBe(422);
  expect((await shop.call('GET', `${path}&slipOf=PO-77`)).status).toBe(422);
});

test('what runs out is told for all items, the first to run out first', async () => {
  const { status, body } = await shop.call('GET', '/v1/projections?days=56');
  expect(status).toBe(200);
  const skus = body.items.map(({ sku }: { sku: string }) => sku);
  // LAMP has 500 and sells none; MUG's 40 last four weeks; some wait for TRAY and CUP today, for more of TRAY.
  expect(skus).toEqual(['TRAY', 'CUP', 'MUG']);
  const [, cup, mug] = body.items;
  expect(cup).toMatchObject({ firstStockOut: '2026-03-02', queue: 80, nextArrival: null });
  expect(mug.weeklyDemand).toBeCloseTo(10, 0);
  expect(mug.firstStockOut > '2026-03-22' && mug.firstStockOut < '2026-04-06').toBe(true);
  expect(body).toMatchObject({ runOut: skus.length, withoutForecast: 0 });
  const one = await shop.call('GET', '/v1/projections?days=56&limit=1');
  expect(one.body).toMatchObject({ items: [{ sku: 'TRAY' }], runOut: skus.length });
  expect((await shop.call('GET', '/v1/projections?days=56&supplier=nobody')).body.items).toEqual([]);
  expect((await shop.call('GET', '/v1/projections?days=9999')).status).toBe(422);
});

test('an item that is not there is told', async () => {
  expect((await shop.call('GET', '/v1/items/NOPE/projection')).status).toBe(404);
  expect((await shop.call('POST', '/v1/reorder-suggestions/NOPE/accept', { quantity: 1 })).status).toBe(404);
});
