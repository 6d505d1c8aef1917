import { minimise } from './minimise.ts';
import { seasonOf } from './season.ts';

/**
 * Exponential smoothing in its state-space form: R. J. Hyndman, A. B. Koehler, J. K. Ord and R. D. Snyder, Forecasting with Exponential
 * Smoothing (2008). Additive errors; on logarithms it is the multiplicative model. Parameters and the state before the series are
 * those of the least squared one-step errors.
 */

/** A whole trend goes on for ever (Holt 1957), a damped one fades. */
export type Trend = 'none' | 'whole' | 'damped';

/** Far enough for the state before the series, in standard deviations of it. */
const STATE_REACH = 3;
/** A damped trend keeps at least so much, and at most so much, of itself from one period to the next. */
const LEAST_DAMPING = 0.8;
const MOST_DAMPING = 0.995;
const SEARCH = { steps: 250, tolerance: 1e-5 };

/** A level, with a whole or a damped trend (Gardner and McKenzie 1985) or none, of a series without season. */
export function smoothed(series: Float64Array, horizon: number, trend: Trend): Float64Array {
  const forecast = new Float64Array(horizon);
  const first = series[0]!;
  const slope = trend === 'none' ? 0 : startSlope(series, Math.min(series.length - 1, 4));
  const scale = deviationOf(series) || 1;
  const grows = trend !== 'none';
  const run = (point: Float64Array, answer: boolean): number => {
    const alpha = point[0]!;
    let level = first + point[1]! * scale;
    let growth = grows ? slope + 0.3 * point[3]! * scale : 0;
    const beta = grows ? point[2]! * alpha : 0;
    const kept = trend === 'damped' ? point[4]! : 1;
    let squares = 0;
    for (let at = 0; at < series.length; at++) {
      growth *= kept;
      level += growth;
      const error = series[at]! - level;
      squares += error * error;
      level += alpha * error;
      growth += beta * error;
    }
    if (answer) extend(forecast, level, growth, kept);
    return squares;
  };
  const numbers = { none: 2, whole: 4, damped: 5 }[trend];
  const point = minimise(
    (at) => run(at, false),
    [0.3, 0, 0.1, 0, 0.95].slice(0, numbers),
    [0.001, -STATE_REACH, 0, -STATE_REACH, LEAST_DAMPING].slice(0, numbers),
    [0.999, STATE_REACH, 0.999, STATE_REACH, MOST_DAMPING].slice(0, numbers),
    SEARCH,
  );
  run(point, true);
  return forecast;
}

/** A level with a damped trend and a season that is learnt on. Series of less than two cycles are smoothed without season. */
export function seasonallySmoothed(series: Float64Array, horizon: number, cycle: number): Float64Array {
  if (cycle < 2 || series.length < 2 * cycle + 2) return smoothed(series, horizon, 'damped');
  const forecast = new Float64Array(horizon);
  const start = seasonOf(series, cycle, 'units').indices;
  const plain = series.map((value, at) => value - start[at % cycle]!);
  const slope = regressionSlope(plain.subarray(0, Math.min(plain.length, 2 * cycle)));
  const scale = stepDeviation(plain) || 1;
  let first = 0;
  for (let at = 0; at < cycle; at++) first += plain[at]! / cycle;
  first -= (slope * (cycle - 1)) / 2;
  const season = new Float64Array(cycle);
  const run = (point: Float64Array, answer: boolean): number => {
    season.set(start);
    const alpha = point[0]!;
    const gamma = point[1]! * (1 - alpha);
    const beta = point[2]! * alpha;
    const kept = point[3]!;
    let level = first + point[4]! * scale;
    let growth = slope;
    let squares = 0;
    for (let at = 0, place = 0; at < series.length; at++) {
      growth *= kept;
      level += growth;
      const error = series[at]! - level - season[place]!;
      squares += error * error;
      level += alpha * error;
      growth += beta * error;
      season[place]! += gamma * error;
      if (++place === cycle) place = 0;
    }
    if (answer) {
      extend(forecast, level, growth, kept);
      for (let step = 0; step < horizon; step++) forecast[step]! += season[(series.length + step) % cycle]!;
    }
    return squares;
  };
  const point = minimise(
    (at) => run(at, false),
    [0.3, 0.1, 0.1, 0.95, 0],
    [0.001, 0, 0, LEAST_DAMPING, -STATE_REACH],
    [0.999, 0.999, 0.999, MOST_DAMPING, STATE_REACH],
    SEARCH,
  );
  run(point, true);
  return forecast;
}

function extend(forecast: Float64Array, level: number, growth: number, kept: number): void {
  let at = level;
  let step = growth;
  for (let ahead = 0; ahead < forecast.length; ahead++) {
    step *= kept;
    at += step;
    forecast[ahead] = at;
  }
}

function startSlope(series: Float64Array, over: number): number {
  return over > 0 ? (series[over]! - series[0]!) / over : 0;
}

/** Slope of the straight line through a series, per period. */
export function regressionSlope(series: Float64Array): number {
  const middle = (series.length - 1) / 2;
  let squares = 0;
  let products = 0;
  for (let at = 0; at < series.length; at++) {
    squares += (at - middle) ** 2;
    products += (at - middle) * series[at]!;
  }
  return squares > 0 ? products / squares : 0;
}

export function meanOf(series: ArrayLike<number>): number {
  let total = 0;
  for (let at = 0; at < series.length; at++) total += series[at]!;
  return total / series.length;
}

export function deviationOf(series: Float64Array): number {
  const mean = meanOf(series);
  let squares = 0;
  for (const value of series) squares += (value - mean) ** 2;
  return Math.sqrt(squares / series.length);
}

function stepDeviation(series: Float64Array): number {
  let squares = 0;
  for (let at = 1; at < series.length; at++) squares += (series[at]! - series[at - 1]!) ** 2;
  return Math.sqrt(squares / series.length);
}
