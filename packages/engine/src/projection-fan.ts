import type { ProjectionColumns } from './projection.ts';
import { type Band, tenths } from './tenths.ts';

/** Where stock may be: the projection of many scenarios of demand and of arrivals. */

export interface Fan {
  readonly stock: Band;
  readonly queue: Band;
  readonly lost: Band;
  /** Share of the scenarios that had been without a unit, or had lost demand, on the day or before it. */
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

/**
 * Makes fans of so many scenarios, one item after another, in memory that it keeps. The same seed gives the same scenarios. What is
 * drawn once a scenario (level, slips) is dealt out evenly over the scenarios, so that few suffice; the rules are those of `projectAll`.
 */
export class FanMaker {
  private readonly columns: ProjectionColumns;
  private readonly paths: number;
  private readonly seed: number;
  private readonly stock: Float32Array;
  private readonly queue: Float32Array;
  private readonly lost: Float32Array;
  private readonly turns: Int32Array;
  private arrivals = new Float64Array(0);
  private order = new Int32Array(0);

  constructor(
    columns: ProjectionColumns,
    { paths, seed }: { readonly paths: number; readonly seed: number },
  ) {
    this.columns = columns;
    this.paths = paths;
    this.seed = seed;
    this.stock = new Float32Array(columns.days * paths);
    this.queue = new Float32Array(columns.days * paths);
    this.lost = new Float32Array(columns.days * paths);
    this.turns = new Int32Array(paths);
  }

  fan(item: number, uncertainty: Uncertainty): Fan {
    const { out, first } = this.play(item, uncertainty, null);
    return this.drawn(this.cells(), out, first);
  }

  /**
   * Fans of several items of the columns whose demand rises and falls together (the stock pools of one), and that of their sums, scenario
   * by scenario. @param weights of each in `stockOutBy` of the sum; they sum to 1
   */
  fansTogether(
    uncertainties: readonly Uncertainty[],
    weights: readonly number[],
  ): { readonly each: Fan[]; readonly whole: Fan } {
    const cells = this.columns.days * this.paths;
    const sum = {
      stock: new Float32Array(cells),
      queue: new Float32Array(cells),
      lost: new Float32Array(cells),
    };
    const whole = new Float64Array(this.columns.days);
    const each = uncertainties.map((uncertainty, item) => {
      const { out, first } = this.play(item, uncertainty, this.seed);
      for (const kind of ['stock', 'queue', 'lost'] as const)
        for (let cell = 0; cell < cells; cell++) sum[kind][cell]! += this[kind][cell]!;
      for (let day = 0; day < whole.length; day++) whole[day]! += weights[item]! * out[day]!;
      return this.drawn(this.cells(), out, first);
    });
    const first = whole.findIndex((share) => 2 * share >= 1 - 1e-9);
    return { each, whole: this.drawn(sum, whole, first) };
  }

  /** Plays all scenarios of an item: its days lie in `stock`, `queue` and `lost` after it. */
  private play(
    item: number,
    { dayFactors, levelFactors, slips }: Uncertainty,
    levelSeed: number | null,
  ): { out: Float64Array; first: number } {
    const { days } = this.columns;
    const { paths } = this;
    const count = slips.length;
    const out = new Float64Array(days);
    if (this.order.length < count) this.order = new Int32Array(count);
    if (this.arrivals.length < count * paths) this.arrivals = new Float64Array(count * paths);
    let state = Math.imul(this.seed + item + 1, 0x9e3779b1) | 1;
    state = this.deal(state, slips, this.columns.arrivalFrom[item]!);
    // Those that rise and fall together take their levels in one order.
    if (levelSeed === null) state = this.shuffle(state);
    else this.shuffle(Math.imul(levelSeed + 1, 0x85ebca6b) | 1);
    for (let path = 0; path < paths; path++) {
      const level = strata(levelFactors, this.turns[path]!, paths);
      state = this.scenario(item, path, count, level, dayFactors, state, out);
    }
    let first = -1;
    for (let day = 0, share = 0; day < days; day++) {
      share += out[day]!;
      out[day] = Math.min(1, share / paths);
      if (first < 0 && 2 * share >= paths) first = day;
    }
    return { out, first };
  }

  private cells() {
    const { stock, queue, lost } = this;
    return { stock, queue, lost };
  }

