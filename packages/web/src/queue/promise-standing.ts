import { daysBetween, formatDay } from '../platform/format.ts';
import { backingOf } from './backing.ts';
import type { Backorder } from './backorders.ts';
import { words } from './words.ts';

export type PromiseStanding = {
  /** "Fri 14 Mar", or that there is no date. */
  day: string;
  /** The days to go, or how far past the promise the line will be. */
  note: string;
  broken: boolean;
  /** The whole of it, for the pointer. */
  exact: string;
};

/** How a line stands to its latest promise, as of today. */
export function promiseStanding(
  line: Pick<Backorder, 'promise' | 'plannedShipBy' | 'quantity' | 'commitments'>,
  today: string,
): PromiseStanding {
  const promised = line.promise?.shipBy;
  const { waitingUnits } = backingOf(line.commitments);
  // A promise may speak of units that are set aside already: those that wait have no date all the same.
  if (!promised || waitingUnits >= line.quantity) {
    const { none, noneWhy } = words.promise;
    return { day: none, note: noneWhy, broken: false, exact: none };
  }
  const planned = line.plannedShipBy;
  const day = formatDay(promised, today);
  const exact = words.promise.exact(day, planned ? formatDay(planned, today) : null);
  const passedDays = daysBetween(promised, today);
  const slipDays = planned ? daysBetween(promised, planned) : 0;
  const worstDays = Math.max(passedDays, slipDays);
  if (passedDays > 0) return { day, note: words.promise.late(worstDays), broken: true, exact };
  if (slipDays > 0) return { day, note: words.promise.slips(slipDays), broken: true, exact };
  const note =
    waitingUnits > 0
      ? words.promise.some(line.quantity - waitingUnits, line.quantity)
      : daysToGo(-passedDays);
  return { day, note, broken: false, exact };
}

function daysToGo(days: number): string {
  if (days === 0) return words.promise.today;
  if (days === 1) return words.promise.tomorrow;
  return words.promise.inDays(days);
}
