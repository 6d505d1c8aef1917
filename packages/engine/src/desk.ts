import type { PromiseChanged } from './fact.ts';
import { ItemState } from './item-state.ts';
import { Pegs } from './pegging.ts';
import type { ItemPosition, LinePosition, Reason, World } from './position.ts';
import { type NewPromise, reviewOrder } from './promise.ts';
import { firstRank } from './ranking.ts';
import { reasonsFor } from './reasons.ts';

/** The items being decided and what has come of it so far. */
export class Desk {
  readonly world: World;
  readonly states = new Map<number, ItemState>();
  readonly promises: PromiseChanged[] = [];
  readonly tied = new Set<number>();
  private readonly legs = new Map<number, LinePosition[]>();
  private readonly pegs = new Pegs(1);
  private readonly unsettled = new Set<ItemState>();
  /** Items whose promises have to be looked at again. */
  private readonly unreviewed = new Set<ItemState>();

  constructor(world: World, positions: readonly ItemPosition[]) {
    this.world = world;
    for (const position of positions) {
      this.states.set(position.item, new ItemState(position, world));
      for (const line of position.lines) this.know(line);
    }
  }

  state(item: number): ItemState {
    const state = this.states.get(item);
    if (state === undefined) throw new Error(`item ${item} was not given to decide`);
    return state;
  }

  /** Pegs for what is turned into commitments before the next line is looked at; their arrays are used over and over. */
  scratch(): Pegs {
    this.pegs.length = 0;
    return this.pegs;
  }

  /** A line's legs in the items given; a kit has one per component. */
  legsOf(order: number, line: number): readonly LinePosition[] {
    const legs = this.legs.get(lineKey(order, line));
    if (legs === undefined) throw new Error(`line ${line} of order ${order} was not given to decide`);
    return legs;
  }

  know(line: LinePosition): void {
    const key = lineKey(line.order, line.line);
    const legs = this.legs.get(key);
    if (legs === undefined) this.legs.set(key, [line]);
    else legs.push(line);
  }

  /** An item's queue is to be decided again, and its promises reviewed, before anything else is decided. */
  rebalance(state: ItemState): void {
    this.unsettled.add(state);
  }

  /** What backs an item's lines was settled by somebody's approval: only its promises are looked at again. */
  settled(state: ItemState): void {
    this.unreviewed.add(state);
  }

  /** Re-decides the queues that are due. */
  private rebalanceDue(): void {
    for (const state of this.unsettled) {
      state.rebalance();
      this.unreviewed.add(state);
    }
    this.unsettled.clear();
  }

  /** A new promise replaces the one in force on every leg of its line; the first gives the line its place among those that have one. */
  promise(order: number, line: number, promise: NewPromise, reasons: readonly Reason[]): void {
    let rank: number | null = null;
    for (const leg of this.legsOf(order, line)) {
      leg.promise = { version: promise.version, parts: promise.parts, shippedBefore: promise.shippedBefore };
      if (promise.version > 1 || leg.moved) continue;
      const state = this.state(leg.item);
      rank = firstRank(leg, promise, state.position.policy);
      if (rank === leg.rank) continue;
      leg.rank = rank;
      state.touch(leg);
    }
    this.promises.push({ order, line, promise, reasons, rank });
  }

  /** Looks whether what backs the lines of the items decided still keeps their promises. */
  review(cause: Reason | null): void {
    this.rebalanceDue();
    for (const state of this.unreviewed) {
      const { improveByDays } = state.position.policy;
      for (const line of state.position.lines) {
        const open = line.ordered - line.shipped - line.cancelled;
        if (open === 0 && line.promise === null) continue;
        if (line.tied) {
          this.tied.add(line.order);
          continue;
        }
        const leg = state.legOf(line);
        const [next] = reviewOrder(
          [{ open, shipped: line.shipped, promise: line.promise, legs: [leg] }],
          false,
          improveByDays,
        );
        if (!next) continue;
        const reasons = reasonsFor(next, [{ state, line }], cause);
        this.promise(line.order, line.line, next, reasons);
      }
    }
    this.unreviewed.clear();
  }
}

/** More lines than an order has; the product stays exact up to 2^33 orders of a brand, twenty years of ten a second. */
const LINES = 2 ** 20;

/** A line's order and number as one number. */
function lineKey(order: number, line: number): number {
  return order * LINES + line;
}
