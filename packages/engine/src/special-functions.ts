/**
 * The few special functions that demand distributions need, near to the precision of a double: optimal costs are differences of tail
 * sums, and a digit lost here is a digit lost in the answer.
 */

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
const EPSILON = 1e-17;

/** ln Γ(x) for x > 0: Stirling's series, reached by recurrence from below 10. */
export function logGamma(x: number): number {
  let shift = 1;
  let at = x;
  for (; at < 10; at++) shift *= at;
  return (at - 0.5) * Math.log(at) - at + HALF_LOG_TWO_PI + stirlingSeries(at) - Math.log(shift);
}

/** The asymptotic series of ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π], for x of 10 and more. */
function stirlingSeries(x: number): number {
  const inverse = 1 / (x * x);
  return (
    (1 / 12 -
      (1 / 360 -
        (1 / 1260 - (1 / 1680 - (1 / 1188 - (691 / 360360) * inverse) * inverse) * inverse) * inverse) *
        inverse) /
    x
  );
}

/** ln n! less Stirling's approximation of it: C. Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000). */
function stirlingError(n: number): number {
  if (n >= 10) return stirlingSeries(n);
  return logGamma(n + 1) - (n + 0.5) * Math.log(n) + n - HALF_LOG_TWO_PI;
}

/** x ln(x / mean) + mean − x without cancellation near the mean: Loader's deviance part. */
function deviance(x: number, mean: number): number {
  if (Math.abs(x - mean) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const v = (x - mean) / (x + mean);
  let sum = (x - mean) * v;
  let term = 2 * x * v;
  for (let order = 3; ; order += 2) {
    term *= v * v;
    const next = sum + term / order;
    if (next === sum) return sum;
    sum = next;
  }
}

/** Probability that a Poisson variable of this mean is `count`; `count` may be any number of 0 and more (a gamma density needs that). */
export function poissonProbability(count: number, mean: number): number {
  if (count < 0) return 0;
  if (mean === 0) return count === 0 ? 1 : 0;
  if (count === 0) return Math.exp(-mean);
  if (count < 1) return Math.exp(count * Math.log(mean) - mean - logGamma(count + 1));
  return Math.exp(-stirlingError(count) - deviance(count, mean)) / Math.sqrt(2 * Math.PI * count);
}

/** Probability of `count` failures before the `size`-th success (size any number above 0) at success probability `success`. */
export function negativeBinomialProbability(count: number, size: number, success: number): number {
  if (count < 0) return 0;
  if (count === 0) return Math.exp(size * Math.log(success));
  const trials = count + size;
  const failure = 1 - success;
  const exponent =
    stirlingError(trials) -
    stirlingError(size) -
    stirlingError(count) -
    deviance(size, trials * success) -
    deviance(count, trials * failure);
  // The binomial term of Loader, times the share of its orders that end in a success.
  return (size / trials) * Math.exp(exponent) * Math.sqrt(trials / (2 * Math.PI * size * count));
}

/** { lower: P(shape, x), upper: Q(shape, x) }: the regularised incomplete gamma function and its complement. */
export function incompleteGamma(shape: number, x: number): { lower: number; upper: number } {
  if (x <= 0) return { lower: 0, upper: 1 };
  // x^shape e^-x / Γ(shape + 1)
  const front = poissonProbability(shape, x);
  if (x < shape + 1) {
    let term = 1;
    let sum = 1;
    for (let step = 1; term > sum * EPSILON; step++) {
      term *= x / (shape + step);
      sum += term;
    }
    const lower = Math.min(1, front * sum);
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, front * shape * gammaFraction(shape, x));
  return { lower: 1 - upper, upper };
}

/** Γ(shape, x) / (x^shape e^-x) as a continued fraction (Lentz's method). */
function gammaFraction(shape: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let step = 1; step < 100_000; step++) {
    const a = -step * (step - shape);
    b += 2;
    d = a * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + a / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < 2e-16) break;
  }
  return fraction;
}

/** Density of the standard normal distribution. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/** P(Z ≤ z) for a standard normal Z, precise in its own tail. */
export function normalProbability(z: number): number {
  if (z === 0) return 0.5;
  const { lower, upper } = incompleteGamma(0.5, 0.5 * z * z);
  return z < 0 ? 0.5 * upper : z < 1 ? 0.5 + 0.5 * lower : 1 - 0.5 * upper;
}

/**
 * z with P(Z ≤ z) = probability: the rational start of Abramowitz and Stegun 26.2.23, then Halley's steps on the exact function.
 * ±Infinity at 1 and 0.
 */
export function normalQuantile(probability: number): number {
  if (probability <= 0) return -Infinity;
  if (probability >= 1) return Infinity;
  // In the tail that is precise: 1 − p is exact there.
  if (probability > 0.5) return -normalQuantile(1 - probability);
  const t = Math.sqrt(-2 * Math.log(probability));
  const start =
    t -
    (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
  let z = -start;
  for (let step = 0; step < 4; step++) {
    const error = (normalProbability(z) - probability) / normalDensity(z);
    const change = error / (1 + (z * error) / 2);
    z -= change;
    if (Math.abs(change) <= 1e-16 * Math.abs(z)) break;
  }
  return z;
}
