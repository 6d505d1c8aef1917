import { type DayNumber, NO_DAY } from './day.ts';
import type { Desk } from './desk.ts';
import type { AddUnits, CancelUnits, Outcome, RescheduleLine, ShipUnits } from './fact.ts';
import { BOUNDLESS, type ItemState, joinCommitments, openUnits } from './item-state.ts';
import { Pegs } from './pegging.ts';
import type { Commitment, LinePosition } from './position.ts';
import { rankedLine, rankOf } from './ranking.ts';
import { reachOf } from './reach.ts';

const DONE: Outcome = { kind: 'done' };

/** Cancelled units leave the line latest first, so that the customer keeps the best of what is left; the queue gets them. */
export function cancelUnits(desk: Desk, fact: CancelUnits): Outcome {
  for (const leg of desk.legsOf(fact.order, fact.line)) {
    const state = desk.state(leg.item);
    state.touch(leg);
    leg.cancelled += fact.quantity;
    if (leg.added !== null) leg.added = shrink(leg.added, fact.quantity);
    takeFrom(state, leg, fact.quantity * leg.per, latestFirst(state, leg.commitments));
    uncommit(state, leg, fact.quantity * leg.per);
    desk.rebalance(state);
  }
  return DONE;
}

/** Units are added to a line: they take what is free, and what they miss queues where they were added (RULES 2). */
export function addUnits(desk: Desk, fact: AddUnits): Outcome {
  const legs = desk.legsOf(fact.order, fact.line);
  const taken = legs.map((leg) => {
    const state = desk.state(leg.item);
    const need = fact.quantity * leg.per;
    const pegs = new Pegs(1);
    const reach = fact.mode === 'placed' ? BOUNDLESS : reachOf(state, leg.channel, leg.notBefore, true);
    const missing = state.take(leg.channel, need, reach, leg.notBefore, leg.cancelAfter ?? NO_DAY - 1, pegs);
    return { state, leg, need, pegs, missing };
  });
  if (fact.mode === 'request' && taken.some((one) => one.missing > 0)) {
    let available = fact.quantity;
    for (const { leg, need, missing } of taken)
      available = Math.min(available, Math.floor((need - missing) / leg.per));
    let by: DayNumber | null = null;
    for (const { state, leg, pegs } of taken) {
      let units = 0;
      for (let p = 0; p < pegs.length; p++) {
        const source = pegs.source[p]!;
        const quantity = pegs.quantity[p]!;
        state.sources.free[source]! += quantity;
        if (quantity === 0 || units >= available * leg.per) continue;
        units += quantity;
        by = Math.max(by ?? 0, state.sources.day[source]!, leg.notBefore ?? 0);
      }
    }
    return { kind: 'refused', lines: [{ line: fact.line, asked: fact.quantity, available, by }] };
  }
  for (const { state, leg, need, pegs } of taken) {
    state.touch(leg);
    leg.ordered += fact.quantity;
    const added = state.commitmentsOf(pegs, 0, pegs.length, need);
    for (const one of added) if (one.kind !== 'reserved') state.position.backordered += one.quantity;
    leg.commitments = joinCommitments(leg.commitments, added);
    const rank = rankOf({ ...rankedLine(leg), placedAt: fact.at }, state.position.policy);
    leg.added = { quantity: (leg.added?.quantity ?? 0) + fact.quantity, rank };
    const limit = state.position.limits.find((one) => one.channel === leg.channel);
    if (limit) limit.committed += need;
    desk.rebalance(state);
  }
  return DONE;
}

/**
 * Units left. They come off the line's own reservations first; where it had none there, they were somebody else's or
 * nobody's, and the item is decided again. Units that nobody had counted were there all the same.
 */
export function shipUnits(desk: Desk, fact: ShipUnits): Outcome {
  for (const leg of desk.legsOf(fact.order, fact.line)) {
    const state = desk.state(leg.item);
    state.touch(leg);
    leg.shipped += fact.quantity;
    for (const { place, units } of shippedFrom(desk, state, leg, fact)) {
      const own = leg.commitments.find((one) => one.kind === 'reserved' && one.source === place);
      const kept = Math.min(own?.quantity ?? 0, units);
      if (kept > 0) takeFrom(state, leg, kept, [own!]);
      if (units > kept) takeFrom(state, leg, units - kept, earliestFirst(state, leg.commitments));
      state.changeSources(() => {
        const stock = state.stockAt(place);
        const uncounted = Math.max(0, units - stock.sellable);
        if (uncounted > 0) state.move(place, 'sellable', uncounted, 'found_at_shipment');
        state.move(place, 'sellable', -units, 'shipped');
      });
    }
    desk.rebalance(state);
  }
  return DONE;
}

