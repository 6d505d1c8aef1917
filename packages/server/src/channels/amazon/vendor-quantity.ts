import type { ItemQuantity } from './schemas/vendor.ts';

/** What Amazon was answered for a line before, in Amazon's units. */
export interface Answered {
  readonly accepted: number;
  readonly rejected: number;
}

/** Stock units in one unit of Amazon's quantity. */
export const unitSizeOf = ({ unitOfMeasure, unitSize }: ItemQuantity): number =>
  unitOfMeasure === 'Cases' ? (unitSize ?? 1) : 1;
