import type { Order } from '@kept/contract';
import type { z } from 'zod';
import type { Cover } from './acknowledgement.ts';

type Line = z.output<typeof Order>['lines'][number];

/**
 * What stands behind each line of a vendor's order, as Kept has decided it: what has left, and what is promised by day. Units
 * that nothing backs are in no part.
 * @param at when it was decided: what has left has left by then
 */
export function coverOf(order: z.output<typeof Order>, at: string): Map<string, Cover> {
  return new Map(order.lines.map((line) => [String(line.line), { parts: partsOf(line, at.slice(0, 10)) }]));
}

function partsOf(line: Line, today: string): Cover['parts'] {
  const parts: { quantity: number; shipBy: string }[] = [];
  if (line.shipped > 0) parts.push({ quantity: line.shipped, shipBy: today });
  // a promise is of what is open; were it of more, its earliest parts would be what has left
  let open = line.open;
  for (const part of [...(line.promise?.parts ?? [])].sort((a, b) => (a.shipBy > b.shipBy ? -1 : 1))) {
    const quantity = Math.min(part.quantity, open);
    if (quantity > 0) parts.push({ quantity, shipBy: part.shipBy });
    open -= quantity;
  }
  return parts;
}
