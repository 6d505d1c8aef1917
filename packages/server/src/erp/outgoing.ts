import type { Action, Outcome } from '../connections/index.ts';

/** What Kept writes into an ERP. */
export const WRITTEN = ['draft_purchase_order', 'promise_date', 'write_receipt'] as const;
type Written = (typeof WRITTEN)[number];

export type Of<Kind extends Action['kind']> = Extract<Action, { kind: Kind }>;

export const DONE: Outcome = { state: 'done' };
export const refused = (why: string): Outcome => ({ state: 'refused', why });

/** Has an action written by the one who knows how; what no ERP is asked for is refused in the name of this one. */
export async function writeInto(
  erp: string,
  action: Action,
  writers: { readonly [Kind in Written]: (asked: Of<Kind>) => Promise<Outcome> },
): Promise<Outcome> {
  switch (action.kind) {
    case 'draft_purchase_order':
      return writers.draft_purchase_order(action);
    case 'promise_date':
      return writers.promise_date(action);
    case 'write_receipt':
      return writers.write_receipt(action);
    default:
      return refused(`${erp} is not asked for ${action.kind}.`);
  }
}
