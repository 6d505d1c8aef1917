/** The season of a series: what a month or week of the year does to demand, as a factor or as units on top. */

export interface Season {
  readonly kind: 'factor' | 'units' | 'none';
  /** One for each period of the cycle, for the series' own periods modulo its length; factors average 1, units 0. */
  readonly indices: Float64Array;
}

const NONE: Season = { kind: 'none', indices: Float64Array.of(1) };
/** One-sided 95 % quantile of the normal distribution: seasonal or not is tested at 90 %, as in the Theta method of the M3. */
const TEST_QUANTILE = 1.6448536269514722;

/** Whether the series repeats itself after `cycle` periods, by the autocorrelation at that lag against Bartlett's limits. */
export function repeats(series: ArrayLike<number>, cycle: number): boolean {
  const count = series.length;
  if (cycle < 2 || count < 3 * cycle) return false;
  let mean = 0;
  for (let at = 0; at < count; at++) mean += series[at]! / count;
  let variance = 0;
  for (let at = 0; at < count; at++) variance += (series[at]! - mean) ** 2;
  if (variance === 0) return false;
  const correlation = (lag: number) => {
    let sum = 0;
    for (let at = lag; at < count; at++) sum += (series[at]! - mean) * (series[at - lag]! - mean);
    return sum / variance;
  };
  let squares = 0;
  for (let lag = 1; lag < cycle; lag++) squares += correlation(lag) ** 2;
  return Math.abs(correlation(cycle)) > TEST_QUANTILE * Math.sqrt((1 + 2 * squares) / count);
}

/**
 * Classical decomposition: the average distance of each period of the cycle from a centred moving average over one cycle. Factors
 * where all is above 0, else units.
 */
export function seasonOf(series: ArrayLike<number>, cycle: number, kind?: 'factor' | 'units'): Season {
  const count = series.length;
  if (count < 2 * cycle || cycle < 2) return NONE;
  let least = Infinity;
  for (let at = 0; at < count; at++) least = Math.min(least, series[at]!);
  const factor = (kind ?? 'factor') === 'factor' && least > 0;
  const sums = new Float64Array(cycle);
  const seen = new Float64Array(cycle);
  const half = cycle >> 1;
  const even = cycle % 2 === 0;
  for (let at = half; at < count - half; at++) {
    let average = 0;
    for (let near = at - half; near <= at + half; near++) average += series[near]!;
    if (even) average -= (series[at - half]! + series[at + half]!) / 2;
    average /= cycle;
    sums[at % cycle]! += factor ? series[at]! / average : series[at]! - average;
    seen[at % cycle]!++;
  }
  const indices = new Float64Array(cycle);
  let total = 0;
  for (let place = 0; place < cycle; place++) {
    indices[place] = seen[place] === 0 ? (factor ? 1 : 0) : sums[place]! / seen[place]!;
    total += indices[place]! / cycle;
  }
  for (let place = 0; place < cycle; place++) {
    if (factor) indices[place]! /= total;
    else indices[place]! -= total;
    if (factor && !(indices[place]! > 0)) return seasonOf(series, cycle, 'units');
  }
  return { kind: factor ? 'factor' : 'units', indices };
}

/**
 * The season, drawn towards none by as much of it as may be chance (James and Stein's shrinkage, on seasonal factors as in D. M. Miller
 * and D. Williams, "Shrinkage estimators of time series seasonal factors", 2003). Where it is not a factor: whole, if it repeats.
 */
export function shrunkSeason(series: ArrayLike<number>, cycle: number): Season {
  const season = seasonOf(series, cycle);
  if (season.kind === 'none') return NONE;
  if (season.kind === 'units') return repeats(series, cycle) ? season : NONE;
  const plain = withoutSeason(series, season);
  let noise = 0;
  let seen = 0;
  for (let at = 1; at < plain.length - 1; at++) {
    const near = plain[at - 1]! + plain[at]! + plain[at + 1]!;
    if (near === 0) continue;
    // The average of three holds a third of the value itself: its distance from it is two thirds of the noise's variance.
    noise += 1.5 * ((3 * plain[at]!) / near - 1) ** 2;
    seen++;
  }
  if (seen === 0) return season;
  let spread = 0;
  for (const index of season.indices) spread += (index - 1) ** 2 / (cycle - 1);
  const cycles = Math.floor(series.length / cycle);
  const kept = Math.max(0, 1 - (((cycle - 3) / (cycle - 1)) * noise) / seen / cycles / spread);
  return { kind: 'factor', indices: season.indices.map((index) => 1 + kept * (index - 1)) };
}

export function withoutSeason(series: ArrayLike<number>, season: Season): Float64Array {
  const { kind, indices } = season;
  return Float64Array.from(series, (value, at) => {
    const index = indices[at % indices.length]!;
    return kind === 'none' ? value : kind === 'factor' ? value / index : value - index;
  });
}

/** Puts the season back on a forecast that begins `from` periods after the series did. */
export function withSeason(forecast: Float64Array, season: Season, from: number): Float64Array {
  const { kind, indices } = season;
  return forecast.map((value, step) => {
    const index = indices[(from + step) % indices.length]!;
    return kind === 'none' ? value : kind === 'factor' ? value * index : value + index;
  });
}
