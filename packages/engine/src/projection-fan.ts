import { type ProjectionColumns, projectDays } from './projection.ts';

/** Where stock may be: the projection of many scenarios of demand and of arrivals. */

/** Quantities of a fan, by day. */
export interface Band {
  readonly p10: Float64Array;
  readonly p50: Float64Array;
  readonly p90: Float64Array;
}

export interface Fan {
  readonly stock: Band;
  readonly queue: Band;
  readonly lost: Band;
  /** Share of the scenarios that were without a free unit, or had a queue, on the day or before it. */
  readonly stockOutBy: Float64Array;
  /** The day by which half of the scenarios have run out; null: most never do. */
  readonly firstStockOut: number | null;
}

export interface Uncertainty {
  /** A day's demand as a multiple of what is expected, in equally likely values. */
  readonly dayFactors: Float64Array;
  /** A scenario's whole demand as a multiple of what is expected, in equally likely values. */
  readonly levelFactors: Float64Array;
  /** Days that each arrival of the item comes later than its day, in equally likely values. */
  readonly slips: readonly ArrayLike<number>[];
}

/** The same seed gives the same scenarios. Factors and slips are taken in turn where they matter once a scenario, so that few suffice. */
export function projectFan(
  columns: ProjectionColumns,
  item: number,
  { dayFactors, levelFactors, slips }: Uncertainty,
  { paths, seed }: { readonly paths: number; readonly seed: number },
): Fan {
  const { days, dailyDemand, arrivalFrom, arrivalDay } = columns;
  const weeks = Math.ceil(days / 7);
  const from = arrivalFrom[item]!;
  const into = { stock: new Float64Array(days), queue: new Float64Array(days), lost: new Float64Array(days) };
  const kept = {
    stock: new Float64Array(days * paths),
    queue: new Float64Array(days * paths),
    lost: new Float64Array(days * paths),
  };
  const out = new Float64Array(days);
  const arrivals = new Int32Array(slips.length);
  const chance = new Chance(seed + item);
  const levels = chance.shuffled(paths);
  const slipTurns = slips.map(() => chance.shuffled(paths));
  for (let path = 0; path < paths; path++) {
    const level = strata(levelFactors, levels[path]!, paths);
    for (const [next, slip] of slips.entries())
      arrivals[next] = arrivalDay[from + next]! + Math.round(strata(slip, slipTurns[next]![path]!, paths));
    const demandOn = (day: number) =>
      dailyDemand[item * weeks + Math.floor(day / 7)]! * level * dayFactors[chance.below(dayFactors.length)]!;
    projectDays(columns, item, demandOn, arrivals, into);
    let empty = false;
    for (let day = 0; day < days; day++) {
      kept.stock[day * paths + path] = into.stock[day]!;
      kept.queue[day * paths + path] = into.queue[day]!;
      kept.lost[day * paths + path] = into.lost[day]!;
      empty ||= into.stock[day]! <= 0 || into.lost[day]! > 0;
      if (empty) out[day]! += 1 / paths;
    }
  }
  const first = out.findIndex((share) => share >= 0.5);
  return {
    stock: bandOf(kept.stock, days, paths),
    queue: bandOf(kept.queue, days, paths),
    lost: bandOf(kept.lost, days, paths),
    stockOutBy: out,
    firstStockOut: first < 0 ? null : first,
  };
}

/** One of equally likely values, by a scenario's turn among all. */
function strata(values: ArrayLike<number>, turn: number, turns: number): number {
  return values[Math.floor(((turn + 0.5) * values.length) / turns)] ?? 0;
}

function bandOf(values: Float64Array, days: number, paths: number): Band {
  const band = { p10: new Float64Array(days), p50: new Float64Array(days), p90: new Float64Array(days) };
  const place = (share: number) => Math.min(paths - 1, Math.floor(share * paths));
  for (let day = 0; day < days; day++) {
    const sorted = values.subarray(day * paths, (day + 1) * paths).sort();
    band.p10[day] = sorted[place(0.1)]!;
    band.p50[day] = sorted[place(0.5)]!;
    band.p90[day] = sorted[place(0.9)]!;
  }
  return band;
}

/** Chance from a seed: G. Marsaglia, "Xorshift RNGs" (2003). */
class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed + 1, 0x9e3779b1) | 0 || 1;
  }

  below(count: number): number {
    let state = this.state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.state = state;
    return Math.floor(((state >>> 0) / 4294967296) * count);
  }

  /** 0 … count − 1 in some order. */
  shuffled(count: number): Int32Array {
    const order = Int32Array.from({ length: count }, (_, index) => index);
    for (let last = count - 1; last > 0; last--) {
      const other = this.below(last + 1);
      const held = order[last]!;
      order[last] = order[other]!;
      order[other] = held;
    }
    return order;
  }
}
