import { type DayNumber, NO_DAY } from './day.ts';
import type { Desk } from './desk.ts';
import type { AddUnits, CancelUnits, Outcome, RescheduleLine, ShipUnits } from './fact.ts';
import { BOUNDLESS, type ItemState, joinCommitments, openUnits } from './item-state.ts';
import { supplyDays } from './lead-time.ts';
import { Pegs } from './pegging.ts';
import type { Commitment, LinePosition } from './position.ts';
import { producibleUnits, productionOf, startWork } from './production.ts';
import { rankedLine, rankOf } from './ranking.ts';
import { clipToKit, reachOf, takesOrdersAhead } from './reach.ts';

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

/** What units that are added found, leg by leg. */
interface Added {
  readonly state: ItemState;
  readonly leg: LinePosition;
  readonly need: number;
  readonly pegs: Pegs;
  readonly missing: number;
  /** Units of made-to-order work that they start, and most that it could bring. */
  readonly produce: number;
  readonly producible: number;
  readonly until: DayNumber;
}

/** Units are added to a line: they take what is free or start their work, and what they miss queues where they were added (RULES 2). */
export function addUnits(desk: Desk, fact: AddUnits): Outcome {
  const added = desk.legsOf(fact.order, fact.line).map((leg) => takeAdded(desk.state(leg.item), leg, fact));
  const beyond = fact.most !== undefined && fact.quantity > fact.most;
  if (fact.mode === 'request' && (beyond || added.some((one) => one.missing > one.produce)))
    return refuseAdded(fact, added);
  for (const one of added) {
    const { state, leg, need, pegs, produce } = one;
    state.touch(leg);
    leg.ordered += fact.quantity;
    const found = state.commitmentsOf(pegs, 0, pegs.length, need);
    const taken = produce === 0 ? found : startAdded(fact, one, found);
    for (const { kind, quantity } of taken) if (kind !== 'reserved') state.position.backordered += quantity;
    leg.commitments = joinCommitments(leg.commitments, taken);
    const rank = rankOf({ ...rankedLine(leg), placedAt: fact.at }, state.position.policy);
    leg.added = { quantity: (leg.added?.quantity ?? 0) + fact.quantity, rank };
    const limit = state.position.limits.find((one) => one.channel === leg.channel);
    if (limit) limit.committed += need;
    desk.rebalance(state);
  }
  return DONE;
}

function takeAdded(state: ItemState, leg: LinePosition, fact: AddUnits): Added {
  const need = fact.quantity * leg.per;
  const pegs = new Pegs(1);
  const bounded = fact.mode === 'placed' ? BOUNDLESS : reachOf(state, leg.channel, leg.notBefore, true);
  const from = Math.max(state.world.today, leg.notBefore ?? 0);
  const clipped = fact.mode === 'request' && fact.own !== undefined;
  const reach = clipped ? clipToKit(bounded, fact.own!, from) : bounded;
  const latest = leg.cancelAfter ?? NO_DAY - 1;
  const missing = state.take(leg.channel, need, reach, leg.notBefore, latest, pegs);
  const until = Math.min(latest, reach.latest);
  const ahead = fact.mode === 'placed' || fact.own === undefined || takesOrdersAhead(fact.own);
  const room = ahead ? Math.max(0, Math.min(missing, reach.units - (need - missing))) : 0;
  const producible = producibleUnits(state, leg.channel, until, room, fact.options);
  return { state, leg, need, pegs, missing, produce: producible === room ? room : 0, producible, until };
}

function startAdded(
  fact: AddUnits,
  { state, leg, missing, produce, until }: Added,
  found: Commitment[],
): Commitment[] {
  const supply = productionOf(state, leg.channel, until, produce, fact.options)!;
  const work = { supply, order: fact.order, line: fact.line, options: fact.options ?? [] };
  return startWork(state, work, produce, { commitments: found, missing });
}

/** Nothing is added: what was taken goes back, and the most that could have been is told, with the day of the last of it. */
function refuseAdded(fact: AddUnits, added: readonly Added[]): Outcome {
  let available = Math.min(fact.quantity, fact.most ?? fact.quantity);
  for (const { leg, need, missing, producible } of added)
    available = Math.min(available, Math.floor((need - missing + producible) / leg.per));
  let by: DayNumber | null = null;
  for (const { state, leg, pegs, until } of added) {
    const wanted = available * leg.per;
    let units = 0;
    for (let p = 0; p < pegs.length; p++) {
      const source = pegs.source[p]!;
      const quantity = pegs.quantity[p]!;
      state.sources.free[source]! += quantity;
      if (quantity === 0 || units >= wanted) continue;
      units += quantity;
      by = Math.max(by ?? 0, state.sources.day[source]!, leg.notBefore ?? 0);
    }
    if (units >= wanted) continue;
    const made = productionOf(state, leg.channel, until, wanted - units, fact.options);
    if (made !== null)
      by = Math.max(by ?? 0, supplyDays(made, state.position.policy, state.world).promisable);
  }
  return { kind: 'refused', lines: [{ line: fact.line, asked: fact.quantity, available, by }] };
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
      [...locations.keys()].find((index) => locations[index] !== undefined && seen(index)) ??
      // It left all the same, though its channel sells from nowhere.
      locations.findIndex((location) => location !== undefined);
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
