import type { Commitment, Decision, Fact } from '@kept/engine';
import type { TouchedBook, TouchedLine } from './book-store.ts';

const onBackorder = (commitments: readonly Commitment[]) =>
  commitments.some((one) => one.kind !== 'reserved');

/** Lines that are on backorder after a decision, or were before it. Lines that stock fills are none of them. */
export function touchedBackorders(
  decision: Decision,
  facts: readonly Fact[],
  eventOf: (order: number) => number,
  event: number,
): TouchedBook {
  const lines = new Map<string, TouchedLine>();
  const add = (order: number, line: number, by: number) =>
    lines.set(`${order}:${line}`, { order, line, event: by });
  let supplies = false;
  const placed = new Set<string>();
  for (const state of decision.states.values()) {
    supplies ||= state.touchedSupplies.size > 0;
    for (const [line, before] of state.touchedLines)
      if (onBackorder(before) || onBackorder(line.commitments)) add(line.order, line.line, event);
    for (const line of state.placed) {
      placed.add(`${line.order}:${line.line}`);
      if (onBackorder(line.commitments)) add(line.order, line.line, eventOf(line.order));
    }
  }
  for (const { order, line } of decision.promises)
    if (!placed.has(`${order}:${line}`) && !lines.has(`${order}:${line}`)) add(order, line, event);
  for (const fact of facts)
    if (fact.kind === 'reschedule' || fact.kind === 'add') add(fact.order, fact.line, event);
  return { lines: [...lines.values()], always: supplies };
}
