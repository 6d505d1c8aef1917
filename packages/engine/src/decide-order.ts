import { type DayNumber, NO_DAY } from './day.ts';
import type { Desk } from './desk.ts';
import type { Outcome, PlacedLine, PlaceLine, PlaceOrder, RefusedLine } from './fact.ts';
import { BOUNDLESS, type ItemState, type Reach } from './item-state.ts';
import { supplyDays } from './lead-time.ts';
import type { Pegs } from './pegging.ts';
import type { Commitment, HoldPosition, LinePosition, SupplyPosition } from './position.ts';
import { producibleUnits, productionOf, startWork } from './production.ts';
import { reviewOrder } from './promise.ts';
import { rankOf } from './ranking.ts';
import { clipToKit, reachOf, takeable, takesOrdersAhead } from './reach.ts';
import { reasonsFor } from './reasons.ts';

/** What one leg of a line took, so that it can be given back. */
interface Taken {
  readonly state: ItemState;
  readonly per: number;
  readonly need: number;
  readonly commitments: Commitment[];
  /** Units that found nothing, made-to-order work included. */
  readonly missing: number;
  readonly hold: { readonly position: HoldPosition; readonly was: readonly Commitment[] } | null;
  /** Units of made-to-order work that the line starts. */
  readonly produce: number;
}

/**
 * Decides an order: every line takes what it can, in the order of the lines; a request is then accepted or refused as its
 * flags say, a placed order is recorded as it is (DESIGN section 7).
 */
export function placeOrder(desk: Desk, order: PlaceOrder): Outcome {
  const taken: { line: PlaceLine; legs: Taken[]; quantity: number }[] = [];
  const short: RefusedLine[] = [];
  for (const line of order.lines) {
    const open = line.quantity - line.shipped - line.cancelled;
    let legs = takeLine(desk, order, line, open);
    let quantity = open;
    const beyond = line.most !== undefined && open > line.most;
    const missing = legs.some((leg) => leg.missing > leg.produce);
    if ((missing || beyond) && order.mode === 'request') {
      for (const leg of legs) giveBack(order, leg);
      const { available, by } = mostOf(desk, order, line, open);
      short.push({ line: line.line, asked: open, available, by });
      quantity = order.allowPartial ? available : 0;
      legs = quantity > 0 ? takeLine(desk, order, line, quantity) : [];
    }
    taken.push({ line, legs, quantity });
  }
  const refused = short.length > 0 && (!order.allowPartial || taken.every((one) => one.quantity === 0));
  if (refused) {
    for (const { legs } of taken.reverse()) for (const leg of legs.reverse()) giveBack(order, leg);
    return { kind: 'refused', lines: short };
  }
  const placed = taken.map(({ line, legs, quantity }) => record(desk, order, line, legs, quantity));
  promiseNew(desk, order, placed);
  endHolds(
    desk,
    order.order,
    taken.flatMap((one) => one.legs),
  );
  return { kind: 'placed', lines: placed };
}

/** The most of a line that could be promised, and the day of the last of it: for a kit, of its scarcest component. */
function mostOf(
  desk: Desk,
  order: PlaceOrder,
  line: PlaceLine,
  asked: number,
): { available: number; by: DayNumber | null } {
  const latest = line.cancelAfter ?? NO_DAY - 1;
  let available = Math.min(asked, line.most ?? asked);
  for (const { item, per } of line.legs) {
    const state = desk.state(item);
    const reach = reachFor(desk, state, order, line);
    const held = heldUnits(state, order, line, reach);
    const rest = Math.max(0, asked * per - held);
    const found = takeable(state, order.channel, rest, line.notBefore, reach, latest);
    const room = Math.min(rest, reach.units) - found;
    const until = Math.min(latest, reach.latest);
    const made = waits(order, line) ? producibleUnits(state, order.channel, until, room, line.options) : 0;
    available = Math.min(available, Math.floor((held + found + made) / per));
  }
  if (available === 0) return { available, by: null };
  const legs = takeLine(desk, order, line, available);
  const by = Math.max(...legs.map((leg) => lastDay(leg, order, line)));
  for (const leg of legs.reverse()) giveBack(order, leg);
  return { available, by };
}

