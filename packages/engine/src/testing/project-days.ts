import type { ProjectionColumns } from '../projection.ts';

/** Where to put one item's days, by a caller who wants to see them. */
export interface ProjectionDays {
  /** Units that lie there, reserved ones included. */
  readonly stock: Float64Array;
  /** Units that customers wait for: pegged and waiting. */
  readonly queue: Float64Array;
  /** Demand lost on the day. */
  readonly lost: Float64Array;
}

/**
 * One item's days, told the plain way: what the kernels over columns must come to. Demand by day and arrival days (of the item's slice)
 * may be another scenario's.
 */
export function projectDays(
  columns: ProjectionColumns,
  item: number,
  demandOn: (day: number) => number,
  arrivalDays: ArrayLike<number>,
  into: ProjectionDays,
): void {
  const { days, free, reserved, reservedDay, waiting, mayWait, arrivalFrom, arrivalFree, arrivalPegged } =
    columns;
  const from = arrivalFrom[item]!;
  const count = arrivalFrom[item + 1]! - from;
  let coming = 0;
  let pegged = 0;
  for (let next = 0; next < count; next++) {
    coming += arrivalFree[from + next]!;
    pegged += arrivalPegged[from + next]!;
  }
  const arrived = new Uint8Array(count);
  let units = free[item]! - waiting[item]!;
  for (let day = 0; day < days; day++) {
    for (let next = 0; next < count; next++) {
      if (arrived[next] === 1 || arrivalDays[next]! > day) continue;
      arrived[next] = 1;
      units += arrivalFree[from + next]!;
      coming -= arrivalFree[from + next]!;
      pegged -= arrivalPegged[from + next]!;
    }
    const demand = demandOn(day);
    const room = Math.max(0, mayWait[item] === 1 ? units + coming : units);
    const taken = Math.min(demand, room);
    units -= taken;
    into.lost[day] = demand - taken;
    into.stock[day] = Math.max(0, units) + (day < reservedDay[item]! ? reserved[item]! : 0);
    into.queue[day] = pegged + Math.max(0, -units);
  }
}
