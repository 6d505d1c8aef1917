/**
 * The next weeks' demand of many slow items of one shop, of which each sees too little of a season by itself: a level per item, at two
 * speeds, over a season that all of them share, and that of the groups they are in.
 */

/** A period without the item on the shelf says nothing of its demand: it is left out, not counted as 0. */
export interface PooledSeries {
  readonly demand: ArrayLike<number>;
  readonly inStock?: ArrayLike<number | boolean>;
  /** What has a season of its own beside that of all: its store, the kind of its store. Each counts as much as the season of all. */
  readonly groups?: readonly string[];
}

export interface Pooling {
  /** Periods of a year. */
  readonly cycle: number;
  /** Weight of the latest period in the quick level; the slow one has a quarter of it. */
  readonly speed: number;
  /** Share of the slow level in the forecast. */
  readonly slowShare: number;
  /** Units that a season is drawn towards none by: a week of as many units is believed half. */
  readonly seasonShrinkage: number;
  /** Units that a group's season is drawn towards that of all by. */
  readonly groupShrinkage: number;
}

/** As found by playing the windows of eight weeks in 2023 and 2024 of `npm run bench -- replenishment`; the result is flat around it. */
export const POOLING: Pooling = {
  cycle: 52,
  speed: 0.1,
  slowShare: 0.6,
  seasonShrinkage: 2000,
  groupShrinkage: 300,
};

/** Levels are learnt from at most two years. */
const LONGEST_CYCLES = 2;
/** The season two years ago counts half as much as last year's. */
const YEARS = [
  { back: 1, weight: 1 },
  { back: 2, weight: 0.5 },
];
/** What is expected of an item that was never on the shelf, in units a period. */
const UNSEEN_LEVEL = 0.3;

/** Expected demand of each series for each of the `ahead` periods after its last. All series end in the same period. */
export function pooledForecast(
  series: readonly PooledSeries[],
  ahead: number,
  pooling: Pooling = POOLING,
): Float64Array[] {
  const periods = Math.max(0, ...series.map(({ demand }) => demand.length));
  const shared = seasonAround(series, periods, ahead, pooling.cycle, pooling.seasonShrinkage, () => 1);
  const ofGroup = groupSeasons(series, periods, ahead, pooling, shared);
  const earliest = Math.max(0, periods - LONGEST_CYCLES * pooling.cycle);
  return series.map(({ demand, inStock, groups = [] }) => {
    const skipped = periods - demand.length;
    const level = (season: Float64Array, speed: number) => {
      let seen = 0;
      let due = 0;
      let weight = 1;
      for (let at = periods - 1; at >= Math.max(earliest, skipped); at--, weight *= 1 - speed) {
        if (inStock && !inStock[at - skipped]) continue;
        seen += weight * demand[at - skipped]!;
        due += weight * season[at]!;
      }
      return due > 0 ? seen / due : UNSEEN_LEVEL;
    };
    const mean = new Float64Array(ahead);
    const seasons = [shared, ...groups.map((group) => ofGroup.get(group)!)];
    for (const season of seasons) {
      const slow = pooling.slowShare * level(season, pooling.speed / 4);
      const mixed = (1 - pooling.slowShare) * level(season, pooling.speed) + slow;
      for (let step = 0; step < ahead; step++)
        mean[step]! += (mixed * season[periods + step]!) / seasons.length;
    }
    return mean;
  });
}

function groupSeasons(
  series: readonly PooledSeries[],
  periods: number,
  ahead: number,
  { cycle, groupShrinkage }: Pooling,
  shared: Float64Array,
): Map<string, Float64Array> {
  const members = new Map<string, PooledSeries[]>();
  for (const one of series)
    for (const group of one.groups ?? []) {
      const others = members.get(group);
      if (others) others.push(one);
      else members.set(group, [one]);
    }
  const season = (ones: readonly PooledSeries[]) =>
    seasonAround(ones, periods, ahead, cycle, groupShrinkage, (at) => shared[at]!);
  return new Map([...members].map(([group, ones]) => [group, season(ones)]));
}

/**
 * Factors for every past and coming period: what these items together sold a year and two before it, against the year around that,
 * drawn towards the `usual` factor. Where nothing is known of a year before, that.
 */
function seasonAround(
  series: readonly PooledSeries[],
  periods: number,
  ahead: number,
  cycle: number,
  shrinkage: number,
  usual: (at: number) => number,
): Float64Array {
  const total = new Float64Array(periods);
  for (const { demand, inStock } of series) {
    const skipped = periods - demand.length;
    for (let at = 0; at < demand.length; at++)
      if (!inStock || inStock[at]) total[skipped + at]! += demand[at]!;
  }
  const sums = new Float64Array(periods + 1);
  for (let at = 0; at < periods; at++) sums[at + 1] = sums[at]! + total[at]!;
  const around = (at: number) => {
    const from = Math.max(0, at - cycle / 2);
    const until = Math.min(periods, at + cycle / 2);
    return (sums[until]! - sums[from]!) / (until - from);
  };
  return Float64Array.from({ length: periods + ahead }, (_, at) => {
    let seen = (shrinkage / 4) * usual(at);
    let due = shrinkage / 4;
    for (const { back, weight } of YEARS) {
      const before = at - back * cycle;
      // A quarter of a year is the least to say what is usual around a week.
      if (before < cycle / 4 || before >= periods) continue;
      seen += weight * total[before]!;
      due += weight * around(before);
    }
    return due > 0 ? seen / due : usual(at);
  });
}
