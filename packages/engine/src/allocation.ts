import type { DayNumber } from './day.ts';
import { NO_DAY } from './day.ts';
import type { Transfer } from './fact.ts';
import { ItemState, openUnits, sameCommitments } from './item-state.ts';
import { type Guard, Pegs, waterfall } from './pegging.ts';
import type { Commitment, ItemPosition, LinePosition, World } from './position.ts';
import { stillOpen } from './promise.ts';
import { compareSteps } from './steps.ts';
import { transfersBetween } from './transfers.ts';

/**
 * What may happen to a class of customers when an item's units are given out anew (RULES 15). The names and their order are those
 * of planners' order-rescheduling runs; here a class that keeps (`gain`) is never asked for units, so that its exception can
 * only come from elsewhere.
 */
export type Strategy = 'win' | 'gain' | 'improve' | 'redistribute' | 'fill' | 'lose';
export const STRATEGIES: readonly Strategy[] = ['win', 'gain', 'improve', 'redistribute', 'fill', 'lose'];

export interface ReallocationTerms {
  /** By customer class. */
  readonly strategies: Readonly<Record<string, Strategy>>;
  /** Of classes that are not named, and of customers without one. */
  readonly otherwise: Strategy;
  /** The day that a line asked for, by 'order:line'; else it is the last day of its promise. */
  readonly requested: ReadonlyMap<string, DayNumber>;
}

/** A line before and after; units in the item's own. */
export interface ReallocatedLine {
  readonly line: LinePosition;
  readonly strategy: Strategy;
  readonly before: readonly Commitment[];
  readonly after: readonly Commitment[];
  /** Units that leave earlier than before, or that had no date. */
  readonly gains: number;
  /** Units that leave later than before, or that have no date any more. */
  readonly loses: number;
}

/** A line whose strategy could not be kept to the full. */
export interface AllocationException {
  readonly line: LinePosition;
  readonly strategy: Strategy;
  /** Units that are late or have no date. */
  readonly missing: number;
  readonly requested: DayNumber | null;
}

export interface Reallocation {
  /** Of the position that was looked at: an approval holds for this one only. */
  readonly digest: string;
  readonly transfers: readonly Transfer[];
  /** Every line whose backing becomes another, in queue order. */
  readonly lines: readonly ReallocatedLine[];
  readonly exceptions: readonly AllocationException[];
  /** Units that nobody has afterwards and somebody had before. */
  readonly freed: number;
}

/**
 * Gives an item's units out anew, class by class: who *wins* takes first, on time and in full; who is to *gain* keeps what it has
 * and betters it; who may *improve* keeps what the winners leave; what is *redistributed* goes by rank; who may *fill* keeps what
 * is then left, never earlier; who is to *lose* has nothing in the end. Locked lines and carts are not looked at, and units kept
 * for other channels stay kept. Changes nothing: it is a proposal. Pure; the position may be used afterwards.
 */
export function reallocation(world: World, position: ItemPosition, terms: ReallocationTerms): Reallocation {
  const state = new ItemState(position, world);
  const digest = positionDigest(state);
  const desk = new Dealing(state, terms);
  desk.deal();
  return { digest, ...desk.outcome() };
}

/** What one line is dealt. */
interface Hand {
  readonly line: LinePosition;
  readonly strategy: Strategy;
  readonly need: number;
  /** What it may keep or take again: by source, earliest first. */
  own: { source: number; units: number }[];
  readonly dealt: Map<number, number>;
}

class Dealing {
  private readonly state: ItemState;
  private readonly hands: readonly Hand[];
  private readonly requested: ReallocationTerms['requested'];
  private readonly guards = new Map<number, Guard>();
  private readonly freeBefore: number;
  private readonly exceptions: AllocationException[] = [];

  constructor(state: ItemState, terms: ReallocationTerms) {
    this.state = state;
    this.requested = terms.requested;
    this.freeBefore = this.freeUnits();
    this.hands = state.position.lines
      .filter((line) => openUnits(line) > 0 && line.locked !== true)
      .sort((a, b) => a.rank - b.rank || a.order - b.order || a.line - b.line)
      .map((line): Hand => {
        const { class: name } = line;
        const strategy = (name === null ? undefined : terms.strategies[name]) ?? terms.otherwise;
        const own = line.commitments
          .filter((one) => one.kind !== 'waiting')
          .map((one) => ({ source: state.indexOf(one), units: one.quantity }))
          .sort((a, b) => a.source - b.source);
        return { line, strategy, need: openUnits(line), own, dealt: new Map() };
      });
    // What is kept for a channel is kept where it lies now, and not where units become free on the way.
    for (const { line } of this.hands)
      if (!this.guards.has(line.channel)) this.guards.set(line.channel, state.guardFor(line.channel));
  }

