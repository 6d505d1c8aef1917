import {
  incompleteGamma,
  negativeBinomialProbability,
  normalDensity,
  normalProbability,
  normalQuantile,
  poissonProbability,
} from './special-functions.ts';

/** Demand as a random number of units: what replenishment and projection ask of a forecast. */
export interface Distribution {
  readonly mean: number;
  /** Standard deviation. */
  readonly deviation: number;
  /** Whole units only: then every quantile is whole. */
  readonly discrete: boolean;
  /** P(D ≤ x). */
  cdf(x: number): number;
  /** The least x with P(D ≤ x) ≥ probability. */
  quantile(probability: number): number;
  /** E max(D − x, 0): units short when x are there. */
  loss(x: number): number;
  /** ½ E max(D − x, 0)²: the integral of the loss from x on. */
  secondLoss(x: number): number;
}

/** A distribution over 0, 1, 2, …, with its probabilities. */
export interface DiscreteDistribution extends Distribution {
  readonly discrete: true;
  probability(units: number): number;
}

/** E max(x − D, 0): units left over when x are there. */
export function complementaryLoss(demand: Distribution, x: number): number {
  return x - demand.mean + demand.loss(x);
}

export function normal(mean: number, deviation: number): Distribution {
  if (deviation === 0) return certain(mean);
  // A standard normal's upper tail, from its own side.
  const tail = (z: number) => normalProbability(-z);
  return {
    mean,
    deviation,
    discrete: false,
    cdf: (x) => normalProbability((x - mean) / deviation),
    quantile: (probability) => mean + deviation * normalQuantile(probability),
    loss: (x) => {
      const z = (x - mean) / deviation;
      return deviation * (normalDensity(z) - z * tail(z));
    },
    secondLoss: (x) => {
      const z = (x - mean) / deviation;
      return 0.5 * deviation * deviation * ((z * z + 1) * tail(z) - z * normalDensity(z));
    },
  };
}

/** A gamma distribution by its mean and standard deviation. */
export function gamma(mean: number, deviation: number): Distribution {
  if (deviation === 0 || mean === 0) return certain(mean);
  const shape = (mean / deviation) ** 2;
  const scale = mean / shape;
  const upper = (order: number, x: number) => incompleteGamma(shape + order, x / scale).upper;
  const second = mean * mean + deviation * deviation;
  return {
    mean,
    deviation,
    discrete: false,
    cdf: (x) => incompleteGamma(shape, x / scale).lower,
    quantile: (probability) =>
      continuousQuantile(probability, mean, deviation, (x) => incompleteGamma(shape, x / scale)),
    loss: (x) => (x <= 0 ? mean - x : Math.max(0, mean * upper(1, x) - x * upper(0, x))),
    secondLoss: (x) =>
      x <= 0
        ? 0.5 * (second - 2 * x * mean + x * x)
        : Math.max(0, 0.5 * (second * upper(2, x) - 2 * x * mean * upper(1, x) + x * x * upper(0, x))),
  };
}

export function poisson(mean: number): DiscreteDistribution {
  return discrete(mean, mean, farthest(mean, mean), (units) => poissonProbability(units, mean));
}

/** A negative binomial distribution by its mean and variance; a Poisson one where the variance is no larger than the mean. */
export function negativeBinomial(mean: number, variance: number): DiscreteDistribution {
  // Beyond this size, a double no longer tells the two apart.
  if (!(variance > mean * (1 + 1e-9))) return poisson(mean);
  const size = (mean * mean) / (variance - mean);
  const success = mean / variance;
  return discrete(mean, variance, farthest(mean, variance), (units) =>
    negativeBinomialProbability(units, size, success),
  );
}

/** A table of more units than this is not made: a gamma distribution of the same moments says the same. */
const MOST_TABLED = 20_000;
/** Standard deviations beyond so many means are those of an error, and not of a demand. */
const WIDEST = 10;

/**
 * The least units that so much of the demand stays within, of a negative binomial distribution. Forecasts of next to nothing with a wide
 * spread, and of very much, are as quick as any.
 */
export function demandQuantile(mean: number, variance: number, probability: number): number {
  return demandQuantiles(mean, variance)(probability);
}

/** The same for many probabilities of one demand. */
export function demandQuantiles(mean: number, variance: number): (probability: number) => number {
  if (!(mean > 0)) return () => 0;
  const spread = Math.max(mean, Math.min(variance, (WIDEST * mean) ** 2));
  const demand =
    farthest(mean, spread) <= MOST_TABLED ? negativeBinomial(mean, spread) : gamma(mean, Math.sqrt(spread));
  // Markov's inequality: one unit or more is no more likely than the mean.
  return (probability) => (mean > 1 - probability ? Math.round(demand.quantile(probability)) : 0);
}

/** Beyond it nothing of a Poisson or negative binomial distribution is left that a double would show. */
function farthest(mean: number, variance: number): number {
  return Math.ceil(
    mean + 12 * Math.sqrt(variance) + 40 * Math.max(1, variance / Math.max(mean, 1e-300)) + 40,
  );
}

