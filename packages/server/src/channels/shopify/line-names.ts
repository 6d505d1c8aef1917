import { z } from 'zod';
import type { Action } from '../../connections/index.ts';
import { numberOf } from './nodes.ts';

/**
 * What Kept calls an order's lines: their number in Shopify, which stays when lines are added and removed. A line that came by a
 * switch has in Kept the name that it got before Shopify had it. What an edit will add is written down with the order before
 * the edit, so that whoever reads the order at any moment, and whoever tries again, knows the line for what it is.
 */
const Switched = z.object({
  /** Units of the line that was switched, before the edit. */
  before: z.int(),
  /** The numbers of the lines that the order had before it. */
  lines: z.array(z.string()),
  /** What Kept calls the line that comes, and what it is of. */
  line: z.string(),
  sku: z.string(),
});
export type Switched = z.output<typeof Switched>;
/** By the action that asked for it. */
export type Switches = Readonly<Record<string, Switched>>;

interface Line {
  readonly id: string;
  readonly sku: string | null;
}

/** What was written down with an order; what cannot be read says nothing. */
export function switchesOf(field: { readonly value: string } | null): Switches {
  if (field === null) return {};
  try {
    const parsed = z.record(z.string(), z.unknown()).parse(JSON.parse(field.value));
    return Object.fromEntries(
      Object.entries(parsed).flatMap(([action, told]) => {
        const one = Switched.safeParse(told);
        return one.success ? [[action, one.data]] : [];
      }),
    );
  } catch {
    return {};
  }
}

/** Kept's names of those lines that are not called by their number, by that number. */
export function namesOf(switches: Switches, lines: readonly Line[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { lines: before, line, sku } of Object.values(switches)) {
    const came = lines
      .filter((one) => one.sku === sku)
      .map((one) => numberOf(one.id))
      .filter((number) => !before.includes(number) && !names.has(number))
      .sort((a, b) => Number(a) - Number(b));
    if (came[0] !== undefined) names.set(came[0], line);
  }
  return names;
}

/** An action with its lines as Shopify calls them. */
export function asInShopify<A extends Action>(action: A, names: ReadonlyMap<string, string>): A {
  const numbers = new Map([...names].map(([number, name]) => [name, number]));
  const there = <L extends { readonly line: string | number }>(line: L): L => ({
    ...line,
    line: numbers.get(String(line.line)) ?? line.line,
  });
  return {
    ...action,
    ...('lines' in action && { lines: action.lines.map(there) }),
    ...('from' in action && { from: there(action.from) }),
  };
}
