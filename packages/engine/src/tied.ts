import type { PromiseChanged } from './fact.ts';
import { ItemState } from './item-state.ts';
import type { ItemPosition, LinePosition, Reason, World } from './position.ts';
import { reviewOrder } from './promise.ts';
import { firstRank } from './ranking.ts';
import { reasonsFor } from './reasons.ts';

/** An order whose lines share a date: it ships complete, or has a kit's line. */
export interface TiedOrder {
  readonly order: number;
  readonly shipComplete: boolean;
  readonly improveByDays: number | null;
}

/**
 * Reviews the promises of orders whose date is the latest of several items' (RULES 11). The items of all their lines are
 * given as they stand now, with just those orders' lines; nobody's units move here, only dates.
 */
export function reviewTied(
  world: World,
  positions: readonly ItemPosition[],
  orders: readonly TiedOrder[],
  cause: Reason | null,
): PromiseChanged[] {
  const legs = new Map<number, Map<number, { state: ItemState; line: LinePosition }[]>>();
  for (const position of positions) {
    const state = new ItemState(position, world);
    for (const line of position.lines) {
      const lines = legs.get(line.order) ?? new Map<number, { state: ItemState; line: LinePosition }[]>();
      legs.set(line.order, lines);
      const known = lines.get(line.line);
      if (known) known.push({ state, line });
      else lines.set(line.line, [{ state, line }]);
    }
  }
  const changed: PromiseChanged[] = [];
  for (const order of orders) {
    const lines = [
      ...(legs.get(order.order) ?? new Map<number, { state: ItemState; line: LinePosition }[]>()),
    ].sort(([a], [b]) => a - b);
    const reviewed = lines.map(([, parts]) => {
      const { line } = parts[0]!;
      return {
        open: line.ordered - line.shipped - line.cancelled,
        shipped: line.shipped,
        promise: line.promise,
        legs: parts.map((part) => part.state.legOf(part.line)),
      };
    });
    const promises = reviewOrder(reviewed, order.shipComplete, order.improveByDays);
    for (const [index, [line, parts]] of lines.entries()) {
      const promise = promises[index];
      if (!promise) continue;
      const { state, line: leg } = parts[0]!;
      const rank =
        promise.version === 1 && !leg.moved ? firstRank(leg, promise, state.position.policy) : null;
      changed.push({ order: order.order, line, promise, reasons: reasonsFor(promise, parts, cause), rank });
    }
  }
  return changed;
}
