import { afterAll, beforeAll, expect, test } from 'vitest';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, START, type TestKept, testKept } from '../testing/brand.ts';
import { claimPart } from './forecast-run-store.ts';
import { startForecasts, workForecasts } from './index.ts';

const { url } = await testDatabase();
let shop: TestKept;
let other: TestKept;

const DAY_MS = 864e5;
const price = { amount: 1000, currency: 'USD' };

/** Orders that a channel took, so many weeks before the start, and that have left. */
async function sold(sku: string, units: number, weeksAgo: number, more: Record<string, unknown> = {}) {
  const placedAt = new Date(START.getTime() - weeksAgo * 7 * DAY_MS + 2 * DAY_MS).toISOString();
  const { body } = await shop.call(
    'POST',
    '/v1/orders',
    order(sku, units, { mode: 'placed', placedAt, ...more }),
  );
  const shipment = { lines: [{ line: 1, quantity: units }] };
  await shop.call('POST', `/v1/orders/${body.id}/shipments`, shipment);
}

const forecastOf = async (sku: string, query = '') =>
  (await shop.call('GET', `/v1/items/${sku}/forecast${query}`)).body;

beforeAll(async () => {
  shop = await testKept(url);
  other = await testKept(url, shop.clock);
  await givenShop(shop, { MUG: 2000, POT: 2000, NEW: 50, LAMP: 0 });
  await shop.call('PUT', '/v1/suppliers/acme', { title: 'Acme', leadTimeDays: 28 });
  for (const sku of ['MUG', 'POT', 'NEW'])
    await shop.call('PUT', `/v1/items/${sku}`, { title: sku, price, supplier: 'acme' });
  for (let week = 1; week <= 14; week++) {
    await sold('MUG', 8, week);
    await sold('MUG', 2, week, { channel: 'wholesale' });
    await sold('POT', 4, week);
  }
  await sold('MUG', 500, 5, { channel: 'wholesale' });
});

afterAll(async () => {
  expect(await faultsOf(shop.kept)).toEqual([]);
  await other.close();
  await shop.close();
});

test('two processes share a run: each item is forecast once, and the progress is told', async () => {
  expect((await shop.call('POST', '/v1/forecasts')).status).toBe(202);
  const before = (await shop.call('GET', '/v1/forecasts')).body.items[0];
  expect(before).toMatchObject({ madeOn: '2026-03-02', parts: 1, partsDone: 0, doneAt: null });
  const done = await Promise.all([workForecasts(shop.kept, 1), workForecasts(other.kept, 1)]);
  await workForecasts(shop.kept, 1);
  expect(done[0]! + done[1]!).toBeGreaterThan(0);
  const after = (await shop.call('GET', '/v1/forecasts')).body.items[0];
  expect(after).toMatchObject({ items: 4, itemsDone: 4, parts: 2, partsDone: 2, troubles: [] });
  expect(after.doneAt).not.toBeNull();
});

test('a part whose process died is taken by another once its lease is over', async () => {
  await startForecasts(shop.kept, 1);
  const claim = (seconds: number) => withBrand(shop.kept.db, 1, (client) => claimPart(client, 1, seconds));
  expect(await claim(0)).toMatchObject({ part: 0 });
  expect(await claim(600)).toMatchObject({ part: 0 });
  expect(await claim(600)).toBeNull();
  await startForecasts(shop.kept, 1); // joins the run that goes on
  expect(await claim(600)).toBeNull();
  await withBrand(shop.kept.db, 1, (client) =>
    client.query(`update forecast_part set claimed_until = '2000-01-01', attempts = 0 where brand_id = 1`),
  );
  expect(await workForecasts(other.kept, 1)).toBe(2);
});

test('the forecast is told by week and channel, with what was kept apart', async () => {
  const body = await forecastOf('MUG', '?weeks=6&past=8');
  expect(body.madeOn).toBe('2026-03-02');
  expect(body.weeks).toHaveLength(6);
  expect(body.weeks[0].forecast).toBeCloseTo(10, 0);
  expect(body.weeks[0].p10).toBeLessThanOrEqual(10);
  expect(body.weeks[0].p90).toBeGreaterThanOrEqual(10);
  expect(body.basis).toMatchObject({ bulkUnits: 500, historyWeeks: 14 });
  expect(body.past).toHaveLength(8);
  expect(body.past[3]).toMatchObject({ taken: 510 });
  expect(body.past[3].demand).toBeCloseTo(10, 0);
  const shares = Object.fromEntries(
    body.channels.map((one: { channel: string; share: number }) => [one.channel, one.share]),
  );
  expect(shares.web).toBeGreaterThan(0);
  expect(shares.web + shares.wholesale).toBeCloseTo(1, 1);
});