export function rescheduleLine(desk: Desk, fact: RescheduleLine): Outcome {
  for (const leg of desk.legsOf(fact.order, fact.line)) {
    const state = desk.state(leg.item);
    state.touch(leg);
    leg.notBefore = fact.notBefore;
    leg.cancelAfter = fact.cancelAfter;
    // Its units go back and it is decided as if it came now: another day wants another source. Others' protected units are
    // no reason to lose what it has.
    for (const one of leg.commitments) state.release(one, one.quantity);
    const pegs = new Pegs(1);
    const need = openUnits(leg);
    const missing = state.take(
      leg.channel,
      need,
      BOUNDLESS,
      leg.notBefore,
      leg.cancelAfter ?? NO_DAY - 1,
      pegs,
    );
    const waited = leg.commitments.find((one) => one.kind === 'waiting')?.quantity ?? 0;
    if (missing <= waited) {
      state.setCommitments(leg, state.commitmentsOf(pegs, 0, pegs.length, need));
    } else {
      for (let p = 0; p < pegs.length; p++) state.sources.free[pegs.source[p]!]! += pegs.quantity[p]!;
      for (const one of leg.commitments) state.release(one, -one.quantity);
    }
    desk.rebalance(state);
  }
  return DONE;
}

/** Where shipped units came from: the place that is named, else the line's own reservations, else the first stock there is. */
function shippedFrom(
  desk: Desk,
  state: ItemState,
  leg: LinePosition,
  fact: ShipUnits,
): { place: number; units: number }[] {
  const units = fact.quantity * leg.per;
  if (fact.place !== null) return [{ place: fact.place, units }];
  const from: { place: number; units: number }[] = [];
  let left = units;
  for (const one of leg.commitments) {
    if (one.kind !== 'reserved' || left === 0) continue;
    const taken = Math.min(left, one.quantity);
    left -= taken;
    from.push({ place: one.source, units: taken });
  }
  if (left > 0) {
    const { sight, locations } = desk.world;
    const seen = (place: number) => sight.sees[leg.channel * sight.places + place] === 1;
    const place =
      from[0]?.place ??
      state.position.stock.find((stock) => stock.sellable > 0 && seen(stock.place))?.place ??
      locations.findIndex((location, index) => location !== undefined && seen(index));
    from.push({ place: Math.max(place, 0), units: left });
  }
  return from;
}

/** Takes units off a line's commitments in the order given and back to their sources. */
function takeFrom(state: ItemState, leg: LinePosition, units: number, order: readonly Commitment[]): void {
  let left = units;
  for (const one of order) {
    const taken = Math.min(left, one.quantity);
    if (taken === 0) continue;
    left -= taken;
    state.release(one, taken);
    if (one.kind !== 'reserved') state.position.backordered -= taken;
    one.quantity -= taken;
  }
  leg.commitments = leg.commitments.filter((one) => one.quantity > 0);
}

/** A cancelled unit no longer counts against the channel's maximum, nor for its protected minimum. */
function uncommit(state: ItemState, leg: LinePosition, units: number): void {
  const limit = state.position.limits.find((one) => one.channel === leg.channel);
  if (limit) limit.committed = Math.max(0, limit.committed - units);
}

function shrink(added: NonNullable<LinePosition['added']>, units: number): LinePosition['added'] {
  return added.quantity > units ? { ...added, quantity: added.quantity - units } : null;
}

function latestFirst(state: ItemState, commitments: readonly Commitment[]): Commitment[] {
  return earliestFirst(state, commitments).reverse();
}

function earliestFirst(state: ItemState, commitments: readonly Commitment[]): Commitment[] {
  const at = (one: Commitment) =>
    one.kind === 'waiting' ? Number.MAX_SAFE_INTEGER : state.sources.day[state.indexOf(one)]!;
  return [...commitments].sort((a, b) => at(a) - at(b));
}
