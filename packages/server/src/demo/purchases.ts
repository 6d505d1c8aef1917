/** A purchase order's life in sample days: what was asked, what was said on the way, what came. */
import type { Revision } from './slips.ts';
import type { DemoSupplier, FreightMode } from './suppliers.ts';

export type LocationName = 'warehouse' | 'fba';

export interface Receipt {
  day: number;
  quantity: number;
  condition: 'sellable' | 'damaged';
}
export interface PurchaseLine {
  line: number;
  sku: string;
  quantity: number;
  location: LocationName;
  /** The date given when it was placed; null: none was. */
  firstExpected: number | null;
  /** Everything said since, oldest first. */
  revisions: Revision[];
  /** Everything that came, oldest first. */
  receipts: Receipt[];
  /** Deliveries in parts, each with its own date. */
  schedules?: { quantity: number; expected: number }[];
}
export interface Purchase {
  ref: string;
  supplier: DemoSupplier;
  mode: FreightMode;
  placed: number;
  draft?: boolean;
  lines: PurchaseLine[];
}

export const receivedOf = (line: PurchaseLine): number =>
  line.receipts.reduce((sum, receipt) => sum + receipt.quantity, 0);

/** What is known at the end of a day: later words and receipts are cut off. */
export function asKnownOn(day: number, purchase: Purchase): Purchase {
  return {
    ...purchase,
    lines: purchase.lines.map((line) => ({
      ...line,
      revisions: line.revisions.filter((revision) => revision.day <= day),
      receipts: line.receipts.filter((receipt) => receipt.day <= day),
    })),
  };
}
