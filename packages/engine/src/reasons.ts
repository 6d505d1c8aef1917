import { dayText } from './day.ts';
import type { ItemState } from './item-state.ts';
import { receiptsBehind } from './lead-time.ts';
import type { LinePosition, Reason } from './position.ts';
import { learntLeadTime } from './production.ts';
import type { NewPromise } from './promise.ts';

/**
 * Why a promise is what it is: first what made it change, then what backs each of its units. The same reasons answer the
 * planner, the CX agent and the customer, each in their own words.
 */
export function reasonsFor(
  promise: NewPromise,
  legs: readonly { readonly state: ItemState; readonly line: LinePosition }[],
  cause: Reason | null,
): Reason[] {
  const reasons: Reason[] = [];
  if (cause !== null) reasons.push(promise.change === 'first' ? cause : { ...cause, change: promise.change });
  const kit = legs.length > 1;
  for (const { state, line } of legs) {
    for (const reason of backing(state, line))
      reasons.push(kit ? { ...reason, sku: state.position.sku } : reason);
    if (line.notBefore !== null) reasons.push({ code: 'not_before', day: dayText(line.notBefore) });
  }
  return reasons;
}

/** What backs a line, one reason per source. */
export function backing(state: ItemState, line: Pick<LinePosition, 'commitments'>): Reason[] {
  const { policy } = state.position;
  return line.commitments.map((one): Reason => {
    if (one.kind === 'waiting') return { code: 'nothing_backs', quantity: one.quantity };
    const source = state.indexOf(one);
    const shipBy = dayText(state.sources.day[source]!);
    const supply = state.supplyOf(source);
    if (supply === null) {
      const location = state.world.locations[one.source]?.code;
      return { code: 'reserved_from_stock', quantity: one.quantity, location, shipBy };
    }
    const days = state.daysOf(supply);
    return {
      code: 'pegged_to_supply',
      quantity: one.quantity,
      supply: supply.kind,
      ...(supply.kind === 'purchase_order'
        ? { purchaseOrder: supply.ref, line: supply.line === null ? null : JSON.parse(supply.line) }
        : { ref: supply.ref }),
      stage: supply.stage,
      expectedOn: supply.expected === null ? null : dayText(supply.expected),
      bufferDays: days.bufferDays,
      buffer: days.basis,
      ...(days.basis === 'policy' ? {} : { serviceLevel: policy.serviceLevel }),
      ...(days.basis === 'receipts'
        ? { receipts: receiptsBehind(supply, state.world), learntOn: dayText(state.world.slips!.learntOn) }
        : {}),
      ...(supply.made == null ? {} : workReason(state)),
      receivingDays: policy.receivingDays,
      handlingDays: policy.handlingDays,
      shipBy,
    };
  });
}

/** How long work takes that an order starts, and how that is known. */
function workReason({ position, world }: ItemState) {
  const learnt = learntLeadTime(position, world);
  return learnt === null
    ? { leadTime: 'stated', leadTimeDays: position.leadTimeDays }
    : { leadTime: 'receipts', leadTimeDays: learnt.days, made: learnt.made };
}
