import type { DayNumber } from './day.ts';
import { demandForecast } from './demand-forecast.ts';
import { campaignFactors, type DemandDays, type PromotionDays, usualDemand } from './demand-history.ts';
import { demandQuantiles } from './distribution.ts';
import type { Forecast } from './forecast.ts';

/** An item's demand in the weeks to come, from its days: what is stored, shown and planned with. */
export interface ItemForecast extends Forecast {
  /** Demand by day of the week, Monday first; the average is 1. */
  readonly weekdays: Float64Array;
  readonly historyWeeks: number;
  readonly closedDays: number;
  readonly bulkUnits: number;
  readonly lift: number;
  /** Items whose start it was drawn to. */
  readonly lookAlikes: number;
}

/** A launch: fewer weeks of its own are drawn towards how the look-alikes began. */
const LAUNCH_WEEKS = 12;
/** So many weeks of its own count as much as all look-alikes together. */
const LOOK_ALIKE_WORTH = 3;
/** How far items that were thought alike begin apart, as a share of their level. */
const LOOK_ALIKE_SPREAD = 0.6;

export interface LookAlike {
  /** Usual demand by week, from its first week on. */
  readonly weekly: ArrayLike<number>;
}

/**
 * @param days until yesterday
 * @param lookAlikes for a launch: items that were thought to sell alike; left out: none are known
 */
export function itemForecast(
  today: DayNumber,
  days: DemandDays,
  horizonWeeks: number,
  {
    campaigns = [],
    everybody,
    lookAlikes = [],
    levelSpread = 0,
  }: {
    readonly campaigns?: readonly PromotionDays[];
    readonly everybody?: Float64Array;
    readonly lookAlikes?: readonly LookAlike[];
    /** What the brand's items taught of how far a level moves, as a share of it: `levelSpreadOf`. */
    readonly levelSpread?: number;
  } = {},
): ItemForecast {
  const usual = usualDemand(days, campaigns, everybody);
  const first = usual.weekly.findIndex((units) => units > 0);
  const own = first < 0 ? new Float64Array(0) : usual.weekly.subarray(first);
  const launch = own.length < LAUNCH_WEEKS && lookAlikes.length > 0;
  const plain = launch ? launchForecast(own, lookAlikes, horizonWeeks) : demandForecast(own, horizonWeeks);
  const factors = campaignFactors(today, horizonWeeks, campaigns, usual);
  return {
    ...plain,
    ...withLevelSpread(plain, levelSpread),
    mean: plain.mean.map((units, week) => units * factors[week]!),
    weekdays: usual.weekdays,
    historyWeeks: own.length,
    closedDays: usual.closedDays,
    bulkUnits: usual.bulkUnits,
    lift: usual.lift,
    lookAlikes: launch ? lookAlikes.length : 0,
  };
}

/** One item's few back-tests say little of how far its level may move: at least as far as the brand's items did. */
function withLevelSpread(
  { mean, deviation, alike }: Forecast,
  levelSpread: number,
): { deviation: number; alike: number } {
  const usual = mean.reduce((sum, units) => sum + units, 0) / Math.max(1, mean.length);
  const own = deviation * deviation * (1 - alike);
  const level = Math.max(deviation * deviation * alike, (levelSpread * usual) ** 2);
  const variance = own + level;
  return { deviation: Math.sqrt(variance), alike: variance > 0 ? level / variance : 0 };
}

/** Its own weeks so far against what the look-alikes sold in the same weeks of theirs set the level; their next weeks the shape. */
export function launchForecast(
  own: ArrayLike<number>,
  lookAlikes: readonly LookAlike[],
  horizonWeeks: number,
): Forecast {
  const average = (week: number) => {
    let sum = 0;
    let seen = 0;
    for (const { weekly } of lookAlikes) {
      if (week >= weekly.length) continue;
      sum += weekly[week]!;
      seen++;
    }
    return seen > 0 ? sum / seen : null;
  };
  let sold = 0;
  let due = 0;
  for (let week = 0; week < own.length; week++) {
    sold += own[week]!;
    due += average(week) ?? 0;
  }
  let last = 0;
  let level = 0;
  for (let week = 0; week < own.length + LAUNCH_WEEKS; week++)
    level += (average(week) ?? 0) / (own.length + LAUNCH_WEEKS);
  const worth = LOOK_ALIKE_WORTH * level;
  const scale = due + worth > 0 ? (sold + worth) / (due + worth) : 1;
  const mean = Float64Array.from({ length: horizonWeeks }, (_, step) => {
    last = average(own.length + step) ?? last;
    return scale * last;
  });
  const week = scale * level;
  const doubt = (LOOK_ALIKE_SPREAD * week) ** 2 * (LOOK_ALIKE_WORTH / (LOOK_ALIKE_WORTH + own.length));
  const variance = week + 0.1 * week * week + doubt;
  return {
    mean,
    deviation: Math.sqrt(variance),
    // The doubt about the level is one and the same for all weeks.
    alike: variance > 0 ? Math.min(0.95, doubt / variance) : 0,
    weights: [{ method: 'look-alikes', error: null, weight: 1 }],
  };
}

/** The week's units below which one, five and nine of ten such weeks stay. Its variance goes with its mean. */
export function weekBand(
  { mean, deviation }: Pick<Forecast, 'mean' | 'deviation'>,
  week: number,
): { p10: number; p50: number; p90: number } {
  const expected = mean[week] ?? 0;
  if (!(expected > 0)) return { p10: 0, p50: 0, p90: 0 };
  const usual = mean.reduce((sum, units) => sum + units, 0) / mean.length;
  const variance = Math.max(expected, (deviation * deviation * expected) / Math.max(usual, 1e-9));
  const within = demandQuantiles(expected, variance);
  return { p10: within(0.1), p50: within(0.5), p90: within(0.9) };
}
