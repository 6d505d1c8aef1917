import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAXIMUM_QUANTITY, splitByWeight, sum, toStockUnits } from './quantity.ts';

describe('splitting by weight', () => {
  test.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [10, [5, 3, 2], [5, 3, 2]],
    [1, [1, 1], [1, 0]],
    [0, [1, 2], [0, 0]],
    [7, [0, 0], [0, 7]],
    [-100, [1, 1, 1], [-34, -33, -33]],
    [5, [], []],
  ])('%i over %j is %j', (total, weights, parts) => {
    expect(splitByWeight(total, weights)).toEqual(parts);
  });

  test('neither gains nor loses a unit, and nobody is a whole unit away from a fair share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
        fc.array(fc.nat(2 ** 30), { minLength: 1, maxLength: 20 }),
        (total, weights) => {
          const parts = splitByWeight(total, weights);
          expect(sum(parts)).toBe(total);
          const whole = sum(weights);
          if (whole === 0) return;
          for (const [index, part] of parts.entries()) {
            const distance = BigInt(part) * BigInt(whole) - BigInt(total) * BigInt(weights[index]!);
            expect(distance < BigInt(whole) && -distance < BigInt(whole)).toBe(true);
          }
        },
      ),
    );
  });
});

describe('units of measure', () => {
  test.each([
    [3, 12, 36],
    [0.5, 12, 6],
    [1, 0.5, null],
    [MAXIMUM_QUANTITY, 1, MAXIMUM_QUANTITY],
    [MAXIMUM_QUANTITY, 2, null],
    [Number.NaN, 1, null],
  ])('%d × %d is %j stock units', (quantity, factor, units) => {
    expect(toStockUnits(quantity, factor)).toBe(units);
  });
});
