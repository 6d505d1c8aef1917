import { expect, test } from 'vitest';
import { demandFactors, demandForecast, demandOver } from './demand-forecast.ts';
import { orderable, type ReorderFacts, reorder } from './reorder.ts';

const steady = (units: number, deviation = 0) => ({
  mean: new Float64Array(40).fill(units),
  deviation,
  alike: 0,
  weights: [],
});

function facts(
  more: Omit<Partial<ReorderFacts>, 'terms'> & { terms?: Partial<ReorderFacts['terms']> },
): ReorderFacts {
  const base = {
    today: 1000,
    onHand: 0,
    openSupply: 0,
    draftSupply: 0,
    openUnits: 0,
    queue: 0,
    arrivals: [],
  };
  const terms = {
    leadTimeDays: 28,
    leadTimeSpreadDays: 0,
    reviewDays: 7,
    moq: 1,
    orderMultiple: 1,
    serviceLevel: 0.95,
  };
  return { ...base, demand: steady(10), ...more, terms: { ...terms, costs: null, ...more.terms } };
}

test('the position counts what is there and coming, less all that customers wait for', () => {
  const { position } = reorder(facts({ onHand: 30, openSupply: 120, openUnits: 230 }));
  expect(position).toBe(-80);
});

test('enough for lead time and review: nothing yet, and the day on which it will be too little', () => {
  const { quantity, orderBy, reorderPoint } = reorder(facts({ onHand: 130 }));
  expect(quantity).toBe(0);
  // Fifty in five weeks, Poisson: 62 cover 95 %.
  expect(reorderPoint).toBe(62);
  expect(orderBy).toBe(1000 + Math.floor(((130 - 62) / 10) * 7));
});

test('below it: up to the reorder point and a review period more, today', () => {
  const answer = reorder(facts({ onHand: 20, openUnits: 60, queue: 40 }));
  expect(answer.quantity).toBe(62 + 10 + 40);
  expect(answer.orderBy).toBe(1000);
});

test('the queue is ordered once: units that wait enter through the position alone', () => {
  const without = reorder(facts({ onHand: 20 }));
  const queued = reorder(facts({ onHand: 20, openUnits: 220, queue: 200 }));
  expect(queued.quantity - without.quantity).toBe(220);
  expect(queued.reorderPoint).toBe(without.reorderPoint);
});

test('a draft holds back a second suggestion and nothing else', () => {
  const { quantity, position } = reorder(facts({ onHand: 20, draftSupply: 52 }));
  expect(position).toBe(20);
  expect(quantity).toBe(0);
});

test.each([
  ['nothing', 0, 100, 10, 0],
  ['less than the MOQ', 7, 100, 10, 100],
  ['more than the MOQ, in tens', 101, 100, 10, 110],
  ['an MOQ that is no multiple', 5, 50, 12, 60],
])('a supplier takes %s', (_, wanted, moq, orderMultiple, quantity) => {
  expect(orderable(wanted, { moq, orderMultiple })).toBe(quantity);
});

test('a delivery that comes after the shelf is empty could be hurried', () => {
  const arrivals = [{ name: 'PO-1', day: 1030, quantity: 60 }];
  const { options } = reorder(facts({ onHand: 10, openSupply: 60, arrivals }));
  expect(options).toContainEqual({ kind: 'expedite', supply: 'PO-1', from: 1030, to: 1007 });
});

test('an uncertain supplier and uncertain demand both ask for more', () => {
  const plain = reorder(facts({})).reorderPoint;
  expect(reorder(facts({ terms: { leadTimeSpreadDays: 7 } })).reorderPoint).toBeGreaterThan(plain);
  expect(reorder(facts({ demand: steady(10, 12) })).reorderPoint).toBeGreaterThan(plain);
});

test('an item that sells now and then has a level and no trend', () => {
  const { mean, weights } = demandForecast([0, 0, 3, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 1, 0, 0], 12);
  expect(weights).toMatchObject([{ method: 'level at two speeds' }]);
  expect(new Set(mean).size).toBe(1);
  expect(mean[0]).toBeGreaterThan(0.2);
  expect(mean[0]).toBeLessThan(1);
});

test('a part of a week is a part of its demand', () => {
  expect(demandOver(steady(10, 2), 2.5)).toEqual({ mean: 25, variance: 10 });
});

test('scenarios are of the forecast on average', () => {
  const { days, level } = demandFactors({
    mean: new Float64Array(4).fill(3),
    deviation: 3,
    alike: 0.3,
    weights: [],
  });
  for (const factors of [days, level])
    expect(factors.reduce((sum, one) => sum + one, 0) / factors.length).toBeCloseTo(1, 9);
});

test('an item that sells no more is not ordered for as if it did', () => {
  const sold = [10, 50, 2, 14, 46, 2, 20, 6, 54, 0, 40, 5, 10];
  const quiet = demandForecast([...sold, ...new Array<number>(13).fill(0)], 12);
  expect(quiet.weights).toMatchObject([{ method: 'gone quiet' }]);
  expect(quiet.mean[0]).toBeLessThan(1.5);
  const answer = reorder(facts({ onHand: 97, demand: quiet, terms: { leadTimeDays: 21 } }));
  expect(answer.quantity).toBe(0);
  // Two weeks without a sale may be chance.
  expect(demandForecast([...sold, 0], 12).weights).not.toMatchObject([{ method: 'gone quiet' }]);
});

test('nobody orders for a level that may multiply', () => {
  const wild = { ...steady(16, 50), alike: 0.95 };
  const tame = { ...steady(16, 13.6), alike: 0.35 };
  expect(reorder(facts({ demand: wild })).reorderPoint).toBeLessThan(
    1.1 * reorder(facts({ demand: tame })).reorderPoint,
  );
});