/** The day by which all that a leg took can leave. */
function lastDay({ state, commitments, produce }: Taken, order: PlaceOrder, line: PlaceLine): DayNumber {
  let day = line.notBefore ?? 0;
  for (const one of commitments)
    if (one.kind !== 'waiting') day = Math.max(day, state.sources.day[state.indexOf(one)]!);
  if (produce === 0) return day;
  const made = productionFor(state, order, line, NO_DAY - 1, produce)!;
  return Math.max(day, supplyDays(made, state.position.policy, state.world).promisable);
}

function takeLine(desk: Desk, order: PlaceOrder, line: PlaceLine, quantity: number): Taken[] {
  return line.legs.map(({ item, per }) => {
    const state = desk.state(item);
    state.touched = true;
    const need = quantity * per;
    const latest = line.cancelAfter ?? NO_DAY - 1;
    const reach = reachFor(desk, state, order, line);
    const pegs = desk.scratch();
    const hold = takeHold(state, order, line, reach, need, pegs);
    let left = need;
    for (let p = 0; p < pegs.length; p++) left -= pegs.quantity[p]!;
    const missing = state.take(order.channel, left, reach, line.notBefore, latest, pegs);
    const room = Math.min(missing, reach.units - (left - missing));
    const until = Math.min(latest, reach.latest);
    const produce = room > 0 && productionFor(state, order, line, until, room) !== null ? room : 0;
    const commitments = state.commitmentsOf(pegs, 0, pegs.length, need);
    account(state, order.channel, commitments, 1);
    return { state, per, need, commitments, missing, hold, produce };
  });
}

/** How far the order may reach into an item. Carts count, its own too: what it kept is beside the reach. */
function reachFor(desk: Desk, state: ItemState, order: PlaceOrder, line: PlaceLine): Reach {
  if (order.mode === 'placed') return BOUNDLESS;
  const reach = reachOf(state, order.channel, line.notBefore, order.acceptBackorder);
  if (line.own === undefined) return reach;
  return clipToKit(reach, line.own, Math.max(desk.world.today, line.notBefore ?? 0));
}

/** What is taken counts at once, so that the next line of the order finds the cap and the channel's maximum as they are. */
function account(
  state: ItemState,
  channel: number,
  commitments: readonly Commitment[],
  direction: 1 | -1,
): void {
  const limit = state.position.limits.find((one) => one.channel === channel);
  for (const { kind, quantity } of commitments) {
    if (kind !== 'reserved') state.position.backordered += direction * quantity;
    if (limit) limit.committed += direction * quantity;
  }
}

/** The work that would bring units that are not there, unless the order will not wait for it. */
function productionFor(
  state: ItemState,
  order: PlaceOrder,
  line: PlaceLine,
  latest: DayNumber,
  units: number,
): SupplyPosition | null {
  if (!waits(order, line)) return null;
  return productionOf(state, order.channel, latest, units, line.options);
}

const waits = (order: PlaceOrder, { own }: PlaceLine) =>
  order.mode === 'placed' || (order.acceptBackorder && (own === undefined || takesOrdersAhead(own)));

/** The cart that the line names, if it is one of the order's channel. */
function holdOf(state: ItemState, order: PlaceOrder, line: PlaceLine): HoldPosition | null {
  if (line.hold === null) return null;
  return state.position.holds.find((hold) => hold.id === line.hold && hold.channel === order.channel) ?? null;
}

/** Whether the order may have a unit that its cart kept: one that slipped too far, or that it refuses to wait for, it may not. */
function mayHave(
  state: ItemState,
  order: PlaceOrder,
  line: PlaceLine,
  reach: Reach,
  one: Commitment,
): boolean {
  if (one.kind === 'waiting') return false;
  const source = state.indexOf(one);
  const latest = line.cancelAfter ?? NO_DAY - 1;
  if (state.isStock(source)) return state.sources.day[source]! <= latest;
  return (
    (order.mode === 'placed' || order.acceptBackorder) &&
    state.sources.day[source]! <= Math.min(latest, reach.latest)
  );
}

function heldUnits(state: ItemState, order: PlaceOrder, line: PlaceLine, reach: Reach): number {
  let units = 0;
  for (const one of holdOf(state, order, line)?.commitments ?? [])
    if (one.quantity > 0 && mayHave(state, order, line, reach, one)) units += one.quantity;
  return units;
}

