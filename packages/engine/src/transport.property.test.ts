import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Demand, leastCost } from './transport.ts';

/** Every way of giving units out, one unit after the other. */
function bruteForce(demands: readonly Demand[], capacity: readonly number[]): number {
  const units = demands.flatMap((demand) => new Array<Demand>(demand.units).fill(demand));
  const room = [...capacity];
  const from = (index: number): number => {
    const unit = units[index];
    if (unit === undefined) return 0;
    let best = unit.none + from(index + 1);
    for (const [source, left] of room.entries()) {
      if (left === 0 || unit.cost[source] === Number.POSITIVE_INFINITY) continue;
      room[source]!--;
      best = Math.min(best, unit.cost[source]! + from(index + 1));
      room[source]!++;
    }
    return best;
  };
  return from(0);
}

const cost = fc.oneof(
  { arbitrary: fc.integer({ min: 0, max: 20 }), weight: 4 },
  { arbitrary: fc.constant(Number.POSITIVE_INFINITY), weight: 1 },
);
const problem = fc.integer({ min: 1, max: 3 }).chain((sources) =>
  fc.record({
    capacity: fc.array(fc.nat(3), { minLength: sources, maxLength: sources }),
    demands: fc.array(
      fc.record({
        units: fc.integer({ min: 1, max: 2 }),
        cost: fc.array(cost, { minLength: sources, maxLength: sources }),
        none: fc.nat(30),
      }),
      { maxLength: 4 },
    ),
  }),
);

test('nothing costs less than the least cost, and it can be had', () => {
  fc.assert(
    fc.property(problem, ({ demands, capacity }) => {
      expect(leastCost(demands, capacity).cost).toBe(bruteForce(demands, capacity));
    }),
    { numRuns: 3000 },
  );
});

test('a queue of thousands is solved in the time of a page', () => {
  const capacity = Array.from({ length: 20 }, () => 400);
  const demands = Array.from({ length: 10_000 }, (_, index) => {
    const promised = (index * 7919) % 300;
    const weight = 1 + ((index * 104_729) % 97);
    const cost = capacity.map((_, source) => weight * Math.max(0, source * 15 - promised));
    return { units: 1, cost, none: weight * (400 - promised) };
  });
  const started = performance.now();
  expect(leastCost(demands, capacity).none).toBe(2000);
  expect(performance.now() - started).toBeLessThan(20_000);
});
