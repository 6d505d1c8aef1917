import { NO_DAY } from './day.ts';
import type { Desk } from './desk.ts';
import type {
  ChangeStock,
  ChangeSupply,
  Outcome,
  PlaceHold,
  ReceiveSupply,
  ReleaseHold,
  Replan,
} from './fact.ts';
import type { ItemState, Row } from './item-state.ts';
import { Pegs } from './pegging.ts';
import type { Commitment, SupplyPosition } from './position.ts';
import { reachOf } from './reach.ts';

const DONE: Outcome = { kind: 'done' };

/** Stock was counted, found, broken or released. Units out of quality hold first keep the pegs on their announced release. */
export function changeStock(desk: Desk, fact: ChangeStock): Outcome {
  const state = desk.state(fact.item);
  const leavesHold = fact.changes.some((change) => change.condition === 'quality_hold' && change.delta < 0);
  state.changeSources(() => {
    for (const { condition, delta } of fact.changes)
      state.move(fact.place, condition, delta, fact.cause.code);
  });
  const becomesSellable = fact.changes.find((change) => change.condition === 'sellable' && change.delta > 0);
  if (leavesHold && becomesSellable) {
    let released = becomesSellable.delta;
    for (const supply of [...state.position.supplies].sort(
      (a, b) => (a.expected ?? NO_DAY) - (b.expected ?? NO_DAY),
    )) {
      if (
        supply.kind !== 'hold_release' ||
        supply.place !== fact.place ||
        supply.open === 0 ||
        released === 0
      )
        continue;
      const units = Math.min(released, supply.open);
      released -= units;
      convertPegs(state, supply, units, fact.place, false);
      state.changeSources(() => reduce(state, supply, units));
    }
  }
  desk.rebalance(state);
  return DONE;
}

/** A supply appears, or its date, quantity, stage or place is another. Its pegs stay as far as it can still carry them. */
export function changeSupply(desk: Desk, fact: ChangeSupply): Outcome {
  const state = desk.state(fact.item);
  state.changeSources((position) => {
    const known = position.supplies.find((supply) => supply.id === fact.supply.id);
    const supply: SupplyPosition = known ?? { ...fact.supply, received: 0, pegged: 0, held: 0 };
    if (known) Object.assign(known, fact.supply);
    else {
      if (fact.supply.received !== undefined) supply.received = fact.supply.received;
      position.supplies.push(supply);
    }
    if (supply.stage === 'cancelled') supply.open = 0;
    state.touchedSupplies.add(supply);
  });
  desk.rebalance(state);
  return DONE;
}

/**
 * Units came in. Those that are sellable turn the supply's pegs into reservations, in queue order (RULES 13); a surplus is
 * free for the queue; what came in another condition, or will not come at all, leaves the lowest-ranked short.
 */
export function receiveSupply(desk: Desk, fact: ReceiveSupply): Outcome {
  const state = desk.state(fact.item);
  const supply = state.position.supplies.find((one) => one.id === fact.supply);
  if (supply === undefined)
    throw new Error(`supply ${fact.supply} of item ${state.position.sku} was not given to decide`);
  state.changeSources(() => {
    state.move(fact.place, fact.condition, fact.quantity, 'received');
    supply.received += fact.quantity;
    state.touchedSupplies.add(supply);
  });
  if (fact.condition === 'sellable') convertPegs(state, supply, fact.quantity, fact.place, fact.close);
  state.changeSources(() => {
    reduce(state, supply, fact.close ? supply.open : Math.min(fact.quantity, supply.open));
  });
  desk.rebalance(state);
  return DONE;
}

