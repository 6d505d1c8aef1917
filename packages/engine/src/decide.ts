import { addUnits, cancelUnits, rescheduleLine, shipUnits } from './decide-line.ts';
import { placeOrder } from './decide-order.ts';
import { rankLines, reallocate } from './decide-queue.ts';
import { changeStock, changeSupply, placeHold, receiveSupply, releaseHold, replan } from './decide-supply.ts';
import { Desk } from './desk.ts';
import type { Fact, Outcome, PromiseChanged } from './fact.ts';
import type { ItemState } from './item-state.ts';
import type { ItemPosition, World } from './position.ts';

/** What a decision comes to: an answer per fact, and the positions and promises as they are after all of them. */
export interface Decision {
  readonly outcomes: readonly Outcome[];
  /** Every item that was given, with what was touched in it. */
  readonly states: ReadonlyMap<number, ItemState>;
  /** In the order in which they were made. */
  readonly promises: readonly PromiseChanged[];
  /** Orders whose date depends on items that were not given here: `reviewTied` decides them with all their lines. */
  readonly tied: ReadonlySet<number>;
  /** Lines that were not given could have a part in it: it has to be decided again with the items' whole queues. */
  readonly needsQueue: boolean;
}

/**
 * The brain. Takes the positions of the items of some facts and answers what backs each line, what is promised, and why.
 * Facts are decided one after the other, in the order given. Pure: the positions given are changed into the new ones and
 * must not be used for anything else; time, ids and chance are in the arguments. A new order and a bulk re-plan are the
 * same function.
 */
export function decide(world: World, positions: readonly ItemPosition[], facts: readonly Fact[]): Decision {
  const desk = new Desk(world, positions);
  const outcomes = facts.map((fact, index) => {
    const outcome = apply(desk, fact);
    if (!isOneWith(fact, facts[index + 1])) desk.review('cause' in fact ? fact.cause : null);
    return outcome;
  });
  const needsQueue = [...desk.states.values()].some((state) => state.needsQueue());
  for (const state of desk.states.values()) state.settle();
  return { outcomes, states: desk.states, promises: desk.promises, tied: desk.tied, needsQueue };
}

/** Lines cancelled together free their units together: the queue is served once, when the last of them is known. */
function isOneWith(fact: Fact, next: Fact | undefined): boolean {
  return fact.kind === 'cancel' && next?.kind === 'cancel' && fact.cause === next.cause;
}

function apply(desk: Desk, fact: Fact): Outcome {
  switch (fact.kind) {
    case 'place':
      return placeOrder(desk, fact);
    case 'cancel':
      return cancelUnits(desk, fact);
    case 'add':
      return addUnits(desk, fact);
    case 'ship':
      return shipUnits(desk, fact);
    case 'reschedule':
      return rescheduleLine(desk, fact);
    case 'stock':
      return changeStock(desk, fact);
    case 'supply':
      return changeSupply(desk, fact);
    case 'receive':
      return receiveSupply(desk, fact);
    case 'hold':
      return placeHold(desk, fact);
    case 'release':
      return releaseHold(desk, fact);
    case 'rank':
      return rankLines(desk, fact);
    case 'reallocate':
      return reallocate(desk, fact);
    case 'replan':
      return replan(desk, fact);
  }
}
