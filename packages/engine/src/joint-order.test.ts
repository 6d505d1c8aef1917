import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atPriceBreak, type JointItem, jointOrder } from './joint-order.ts';

const item = (sku: string, more: Partial<JointItem> = {}): JointItem => ({
  sku,
  quantity: 100,
  moq: 1,
  orderMultiple: 10,
  unitCost: 100,
  weeklyDemand: 10,
  position: 0,
  ...more,
});
const none = { budget: null, containerUnits: null, fill: false };

test('without limits everybody gets what is wanted', () => {
  expect(jointOrder([item('A'), item('B', { quantity: 40 })], none)).toMatchObject({
    units: 140,
    cost: 14_000,
    limitedBy: null,
  });
});

test('a budget goes to whoever runs out first', () => {
  const items = [item('LONG', { position: 60 }), item('SHORT')];
  const { lines, cost, limitedBy } = jointOrder(items, { ...none, budget: 8000 });
  expect(lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([
    ['LONG', 10],
    ['SHORT', 70],
  ]);
  expect(cost).toBe(8000);
  expect(limitedBy).toBe('budget');
});

test('a container is filled up with what runs out next, and never beyond half a year', () => {
  const items = [
    item('DUE', { quantity: 50 }),
    item('NEXT', { quantity: 0, position: 30 }),
    item('IDLE', { quantity: 0, weeklyDemand: 0 }),
  ];
  const full = jointOrder(items, { budget: null, containerUnits: 200, fill: true });
  expect(full.units).toBe(200);
  expect(full.lines.map(({ sku }) => sku)).toEqual(['DUE', 'NEXT']);
  expect(jointOrder(items, { budget: null, containerUnits: 9000, fill: true }).units).toBeLessThanOrEqual(
    2 * 270,
  );
});

test('nothing passes its limits, and each line is what its supplier takes', () => {
  const some = fc.record({
    sku: fc.uuid(),
    quantity: fc.integer({ min: 0, max: 300 }),
    moq: fc.integer({ min: 1, max: 60 }),
    orderMultiple: fc.integer({ min: 1, max: 24 }),
    unitCost: fc.integer({ min: 1, max: 900 }),
    weeklyDemand: fc.integer({ min: 0, max: 40 }),
    position: fc.integer({ min: -80, max: 200 }),
  });
  fc.assert(
    fc.property(
      fc.array(some, { maxLength: 12 }),
      fc.integer({ min: 0, max: 60_000 }),
      fc.integer({ min: 0, max: 900 }),
      fc.boolean(),
      (items, budget, containerUnits, fill) => {
        const order = jointOrder(items, { budget, containerUnits, fill });
        expect(order.cost).toBeLessThanOrEqual(budget);
        expect(order.units).toBeLessThanOrEqual(containerUnits);
        for (const { sku, quantity } of order.lines) {
          if (quantity === 0) continue;
          const { moq, orderMultiple } = items.find((one) => one.sku === sku)!;
          expect(quantity).toBeGreaterThanOrEqual(moq);
          expect(quantity % orderMultiple).toBe(0);
        }
        expect(order.lines.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(order.units);
      },
    ),
  );
});

test('a price break is reached where it saves more than the shelf costs', () => {
  const terms = { moq: 1, orderMultiple: 10, weeklyDemand: 10 };
  const breaks = [
    { from: 200, unitCost: 90 },
    { from: 5000, unitCost: 80 },
  ];
  expect(atPriceBreak(100, 100, breaks, terms)).toEqual({ quantity: 200, unitCost: 90 });
  expect(atPriceBreak(100, 100, [{ from: 200, unitCost: 99 }], terms)).toEqual({
    quantity: 100,
    unitCost: 100,
  });
  expect(atPriceBreak(250, 100, breaks, terms)).toEqual({ quantity: 250, unitCost: 90 });
  expect(atPriceBreak(0, 100, breaks, terms).quantity).toBe(0);
});
