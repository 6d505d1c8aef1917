import { demandQuantiles } from './distribution.ts';
import { type Forecast, forecast } from './forecast.ts';
import { POOLING, pooledForecast } from './pooled-forecast.ts';

/** What an item's demand by week says of the weeks to come, whatever kind of item it is. */

/** Weeks of a year. */
const CYCLE = 52;
/** Below so many weeks there is a level and nothing else to be learnt. */
const LEAST_WEEKS = 8;
/** An item that sells in fewer than so many of its weeks is intermittent: trends and seasons of its own would be chance. */
const LEAST_SELLING_SHARE = 0.6;
/** Most decisions are about the next quarter. */
const TESTED_WEEKS = 13;
/** A level that may be this far off, as a share of itself, says nothing; beyond it a fan would be of noughts and a few giants. */
const WIDEST_LEVEL = 1.5;
/** How alike the errors of an intermittent item's weeks are. */
const INTERMITTENT_ALIKE = 0.1;

/**
 * Weekly demand from the item's first week on. Intermittent and new items: a level at two speeds. Others: the combination that
 * `forecast` makes. Weeks before the first sale are left out.
 */
export function demandForecast(history: ArrayLike<number>, horizon: number): Forecast {
  const weekly = Float64Array.from(history);
  const first = weekly.findIndex((units) => units > 0);
  if (first < 0)
    return { mean: new Float64Array(horizon), deviation: 0, alike: INTERMITTENT_ALIKE, weights: [] };
  const demand = weekly.slice(first);
  const selling = demand.reduce((weeks, units) => (units > 0 ? weeks + 1 : weeks), 0) / demand.length;
  if (demand.length >= LEAST_WEEKS && selling >= LEAST_SELLING_SHARE)
    return forecast(demand, CYCLE, horizon, TESTED_WEEKS);
  const [mean] = pooledForecast([{ demand }], horizon, {
    ...POOLING,
    seasonShrinkage: Number.MAX_SAFE_INTEGER,
  });
  const level = mean![0] ?? 0;
  let squares = 0;
  for (const units of demand) squares += (units - level) ** 2;
  const seen = squares / demand.length;
  return {
    mean: mean!,
    // A short quiet history is no proof of calm: at least as wide as independent customers would make it.
    deviation: Math.sqrt(Math.max(seen, level)),
    alike: INTERMITTENT_ALIKE,
    weights: [{ method: 'level at two speeds', error: null, weight: 1 }],
  };
}

/** Mean and variance of the demand of so many weeks from now, parts of a week included. */
export function demandOver(
  { mean, deviation, alike }: Forecast,
  weeks: number,
): { mean: number; variance: number } {
  let total = 0;
  for (let at = 0; at < weeks; at++) {
    const share = Math.min(1, weeks - at);
    total += (mean[Math.min(at, mean.length - 1)] ?? 0) * share;
  }
  return { mean: total, variance: deviation * deviation * weeks * (1 + alike * Math.max(0, weeks - 1)) };
}

/** Equally likely factors of a day's demand and of the whole forecast's level, as a fan of scenarios takes them. */
export function demandFactors({ mean, deviation, alike }: Forecast): {
  days: Float64Array;
  level: Float64Array;
} {
  const week = mean.length > 0 ? mean.reduce((sum, value) => sum + value, 0) / mean.length : 0;
  if (week <= 0) return { days: Float64Array.of(1), level: Float64Array.of(1) };
  const day = week / 7;
  const own = demandQuantiles(day, Math.max(day, (deviation * deviation * (1 - alike)) / 7));
  const days = Float64Array.from({ length: 64 }, (_, step) => own((step + 0.5) / 64) / day);
  const spread = Math.min(WIDEST_LEVEL, (Math.sqrt(alike) * deviation) / week);
  const shared = demandQuantiles(1000, 1000 + (1000 * spread) ** 2);
  const level = Float64Array.from({ length: 32 }, (_, step) => shared((step + 0.5) / 32) / 1000);
  return { days: levelled(days), level: levelled(level) };
}

/** The middle of a slice is not its average: brought back to an average of 1. */
function levelled(factors: Float64Array): Float64Array {
  const average = factors.reduce((sum, factor) => sum + factor, 0) / factors.length;
  return average > 0 ? factors.map((factor) => factor / average) : factors.fill(1);
}
