import { positionDigest } from './allocation.ts';
import type { DayNumber } from './day.ts';
import { NO_DAY } from './day.ts';
import type { Transfer } from './fact.ts';
import { ItemState } from './item-state.ts';
import type { ItemPosition, LinePosition, World } from './position.ts';
import { stillOpen } from './promise.ts';

/** Units of a line with one source and one promised day. */
interface Holding {
  readonly line: LinePosition;
  readonly source: number;
  /** They leave then if their source comes when expected. */
  readonly planned: DayNumber;
  readonly promised: DayNumber;
  units: number;
}

/** Exchanges of units between lines of an item, by which more promises are kept. */
export interface Swaps {
  readonly digest: string;
  readonly transfers: readonly Transfer[];
  /** Units whose promise is kept by it and would not be otherwise. */
  readonly kept: number;
}

/**
 * Finds who could exchange units so that more promises are kept and none is broken: somebody whose units come too late takes
 * those of somebody whose promise the later units keep as well. The units that come latest look for a partner first, since
 * fewest can wait for them; of the partners who can, the one who can wait least gives, and the others stay for whom they alone
 * can serve. A promise that was told anew since counts as it was first made: it is the one that was broken. For exchanges against one source this finds as many as there are: what keeps the later units' day keeps every
 * earlier one's, so the partners of one are partners of all that come after it (nested neighbourhoods, Glover 1967). Locked lines,
 * kits and units that were not promised have no part in it.
 * @param requested the day of each line's first promise, or that it was asked for, by 'order:line'
 */
export function swapsOf(
  world: World,
  position: ItemPosition,
  requested: ReadonlyMap<string, DayNumber>,
): Swaps {
  const state = new ItemState(position, world);
  const digest = positionDigest(state);
  const holdings = position.lines.filter(mayTrade).flatMap((line) => holdingsOf(state, line, requested));
  const late = holdings
    .filter((one) => one.planned > one.promised)
    .sort((a, b) => b.planned - a.planned || a.promised - b.promised);
  const early = holdings.filter((one) => one.planned <= one.promised).sort((a, b) => a.promised - b.promised);
  const transfers: Transfer[] = [];
  let kept = 0;
  for (const want of late)
    for (const give of early) {
      if (want.units === 0) break;
      if (give.units === 0 || !fits(state, want, give)) continue;
      const units = Math.min(want.units, give.units);
      want.units -= units;
      give.units -= units;
      kept += units;
      transfers.push(transferOf(state, give, want, units), transferOf(state, want, give, units));
    }
  return { digest, transfers: together(transfers), kept };
}

/** Each keeps their promise on the other's source. */
function fits(state: ItemState, want: Holding, give: Holding): boolean {
  return (
    give.source !== want.source &&
    give.line !== want.line &&
    leaves(state, give.source, want.line) <= want.promised &&
    leaves(state, want.source, give.line) <= give.promised
  );
}

/** The day on which units of a source would leave for a line; NO_DAY: it cannot have them. */
function leaves(state: ItemState, source: number, line: LinePosition): DayNumber {
  const day = Math.max(state.plannedDay(source), line.notBefore ?? 0);
  return state.serves(source, line.channel) && day <= (line.cancelAfter ?? NO_DAY) ? day : NO_DAY;
}

function mayTrade(line: LinePosition): boolean {
  return line.locked !== true && line.per === 1 && !(line.tied && line.shipComplete !== true);
}

/** The line's promised units, earliest first, upon the sources that back them, earliest first. */
function holdingsOf(
  state: ItemState,
  line: LinePosition,
  requested: ReadonlyMap<string, DayNumber>,
): Holding[] {
  if (line.promise === null) return [];
  const open = line.ordered - line.shipped - line.cancelled;
  const parts = stillOpen(line.promise, { open, shipped: line.shipped });
  const backing = line.commitments
    .filter((one) => one.kind !== 'waiting')
    .map((one) => ({ source: state.indexOf(one), units: one.quantity }))
    .filter(({ source }) => state.sources.day[source]! < NO_DAY)
    .sort((a, b) => state.plannedDay(a.source) - state.plannedDay(b.source) || a.source - b.source);
  const latest = requested.get(`${line.order}:${line.line}`) ?? NO_DAY;
  const holdings: Holding[] = [];
  let b = 0;
  for (const part of parts)
    for (let left = part.quantity; left > 0 && b < backing.length; ) {
      const { source, units: rest } = backing[b]!;
      const units = Math.min(left, rest);
      const planned = Math.max(state.plannedDay(source), line.notBefore ?? 0);
      holdings.push({ line, source, planned, promised: Math.min(part.shipBy, latest), units });
      left -= units;
      backing[b]!.units -= units;
      if (backing[b]!.units === 0) b++;
    }
  return holdings;
}

function transferOf(state: ItemState, from: Holding, to: Holding, quantity: number): Transfer {
  const { kind, source } = state.commitmentOf(from.source, quantity);
  return {
    kind: kind === 'reserved' ? 'reserved' : 'pegged',
    source,
    quantity,
    from: { order: from.line.order, line: from.line.line },
    to: { order: to.line.order, line: to.line.line },
  };
}

/** One entry for what goes from the same line to the same line out of the same source. */
function together(transfers: readonly Transfer[]): Transfer[] {
  const joined = new Map<string, Transfer>();
  for (const one of transfers) {
    const key = JSON.stringify([one.kind, one.source, one.from, one.to]);
    const known = joined.get(key);
    joined.set(key, known === undefined ? one : { ...known, quantity: known.quantity + one.quantity });
  }
  return [...joined.values()];
}
