import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Distribution,
  empirical,
  gamma,
  leadTimeMoments,
  negativeBinomial,
  normal,
  poisson,
} from './distribution.ts';

const mean = fc.double({ min: 0.05, max: 400, noNaN: true });
const spread = fc.double({ min: 0.05, max: 3, noNaN: true });
const probability = fc.double({ min: 0.001, max: 0.999, noNaN: true });

const distribution: fc.Arbitrary<Distribution> = fc.oneof(
  fc.tuple(mean, spread).map(([m, s]) => normal(m, m * s)),
  fc.tuple(mean, spread).map(([m, s]) => gamma(m, m * s)),
  mean.map(poisson),
  fc.tuple(mean, spread).map(([m, s]) => negativeBinomial(m, m + (m * s) ** 2)),
  fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 20 }).map((values) => empirical(values)),
);

test('a quantile is the least that reaches its probability', () => {
  fc.assert(
    fc.property(distribution, probability, (demand, asked) => {
      const x = demand.quantile(asked);
      const step = demand.discrete ? 1 : Math.max(1e-9, 1e-9 * Math.abs(x));
      expect(demand.cdf(x + (demand.discrete ? 0 : step))).toBeGreaterThanOrEqual(asked - 1e-9);
      expect(demand.cdf(x - step)).toBeLessThanOrEqual(asked + 1e-9);
    }),
  );
});

test('the loss falls at the rate of being short, and its integral at the rate of the loss', () => {
  fc.assert(
    fc.property(distribution, probability, (demand, asked) => {
      const x = Math.max(0, demand.quantile(asked));
      const scale = Math.max(1, demand.mean + demand.deviation);
      const step = demand.discrete ? 1 : 1e-4 * scale;
      const fall = (demand.loss(x) - demand.loss(x + step)) / step;
      // The loss is a falling convex curve: its fall over a step lies between its slopes at both ends.
      expect(fall).toBeLessThanOrEqual(1 - demand.cdf(x) + 1e-9);
      expect(fall).toBeGreaterThanOrEqual(1 - demand.cdf(x + step) - 1e-9);
      const area = (demand.secondLoss(x) - demand.secondLoss(x + step)) / step;
      expect(area).toBeLessThanOrEqual(demand.loss(x) + 1e-9 * scale);
      expect(area).toBeGreaterThanOrEqual(demand.loss(x + step) - 1e-9 * scale);
    }),
  );
});

test('a long lead time and an uncertain one both widen the demand over it', () => {
  expect(leadTimeMoments({ mean: 10, variance: 4 }, { mean: 3, variance: 0.25 })).toEqual({
    mean: 30,
    variance: 37,
  });
});
