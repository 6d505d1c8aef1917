import { autoregressed } from './autoregression.ts';
import { repeats, type Season, seasonOf, shrunkSeason, withoutSeason, withSeason } from './season.ts';
import { seasonallySmoothed, smoothed, type Trend } from './smoothing.ts';
import { dynamicTheta, theta } from './theta.ts';

/** One series as the methods see it: seasons are looked for once, for all of them. */
interface Sight {
  readonly series: Float64Array;
  readonly cycle: number;
  readonly season: Season;
  /** The same, drawn towards none as far as it may be chance. */
  readonly shrunk: Season;
}

interface Material {
  readonly plain: Sight;
  /** Of the logarithms; null where something is 0 or less. */
  readonly logs: Sight | null;
}

type Plain = (series: Float64Array, horizon: number) => Float64Array;

export interface ForecastMethod {
  readonly name: string;
  /** Whether it works on logarithms, and so on positive series only. */
  readonly logarithmic: boolean;
  /** Whether it counts by how it does in the back-test of a series, as one of those that were chosen for being different. */
  readonly tested: boolean;
  /** Whether it is one of the three whose plain average is believed before a series has taught anything. */
  readonly believed: boolean;
  readonly forecast: (sight: Sight, horizon: number) => Float64Array;
}

/**
 * What is combined. They were chosen for being different, not for how they did somewhere: lines that are estimated anew, levels with
 * damped trends, autocorrelated steps, seasons that are learnt on, and slower clocks; on the scale and on the logarithms of demand.
 * Levels without trend, with a whole and with a damped one, averaged, are what the M3 called Comb S-H-D (S. Makridakis and M. Hibon,
 * "The M3-Competition: results, conclusions and implications", 2000): hard to beat on a short series, and what such leans on.
 */
export const FORECAST_METHODS: readonly ForecastMethod[] = [
  {
    name: 'theta',
    logarithmic: false,
    tested: true,
    believed: false,
    forecast: (sight, horizon) => apart(sight, sight.shrunk, horizon, dynamicTheta),
  },
  {
    name: 'log theta',
    logarithmic: true,
    tested: true,
    believed: false,
    forecast: (sight, horizon) => apart(sight, sight.season, horizon, dynamicTheta),
  },
  {
    name: 'log classic theta',
    logarithmic: true,
    tested: true,
    believed: false,
    forecast: (sight, horizon) => apart(sight, sight.season, horizon, theta),
  },
  {
    name: 'damped trend',
    logarithmic: false,
    tested: true,
    believed: true,
    forecast: (sight, horizon) => apart(sight, sight.shrunk, horizon, level('damped')),
  },
  {
    name: 'whole trend',
    logarithmic: false,
    tested: false,
    believed: true,
    forecast: (sight, horizon) => apart(sight, sight.season, horizon, level('whole')),
  },
  {
    name: 'level',
    logarithmic: false,
    tested: false,
    believed: true,
    forecast: (sight, horizon) => apart(sight, sight.season, horizon, level('none')),
  },
  {
    name: 'autoregression',
    logarithmic: false,
    tested: true,
    believed: false,
    forecast: (sight, horizon) => apart(sight, sight.season, horizon, autoregressed),
  },
  {
    name: 'seasonal smoothing',
    logarithmic: false,
    tested: true,
    believed: false,
    forecast: ({ series, cycle }, horizon) => seasonallySmoothed(series, horizon, cycle),
  },
  {
    name: 'slower clocks',
    logarithmic: false,
    tested: true,
    believed: false,
    forecast: (sight, horizon) => apart(sight, sight.season, horizon, slowerClocks(sight.cycle)),
  },
];

export function materialOf(series: Float64Array, cycle: number): Material {
  const positive = series.every((value) => value > 0);
  // A factor of demand is a number of units of its logarithm.
  return {
    plain: sightOf(series, cycle, positive ? 'factor' : 'units'),
    logs: positive ? sightOf(series.map(Math.log), cycle, 'units') : null,
  };
}

/** A method's forecast, on the scale of demand and not below 0; null where the method does not apply. */
export function forecastBy(
  method: ForecastMethod,
  { plain, logs }: Material,
  horizon: number,
): Float64Array | null {
  const sight = method.logarithmic ? logs : plain;
  if (sight === null) return null;
  const last = plain.series.at(-1)!;
  return method.forecast(sight, horizon).map((value) => {
    const demand = method.logarithmic ? Math.exp(value) : value;
    return Number.isFinite(demand) ? Math.max(0, demand) : Math.max(0, last);
  });
}

function sightOf(series: Float64Array, cycle: number, kind: 'factor' | 'units'): Sight {
  const none: Season = { kind: 'none', indices: Float64Array.of(1) };
  const season = repeats(series, cycle) ? seasonOf(series, cycle, kind) : none;
  return { series, cycle, season, shrunk: shrunkSeason(series, cycle) };
}

/** Forecasts what is left without a season, and puts that back. */
function apart({ series }: Sight, season: Season, horizon: number, plain: Plain): Float64Array {
  if (season.kind === 'none') return plain(series, horizon);
  return withSeason(plain(withoutSeason(series, season), horizon), season, series.length);
}

function level(trend: Trend): Plain {
  return (series, horizon) => smoothed(series, horizon, trend);
}

/** Periods that are put together, by the season's cycle: those that divide it. */
const CLOCKS: Readonly<Record<number, readonly number[]>> = {
  12: [1, 2, 3, 4, 6, 12],
  4: [1, 2, 4],
  52: [1, 2, 4, 13],
  7: [1, 7],
};

/**
 * The average of levels and damped trends of longer and longer periods, as in N. Kourentzes, F. Petropoulos and J. R. Trapero,
 * "Improving forecasting by estimating time series structural components across multiple frequencies" (2014).
 */
function slowerClocks(cycle: number): Plain {
  const clocks = CLOCKS[cycle] ?? [1, 2, 3];
  return (series, horizon) => {
    const sum = new Float64Array(horizon);
    let used = 0;
    for (const clock of clocks) {
      const count = Math.floor(series.length / clock);
      if (count < 5 && clock > 1) continue;
      const skipped = series.length - count * clock;
      const slow = new Float64Array(count);
      for (let at = 0; at < count * clock; at++)
        slow[Math.floor(at / clock)]! += series[skipped + at]! / clock;
      const ahead = Math.ceil(horizon / clock);
      const level = smoothed(slow, ahead, 'none');
      const trend = smoothed(slow, ahead, 'damped');
      for (let step = 0; step < horizon; step++) {
        const place = Math.floor(step / clock);
        sum[step]! += (level[place]! + trend[place]!) / 2;
      }
      used++;
    }
    return sum.map((value) => value / used);
  };
}
