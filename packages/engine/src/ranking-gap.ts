import { type DayNumber, NO_DAY } from './day.ts';
import { ItemState, openUnits } from './item-state.ts';
import { Pegs, waterfall } from './pegging.ts';
import type { ItemPosition, LinePosition, World } from './position.ts';
import { stillOpen } from './promise.ts';
import { type Demand, leastCost } from './transport.ts';

/** How late a queue's units are against their promises. */
export interface Lateness {
  /** Days after the promised one, over all units. */
  readonly unitDays: number;
  /** The same, each unit by its net value in minor units. */
  readonly valueDays: number;
  /** Units that leave after the day they were promised, and units without any day. */
  readonly lateUnits: number;
  readonly waitingUnits: number;
}

/** How far a queue's ranking is from the best possible. */
export interface RankingGap {
  readonly lines: number;
  readonly units: number;
  /** As the units stand now, and as ranking would give them out from nothing. */
  readonly now: Lateness;
  readonly byRanking: Lateness;
  /** The least unit-days late that any giving out could have, and the least value-days: two different ones in general. */
  readonly leastUnitDays: number;
  readonly leastValueDays: number;
  /** A unit that nothing backs counts as if it left on this day. */
  readonly horizon: DayNumber;
}

/** Units of a line with one promised day. */
interface Wanted {
  readonly line: LinePosition;
  readonly units: number;
  /** Null: it was never promised, and so is never late. */
  readonly promised: DayNumber | null;
  /** Net, of one unit. */
  readonly value: number;
}

/**
 * Holds an item's queue against the best that could be made of its units. Units are alike and supplies dated, so that with one
 * pool and equal weights the best is to give the earliest unit to the earliest promise (exchanging two that cross never costs
 * more: the cost is convex in the difference of two days, a Monge array; Hoffman 1963). Values and channels that see only
 * some locations break that argument: then it is a transportation problem, and it is solved as one, exactly (`leastCost`).
 * A promise counts as it was first made; days are planned ones. Locked lines and what carts or other channels are kept have no
 * part in it; a kit counts component by component. Pure.
 * @param requested the last day of each line's first promise, by 'order:line'
 */
export function rankingGap(
  world: World,
  position: ItemPosition,
  requested: ReadonlyMap<string, DayNumber>,
): RankingGap {
  const state = new ItemState(position, world);
  const lines = position.lines
    .filter((line) => openUnits(line) > 0 && line.locked !== true)
    .sort((a, b) => a.rank - b.rank || a.order - b.order || a.line - b.line);
  const capacity = capacities(state, lines);
  const wanted = lines.flatMap((line) => wantedOf(line, requested));
  const horizon = horizonOf(state, wanted);
  const days = new Days(state, horizon);
  return {
    lines: lines.length,
    units: wanted.reduce((units, one) => units + one.units, 0),
    now: lateness(lines, wanted, (line) => standing(state, line), days),
    byRanking: lateness(lines, wanted, rankedBy(state, lines, capacity), days),
    leastUnitDays: leastCost(
      demandsOf(wanted, days, () => 1),
      capacity,
    ).cost,
    leastValueDays: leastCost(
      demandsOf(wanted, days, (one) => one.value),
      capacity,
    ).cost,
    horizon,
  };
}

class Days {
  private readonly state: ItemState;
  private readonly horizon: DayNumber;
  readonly count: number;

  constructor(state: ItemState, horizon: DayNumber) {
    this.state = state;
    this.horizon = horizon;
    this.count = state.count;
  }

  /** Days late of a unit at a source; null: it has none. Infinity: the line cannot have it. */
  late({ line, promised }: Wanted, source: number | null): number {
    if (source === null) return promised === null ? 0 : Math.max(0, this.horizon - promised);
    const day = Math.max(this.state.plannedDay(source), line.notBefore ?? 0);
    if (!this.state.serves(source, line.channel) || day > (line.cancelAfter ?? NO_DAY))
      return Number.POSITIVE_INFINITY;
    return promised === null ? 0 : Math.max(0, day - promised);
  }
}

/** Lines that are alike in all that counts are one demand. */
function demandsOf(wanted: readonly Wanted[], days: Days, weightOf: (one: Wanted) => number): Demand[] {
  const demands = new Map<string, { one: Wanted; units: number }>();
  for (const one of wanted) {
    const { channel, notBefore, cancelAfter } = one.line;
    const key = JSON.stringify([one.promised, weightOf(one), channel, notBefore, cancelAfter]);
    const known = demands.get(key);
    if (known === undefined) demands.set(key, { one, units: one.units });
    else known.units += one.units;
  }
  return [...demands.values()].map(({ one, units }) => {
    const weight = weightOf(one);
    const costAt = (source: number | null) => {
      const late = days.late(one, source);
      return late === Number.POSITIVE_INFINITY ? late : weight * late;
    };
    return {
      units,
      none: costAt(null),
      cost: Array.from({ length: days.count }, (_, source) => costAt(source)),
    };
  });
}

