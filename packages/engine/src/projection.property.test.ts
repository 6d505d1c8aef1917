import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstStockOuts, type ProjectionColumns, projectAll } from './projection.ts';
import { projectDays } from './testing/project-days.ts';

const DAYS = 66;
const WEEKS = 10;

/** One item, in whole and half units, so that sums are exact. */
const anItem: fc.Arbitrary<ProjectionColumns> = fc
  .record({
    free: fc.integer({ min: -5, max: 250 }),
    waiting: fc.integer({ min: 0, max: 20 }),
    mayWait: fc.boolean(),
    demand: fc.array(
      fc.integer({ min: 0, max: 12 }).map((halves) => halves / 2),
      { minLength: WEEKS, maxLength: WEEKS },
    ),
    arrivals: fc.array(
      fc.record({
        day: fc.integer({ min: 0, max: DAYS + 5 }),
        free: fc.integer({ min: 0, max: 40 }),
        pegged: fc.integer({ min: 0, max: 20 }),
      }),
      { maxLength: 5 },
    ),
  })
  .map(({ free, waiting, mayWait, demand, arrivals }) => {
    const sorted = arrivals.toSorted((one, other) => one.day - other.day);
    return {
      items: 1,
      days: DAYS,
      free: Float64Array.of(free),
      reserved: Float64Array.of(0),
      reservedDay: Int32Array.of(1),
      waiting: Float64Array.of(waiting),
      mayWait: Uint8Array.of(mayWait ? 1 : 0),
      dailyDemand: Float32Array.from(demand),
      arrivalFrom: Int32Array.of(0, sorted.length),
      arrivalDay: Int32Array.from(sorted, ({ day }) => day),
      arrivalFree: Float64Array.from(sorted, (one) => one.free),
      arrivalPegged: Float64Array.from(sorted, (one) => one.pegged),
    };
  });

test('the projection of all is the sum of an item’s days', () => {
  fc.assert(
    fc.property(anItem, (columns) => {
      const blank = () => new Float64Array(DAYS);
      const into = { stock: blank(), queue: blank(), lost: blank() };
      projectDays(columns, 0, (day) => columns.dailyDemand[Math.floor(day / 7)]!, columns.arrivalDay, into);
      const { firstStockOut, lost } = projectAll(columns);
      expect(firstStockOut[0]).toBe(into.stock.findIndex((units) => units <= 0));
      expect(lost[0]).toBeCloseTo(
        into.lost.reduce((sum, units) => sum + units, 0),
        9,
      );
    }),
  );
});

test('who asks for the first day without a unit alone is told the same one', () => {
  fc.assert(
    fc.property(anItem, (columns) => {
      expect(firstStockOuts(columns)).toEqual(projectAll(columns).firstStockOut);
    }),
    { numRuns: 1000 },
  );
});
