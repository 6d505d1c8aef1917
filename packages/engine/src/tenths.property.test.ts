import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tenths } from './tenths.ts';

/** Rows as fans have them: many alike, few far out, and any at all. */
const value = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 5 }),
  fc.float({ min: 0, max: 1e6, noNaN: true }),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
);

test('the tenths of each row are what sorting puts there', () => {
  fc.assert(
    fc.property(
      fc.tuple(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 4 })).chain(([width, rows]) =>
        fc.record({
          width: fc.constant(width),
          values: fc.array(value, { minLength: width * rows, maxLength: width * rows }),
        }),
      ),
      ({ width, values }) => {
        const told = Float32Array.from(values);
        const rows = told.length / width;
        const sorted = Array.from({ length: rows }, (_, row) =>
          told.slice(row * width, (row + 1) * width).sort(),
        );
        const { p10, p50, p90 } = tenths(told, rows, width);
        const at = (share: number) =>
          sorted.map((row) => row[Math.min(width - 1, Math.floor(share * width))]! + 0);
        expect([...p10].map((one) => one + 0)).toEqual(at(0.1));
        expect([...p50].map((one) => one + 0)).toEqual(at(0.5));
        expect([...p90].map((one) => one + 0)).toEqual(at(0.9));
      },
    ),
    { numRuns: 500 },
  );
});
