import type { OrderChanges } from '@kept/contract';
import type { z } from 'zod';
import type { OrderedLine, ReceivedChange } from './documents.ts';
import type { Partner } from './partner.ts';
import type { KeptOrder } from './to-answer.ts';
import { type KnownLine, skuOf, type Trouble, toLines } from './to-order.ts';

/**
 * A partner's change as changes of Kept's lines: what is named, and nothing else. A change that replaces the order names every
 * line that is to be left.
 */
export function toChanges(
  received: ReceivedChange,
  known: readonly KnownLine[],
  order: KeptOrder,
  partner: Partner,
):
  | { readonly changes: z.input<typeof OrderChanges>['lines']; readonly known: readonly KnownLine[] }
  | { readonly troubles: readonly Trouble[] } {
  const troubles: Trouble[] = [];
  const changes: z.input<typeof OrderChanges>['lines'] = [];
  const after = new Map(known.map((one) => [one.line, one]));
  const trouble = (line: string, kind: Trouble['kind'], words: string) =>
    troubles.push({ kind, line, words: `Line ${line}: ${words}` });
  for (const line of received.lines) {
    const own = after.get(line.line);
    if (line.change === 'none') continue;
    if (own === undefined) {
      if (line.change === 'delete') continue;
      const taken = toLines(line, received, partner, received.currency ?? partner.currency);
      if ('troubles' in taken) {
        troubles.push(...taken.troubles);
        continue;
      }
      after.set(line.line, taken.known);
      changes.push(...taken.lines.map(({ discount: _, uom: __, ...one }) => one));
      if (taken.lines.some((one) => one.uom !== undefined))
        trouble(line.line, 'unknown_unit', `a line in ${line.unit} cannot be added; order it anew.`);
      continue;
    }
    if (own.lines.length > 1) {
      trouble(
        line.line,
        'bad_quantity',
        'it is asked for on several days, and which of them changes is not told.',
      );
      continue;
    }
    const sku = line.numbers.length === 0 ? own.sku : skuOf(line.numbers, partner);
    if (sku !== own.sku) {
      trouble(
        line.line,
        'unknown_item',
        `it is ${own.sku}; a line keeps its item. Delete it and add another.`,
      );
      continue;
    }
    const kept = order.lines.find((one) => String(one.line) === own.lines[0])!;
    const change = changeOf(line, own, kept, received);
    if (typeof change === 'string') trouble(line.line, 'bad_quantity', change);
    else {
      if (Object.keys(change.change).length > 1) changes.push(change.change);
      after.set(line.line, change.known);
    }
  }
  if (received.purpose === 'replace')
    for (const { line, lines } of known)
      if (!received.lines.some((one) => one.line === line))
        changes.push(...lines.map((one) => ({ line: one, quantity: 0 })));
  return troubles.length > 0 ? { troubles } : { changes, known: [...after.values()] };
}

function changeOf(
  line: OrderedLine & ReceivedChange['lines'][number],
  own: KnownLine,
  kept: KeptOrder['lines'][number],
  received: ReceivedChange,
): { readonly change: z.input<typeof OrderChanges>['lines'][number]; readonly known: KnownLine } | string {
  const name = own.lines[0]!;
  if (line.change === 'delete') return { change: { line: name, quantity: 0 }, known: own };
  const quantity = line.by === null ? line.quantity || own.quantity : own.quantity + line.by;
  if (!Number.isSafeInteger(quantity) || quantity < 0) return `expected a whole quantity, not ${quantity}.`;
  if (line.unit !== '' && line.unit !== own.unit)
    return `it is in ${own.unit}, and the change in ${line.unit}.`;
  // Kept counts stock units; the line says how many of them one of the partner's is.
  const factor = (kept.ordered + (kept.refused ?? 0)) / own.quantity;
  const window = { ...received.window, ...line.window };
  return {
    change: {
      line: name,
      ...(quantity === own.quantity ? {} : { quantity: Math.round(quantity * factor) }),
      ...(window.notBefore === undefined ? {} : { notBefore: window.notBefore }),
      ...(window.cancelAfter === undefined ? {} : { cancelAfter: window.cancelAfter }),
    },
    known: {
      ...own,
      quantity: quantity === 0 ? own.quantity : quantity,
      price: line.price ?? own.price,
      wantedOn: line.wantedOn ?? received.wantedOn ?? own.wantedOn,
    },
  };
}
