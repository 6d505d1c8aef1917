import { afterAll, beforeAll, expect, test } from 'vitest';
import { withBrand } from '../platform/database.ts';
import { recordEvents } from '../platform/outbox.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { type TestKept, testKept } from '../testing/brand.ts';
import { followLog, type Heard } from './follow.ts';

const { url } = await testDatabase();
let shop: TestKept;
beforeAll(async () => {
  shop = await testKept(url);
});
afterAll(() => shop.close());

const record = (brandId: number, id: number, data: object = {}) =>
  withBrand(shop.kept.db, brandId, (client) =>
    recordEvents(client, brandId, [{ id, kind: `test.${id}`, data, at: '2026-03-02T09:00:00Z' }]),
  );

test('each listener hears what is recorded from then on, once and in order, of its brand alone', async () => {
  const { listen } = followLog(shop.kept);
  const heard: Heard[] = [];
  const kinds = () => heard.flatMap(({ events }) => events.map(({ kind }) => kind));
  await record(1, 9001);
  const leave = await listen(1, null, (one) => heard.push(one));
  await record(2, 9002);
  await record(1, 9003, { order: 7 });
  await record(1, 9004);
  await expect.poll(kinds, { timeout: 10_000 }).toEqual(['test.9003', 'test.9004']);
  expect(heard[0]!.events[0]).toMatchObject({ order: 7 });

  const place = heard.at(-1)!.place;
  leave();
  await record(1, 9005);
  const missed: Heard[] = [];
  const go = await listen(1, place, (one) => missed.push(one));
  await expect
    .poll(() => missed.flatMap(({ events }) => events.map(({ kind }) => kind)), { timeout: 10_000 })
    .toEqual(['test.9005']);
  expect(kinds()).not.toContain('test.9005');
  go();
});

test('too many at once are told as many, and the place is behind them', async () => {
  const { listen } = followLog(shop.kept);
  await withBrand(shop.kept.db, 1, (client) =>
    recordEvents(
      client,
      1,
      Array.from({ length: 600 }, (_, at) => ({
        id: 10_000 + at,
        kind: 'test.bulk',
        data: {},
        at: '2026-03-02T09:00:00Z',
      })),
    ),
  );
  const heard: Heard[] = [];
  const leave = await listen(1, { transaction: '1', event: 0 }, (one) => heard.push(one));
  expect(heard).toMatchObject([{ many: true, events: [] }]);
  await record(1, 9006);
  await expect
    .poll(() => heard.at(-1)!.events.map(({ kind }) => kind), { timeout: 10_000 })
    .toEqual(['test.9006']);
  leave();
});

test('how much happened since an instant is told by its kind, of this brand alone', async () => {
  await record(1, 900_001);
  const { status, body } = await shop.call('GET', '/v1/changes?since=2026-03-02T08:59:00Z');
  expect(status).toBe(200);
  expect(body.changes).toContainEqual({ kind: 'test.900001', count: 1 });
  expect(body.since).toBe('2026-03-02T08:59:00.000Z');
  const later = await shop.call('GET', '/v1/changes?since=2026-03-02T09:00:00Z');
  expect(later.body.changes).not.toContainEqual(expect.objectContaining({ kind: 'test.900001' }));
  // Nobody reads what was a year ago: it begins a month back.
  expect((await shop.call('GET', '/v1/changes?since=2020-01-01T00:00:00Z')).body.since > '2026-01').toBe(
    true,
  );
  expect((await shop.call('GET', '/v1/changes?since=soon')).status).toBe(422);
});
