/** When to order how much for demands that are known period by period. */

export interface LotSchedule {
  /** Units ordered in each period, to arrive in it. */
  readonly orders: number[];
  readonly cost: number;
}

export interface LotCosts {
  /** Of placing an order. */
  readonly ordering: number;
  /** Of a unit left at the end of a period. */
  readonly holding: number;
  /** Of a unit bought in a period; 0 where its price never changes. */
  readonly unit?: number;
}

/**
 * The cheapest schedule that never runs short (Wagner and Whitin 1958): an order covers whole periods. Costs may differ by period.
 * Of equally cheap schedules it answers the one whose orders are the latest. Time grows with the square of the periods.
 */
export function lotSchedule(demand: readonly number[], costs: LotCosts | readonly LotCosts[]): LotSchedule {
  const at = (period: number) => (Array.isArray(costs) ? costs[period]! : costs) as LotCosts;
  const periods = demand.length;
  // cheapest[t]: of periods t and later, with nothing left from before.
  const cheapest = new Float64Array(periods + 1);
  const until = new Int32Array(periods);
  for (let period = periods - 1; period >= 0; period--) {
    const { ordering, unit = 0 } = at(period);
    // Without demand, waiting costs nothing.
    let best = demand[period] === 0 ? cheapest[period + 1]! : Infinity;
    until[period] = period;
    let covered = 0;
    let carrying = 0;
    let carried = 0;
    for (let last = period; last < periods; last++) {
      if (last > period) carrying += at(last - 1).holding;
      carried += carrying * demand[last]!;
      covered += demand[last]!;
      const cost = ordering + unit * covered + carried + cheapest[last + 1]!;
      if (cost < best) {
        best = cost;
        until[period] = last + 1;
      }
    }
    cheapest[period] = best;
  }
  const orders = demand.map(() => 0);
  for (let period = 0; period < periods; ) {
    const next = until[period]!;
    if (next === period) {
      period++;
      continue;
    }
    for (let covered = period; covered < next; covered++) orders[period]! += demand[covered]!;
    period = next;
  }
  return { orders, cost: cheapest[0]! };
}