test('an override is planned with, keeps its reason, and the forecast stays beside it', async () => {
  const said = { from: '2026-03-09', until: '2026-03-22', weekly: 30, reason: 'A shop in Leeds opens' };
  const { status, body } = await shop.call('POST', '/v1/items/MUG/forecast/overrides', said);
  expect(status).toBe(201);
  expect(body).toMatchObject({ id: 1, by: 'key:bootstrap', reason: said.reason, score: null });
  const { weeks } = await forecastOf('MUG', '?weeks=4');
  expect(weeks.map((week: { planned: number }) => Math.round(week.planned))).toEqual([10, 30, 30, 10]);
  expect(weeks[1]).toMatchObject({ override: 30 });
  expect(weeks[1].forecast).toBeCloseTo(10, 0);
  const projection = (await shop.call('GET', '/v1/items/MUG/projection?days=28')).body;
  expect(projection.days[8].expectedDemand).toBeCloseTo(30 / 7, 1);
  const wrong = await shop.call('POST', '/v1/items/MUG/forecast/overrides', { ...said, factor: 2 });
  expect(wrong.status).toBe(422);
  expect(wrong.body.errors[0]).toMatchObject({ path: 'weekly' });
  expect((await shop.call('DELETE', '/v1/items/MUG/forecast/overrides/9')).status).toBe(404);
});

test('a campaign in the calendar lifts the weeks it is in; one called off does not', async () => {
  const sale = { title: 'Spring sale', from: '2026-03-16', until: '2026-03-22', skus: ['POT'], lift: 3 };
  const put = (body: unknown) => shop.call('PUT', '/v1/campaigns/SPRING', body);
  expect(await put(sale)).toMatchObject({ status: 201, body: { toldOn: '2026-03-02', lift: 3 } });
  expect((await put({ ...sale, skus: ['NOPE'] })).body.errors).toEqual([
    { path: 'skus.0', message: 'expected the SKU of an item that is there' },
  ]);
  await startForecasts(shop.kept, 1);
  await workForecasts(shop.kept, 1);
  const lifted = await forecastOf('POT', '?weeks=4');
  expect(lifted.weeks[2].campaigns).toEqual(['SPRING']);
  expect(lifted.weeks[2].forecast / lifted.weeks[1].forecast).toBeCloseTo(3, 1);
  expect(await put({ ...sale, ended: true })).toMatchObject({ status: 200, body: { toldOn: '2026-03-02' } });
  await startForecasts(shop.kept, 1);
  await workForecasts(shop.kept, 1);
  const plain = await forecastOf('POT', '?weeks=4');
  expect(plain.weeks[2].forecast).toBeCloseTo(plain.weeks[1].forecast, 0);
});

test('a launch begins as the items it is said to be like did', async () => {
  expect((await shop.call('PUT', '/v1/items/NEW/look-alikes', { skus: ['NEW'] })).status).toBe(422);
  const { body } = await shop.call('PUT', '/v1/items/NEW/look-alikes', { skus: ['MUG'] });
  expect(body).toEqual({ skus: ['MUG'] });
  await startForecasts(shop.kept, 1);
  await workForecasts(shop.kept, 1);
  const launch = await forecastOf('NEW', '?weeks=2');
  expect(launch.basis).toMatchObject({ lookAlikes: 1, historyWeeks: 0 });
  expect(launch.weeks[0].forecast).toBeGreaterThan(5);
});

test('as weeks pass, forecast and override are scored by what came', async () => {
  const moved = await shop.call('PUT', '/v1/clock', { now: '2026-03-23T09:00:00Z' });
  expect(moved.status).toBe(200);
  for (const day of ['2026-03-05', '2026-03-11', '2026-03-18'])
    await shop.call('POST', '/v1/orders', order('MUG', 11, { mode: 'placed', placedAt: `${day}T09:00:00Z` }));
  const body = await forecastOf('MUG', '?past=3');
  expect(body.madeOn).toBe('2026-03-23');
  expect(body.past.map((week: { taken: number }) => week.taken)).toEqual([11, 11, 11]);
  expect(body.past.map((week: { planned: number }) => Math.round(week.planned))).toEqual([10, 30, 30]);
  const [override] = body.overrides;
  expect(override.score).toMatchObject({ weeks: 2, better: false });
  expect(override.score.overrideError).toBe(19);
  expect(body.accuracy.forecast.weeks).toBe(3);
  expect(body.accuracy.planned.meanAbsoluteError).toBeGreaterThan(body.accuracy.forecast.meanAbsoluteError);
  expect((await shop.call('DELETE', '/v1/items/MUG/forecast/overrides/1')).status).toBe(204);
  expect((await forecastOf('MUG')).overrides[0].endedAt).not.toBeNull();
});
