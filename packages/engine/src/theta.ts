import { minimise } from './minimise.ts';
import { deviationOf, regressionSlope } from './smoothing.ts';

/** The Theta method and its dynamic, optimised form, on series without season. */

/**
 * Assimakopoulos and Nikolopoulos (2000) as Hyndman and Billah (2003) wrote it: simple exponential smoothing with a drift of half the
 * slope of the series.
 */
export function theta(series: Float64Array, horizon: number): Float64Array {
  const count = series.length;
  const drift = regressionSlope(series) / 2;
  const scale = deviationOf(series) || 1;
  let level = 0;
  const run = (point: Float64Array) => {
    const alpha = point[0]!;
    let squares = 0;
    level = series[0]! + point[1]! * scale;
    for (let at = 0; at < count; at++) {
      const error = series[at]! - level;
      squares += error * error;
      level += alpha * error;
    }
    return squares;
  };
  const point = minimise(run, [0.3, 0], [0.01, -3], [0.99, 3]);
  run(point);
  const alpha = point[0]!;
  const passed = (1 - (1 - alpha) ** count) / alpha;
  return Float64Array.from({ length: horizon }, (_, step) => level + drift * (step + passed));
}

/**
 * The dynamic optimised Theta model: J. A. Fiorucci, T. R. Pellegrini, F. Louzada, F. Petropoulos and A. B. Koehler, "Models for
 * optimising the theta method and their relationship to state space models" (2016). The line is estimated anew with each period.
 */
export function dynamicTheta(series: Float64Array, horizon: number): Float64Array {
  const count = series.length;
  const forecast = new Float64Array(horizon);
  const scale = deviationOf(series) || 1;
  const first = series[0]!;
  const run = (point: Float64Array, steps: number): number => {
    const alpha = point[0]!;
    const share = 1 - 1 / point[2]!;
    let level = first * (1 - share) + point[1]! * scale;
    let intercept = first;
    let slope = 0;
    let mean = 0;
    let decay = 1;
    let squares = 0;
    for (let at = 0; at < count + steps; at++) {
      const expected = level + share * (intercept * decay + (slope * (1 - decay * (1 - alpha))) / alpha);
      const value = at < count ? series[at]! : expected;
      if (at >= count) forecast[at - count] = expected;
      else if (at > 0) squares += (value - expected) ** 2;
      level += alpha * (value - level);
      const seen = at + 1;
      if (seen > 1) slope = ((seen - 2) * slope + (6 * (value - mean)) / seen) / (seen + 1);
      mean += (value - mean) / seen;
      intercept = mean - (slope * (seen + 1)) / 2;
      decay *= 1 - alpha;
    }
    return squares;
  };
  const search = { steps: 200, tolerance: 1e-5 };
  const point = minimise((at) => run(at, 0), [0.5, 0, 2], [0.05, -2, 1], [0.99, 2, 30], search);
  run(point, horizon);
  return forecast;
}