  deal(): void {
    for (const hand of this.hands)
      for (const { source, units } of hand.own) {
        if (hand.strategy === 'win' || hand.strategy === 'gain') give(hand, source, units);
        else this.state.sources.free[source]! += units;
      }
    for (const hand of this.of('win')) this.win(hand);
    for (const hand of this.of('improve')) this.takeOwn(hand);
    for (const hand of this.of('gain')) this.better(hand);
    for (const hand of this.of('improve')) this.better(hand);
    for (const hand of this.of('redistribute')) this.fillUp(hand, NO_DAY - 1);
    for (const hand of this.of('fill')) this.fillLater(hand);
  }

  private of(strategy: Strategy): Hand[] {
    return this.hands.filter((hand) => hand.strategy === strategy);
  }

  private day(source: number): DayNumber {
    return this.state.sources.day[source]!;
  }

  /** All of it by the day it asked for, if that can be had at all; what cannot, stays where it was, and is told. */
  private win(hand: Hand): void {
    const requested = this.requestedDay(hand.line);
    const late = () =>
      [...hand.dealt.keys()].filter((source) => this.day(source) > requested).sort((a, b) => a - b);
    const onTime = () => sumOf([...hand.dealt].filter(([source]) => this.day(source) <= requested));
    const missing = hand.need - onTime();
    if (missing > 0) this.take(hand, missing, requested);
    for (let over = total(hand) - hand.need; over > 0; over = total(hand) - hand.need)
      this.giveBack(hand, late().at(-1)!, over);
    this.better(hand, requested);
    const short = hand.need - onTime();
    if (short > 0)
      this.exceptions.push({
        line: hand.line,
        strategy: 'win',
        missing: short,
        requested: requested >= NO_DAY - 1 ? null : requested,
      });
  }

  /** Its own units again, as far as the winners left them. */
  private takeOwn(hand: Hand): void {
    for (const { source, units } of hand.own) {
      const kept = Math.min(units, this.state.sources.free[source]!);
      if (kept <= 0) continue;
      this.state.sources.free[source]! -= kept;
      give(hand, source, kept);
    }
  }

  /** Each unit that leaves after a day to an earlier source, if one is free; then what is missing. */
  private better(hand: Hand, after: DayNumber = 0): void {
    const { line } = hand;
    for (const [own, units] of [...hand.dealt].sort(([a], [b]) => b - a)) {
      if (this.day(own) <= Math.max(line.notBefore ?? 0, after)) continue;
      const moved = this.take(hand, units, this.day(own) - 1, own);
      if (moved > 0) this.giveBack(hand, own, moved);
    }
    this.fillUp(hand, NO_DAY - 1);
  }

  private fillUp(hand: Hand, latest: DayNumber): void {
    const missing = hand.need - total(hand);
    if (missing > 0) this.take(hand, missing, latest);
  }

  /** What it had, where that is left; for what is not, later units: never more of them, and none earlier. */
  private fillLater(hand: Hand): void {
    this.takeOwn(hand);
    const latest = hand.line.cancelAfter ?? NO_DAY - 1;
    for (const { source: own, units } of hand.own) {
      let lost = units - (hand.dealt.get(own) ?? 0);
      for (let source = 0; source < this.state.count && lost > 0; source++) {
        const day = this.day(source);
        if (day < this.day(own) || source < own || day > latest) continue;
        if (!this.state.serves(source, hand.line.channel)) continue;
        const guard = this.guards.get(hand.line.channel) ?? null;
        const taken = Math.min(lost, this.state.sources.free[source]! - (guard?.[source] ?? 0));
        if (taken <= 0) continue;
        this.state.sources.free[source]! -= taken;
        lost -= taken;
        give(hand, source, taken);
      }
    }
  }

