import { type Dues, duesOf, type PlacedLine, termsFor } from '@kept/engine';
import type { Decided, KnownItem } from '../promising/index.ts';
import type { NewLine } from './order-store.ts';
import { soldAs } from './sold-as.ts';

/** What was stated of a line's money, where that was not all of it at order. */
export interface NewStated {
  readonly order: number;
  readonly line: number;
  /** JSON. */
  readonly terms: string;
  readonly dues: Dues;
}

/**
 * The terms that a new line is charged by from now on, whatever its policy says later. Null: all of it at order, which is
 * what lines without a record are.
 */
export function statedOf(
  decided: Pick<Decided, 'positions' | 'settings'>,
  item: KnownItem,
  channel: string,
  placed: Pick<PlacedLine, 'legs'>,
  line: NewLine,
): NewStated | null {
  const sold = soldAs(item, decided);
  if (sold === null || sold.policy.charge === undefined) return null;
  const terms = termsFor(sold.policy.charge, channel);
  if (terms.kind === 'at_order') return null;
  const amount = Math.max(0, line.price * line.ordered - line.discount + (line.input.tax?.amount ?? 0));
  const here = sold.lifecycle === 'upcoming' ? 0 : unitsHere(placed, line.ordered);
  const dues = duesOf(terms, { here, coming: line.ordered - here, amount });
  return { order: line.order, line: line.line, terms: JSON.stringify(terms), dues };
}

function unitsHere({ legs }: Pick<PlacedLine, 'legs'>, ordered: number): number {
  let here = ordered;
  for (const { per, commitments } of legs) {
    let reserved = 0;
    for (const one of commitments) if (one.kind === 'reserved') reserved += one.quantity;
    here = Math.min(here, Math.floor(reserved / per));
  }
  return here;
}
