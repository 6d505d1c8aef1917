/**
 * Stock by day. Each open unit leaves once: reserved units on their ship day, pegged ones when their supply arrives, waiting ones from
 * the first free units. Demand that meets no free units joins the queue as far as coming supply may be promised, and is lost beyond.
 * Over columns: an item is an index, its arrivals a slice in order of day; days count from today, which is 0.
 */

export interface ProjectionColumns {
  readonly items: number;
  readonly days: number;
  /** Sellable units that no reservation holds. */
  readonly free: Float64Array;
  /** Reserved units, and the day on which they leave. */
  readonly reserved: Float64Array;
  readonly reservedDay: Int32Array;
  /** Open units that nothing backs yet. */
  readonly waiting: Float64Array;
  /** Whether new demand may wait for coming supply. */
  readonly mayWait: Uint8Array;
  /** Expected units a day, by week from today: `items` × ⌈days / 7⌉. */
  readonly dailyDemand: Float32Array;
  /** Arrivals of item i are arrivalFrom[i] … arrivalFrom[i + 1]. */
  readonly arrivalFrom: Int32Array;
  readonly arrivalDay: Int32Array;
  /** Units of an arrival that nobody has yet, and those pegged to it. */
  readonly arrivalFree: Float64Array;
  readonly arrivalPegged: Float64Array;
}

export interface ProjectionSummary {
  /** The first day without a free unit at its end; −1: never. */
  readonly firstStockOut: Int32Array;
  readonly deepestQueue: Float64Array;
  readonly lost: Float64Array;
  /** Free units, less waiting ones, after the last day. */
  readonly net: Float64Array;
}

/** Projects every item along its expected demand and arrival days. */
export function projectAll(columns: ProjectionColumns): ProjectionSummary {
  const { items } = columns;
  const summary = {
    firstStockOut: new Int32Array(items).fill(-1),
    deepestQueue: new Float64Array(items),
    lost: new Float64Array(items),
    net: new Float64Array(items),
  };
  const { firstStockOut, deepestQueue, lost, net } = summary;
  const { days, free, waiting, mayWait, dailyDemand, arrivalFrom, arrivalDay, arrivalFree, arrivalPegged } =
    columns;
  const weeks = Math.ceil(days / 7);
  for (let item = 0; item < items; item++) {
    let at = arrivalFrom[item]!;
    const end = arrivalFrom[item + 1]!;
    let coming = 0;
    let pegged = 0;
    for (let next = at; next < end; next++) {
      coming += arrivalFree[next]!;
      pegged += arrivalPegged[next]!;
    }
    const waits = mayWait[item] === 1;
    let units = free[item]! - waiting[item]!;
    let missed = 0;
    let deepest = pegged + (units < 0 ? -units : 0);
    let first = -1;
    let demand = 0;
    let arrival = at < end ? arrivalDay[at]! : days;
    for (let week = 0, day = 0; week < weeks; week++) {
      demand = dailyDemand[item * weeks + week]!;
      const until = Math.min(days, day + 7);
      while (day < until) {
        while (arrival <= day) {
          units += arrivalFree[at]!;
          coming -= arrivalFree[at]!;
          pegged -= arrivalPegged[at]!;
          at++;
          arrival = at < end ? arrivalDay[at]! : days;
        }
        const next = Math.min(until, arrival);
        // Most days are like this: what is asked for is there, and something stays.
        for (; day < next && units > demand; day++) units -= demand;
        for (; day < next; day++) {
          const room = waits ? units + coming : units;
          if (room <= 0) break;
          if (room >= demand) units -= demand;
          else {
            units -= room;
            missed += demand - room;
          }
          if (units <= 0) {
            if (first < 0) first = day;
            if (pegged - units > deepest) deepest = pegged - units;
          }
        }
        if (day === next) continue;
        // Nobody gets any until the next arrival.
        if (first < 0) first = day;
        if (pegged - units > deepest) deepest = pegged - units;
        for (; day < next; day++) missed += demand;
      }
    }
    firstStockOut[item] = first;
    deepestQueue[item] = deepest;
    lost[item] = missed;
    net[item] = units;
  }
  return summary;
}

/** The first day of each item without a free unit at its end, as `projectAll` finds it; −1: never. Weeks are passed in one step. */
export function firstStockOuts(columns: ProjectionColumns): Int32Array {
  const { items, days, free, waiting, dailyDemand, arrivalFrom, arrivalDay, arrivalFree } = columns;
  const weeks = Math.ceil(days / 7);
  const firsts = new Int32Array(items).fill(-1);
  for (let item = 0; item < items; item++) {
    let at = arrivalFrom[item]!;
    const end = arrivalFrom[item + 1]!;
    let arrival = at < end ? arrivalDay[at]! : days;
    let units = free[item]! - waiting[item]!;
    search: for (let week = 0, day = 0, row = item * weeks; week < weeks; week++) {
      // Four weeks without an arrival, and whole.
      if (arrival >= day + 28 && day + 28 <= days) {
        const asked =
          7 *
          (dailyDemand[row + week]! +
            dailyDemand[row + week + 1]! +
            (dailyDemand[row + week + 2]! + dailyDemand[row + week + 3]!));
        if (units > asked) {
          units -= asked;
          day += 28;
          week += 3;
          continue;
        }
      }
      const demand = dailyDemand[row + week]!;
      const until = Math.min(days, 7 * week + 7);
      while (day < until) {
        while (arrival <= day) {
          units += arrivalFree[at]!;
          at++;
          arrival = at < end ? arrivalDay[at]! : days;
        }
        const next = Math.min(until, arrival);
        const asked = (next - day) * demand;
        if (units > asked) {
          units -= asked;
          day = next;
          continue;
        }
        for (; units > demand; day++) units -= demand;
        // Rounding may leave a unit's last fraction to the day after.
        firsts[item] = Math.min(day, next - 1);
        break search;
      }
    }
  }
  return firsts;
}

/**
 * What is usually drawn in a spreadsheet, to compare with: every open unit leaves today, supply comes on its stated day, and what is
 * short is a stock below zero.
 */
export function naiveProjection(columns: ProjectionColumns, item: number): Float64Array {
  const { days, free, waiting, dailyDemand, arrivalFrom, arrivalDay, arrivalFree, arrivalPegged } = columns;
  const weeks = Math.ceil(days / 7);
  const answer = new Float64Array(days);
  const slice = [arrivalFrom[item]!, arrivalFrom[item + 1]!] as const;
  let units = free[item]! - waiting[item]!;
  for (let next = slice[0]; next < slice[1]; next++) units -= arrivalPegged[next]!;
  let at = slice[0];
  for (let day = 0; day < days; day++) {
    for (; at < slice[1] && arrivalDay[at]! <= day; at++) units += arrivalFree[at]! + arrivalPegged[at]!;
    units -= dailyDemand[item * weeks + Math.floor(day / 7)]!;
    answer[day] = units;
  }
  return answer;
}