  private drawn(
    { stock, queue, lost }: { stock: Float32Array; queue: Float32Array; lost: Float32Array },
    stockOutBy: Float64Array,
    first: number,
  ): Fan {
    const { paths } = this;
    const { days } = this.columns;
    return {
      stock: tenths(stock, days, paths),
      queue: tenths(queue, days, paths),
      lost: tenths(lost, days, paths),
      stockOutBy,
      firstStockOut: first < 0 ? null : first,
    };
  }

  /** Arrival days of all scenarios: each slip value as often as any other. */
  private deal(seed: number, slips: readonly ArrayLike<number>[], from: number): number {
    const { paths, turns, arrivals, columns } = this;
    let state = seed;
    for (const [next, slip] of slips.entries()) {
      state = this.shuffle(state);
      const day = columns.arrivalDay[from + next]!;
      for (let path = 0; path < paths; path++)
        arrivals[path * slips.length + next] = day + Math.round(strata(slip, turns[path]!, paths));
    }
    return state;
  }

  private scenario(
    item: number,
    path: number,
    count: number,
    level: number,
    factors: Float64Array,
    seed: number,
    out: Float64Array,
  ): number {
    const { columns, paths, stock, queue, lost, arrivals, order } = this;
    const { days, dailyDemand, arrivalFrom, arrivalFree, arrivalPegged } = columns;
    const weeks = Math.ceil(days / 7);
    const from = arrivalFrom[item]!;
    const own = path * count;
    let coming = 0;
    let pegged = 0;
    for (let next = 0; next < count; next++) {
      coming += arrivalFree[from + next]!;
      pegged += arrivalPegged[from + next]!;
      // Slips change who comes first: sorted by insertion, there are few.
      let place = next;
      for (; place > 0 && arrivals[own + order[place - 1]!]! > arrivals[own + next]!; place--)
        order[place] = order[place - 1]!;
      order[place] = next;
    }
    const waits = columns.mayWait[item] === 1;
    const reserved = columns.reserved[item]!;
    const reservedDay = columns.reservedDay[item]!;
    const scale = factors.length / 4294967296;
    let units = columns.free[item]! - columns.waiting[item]!;
    let state = seed;
    let at = 0;
    let arrival = count > 0 ? arrivals[own + order[0]!]! : days;
    let empty = false;
    for (let week = 0, day = 0, cell = path; week < weeks; week++) {
      const expected = dailyDemand[item * weeks + week]! * level;
      const until = Math.min(days, day + 7);
      for (; day < until; day++, cell += paths) {
        while (arrival <= day) {
          const one = from + order[at]!;
          units += arrivalFree[one]!;
          coming -= arrivalFree[one]!;
          pegged -= arrivalPegged[one]!;
          at++;
          arrival = at < count ? arrivals[own + order[at]!]! : days;
        }
        // G. Marsaglia, "Xorshift RNGs" (2003).
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        const demand = expected * factors[((state >>> 0) * scale) | 0]!;
        const room = waits ? units + coming : units;
        let missed = 0;
        if (room >= demand) units -= demand;
        else {
          const taken = Math.max(room, 0);
          units -= taken;
          missed = demand - taken;
        }
        const there = Math.max(units, 0) + (day < reservedDay ? reserved : 0);
        stock[cell] = there;
        queue[cell] = units < 0 ? pegged - units : pegged;
        lost[cell] = missed;
        if (!empty && (there <= 0 || missed > 0)) {
          empty = true;
          out[day]! += 1;
        }
      }
    }
    return state;
  }

  /** The scenarios' turns in some order. */
  private shuffle(seed: number): number {
    const { turns } = this;
    let state = seed;
    for (let index = 0; index < turns.length; index++) turns[index] = index;
    for (let last = turns.length - 1; last > 0; last--) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      const other = ((state >>> 0) * ((last + 1) / 4294967296)) | 0;
      const held = turns[last]!;
      turns[last] = turns[other]!;
      turns[other] = held;
    }
    return state;
  }
}

/** One of equally likely values, by a scenario's turn among all. */
function strata(values: ArrayLike<number>, turn: number, turns: number): number {
  return values[(((turn + 0.5) * values.length) / turns) | 0] ?? 0;
}
