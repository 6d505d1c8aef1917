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
