import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bufferFor, priceAt } from './price-of-days.ts';
import { lateDaysGiven, slipCurve } from './slip.ts';
import { learnSlips, SLIP_LEVELS, SlipLearner, type SlipReceipt, walkForward } from './slip-learn.ts';

const FIRST = 18_262;

/** Suppliers with a share on time and a mean lateness each; the chances come from fast-check, so that a failure shrinks. */
const brand = fc.record({
  suppliers: fc.array(
    fc.record({
      onTime: fc.double({ min: 0.3, max: 0.98, noNaN: true }),
      days: fc.integer({ min: 1, max: 30 }),
    }),
    {
      minLength: 1,
      maxLength: 5,
    },
  ),
  chances: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 60, maxLength: 200 }),
});

function receiptsOf({
  suppliers,
  chances,
}: {
  suppliers: { onTime: number; days: number }[];
  chances: number[];
}) {
  return chances.map((chance, index): SlipReceipt => {
    const number = index % suppliers.length;
    const { onTime, days } = suppliers[number]!;
    const late = chance < onTime ? 0 : Math.ceil(-days * Math.log(1 - (chance - onTime) / (1 - onTime)));
    const expected = FIRST + index * 5;
    const features = {
      supplier: `s${number}`,
      freight: number % 2 ? 'sea' : 'air',
      place: null,
      stage: 'placed',
    };
    return { ...features, priorDays: 14, expected, received: expected + late };
  });
}

test('a higher service level never has fewer days, nor a date given to what is overdue that is earlier', () => {
  fc.assert(
    fc.property(
      brand,
      fc.array(fc.double({ min: 0.5, max: 0.99, noNaN: true }), { minLength: 2 }),
      (given, levels) => {
        const receipts = receiptsOf(given);
        const table = learnSlips(receipts, receipts.at(-1)!.received + 400);
        if (table === null) return;
        for (const receipt of receipts.slice(0, 5)) {
          const curve = slipCurve(table, receipt);
          let before = 0;
          let overdueBefore = 0;
          for (const level of [...levels].sort()) {
            const days = bufferFor(curve, priceAt(table.prices, level));
            expect(days).toBeGreaterThanOrEqual(before);
            before = days;
            const overdue = lateDaysGiven(curve, 5, level) ?? Number.MAX_SAFE_INTEGER;
            expect(overdue).toBeGreaterThanOrEqual(overdueBefore);
            overdueBefore = overdue;
          }
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('the order in which receipts are told is of no account, and each answer is the same again', () => {
  fc.assert(
    fc.property(brand, (given) => {
      const receipts = receiptsOf(given).map((one, index) => ({
        ...one,
        received: one.received + index / 1000,
      }));
      const today = FIRST + 3000;
      expect(learnSlips([...receipts].reverse(), today)).toEqual(learnSlips(receipts, today));
    }),
    { numRuns: 20 },
  );
});

/** A plain generator with a seed: thousands of receipts are nothing to shrink. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test.each([0.8, 0.9, 0.95])('of promises on suppliers with different slips, %d are kept', (level) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
      const chance = chances(seed);
      const suppliers = Array.from({ length: 8 }, () => ({
        onTime: 0.4 + 0.4 * chance(),
        days: 3 + 15 * chance(),
      }));
      const receipts = Array.from({ length: 2400 }, (_, index): SlipReceipt => {
        const number = Math.floor(chance() * suppliers.length);
        const { onTime, days } = suppliers[number]!;
        const late = chance() < onTime ? 0 : Math.ceil(-days * Math.log(1 - chance()));
        const expected = FIRST + Math.floor(index / 2);
        const features = {
          supplier: `s${number}`,
          freight: null,
          place: null,
          stage: 'placed',
          priorDays: 14,
        };
        return { ...features, expected, received: expected + late };
      });
      let kept = 0;
      let all = 0;
      const walk = walkForward(
        new SlipLearner(),
        receipts,
        ({ bufferDays }) => bufferDays[SLIP_LEVELS.indexOf(level)]!,
      );
      for (const { receipt, answer } of walk) {
        if (receipt.expected < FIRST + 400) continue;
        all++;
        if (receipt.received - receipt.expected <= answer) kept++;
      }
      // Five standard deviations of as many coins.
      expect(Math.abs(kept / all - level)).toBeLessThan(5 * Math.sqrt((level * (1 - level)) / all));
    }),
    { numRuns: 8 },
  );
});
