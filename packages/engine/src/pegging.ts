import { NO_DAY } from './day.ts';

/**
 * The kernel: which source backs which line. It runs over columns, an item being a slice of them, so that one order and a
 * million lines take the same code.
 *
 * A source is stock at a location (its day is the day it can leave) or a dated supply (its day is the promisable day).
 * An item's sources lie together in the order in which they are given: stock before supply, each earliest first. `free` is
 * what nobody has: it may be negative after a fact took units away that were given, and then the lowest-ranked lines lose
 * theirs.
 */
export interface SourceColumns {
  /** Promisable day. Stock may have a later one than a supply behind it: a unit in hand is still the surer one. */
  readonly day: Int32Array;
  /** Units that may still be given. Changed by the kernel. */
  readonly free: Int32Array;
  /** Which location it lies at or comes to: a column of `Sight`. */
  readonly place: Int32Array;
}

/** Which channel (row) is served by which place (column). */
export interface Sight {
  readonly places: number;
  readonly sees: Uint8Array;
}

/** Lines of items in rank order, with what backs them now. */
export interface LineColumns {
  /** Open units to be backed. */
  readonly need: Int32Array;
  /** A row of `Sight`. */
  readonly channel: Int32Array;
  /** No source after this day is of use to the line (its cancel-after day); NO_DAY: any. */
  readonly latest: Int32Array;
  /** The line is decided as of this day; 0: as soon as possible. */
  readonly notBefore: Int32Array;
}

/** What backs each line: line l has entries at[l] … at[l + 1]; source is an index into the source columns. */
export class Pegs {
  at: Int32Array;
  source: Int32Array;
  quantity: Int32Array;
  length = 0;

  constructor(lines: number, entries = lines) {
    this.at = new Int32Array(lines + 1);
    this.source = new Int32Array(Math.max(entries, 8));
    this.quantity = new Int32Array(Math.max(entries, 8));
  }

  push(source: number, quantity: number): void {
    if (this.length === this.source.length) this.grow();
    this.source[this.length] = source;
    this.quantity[this.length++] = quantity;
  }

  private grow(): void {
    const size = this.source.length * 2;
    const source = new Int32Array(size);
    const quantity = new Int32Array(size);
    source.set(this.source);
    quantity.set(this.quantity);
    this.source = source;
    this.quantity = quantity;
  }
}

/** Units of a source that other channels are promised to find: none, or a column beside `free`. */
export type Guard = Int32Array | null;

/**
 * Gives up to `need` units to one line, first source first, appending to `pegs`. Answers the units that found none.
 * A line with `notBefore` is given the last sources that keep that day first, so that it does not sit on units that
 * could leave today, and only then later ones.
 */
export function waterfall(
  sources: SourceColumns,
  start: number,
  end: number,
  sight: Sight,
  channel: number,
  need: number,
  latest: number,
  notBefore: number,
  guard: Guard,
  pegs: Pegs,
): number {
  const { day, free, place } = sources;
  const row = channel * sight.places;
  let left = need;
  if (notBefore > 0) {
    for (let s = end - 1; s >= start && left > 0; s--) {
      if (day[s]! > notBefore || sight.sees[row + place[s]!] === 0) continue;
      const units = Math.min(left, free[s]! - (guard === null ? 0 : guard[s]!));
      if (units <= 0) continue;
      free[s]! -= units;
      left -= units;
      pegs.push(s, units);
    }
  }
  for (let s = start; s < end && left > 0; s++) {
    if (day[s]! > latest || sight.sees[row + place[s]!] === 0) continue;
    const units = Math.min(left, free[s]! - (guard === null ? 0 : guard[s]!));
    if (units <= 0) continue;
    free[s]! -= units;
    left -= units;
    pegs.push(s, units);
  }
  return left;
}

/**
 * Takes back what lines may no longer use (a closed location, a channel it no longer serves) or need, then what sources no longer
 * have (negative `free`), lowest-ranked line first, changing `pegs` in place (an entry may fall to 0).
 */
export function shed(
  sources: SourceColumns,
  lines: LineColumns,
  lineStart: number,
  lineEnd: number,
  sight: Sight,
  pegs: Pegs,
): void {
  const { day, free, place } = sources;
  for (let l = lineStart; l < lineEnd; l++) {
    const row = lines.channel[l]! * sight.places;
    let need = lines.need[l]!;
    for (let p = pegs.at[l]!; p < pegs.at[l + 1]!; p++) {
      const s = pegs.source[p]!;
      const usable = sight.sees[row + place[s]!] === 1 && day[s]! < NO_DAY;
      const kept = usable ? Math.min(pegs.quantity[p]!, need) : 0;
      free[s]! += pegs.quantity[p]! - kept;
      pegs.quantity[p] = kept;
      need -= kept;
    }
  }
  for (let p = pegs.at[lineEnd]! - 1; p >= pegs.at[lineStart]!; p--) {
    const s = pegs.source[p]!;
    const over = Math.min(pegs.quantity[p]!, -free[s]!);
    if (over <= 0) continue;
    pegs.quantity[p]! -= over;
    free[s]! += over;
  }
}

