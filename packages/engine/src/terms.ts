import type { DayNumber } from './day.ts';

/** What a brand has said of selling one item before it is here, beyond its policy. Plain data; all of it may be missing. */
export interface SellingTerms {
  readonly preorder?: {
    /** Units that are released for sale, batch by batch: the next ones only from their day on. */
    readonly batches?: readonly { readonly quantity: number; readonly opensOn: DayNumber | null }[];
    /** Most units that one customer may have. */
    readonly perCustomer?: number;
  };
  readonly production?: {
    /** Most units that the maker can take on in one week; what is beyond starts in a later one. */
    readonly unitsPerWeek?: number;
    /** Lead times by quantity, each from so many units on; the item's own below the first. */
    readonly leadTimes?: readonly { readonly from: number; readonly days: number }[];
    /** What it can be made with, by name, and how many days more each takes. */
    readonly options?: Readonly<Record<string, number>>;
  };
  readonly drop?: {
    /** While it is under way, units go only to those who were offered them. */
    readonly open: boolean;
  };
  readonly validation?: {
    readonly goal: number;
    /** The last day on which orders are taken. */
    readonly until: DayNumber;
    readonly open: boolean;
    /** The supply that stands for what will be ordered if the goal is met. */
    readonly supply: number;
  };
}

/** Units of a preorder that its batches have released by a day; null: all that is backed. */
export function releasedUnits(terms: SellingTerms | null | undefined, today: DayNumber): number | null {
  const batches = terms?.preorder?.batches;
  if (batches === undefined || batches.length === 0) return null;
  let units = 0;
  for (const { quantity, opensOn } of batches) if (opensOn === null || opensOn <= today) units += quantity;
  return units;
}

/** Whether everybody may buy: not while a drop gives its units to those whose turn it is. */
export function sellsToAll({ terms }: { readonly terms?: SellingTerms | null }): boolean {
  return terms?.drop?.open !== true;
}
