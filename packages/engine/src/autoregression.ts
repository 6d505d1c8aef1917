import { meanOf } from './smoothing.ts';

const MOST_LAGS = 10;
const LEAST_STEPS = 8;

/**
 * An autoregression of the steps from one period to the next, on a series without season. Coefficients by Burg's method (1975), the
 * number of lags by the corrected criterion of Akaike.
 */
export function autoregressed(series: Float64Array, horizon: number): Float64Array {
  const count = series.length - 1;
  const steps = new Float64Array(Math.max(0, count));
  for (let at = 0; at < count; at++) steps[at] = series[at + 1]! - series[at]!;
  const mean = count > 0 ? meanOf(steps) : 0;
  const centred = steps.map((step) => step - mean);
  const coefficients = count < LEAST_STEPS ? [] : burg(centred);
  const known = Array.from(centred);
  let last = series.at(-1)!;
  return Float64Array.from({ length: horizon }, () => {
    let step = 0;
    for (let lag = 0; lag < coefficients.length; lag++)
      step += coefficients[lag]! * known[known.length - 1 - lag]!;
    known.push(step);
    last += step + mean;
    return last;
  });
}

function burg(values: Float64Array): readonly number[] {
  const count = values.length;
  const most = Math.min(Math.floor(count / 4), MOST_LAGS);
  const forward = values.slice();
  const backward = values.slice();
  let power = 0;
  for (const value of values) power += (value * value) / count;
  if (power === 0) return [];
  const criterion = (lags: number) =>
    count * Math.log(power) + 2 * (lags + 1) + (2 * (lags + 1) * (lags + 2)) / (count - lags - 2);
  let coefficients: number[] = [];
  let chosen = coefficients;
  let least = criterion(0);
  for (let lag = 1; lag <= most; lag++) {
    let products = 0;
    let squares = 0;
    for (let at = lag; at < count; at++) {
      products += forward[at]! * backward[at - 1]!;
      squares += forward[at]! ** 2 + backward[at - 1]! ** 2;
    }
    const reflection = squares > 0 ? (2 * products) / squares : 0;
    const before = coefficients;
    coefficients = before.map((value, index) => value - reflection * before[before.length - 1 - index]!);
    coefficients.push(reflection);
    for (let at = count - 1; at >= lag; at--) {
      const ahead = forward[at]!;
      const behind = backward[at - 1]!;
      forward[at] = ahead - reflection * behind;
      backward[at] = behind - reflection * ahead;
    }
    power *= 1 - reflection * reflection;
    if (!(power > 0)) break;
    const value = criterion(lag);
    if (value < least) {
      least = value;
      chosen = coefficients;
    }
  }
  return chosen;
}