/**
 * One pass over an item's lines in rank order: each keeps what backs it, moves to sources before it that are earlier and
 * have free units, and fills what is missing. Nobody loses a unit to anybody, and no reservation becomes a peg. `before`
 * holds what backs the lines now; the outcome is appended to `after`. Answers whether units became free that an earlier
 * line of the pass could still use.
 */
function pass(
  sources: SourceColumns,
  start: number,
  end: number,
  lines: LineColumns,
  lineStart: number,
  lineEnd: number,
  sight: Sight,
  guards: ((channel: number) => Guard) | null,
  before: Pegs | null,
  after: Pegs,
): boolean {
  const { day, free } = sources;
  let first = start;
  let lateness = -1; // the last source that a line of this pass stands on; past the end where one found none
  let again = false;
  for (let l = lineStart; l < lineEnd; l++) {
    after.at[l] = after.length;
    while (first < end && free[first]! <= 0) first++;
    const notBefore = lines.notBefore[l]!;
    const guard = guards === null ? null : guards(lines.channel[l]!);
    let missing = lines.need[l]!;
    if (before !== null) {
      for (let p = before.at[l]!; p < before.at[l + 1]!; p++) {
        const own = before.source[p]!;
        let units = before.quantity[p]!;
        missing -= units;
        const from = notBefore > 0 ? start : first;
        if (units > 0 && own > from && day[own]! > notBefore) {
          const until = day[own]! - 1;
          const kept = waterfall(
            sources,
            from,
            own,
            sight,
            lines.channel[l]!,
            units,
            until,
            notBefore,
            guard,
            after,
          );
          free[own]! += units - kept;
          if (kept < units && own < lateness) again = true;
          units = kept;
        }
        if (units > 0) after.push(own, units);
        if (own > lateness) lateness = own;
      }
    }
    if (missing > 0) {
      const mark = after.length;
      const left = waterfall(
        sources,
        notBefore > 0 ? start : first,
        end,
        sight,
        lines.channel[l]!,
        missing,
        lines.latest[l]!,
        notBefore,
        guard,
        after,
      );
      if (left > 0) lateness = end;
      for (let p = mark; p < after.length; p++) if (after.source[p]! > lateness) lateness = after.source[p]!;
    }
  }
  after.at[lineEnd] = after.length;
  return again;
}

/**
 * Re-decides the lines of one item: first what sources lost is taken from the lowest-ranked, then each line in rank order
 * keeps, betters and fills. `before` is changed; the outcome has the same lines. Null `before`: nothing backs them yet.
 */
export function rebalance(
  sources: SourceColumns,
  start: number,
  end: number,
  lines: LineColumns,
  lineStart: number,
  lineEnd: number,
  sight: Sight,
  guards: ((channel: number) => Guard) | null,
  before: Pegs | null,
  after: Pegs,
): void {
  if (before !== null) shed(sources, lines, lineStart, lineEnd, sight, before);
  const mark = after.length;
  let again = pass(sources, start, end, lines, lineStart, lineEnd, sight, guards, before, after);
  // A unit that a later line left can serve an earlier one that could not have had it before. Each such move brings units
  // forward, so this ends; in a queue whose order follows its dates it never starts.
  while (again) {
    const settled = new Pegs(lineEnd, after.length - mark);
    for (let l = lineStart; l < lineEnd; l++) {
      settled.at[l] = settled.length;
      for (let p = after.at[l]!; p < after.at[l + 1]!; p++)
        settled.push(after.source[p]!, after.quantity[p]!);
    }
    settled.at[lineEnd] = settled.length;
    after.length = mark;
    again = pass(sources, start, end, lines, lineStart, lineEnd, sight, guards, settled, after);
  }
}

/** The plan's input in the order it was stored: any order. Days and ranks are whole numbers; a lower rank goes first. */
export interface PlanInput {
  readonly items: number;
  readonly sight: Sight;
  readonly supplyItem: Int32Array;
  readonly supplyDay: Int32Array;
  readonly supplyFree: Int32Array;
  readonly supplyPlace: Int32Array;
  readonly lineItem: Int32Array;
  readonly lineRank: Int32Array;
  readonly lineNeed: Int32Array;
  readonly lineChannel: Int32Array;
}

/** What backs each line of a whole brand: supply index (into the input) and quantity per entry; the day each line leaves (NO_DAY where units wait). */
export interface PlanOutcome {
  readonly line: Int32Array;
  readonly at: Int32Array;
  readonly supply: Int32Array;
  readonly quantity: Int32Array;
  readonly shipBy: Int32Array;
  readonly waiting: number;
}

/**
 * Pegs every line of a brand from nothing: stable sorts put lines by item and rank and supplies by item and day, then one
 * pass. Time and memory are linear in lines + supplies + items.
 */