export function placeHold(desk: Desk, fact: PlaceHold): Outcome {
  const state = desk.state(fact.item);
  const pegs = new Pegs(1);
  const reach = reachOf(state, fact.channel, null, true, fact.offered);
  const missing = state.take(fact.channel, fact.quantity, reach, null, NO_DAY - 1, pegs);
  if (missing > 0) {
    let by: number | null = null;
    for (let p = 0; p < pegs.length; p++) {
      state.sources.free[pegs.source[p]!]! += pegs.quantity[p]!;
      if (pegs.quantity[p]! > 0) by = Math.max(by ?? 0, state.sources.day[pegs.source[p]!]!);
    }
    return {
      kind: 'refused',
      lines: [{ line: 0, asked: fact.quantity, available: fact.quantity - missing, by }],
    };
  }
  const commitments = state.commitmentsOf(pegs, 0, pegs.length, fact.quantity);
  state.startHold({ id: fact.id, channel: fact.channel, expiresAt: fact.expiresAt, commitments });
  return { kind: 'held', commitments };
}

export function releaseHold(desk: Desk, fact: ReleaseHold): Outcome {
  const state = desk.state(fact.item);
  const hold = state.position.holds.find((one) => one.id === fact.id);
  if (hold === undefined) return DONE;
  state.endHold(hold);
  desk.rebalance(state);
  return DONE;
}

export function replan(desk: Desk, fact: Replan): Outcome {
  const state = desk.state(fact.item);
  state.touched = true;
  // Time or a setting may have moved the days of every supply.
  for (const supply of state.position.supplies) state.touchedSupplies.add(supply);
  desk.rebalance(state);
  return DONE;
}

/**
 * Pegs on a supply become reservations at a place, in rank order, for at most `units`; what carts keep of it follows. Of the last
 * units that will come, locked lines have theirs first: their rank is no reason to lose them.
 */
function convertPegs(
  state: ItemState,
  supply: SupplyPosition,
  units: number,
  place: number,
  areLast: boolean,
): void {
  const { sight } = state.world;
  let left = units;
  const onSupply = (one: Commitment) => one.kind === 'pegged' && one.source === supply.id;
  const queue = state.position.lines
    .filter((line) => line.commitments.some(onSupply))
    .flatMap((line) => state.rowsOf(line))
    .sort(
      (a, b) =>
        (areLast ? lockedFirst(a, b) : 0) ||
        a.rank - b.rank ||
        a.line.order - b.line.order ||
        a.line.line - b.line.line,
    );
  for (const { line, commitments } of queue) {
    if (left === 0) break;
    const pegged = commitments.find(onSupply)?.quantity ?? 0;
    if (pegged === 0 || sight.sees[line.channel * sight.places + place] !== 1) continue;
    const peg = line.commitments.find(onSupply)!;
    const moved = Math.min(left, pegged);
    left -= moved;
    state.touch(line);
    const others = line.commitments.filter((one) => one !== peg);
    const reserved = others.find((one) => one.kind === 'reserved' && one.source === place);
    if (reserved) reserved.quantity += moved;
    else others.unshift({ kind: 'reserved', source: place, quantity: moved });
    if (peg.quantity > moved) others.push({ ...peg, quantity: peg.quantity - moved });
    line.commitments = others;
    state.position.backordered -= moved;
    state.sources.free[state.indexOf(peg)]! += moved;
    state.sources.free[state.indexOf({ kind: 'reserved', source: place, quantity: moved })]! -= moved;
  }
  for (const hold of state.position.holds) {
    const kept = hold.commitments.find((one) => one.kind === 'pegged' && one.source === supply.id);
    const moved = Math.min(left, kept?.quantity ?? 0);
    if (kept === undefined || moved === 0 || sight.sees[hold.channel * sight.places + place] !== 1) continue;
    left -= moved;
    kept.quantity -= moved;
    state.moveHeld(kept, -moved);
    const known = hold.commitments.find((one) => one.kind === 'reserved' && one.source === place);
    if (known) known.quantity += moved;
    else hold.commitments.unshift({ kind: 'reserved', source: place, quantity: moved });
    state.moveHeld({ kind: 'reserved', source: place, quantity: moved }, moved);
    state.touchedHolds.add(hold);
  }
}

function lockedFirst(a: Row, b: Row): number {
  return Number(b.line.locked === true) - Number(a.line.locked === true);
}

/** A supply has that many units less to come. */
function reduce(state: ItemState, supply: SupplyPosition, units: number): void {
  supply.open -= units;
  state.touchedSupplies.add(supply);
}