/** The units of each source that the lines have or could have: not what is kept for carts, locked lines or other channels. */
function capacities(state: ItemState, lines: readonly LinePosition[]): number[] {
  const kept = state.guardFor(-1);
  const units = [...state.sources.free].map((free, source) => Math.max(0, free - (kept?.[source] ?? 0)));
  for (const line of lines)
    for (const one of line.commitments)
      if (one.kind !== 'waiting') units[state.indexOf(one)]! += one.quantity;
  return units;
}

function wantedOf(line: LinePosition, requested: ReadonlyMap<string, DayNumber>): Wanted[] {
  const first = requested.get(`${line.order}:${line.line}`) ?? null;
  const value = Math.round((line.value ?? 0) / Math.max(1, line.ordered * line.per));
  const open = line.ordered - line.shipped - line.cancelled;
  const parts = line.promise === null ? [] : stillOpen(line.promise, { open, shipped: line.shipped });
  const wanted: Wanted[] = [];
  let rest = open;
  for (const part of parts) {
    rest -= part.quantity;
    const promised = first === null ? part.shipBy : Math.min(part.shipBy, first);
    wanted.push({ line, units: part.quantity * line.per, promised, value });
  }
  if (rest > 0) wanted.push({ line, units: rest * line.per, promised: first, value });
  return wanted;
}

function horizonOf(state: ItemState, wanted: readonly Wanted[]): DayNumber {
  let last = state.world.today;
  for (let source = 0; source < state.count; source++)
    if (state.plannedDay(source) < NO_DAY) last = Math.max(last, state.plannedDay(source));
  for (const one of wanted) last = Math.max(last, one.promised ?? 0, one.line.notBefore ?? 0);
  return last + state.position.policy.longestWaitDays;
}

type Given = readonly { readonly source: number; units: number }[];

function standing(state: ItemState, line: LinePosition): Given {
  return line.commitments
    .filter((one) => one.kind !== 'waiting')
    .map((one) => ({ source: state.indexOf(one), units: one.quantity }));
}

/** What each line would have if everything were given out anew, in rank order. */
function rankedBy(
  state: ItemState,
  lines: readonly LinePosition[],
  capacity: readonly number[],
): (line: LinePosition) => Given {
  const free = Int32Array.from(capacity);
  const sources = { ...state.sources, free };
  const given = new Map<LinePosition, Given>();
  for (const line of lines) {
    const pegs = new Pegs(1);
    const latest = line.cancelAfter ?? NO_DAY - 1;
    const { sight } = state.world;
    waterfall(
      sources,
      0,
      state.count,
      sight,
      line.channel,
      openUnits(line),
      latest,
      line.notBefore ?? 0,
      null,
      pegs,
    );
    given.set(
      line,
      Array.from({ length: pegs.length }, (_, p) => ({ source: pegs.source[p]!, units: pegs.quantity[p]! })),
    );
  }
  return (line) => given.get(line)!;
}

/** A line's earliest units are those of its earliest promise. */
function lateness(
  lines: readonly LinePosition[],
  wanted: readonly Wanted[],
  givenTo: (line: LinePosition) => Given,
  days: Days,
): Lateness {
  const total = { unitDays: 0, valueDays: 0, lateUnits: 0, waitingUnits: 0 };
  const byLine = Map.groupBy(wanted, (one) => one.line);
  for (const line of lines) {
    const plan = { line, units: 1, promised: 0, value: 0 };
    const given = givenTo(line)
      .map((one) => ({ ...one }))
      .sort((a, b) => days.late(plan, a.source) - days.late(plan, b.source));
    let g = 0;
    for (const one of byLine.get(line) ?? [])
      for (let left = one.units; left > 0; ) {
        const at = given[g];
        const units = at === undefined ? left : Math.min(left, at.units);
        const late = days.late(one, at?.source ?? null);
        total.unitDays += units * late;
        total.valueDays += units * late * one.value;
        if (at === undefined) total.waitingUnits += units;
        else if (late > 0) total.lateUnits += units;
        left -= units;
        if (at !== undefined && (at.units -= units) === 0) g++;
      }
  }
  return total;
}
