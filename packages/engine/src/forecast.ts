import { FORECAST_METHODS, type ForecastMethod, forecastBy, materialOf } from './forecast-methods.ts';
import { meanOf } from './smoothing.ts';

/** A method's part in a forecast. */
export interface Weight {
  readonly method: string;
  /** Its mean absolute error in the back-test, in units a period; null: the series was too short for one. */
  readonly error: number | null;
  /** Weights add up to 1. */
  readonly weight: number;
}

export interface Forecast {
  /** Expected demand of each period ahead. */
  readonly mean: Float64Array;
  /** Standard deviation of a period's demand around that. */
  readonly deviation: number;
  /** How alike the errors of two periods of one forecast are (0 … 1): what makes the error of a long total larger. */
  readonly alike: number;
  readonly weights: readonly Weight[];
}

/** Back-tests begin so far before the end, in horizons. */
const ORIGINS = [1 / 3, 2 / 3, 1];
/** A back-test learns from at least so many periods. */
const LEAST_LEARNT = 6;
/** Longer ago is another world: so many periods, or cycles, are looked at. */
const MOST_PERIODS = 260;
const MOST_CYCLES = 12;
/** What is believed of `alike` before any back-test, and how many back-tests that is worth. */
const ALIKE_BEFORE = 0.1;
const ALIKE_WORTH = 4;

/**
 * Demand of the next `horizon` periods, from that of the past ones. `cycle` is the periods of a season (12 months, 52 weeks, 7 days; 1:
 * none). Every method is tested on the end of the series, from several origins, and counts by the inverse of its error there: a
 * combination that leans towards what works for this item. Nothing is learnt from other series, and nothing from the future.
 * `tested` is how far ahead the back-tests look, where it is not the whole horizon that somebody decides by.
 */
export function forecast(
  history: ArrayLike<number>,
  cycle: number,
  horizon: number,
  tested: number = horizon,
): Forecast {
  if (history.length === 0) throw new RangeError('a forecast needs at least one period');
  const longest = Math.max(MOST_PERIODS, MOST_CYCLES * cycle);
  const series = Float64Array.from(history).slice(-longest);
  if (series.length < 3 || series.every((value) => value === series[0])) return steady(series, horizon);
  const test = backTest(series, cycle, Math.min(horizon, tested));
  const material = materialOf(series, cycle);
  const answers = FORECAST_METHODS.map((method) => forecastBy(method, material, horizon));
  const weights = weigh(FORECAST_METHODS, answers, test);
  return {
    mean: combine(answers, weights, horizon),
    ...spread(test, weights, series),
    weights: weights.filter(({ weight }) => weight > 0),
  };
}

/** Nothing ever changed, or there is next to nothing to learn from. */
function steady(series: Float64Array, horizon: number): Forecast {
  const mean = meanOf(series);
  const deviation = Math.sqrt(
    meanOf(series.map((value) => (value - mean) ** 2)) + (series.length < 3 ? mean : 0),
  );
  return {
    mean: new Float64Array(horizon).fill(mean),
    deviation,
    alike: ALIKE_BEFORE,
    weights: [{ method: 'average', error: null, weight: 1 }],
  };
}

interface BackTest {
  readonly origins: readonly {
    readonly actual: Float64Array;
    readonly answers: readonly (Float64Array | null)[];
  }[];
}

function backTest(series: Float64Array, cycle: number, horizon: number): BackTest {
  const count = series.length;
  const reach = Math.min(horizon, Math.floor(count / 2));
  const starts = new Set(ORIGINS.map((share) => count - Math.ceil(reach * share)));
  const origins = [...starts]
    .filter((start) => start >= LEAST_LEARNT && start < count)
    .map((start) => {
      const material = materialOf(series.slice(0, start), cycle);
      const answers = FORECAST_METHODS.map((method) => forecastBy(method, material, count - start));
      return { actual: series.subarray(start), answers };
    });
  return { origins };
}

function weigh(
  methods: readonly ForecastMethod[],
  answers: readonly (Float64Array | null)[],
  { origins }: BackTest,
): Weight[] {
  const errors = methods.map((_, index) => {
    if (answers[index] === null) return null;
    let sum = 0;
    let tests = 0;
    for (const { actual, answers: tried } of origins) {
      const answer = tried[index];
      if (!answer) continue;
      let error = 0;
      for (let step = 0; step < actual.length; step++) error += Math.abs(answer[step]! - actual[step]!);
      sum += error / actual.length;
      tests++;
    }
    return tests > 0 ? sum / tests : null;
  });
  const known = errors.filter((error) => error !== null);
  // A perfect back-test is luck: nobody's weight becomes everything.
  const floor = known.length > 0 ? 0.01 * Math.max(...known) || 1 : 1;
  const shares = methods.map((_, index) => {
    if (answers[index] === null) return 0;
    const error = errors[index] ?? null;
    return error === null ? (known.length > 0 ? 0 : 1) : 1 / Math.max(error, floor);
  });
  const total = shares.reduce((sum, share) => sum + share, 0);
  return methods.map(({ name }, index) => ({
    method: name,
    error: errors[index] ?? null,
    weight: shares[index]! / total,
  }));
}

function combine(
  answers: readonly (Float64Array | null)[],
  weights: readonly Weight[],
  horizon: number,
): Float64Array {
  const mean = new Float64Array(horizon);
  for (const [index, answer] of answers.entries()) {
    const { weight } = weights[index]!;
    if (answer && weight > 0)
      for (let step = 0; step < horizon; step++) mean[step]! += weight * answer[step]!;
  }
  return mean;
}

/** How wrong the combination was in the back-tests; from the steps of the series where there were none. */
function spread(
  { origins }: BackTest,
  weights: readonly Weight[],
  series: Float64Array,
): { deviation: number; alike: number } {
  let squares = 0;
  let periods = 0;
  let together = 0;
  let pairs = 0;
  for (const { actual, answers } of origins) {
    const mean = combine(answers, weights, actual.length);
    let sum = 0;
    let own = 0;
    for (let step = 0; step < actual.length; step++) {
      const error = actual[step]! - mean[step]!;
      sum += error;
      own += error * error;
    }
    squares += own;
    periods += actual.length;
    // (Σ e)² less Σ e² is the sum of e over all pairs of periods.
    together += sum * sum - own;
    pairs += actual.length * (actual.length - 1);
  }
  if (periods < 3) {
    let steps = 0;
    for (let at = 1; at < series.length; at++) steps += (series[at]! - series[at - 1]!) ** 2;
    return { deviation: Math.sqrt(steps / Math.max(1, series.length - 1)), alike: ALIKE_BEFORE };
  }
  const variance = squares / periods;
  const seen = pairs > 0 && variance > 0 ? together / pairs / variance : ALIKE_BEFORE;
  const tests = pairs > 0 ? origins.length : 0;
  const alike = (tests * seen + ALIKE_WORTH * ALIKE_BEFORE) / (tests + ALIKE_WORTH);
  return { deviation: Math.sqrt(variance), alike: Math.min(1, Math.max(0, alike)) };
}