/** The line's own hold becomes its units, exactly those that were kept; what the line does not need stays in the hold until it is recorded. */
function takeHold(
  state: ItemState,
  order: PlaceOrder,
  line: PlaceLine,
  reach: Reach,
  need: number,
  pegs: Pegs,
): Taken['hold'] {
  const position = holdOf(state, order, line);
  if (position === null) return null;
  const was = position.commitments.map((one) => ({ ...one }));
  let left = need;
  for (const commitment of position.commitments) {
    const units = Math.min(left, commitment.quantity);
    if (units === 0 || !mayHave(state, order, line, reach, commitment)) continue;
    commitment.quantity -= units;
    left -= units;
    state.moveHeld(commitment, -units);
    const source = state.indexOf(commitment);
    state.sources.free[source]! -= units;
    pegs.push(source, units);
  }
  return { position, was };
}

function giveBack(order: PlaceOrder, taken: Taken): void {
  const { state, commitments, hold } = taken;
  for (const one of commitments) state.release(one, one.quantity);
  account(state, order.channel, commitments, -1);
  if (hold === null) return;
  for (const [index, was] of hold.was.entries()) {
    const now = hold.position.commitments[index]!;
    const units = was.quantity - now.quantity;
    if (units === 0) continue;
    now.quantity = was.quantity;
    state.moveHeld(was, units);
  }
}

function record(
  desk: Desk,
  order: PlaceOrder,
  line: PlaceLine,
  taken: Taken[],
  quantity: number,
): PlacedLine {
  const asked = line.quantity - line.shipped - line.cancelled;
  const ordered = line.quantity - (asked - quantity);
  const legs = taken.map((leg): LinePosition => {
    const { state, per } = leg;
    const commitments = leg.produce === 0 ? leg.commitments : produce(state, order, line, leg);
    const position: LinePosition = {
      order: order.order,
      line: line.line,
      item: state.position.item,
      per,
      ordered,
      shipped: line.shipped,
      cancelled: line.cancelled,
      rank: rankOf({ ...order, promised: null, value: line.value }, state.position.policy),
      added: null,
      channel: order.channel,
      country: order.country,
      placedAt: order.placedAt,
      class: order.class,
      notBefore: line.notBefore,
      cancelAfter: line.cancelAfter,
      tied: order.shipComplete || line.legs.length > 1 || per > 1,
      shipComplete: order.shipComplete,
      ...(line.value === undefined ? {} : { value: line.value }),
      promise: null,
      commitments,
    };
    state.position.lines.push(position);
    state.placed.add(position);
    desk.know(position);
    return position;
  });
  return { line: line.line, ordered, refused: asked - quantity, legs };
}

/** A hold that its order has named is used up; what the order did not need goes to the queue. */
function endHolds(desk: Desk, order: number, taken: readonly Taken[]): void {
  for (const { state, hold } of taken) {
    if (hold === null || state.hasEnded(hold.position)) continue;
    const left = hold.position.commitments.reduce((units, one) => units + one.quantity, 0);
    hold.position.usedBy = order;
    state.endHold(hold.position);
    if (left > 0 && state.position.backordered > 0) desk.rebalance(state);
  }
}

/** The order starts the work, and its units are the line's. */
function produce(state: ItemState, order: PlaceOrder, line: PlaceLine, leg: Taken): Commitment[] {
  const supply = productionFor(state, order, line, NO_DAY - 1, leg.produce)!;
  const work = { supply, order: order.order, line: line.line, options: line.options ?? [] };
  return startWork(state, work, leg.produce, leg);
}

/** The first promise of each line. Where lines join others that they leave with, it is made with all of them in sight. */
function promiseNew(desk: Desk, order: PlaceOrder, placed: readonly PlacedLine[]): void {
  if (order.joins && order.shipComplete) {
    desk.tied.add(order.order);
    return;
  }
  const open = placed.filter((line) => line.legs.length > 0);
  const reviewed = open.map((line) => ({
    open: line.legs[0]!.ordered - line.legs[0]!.shipped - line.legs[0]!.cancelled,
    shipped: line.legs[0]!.shipped,
    promise: null,
    legs: line.legs.map((leg) => desk.state(leg.item).legOf(leg)),
  }));
  const promises = reviewOrder(reviewed, order.shipComplete, null);
  for (const [index, line] of open.entries()) {
    const promise = promises[index]!;
    if (promise === null) continue;
    const legs = line.legs.map((leg) => ({ state: desk.state(leg.item), line: leg }));
    const cause = order.shipComplete && open.length > 1 ? { code: 'ships_complete' } : null;
    desk.promise(order.order, line.line, promise, reasonsFor(promise, legs, cause));
  }
}
