import { expect, test } from 'vitest';
import { rankingGap } from './ranking-gap.ts';
import { oneItem, type Shop } from './testing/shop.ts';

const firstPromises = (shop: Shop) =>
  new Map([...shop.promises].map(([key, [first]]) => [key, first!.promise.parts.at(-1)!.shipBy] as const));

test('a queue in which nobody is late is as good as it can be', () => {
  const shop = oneItem({ stock: 3, supplies: [{ quantity: 4, on: '2026-03-12' }] });
  shop.place({ quantity: 3 });
  shop.place({ quantity: 4 });
  const gap = rankingGap(shop.world, shop.item(), firstPromises(shop));
  expect(gap).toMatchObject({ lines: 2, units: 7, leastUnitDays: 0, leastValueDays: 0 });
  expect(gap.now).toEqual({ unitDays: 0, valueDays: 0, lateUnits: 0, waitingUnits: 0 });
});

test('after a slip, the best possible can be less late than the ranking: by units and by value', () => {
  // The first two units were promised for the 12th, the last two for the 10th and cost ten times as much.
  const shop = oneItem({
    supplies: [
      { quantity: 2, on: '2026-03-12' },
      { quantity: 2, on: '2026-03-10' },
    ],
    policy: { ranking: ['order_time'] },
  });
  shop.place({ quantity: 2 });
  for (const leg of shop.legs(1)) leg.value = 20_000;
  shop.place({ quantity: 2 });
  for (const leg of shop.legs(2)) leg.value = 2_000;
  const promised = firstPromises(shop);
  // The first has the 10th, the second the 12th. The delivery of the 10th comes on the 22nd.
  shop.supply({ id: 2, on: '2026-03-22' });
  const gap = rankingGap(shop.world, shop.item(), promised);
  // As it stands, the first two are 12 days late: 24 unit-days of 100.00 each.
  expect(gap.now).toEqual({ unitDays: 24, valueDays: 24 * 10_000, lateUnits: 2, waitingUnits: 0 });
  // By rank, the first would have the 12th (2 days late) and the second the 22nd (10 days).
  expect(gap.byRanking).toEqual({
    unitDays: 24,
    valueDays: 4 * 10_000 + 20 * 1_000,
    lateUnits: 4,
    waitingUnits: 0,
  });
  expect(gap.leastUnitDays).toBe(24);
  expect(gap.leastValueDays).toBe(4 * 10_000 + 20 * 1_000);
});

test('a unit without any day counts until the horizon, and is told apart', () => {
  const shop = oneItem({ supplies: [{ quantity: 2, on: '2026-03-12' }], policy: { longestWaitDays: 10 } });
  shop.place({ quantity: 2 });
  shop.supply({ id: 1, quantity: 1 });
  const gap = rankingGap(shop.world, shop.item(), firstPromises(shop));
  expect(gap.now).toMatchObject({ waitingUnits: 1, unitDays: 10 });
  expect(gap.leastUnitDays).toBe(10);
});