/** The distribution of what was seen: each value as likely as its weight. Values need not be whole; they are taken as whole units. */
export function empirical(values: readonly number[], weights?: readonly number[]): DiscreteDistribution {
  if (values.length === 0) throw new RangeError('an empirical distribution needs at least one value');
  const probabilities: number[] = [];
  const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : values.length;
  let mean = 0;
  let second = 0;
  for (const [index, value] of values.entries()) {
    const units = Math.max(0, Math.round(value));
    const probability = (weights?.[index] ?? 1) / total;
    while (probabilities.length <= units) probabilities.push(0);
    probabilities[units]! += probability;
    mean += probability * units;
    second += probability * units * units;
  }
  const variance = Math.max(0, second - mean * mean);
  return discrete(mean, variance, probabilities.length, (units) => probabilities[units] ?? 0);
}

/**
 * Demand over a lead time that is itself uncertain, by the moments of both: mean μL, variance L σ² + μ² σL².
 * All in one unit of time.
 */
export function leadTimeMoments(
  demand: { readonly mean: number; readonly variance: number },
  leadTime: { readonly mean: number; readonly variance: number },
): { mean: number; variance: number } {
  return {
    mean: demand.mean * leadTime.mean,
    variance: leadTime.mean * demand.variance + demand.mean * demand.mean * leadTime.variance,
  };
}

function certain(units: number): Distribution {
  return {
    mean: units,
    deviation: 0,
    discrete: false,
    cdf: (x) => (x < units ? 0 : 1),
    quantile: () => units,
    loss: (x) => Math.max(0, units - x),
    secondLoss: (x) => 0.5 * Math.max(0, units - x) ** 2,
  };
}

/** Sums of a discrete distribution are kept as far as they were asked for, both from below and as tails. */
function discrete(
  mean: number,
  variance: number,
  most: number,
  probability: (units: number) => number,
): DiscreteDistribution {
  let tails: { tail: Float64Array; cumulative: Float64Array } | null = null;
  /** tail[x] = P(D > x), summed from the far end so that small tails stay precise. */
  const sums = () => {
    if (tails) return tails;
    const tail = new Float64Array(most + 2);
    const cumulative = new Float64Array(most + 2);
    for (let units = most + 1; units > 0; units--) tail[units - 1] = tail[units]! + probability(units);
    let below = 0;
    for (let units = 0; units < cumulative.length; units++)
      cumulative[units] = Math.min(1, (below += probability(units)));
    tails = { tail, cumulative };
    return tails;
  };
  let losses: { first: Float64Array; second: Float64Array } | null = null;
  /** first[x] = E(D − x)+ = Σ tail from x on; second[x] = Σ first from x + 1 on, which makes the sum of losses over whole units. */
  const lossSums = () => {
    if (losses) return losses;
    const { tail } = sums();
    const first = new Float64Array(tail.length + 1);
    const second = new Float64Array(tail.length + 1);
    for (let units = tail.length - 1; units >= 0; units--) {
      first[units] = first[units + 1]! + tail[units]!;
      second[units] = second[units + 1]! + first[units + 1]!;
    }
    losses = { first, second };
    return losses;
  };
  const loss = (x: number): number => {
    if (x <= 0) return mean - x;
    const whole = Math.floor(x);
    const { first } = lossSums();
    if (whole + 1 >= first.length) return 0;
    return first[whole]! + (x - whole) * (first[whole + 1]! - first[whole]!);
  };
  return {
    mean,
    deviation: Math.sqrt(variance),
    discrete: true,
    probability: (units) => (units < 0 ? 0 : probability(units)),
    cdf: (x) => {
      if (x < 0) return 0;
      const { cumulative } = sums();
      return cumulative[Math.min(Math.floor(x), cumulative.length - 1)]!;
    },
    quantile: (asked) => {
      if (asked >= 1) return Infinity;
      const { cumulative, tail } = sums();
      // Above the middle the tail says it more precisely than the sum from below.
      const reached = (units: number) =>
        cumulative[units]! < 0.5 ? cumulative[units]! >= asked : tail[units]! <= 1 - asked;
      let low = 0;
      let high = cumulative.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (reached(middle)) high = middle;
        else low = middle + 1;
      }
      return low;
    },
    loss,
    secondLoss: (x) => {
      if (x <= 0) return 0.5 * (variance + (mean - x) ** 2);
      const { first, second } = lossSums();
      const next = Math.ceil(x);
      if (next >= first.length) return 0;
      // The loss is linear between whole units: trapezes.
      return 0.5 * (loss(x) + first[next]!) * (next - x) + second[next]! + 0.5 * first[next]!;
    },
  };
}

/** The x of a continuous distribution on x ≥ 0, by bisection in whichever tail is the smaller. */
function continuousQuantile(
  probability: number,
  mean: number,
  deviation: number,
  parts: (x: number) => { lower: number; upper: number },
): number {
  if (probability <= 0) return 0;
  if (probability >= 1) return Infinity;
  const reached = (x: number) => {
    const { lower, upper } = parts(x);
    return probability < 0.5 ? lower >= probability : upper <= 1 - probability;
  };
  let low = 0;
  let high = mean + deviation;
  while (!reached(high)) high = high * 2;
  for (let step = 0; step < 200 && high - low > 1e-15 * high; step++) {
    const middle = 0.5 * (low + high);
    if (reached(middle)) high = middle;
    else low = middle;
  }
  return 0.5 * (low + high);
}