  /** Takes up to so many units by a day from what nobody has, first source first; answers how many it found. */
  private take(hand: Hand, units: number, by: DayNumber, before = this.state.count): number {
    const { line } = hand;
    const { sources, world } = this.state;
    const pegs = new Pegs(1);
    const latest = Math.min(by, line.cancelAfter ?? NO_DAY - 1);
    const guard = this.guards.get(line.channel) ?? null;
    const left = waterfall(
      sources,
      0,
      before,
      world.sight,
      line.channel,
      units,
      latest,
      line.notBefore ?? 0,
      guard,
      pegs,
    );
    for (let p = 0; p < pegs.length; p++) give(hand, pegs.source[p]!, pegs.quantity[p]!);
    return units - left;
  }

  private giveBack(hand: Hand, source: number, units: number): void {
    const held = hand.dealt.get(source)!;
    const back = Math.min(held, units);
    this.state.sources.free[source]! += back;
    if (held === back) hand.dealt.delete(source);
    else hand.dealt.set(source, held - back);
  }

  private requestedDay(line: LinePosition): DayNumber {
    const asked = this.requested.get(`${line.order}:${line.line}`);
    if (asked !== undefined) return asked;
    const open = line.ordered - line.shipped - line.cancelled;
    const promised = line.promise === null ? [] : stillOpen(line.promise, { open, shipped: line.shipped });
    return promised.at(-1)?.shipBy ?? NO_DAY - 1;
  }

  private freeUnits(): number {
    let units = 0;
    for (const free of this.state.sources.free) units += Math.max(0, free);
    return units;
  }

  outcome(): Omit<Reallocation, 'digest'> {
    const { state } = this;
    const lines = this.hands
      .map((hand): ReallocatedLine => {
        const after = this.commitmentsOf(hand);
        const before = hand.line.commitments;
        const [was, is] = [before, after].map(
          (commitments) => state.legOf({ ...hand.line, commitments }).promisable,
        );
        const { earlier, later } = compareSteps(was!, is!);
        return { line: hand.line, strategy: hand.strategy, before, after, gains: earlier, loses: later };
      })
      .filter(({ before, after }) => !sameCommitments(before, after));
    return {
      transfers: transfersBetween(lines),
      lines,
      exceptions: this.exceptions,
      freed: this.freeUnits() - this.freeBefore,
    };
  }

  private commitmentsOf({ dealt, need }: Hand): Commitment[] {
    const backed = [...dealt]
      .sort(([a], [b]) => a - b)
      .map(([source, units]) => this.state.commitmentOf(source, units));
    const missing = need - backed.reduce((units, one) => units + one.quantity, 0);
    return missing > 0 ? [...backed, { kind: 'waiting', source: 0, quantity: missing }] : backed;
  }
}

function give(hand: Hand, source: number, units: number): void {
  hand.dealt.set(source, (hand.dealt.get(source) ?? 0) + units);
}

function total(hand: Hand): number {
  return sumOf(hand.dealt);
}

function sumOf(entries: Iterable<readonly [number, number]>): number {
  let units = 0;
  for (const [, quantity] of entries) units += quantity;
  return units;
}

/**
 * A fingerprint of all that a re-allocation looks at: sources with their days and free units, lines with their place, need and
 * backing. Two positions that differ in any of it have other digests (64 bits of FNV-1a, Fowler, Noll, Vo).
 */
export function positionDigest(state: ItemState): string {
  const { position, sources } = state;
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  const add = (value: number | string | null) => {
    for (const char of `${value};`) {
      low = (low ^ char.charCodeAt(0)) >>> 0;
      // Times 2^40 + 0x1b3, in halves of 32 bits.
      const product = low * 0x1b3;
      high = (Math.imul(high, 0x1b3) + Math.floor(product / 4_294_967_296) + (low << 8)) >>> 0;
      low = product >>> 0;
    }
  };
  for (let source = 0; source < state.count; source++) {
    const { kind, source: id } = state.commitmentOf(source, 0);
    for (const value of [kind, id, sources.day[source]!, state.plannedDay(source), sources.free[source]!])
      add(value);
  }
  for (const line of position.lines) {
    for (const value of [line.order, line.line, line.rank, openUnits(line), line.channel, line.class])
      add(value);
    for (const value of [line.notBefore, line.cancelAfter, line.locked === true ? 1 : 0]) add(value);
    for (const { kind, source, quantity } of line.commitments)
      for (const value of [kind, source, quantity]) add(value);
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
