import type { DayNumber } from './day.ts';

/** What is known of how an item stood: how it stands now, and what changed it on which day. */
export interface StandingHistory {
  /** Sellable units on hand less all open customer units, now. */
  readonly net: number;
  /** Open units of supply that could be promised from, now. */
  readonly supply: number;
  /** By day: units that came to the shelf or left it otherwise than to customers, and how much more supply was open than the day before. */
  readonly changes: readonly { readonly day: DayNumber; readonly stock: number; readonly supply: number }[];
  /** Whether coming supply may be sold. */
  readonly mayWait: boolean;
}

/**
 * The days on which nobody could have had the item: neither at their start nor at their end was there a free unit, or one on its way
 * that may be sold, and nothing was taken. Before the first movement nothing is known, and no day is closed.
 * @param units taken by day, from `from` until yesterday
 */
export function closedDays(
  from: DayNumber,
  units: ArrayLike<number>,
  { net, supply, changes, mayWait }: StandingHistory,
): Uint8Array {
  const closed = new Uint8Array(units.length);
  if (changes.length === 0) return closed;
  const stock = new Float64Array(units.length);
  const coming = new Float64Array(units.length);
  let first = Infinity;
  let stockAfter = 0;
  let supplyAfter = 0;
  for (const change of changes) {
    first = Math.min(first, change.day);
    const at = change.day - from;
    if (at < 0) continue;
    // What came today is no part of yesterday's end.
    if (at >= units.length) {
      stockAfter += change.stock;
      supplyAfter += change.supply;
    } else {
      stock[at]! += change.stock;
      coming[at]! += change.supply;
    }
  }
  let free = net - stockAfter;
  let open = supply - supplyAfter;
  for (let at = units.length - 1; at >= 0 && from + at >= first; at--) {
    const end = free + (mayWait ? Math.max(0, open) : 0);
    free += units[at]! - stock[at]!;
    open -= coming[at]!;
    const start = free + (mayWait ? Math.max(0, open) : 0);
    if (from + at > first && units[at] === 0 && start <= 0 && end <= 0) closed[at] = 1;
  }
  return closed;
}