export function planAll(input: PlanInput): PlanOutcome {
  const { items, sight } = input;
  const supplies = sortByItem(input.supplyItem, input.supplyDay, items);
  const lines = sortByItem(input.lineItem, input.lineRank, items);
  const sources: SourceColumns = {
    day: gather(input.supplyDay, supplies.order),
    free: gather(input.supplyFree, supplies.order),
    place: gather(input.supplyPlace, supplies.order),
  };
  const { day, free } = sources;
  // Before the loop and not in it: a loop that does nothing else waits for many cache misses at once.
  const need = gather(input.lineNeed, lines.order);
  const channel = gather(input.lineChannel, lines.order);
  const count = lines.order.length;
  const shipBy = new Int32Array(count);
  const pegs = new Pegs(count, count + supplies.order.length);
  let waiting = 0;
  for (let item = 0; item < items; item++) {
    const end = supplies.start[item + 1]!;
    let first = supplies.start[item]!;
    for (let l = lines.start[item]!; l < lines.start[item + 1]!; l++) {
      while (first < end && free[first]! <= 0) first++;
      const from = pegs.length;
      pegs.at[l] = from;
      const left = waterfall(sources, first, end, sight, channel[l]!, need[l]!, NO_DAY - 1, 0, null, pegs);
      let last = left > 0 ? NO_DAY : 0;
      for (let p = from; p < pegs.length; p++) {
        const source = pegs.source[p]!;
        if (day[source]! > last) last = day[source]!;
        pegs.source[p] = supplies.order[source]!;
      }
      shipBy[l] = last;
      waiting += left;
    }
  }
  pegs.at[count] = pegs.length;
  return {
    line: lines.order,
    at: pegs.at,
    supply: pegs.source.subarray(0, pegs.length),
    quantity: pegs.quantity.subarray(0, pegs.length),
    shipBy,
    waiting,
  };
}

/** Up to here insertion is faster than counting; an item has a dozen lines, a bestseller thousands. */
const FEW = 256;

/**
 * A stable order by item and, within it, by key: a counting sort puts the rows of an item together, then each item's rows
 * are sorted in place. Key and row lie side by side, so that moving both touches one cache line.
 */
function sortByItem(
  item: Int32Array,
  key: Int32Array,
  items: number,
): { order: Int32Array; start: Int32Array } {
  const count = item.length;
  const start = new Int32Array(items + 1);
  for (let i = 0; i < count; i++) start[item[i]! + 1]!++;
  for (let i = 0; i < items; i++) start[i + 1]! += start[i]!;
  const next = start.slice(0, items);
  const pairs = new Int32Array(2 * count);
  for (let i = 0; i < count; i++) {
    const at = 2 * next[item[i]!]!++;
    pairs[at] = key[i]!;
    pairs[at + 1] = i;
  }
  for (let i = 0; i < items; i++) {
    const from = 2 * start[i]!;
    const to = 2 * start[i + 1]!;
    if (to - from <= 2 * FEW) insertByKey(pairs, from, to);
    else countByKey(pairs.subarray(from, to));
  }
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = pairs[2 * i + 1]!;
  return { order, start };
}

function insertByKey(pairs: Int32Array, from: number, to: number): void {
  for (let i = from + 2; i < to; i += 2) {
    const key = pairs[i]!;
    const row = pairs[i + 1]!;
    let at = i;
    while (at > from && pairs[at - 2]! > key) {
      pairs[at] = pairs[at - 2]!;
      pairs[at + 1] = pairs[at - 1]!;
      at -= 2;
    }
    pairs[at] = key;
    pairs[at + 1] = row;
  }
}

/** Least-significant-digit radix sort of pairs by their keys, whole numbers, in digits of 11 bits; digits that are all alike are skipped. */
function countByKey(pairs: Int32Array): void {
  let lowest = pairs[0]!;
  let highest = lowest;
  for (let i = 2; i < pairs.length; i += 2) {
    if (pairs[i]! < lowest) lowest = pairs[i]!;
    if (pairs[i]! > highest) highest = pairs[i]!;
  }
  let now: Int32Array = pairs;
  let other: Int32Array = new Int32Array(pairs.length);
  const counts = new Int32Array(2049);
  for (let shift = 0; shift < 32 && (highest - lowest) >>> shift > 0; shift += 11) {
    counts.fill(0);
    for (let i = 0; i < now.length; i += 2) counts[(((now[i]! - lowest) >>> shift) & 2047) + 1]!++;
    for (let digit = 0; digit < 2048; digit++) counts[digit + 1]! += counts[digit]!;
    for (let i = 0; i < now.length; i += 2) {
      const at = 2 * counts[((now[i]! - lowest) >>> shift) & 2047]!++;
      other[at] = now[i]!;
      other[at + 1] = now[i + 1]!;
    }
    [now, other] = [other, now];
  }
  if (now !== pairs) pairs.set(now);
}

function gather(column: Int32Array, order: Int32Array): Int32Array {
  const gathered = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) gathered[i] = column[order[i]!]!;
  return gathered;
}
