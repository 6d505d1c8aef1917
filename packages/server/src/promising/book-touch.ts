import type { Commitment, Decision, Fact } from '@kept/engine';
import type { TouchedBook, TouchedLine } from './book-line-store.ts';
import { keyOf } from './line-key.ts';

function backordered(commitments: readonly Commitment[]): number {
  let units = 0;
  for (const { kind, quantity } of commitments) if (kind !== 'reserved') units += quantity;
  return units;
}

/** Lines that are on backorder after a decision, or were before it. Lines that stock fills are none of them. */
export function touchedBackorders(
  decision: Decision,
  facts: readonly Fact[],
  eventOf: (order: number) => number,
  event: number,
): TouchedBook {
  const lines = new Map<number, TouchedLine>();
  const placed = new Set<number>();
  let supplies = false;
  for (const state of decision.states.values()) {
    supplies ||= state.touchedSupplies.size > 0;
    for (const [touched, before] of state.touchedLines) {
      const [was, is] = [backordered(before), backordered(touched.commitments)];
      if (was === 0 && is === 0) continue;
      const { order, line, tied } = touched;
      const known = lines.get(keyOf(touched));
      // Of a kit, this says only what one of its components does.
      const moved = was === is && !tied && (known?.moved ?? true);
      lines.set(keyOf(touched), { order, line, event, fresh: false, moved });
    }
    for (const one of state.placed) {
      placed.add(keyOf(one));
      const { order, line, commitments } = one;
      if (backordered(commitments) > 0)
        lines.set(keyOf(one), { order, line, event: eventOf(order), fresh: true, moved: false });
    }
  }
  for (const one of decision.promises)
    if (!placed.has(keyOf(one)) && !lines.has(keyOf(one)))
      lines.set(keyOf(one), { order: one.order, line: one.line, event, fresh: false, moved: true });
  for (const fact of facts)
    if (fact.kind === 'reschedule' || fact.kind === 'add') {
      const { order, line } = fact;
      lines.set(keyOf(fact), { order, line, event, fresh: fact.kind === 'add', moved: false });
    }
  return { lines: [...lines.values()], always: supplies };
}
