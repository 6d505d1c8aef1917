import { expect, test } from 'vitest';
import { slipDays, slipFeatures } from './lead-time.ts';
import { FEWEST_MADE, learnLeadTimes } from './made-lead-time.ts';
import { defaultPolicy } from './policy.ts';
import { arrivedBy, slipCurve } from './slip.ts';
import { learnSlips, type SlipReceipt } from './slip-learn.ts';
import { MONDAY, Shop } from './testing/shop.ts';

const work = (sku: string, count: number, days: (index: number) => number): SlipReceipt[] =>
  Array.from({ length: count }, (_, index) => {
    const started = MONDAY - 200 + index * 3;
    const features = slipFeatures({ kind: 'production', made: sku }, 'placed', 'main');
    // Whatever was stated when it began: three weeks.
    return {
      ...features,
      expected: started + 21,
      received: started + days(index),
      made: { sku, started },
    };
  });

test('the lead time is the median of the item’s own work, once there is enough of it', () => {
  expect(
    learnLeadTimes(
      work('RING', FEWEST_MADE - 1, () => 9),
      MONDAY,
    ),
  ).toEqual({});
  const both = [...work('RING', 11, (index) => 5 + index), ...work('BELT', 12, () => 30)];
  const learnt = learnLeadTimes(both, MONDAY);
  expect(learnt.BELT).toEqual({ days: 30, made: 12 });
  // Later work counts a little more: the middle of 5 to 15.
  expect(learnt.RING).toEqual({ days: 10, made: 11 });
  expect(learnLeadTimes([{ received: MONDAY }], MONDAY)).toEqual({});
});

test('work that has become faster is believed faster than its old median', () => {
  const years = work('RING', 20, () => 30).map((one) => ({
    ...one,
    received: one.received - 730,
    made: { sku: 'RING', started: one.made!.started - 730 },
  }));
  const learnt = learnLeadTimes([...years, ...work('RING', 11, () => 12)], MONDAY);
  expect(learnt.RING).toMatchObject({ days: 12, made: 31 });
});

test('slips of work are those around its learnt lead time, not around what was stated', () => {
  const table = learnSlips(
    work('RING', 40, (index) => (index % 4 === 0 ? 14 : 10)),
    MONDAY,
  )!;
  expect(table.leadTimes!.RING!.days).toBe(10);
  const curve = slipCurve(table, slipFeatures({ kind: 'production', made: 'RING' }, 'placed', 'main'));
  expect(arrivedBy(curve, 0)).toBeGreaterThan(0.6);
  expect(arrivedBy(curve, 0)).toBeLessThan(0.9);
  expect(arrivedBy(curve, 4)).toBeGreaterThan(0.9);
});

test('an arrival is expected as its promises reckon: by the policy, by what was learnt, and from where it is late already', () => {
  const shop = new Shop({ items: [{}], locations: [{}], channels: [{}], sees: [[0]] });
  const policy = defaultPolicy('backorder');
  const supply = { kind: 'purchase_order', supplier: 'azure', freight: 'sea', place: 0 } as const;
  const tenths = (days: Float64Array) => [days[1]!, days[9]!, days[17]!];
  const due = { ...supply, expected: MONDAY + 10 };
  const [, , prior] = tenths(slipDays(due, 'placed', policy, shop.world));
  // Nine in ten stay below the policy's fourteen days.
  expect(prior).toBeLessThan(14);
  expect(prior).toBeGreaterThan(11);
  const features = slipFeatures(supply, 'placed', shop.world.locations[0]!.code);
  const receipts = Array.from({ length: 60 }, (_, index): SlipReceipt => {
    const expected = MONDAY - 300 + index * 4;
    return { ...features, expected, received: expected + (index % 3 === 0 ? 21 : 0) };
  });
  const world = { ...shop.world, slips: learnSlips(receipts, MONDAY) };
  const learnt = tenths(slipDays(due, 'placed', policy, world));
  expect(learnt[1]).toBe(0);
  expect(learnt[2]).toBeGreaterThan(14);
  expect(learnt[2]).toBeLessThan(25);
  expect(tenths(slipDays(due, 'placed', { ...policy, fixedBuffers: ['placed'] }, world))[2]).toBe(prior);
  const late = tenths(slipDays({ ...supply, expected: MONDAY - 10 }, 'placed', policy, world));
  // The plan of an overdue one is its median: half come before.
  expect(Math.abs(late[1]!)).toBeLessThanOrEqual(2);
  expect(late[0]).toBeLessThanOrEqual(0);
});
