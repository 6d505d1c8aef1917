import { expect, test } from 'vitest';
import { complementaryLoss, gamma, negativeBinomial, normal, poisson } from './distribution.ts';
import { lotSchedule } from './lot-schedule.ts';
import { newsvendor, normalBaseStock } from './newsvendor.ts';
import { economicOrderQuantity, plannedBackorders, quantityAtPrices } from './order-quantity.ts';
import { optimalOrderUpTo } from './order-up-to.ts';
import { optimalNormalReorder, optimalReorder, reorderCost, reorderPointFor } from './reorder-point.ts';

/**
 * Published instances with known optima. Where no other source is named: L. V. Snyder and Z.-J. M. Shen, Fundamentals of Supply Chain
 * Theory (2nd ed.), by the example or problem named, as computed by its companion library stockpyl.
 */

/** As many digits as a double can be trusted with after a sum of tails. */
const DIGITS = 13;

function expectAll(found: Record<string, number>, wanted: Record<string, number>) {
  for (const [name, value] of Object.entries(wanted))
    expect(Math.abs(found[name]! / value - 1), `${name}: ${found[name]} for ${value}`).toBeLessThan(
      10 ** -DIGITS,
    );
}

/** Zheng and Federgruen, Operations Research 39 (1991): holding 1, shortage 9, ordering 64, Poisson demand. */
test.each([
  [10, 6, 40, 35.022],
  [15, 10, 49, 42.698],
  [20, 14, 62, 49.173],
  [25, 19, 56, 54.262],
  [35, 28, 77, 61.215],
  [52, 44, 112, 72.246],
  [59, 51, 126, 76.679],
  [61, 52, 131, 77.929],
  [63, 54, 73, 78.287],
  [65, 56, 75, 78.518],
  [75, 67, 86, 79.554],
])('(s, S) at a mean of %d a period is (%d, %d) at %d', (mean, reorderLevel, orderUpTo, cost) => {
  const demand = poisson(mean);
  const found = optimalOrderUpTo(demand, demand, { holding: 1, shortage: 9, ordering: 64 });
  expect(found).toMatchObject({ reorderLevel, orderUpTo });
  expect(Math.abs(found.cost - cost)).toBeLessThan(0.00051);
});

test('economic order quantity: example 3.1 and problem 3.1', () => {
  expectAll(
    { ...economicOrderQuantity({ demand: 1300, ordering: 8, holding: 0.225 }) },
    { quantity: 304.0467800264368, cost: 68.41052550594827 },
  );
  expectAll(
    { ...economicOrderQuantity({ demand: 182500, ordering: 2250, holding: 275 }) },
    { quantity: 1728.109844993551, cost: 475230.2073732266 },
  );
});

test('planned backorders: example 3.8', () => {
  const found = plannedBackorders({ demand: 1300, ordering: 8, holding: 0.225, waiting: 5 });
  expectAll(
    { ...found },
    { quantity: 310.81255515896464, backorderShare: 0.0430622009569378, cost: 66.92136355097325 },
  );
  expect(found.deepestQueue).toBeCloseTo(found.quantity * found.backorderShare, 12);
});

test('price breaks on all units and on those above the break: section 3.4', () => {
  const steady = { demand: 1300, ordering: 8, holding: 0, holdingRate: 0.3 };
  const prices = [
    { from: 0, unitPrice: 0.75 },
    { from: 400, unitPrice: 0.72 },
    { from: 800, unitPrice: 0.68 },
  ];
  expectAll({ ...quantityAtPrices(steady, prices, 'all_units') }, { quantity: 800, cost: 978.6 });
  expectAll(
    { ...quantityAtPrices(steady, prices, 'incremental') },
    { quantity: 304.0467800264368, cost: 1043.4105255059483 },
  );
});

test.each([
  ['example 4.7', 1, 4, 6, 8, 3.570106945770946],
  ['problem 4.8a', 200, 270, 18, 19, 786.0884409351115],
])('newsvendor with Poisson demand: %s', (_, holding, shortage, mean, level, cost) => {
  expectAll({ ...newsvendor(poisson(mean), { holding, shortage }) }, { level, cost });
});

test('newsvendor with normal demand, without and with a lead time: example 4.3', () => {
  const costs = { holding: 0.18, shortage: 0.7 };
  expectAll({ ...newsvendor(normal(50, 8), costs) }, { level: 56.60395592743389, cost: 1.9976051931766445 });
  const four = normalBaseStock({ mean: 50, deviation: 8 }, 4, costs);
  expect((four.level - 250) / Math.sqrt(5)).toBeCloseTo(6.60395592743389, 11);
  expect(four.cost / Math.sqrt(5)).toBeCloseTo(1.9976051931766445, 12);
});

test('(r, Q) with Poisson demand: section 5.5', () => {
  const found = optimalReorder(poisson(3), 1.5, { ordering: 100, holding: 20, shortage: 150 });
  expectAll({ ...found }, { reorderPoint: 3, quantity: 5, cost: 107.92358063314975 });
});

test('(r, Q) with normal demand: the cost of example 5.1, and nothing near the optimum is cheaper', () => {
  const costs = { ordering: 8, holding: 0.225, shortage: 7.5 };
  const demand = normal(1300 / 12, 150 / Math.sqrt(12));
  const cost = (reorderPoint: number, quantity: number) =>
    reorderCost(demand, 1300, costs, { reorderPoint, quantity });
  expect(cost(126.8, 328.5)).toBeCloseTo(78.07116250928294, 12);
  const best = optimalNormalReorder({ mean: 1300, deviation: 150 }, 1 / 12, costs);
  for (const [r, q] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
    [1, 1],
    [-1, 1],
  ] as const)
    expect(cost(best.reorderPoint + 0.01 * r, best.quantity + 0.01 * q)).toBeGreaterThan(best.cost);
});

test.each([
  ['gamma', gamma(100, 40)],
  ['negative binomial', negativeBinomial(100, 1600)],
])('(r, Q) of a %s: the reorder point for its own quantity is its own', (_, demand) => {
  const costs = { ordering: 8, holding: 0.225, shortage: 7.5 };
  const best = optimalReorder(demand, 1300, costs);
  const given = reorderPointFor(demand, 1300, costs, best.quantity);
  expect(given.reorderPoint).toBeCloseTo(best.reorderPoint, 4);
  expect(given.cost).toBeCloseTo(best.cost, 10);
});

test.each([
  ['problem 3.27', 0.8, 120, [150, 100, 80, 200], [150, 180, 0, 200], 424],
  ['problem 3.29', 0.1, 100, [730, 580, 445, 650, 880], [1310, 0, 1095, 0, 880], 423],
  ['example 3.9', 2, 500, [90, 120, 80, 70], [210, 0, 150, 0], 1380],
  ['nothing is wanted at first', 1, 11, [0, 5, 0, 5], [0, 10, 0, 0], 21],
])('lot schedule (Wagner and Whitin 1958): %s', (_, holding, ordering, demand, orders, cost) => {
  expect(lotSchedule(demand, { holding, ordering })).toEqual({ orders, cost });
});

test('a standard normal loses 0.26676124211721 above 0.3', () => {
  expect(normal(0, 1).loss(0.3)).toBeCloseTo(0.26676124211721, 14);
  expect(complementaryLoss(normal(0, 1), 0.3)).toBeCloseTo(0.56676124211721, 14);
});
