import type { Commitment, Decision, Fact } from '@kept/engine';
import type { TouchedBook, TouchedLine } from './book-line-store.ts';

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
  const nameOf = (order: number, line: number) => `${order}:${line}`;
  const placed = new Set<string>();
  let supplies = false;
  for (const state of decision.states.values()) {
    supplies ||= state.touchedSupplies.size > 0;
    for (const [{ order, line, commitments }, before] of state.touchedLines)
      if (onBackorder(before) || onBackorder(commitments))
        lines.set(nameOf(order, line), { order, line, event, fresh: false });
    for (const { order, line, commitments } of state.placed) {
      placed.add(nameOf(order, line));
      if (onBackorder(commitments))
        lines.set(nameOf(order, line), { order, line, event: eventOf(order), fresh: true });
    }
  }
  for (const { order, line } of decision.promises)
    if (!placed.has(nameOf(order, line)) && !lines.has(nameOf(order, line)))
      lines.set(nameOf(order, line), { order, line, event, fresh: false });
  for (const fact of facts)
    if (fact.kind === 'reschedule' || fact.kind === 'add') {
      const { order, line } = fact;
      lines.set(nameOf(order, line), { order, line, event, fresh: fact.kind === 'add' });
    }
  return { lines: [...lines.values()], always: supplies };
}
