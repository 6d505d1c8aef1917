/**
 * The demo brand: half a year of a real shop's orders, moved so that they end today, with invented customers, suppliers,
 * stock and purchase orders. The same day always gives the same brand. examples/demo/README.md says where it comes from.
 */
import type { ImportRecord } from '../imports/index.ts';
import { TIME_ZONE } from './dates.ts';
import { receivedOf } from './purchases.ts';
import {
  CHANNELS,
  isClosed,
  itemRecords,
  keyAccounts,
  LOCATIONS,
  officeMinute,
  orderRecord,
  purchaseRecord,
  stockRecords,
  supplierRecords,
} from './records.ts';
import type { SlipReason, Stage } from './slips.ts';
import { worldOf } from './world.ts';

export const DEMO_BRAND = { title: 'Wren & Thistle', currency: 'GBP', timeZone: TIME_ZONE } as const;

/** What a supplier said after the purchase order was placed; applied in order they lead to the date and stage of today. */
export interface DemoRevision {
  purchaseOrder: string;
  line: number;
  /** 'YYYY-MM-DD'; null: the supplier took the date back. Unchanged where only the stage moved. */
  expectedOn: string | null;
  stage?: Stage;
  reason: SlipReason;
  /** UTC instant. */
  at: string;
}
/** What a customer of the web shop paid with an order. */
export interface DemoPayment {
  /** As the API names it. */
  order: string;
  id: string;
  /** Pence. */
  amount: number;
  /** UTC instant. */
  at: string;
}
/** What came. The records count it as received and the stock holds it: receipts are the history to learn slips from. */
export interface DemoReceipt {
  purchaseOrder: string;
  id: string;
  line: number;
  quantity: number;
  location: string;
  condition: 'sellable' | 'damaged';
  /** The line's last. */
  close: boolean;
  /** UTC instant. */
  at: string;
}

/**
 * Every fact of the brand, in an order that can be loaded as it comes: channels, locations, suppliers, items, purchase
 * orders that are closed, stock as counted now, purchase orders that are open (as they were placed: `demoRevisions` tells
 * what moved since), and orders by their time, with what of them was shipped or cancelled before.
 * @param today 'YYYY-MM-DD' in the brand's time zone
 * @param now nothing is placed after it
 */
export function* demoRecords(today: string, now: Date): Generator<ImportRecord> {
  const world = worldOf(today);
  yield* CHANNELS;
  yield* LOCATIONS;
  yield* supplierRecords();
  yield* itemRecords(world);
  for (const purchase of world.purchases) if (isClosed(purchase)) yield purchaseRecord(purchase, world);
  yield* stockRecords(world);
  for (const purchase of world.purchases) if (!isClosed(purchase)) yield purchaseRecord(purchase, world);
  const key = keyAccounts(world.orders);
  const until = now.toISOString();
  for (const order of world.orders) {
    const record = orderRecord(order, key, world);
    if (record.order.placedAt <= until) yield record;
  }
}

/** Oldest first; those of one purchase-order line are to be applied in this order. */
export function demoRevisions(today: string): DemoRevision[] {
  const { purchases, shift } = worldOf(today);
  return byTime(
    purchases.flatMap(({ ref, lines }) =>
      lines.flatMap(({ line, revisions }) =>
        revisions.map(({ day, expected, stage, reason }, index) => ({
          purchaseOrder: ref,
          line,
          expectedOn: expected === null ? null : shift.dayOf(expected),
          ...(stage ? { stage } : {}),
          reason,
          at: shift.instantOf(day, officeMinute('said', ref, day) + index),
        })),
      ),
    ),
  );
}

/** Oldest first. */
export function demoReceipts(today: string): DemoReceipt[] {
  const { purchases, shift } = worldOf(today);
  return byTime(
    purchases.flatMap(({ ref, lines }) =>
      lines.flatMap((line) =>
        line.receipts.map(({ day, quantity, condition }, index) => ({
          purchaseOrder: ref,
          id: `${ref}-${line.line}-${index + 1}`,
          line: line.line,
          quantity,
          location: line.location,
          condition,
          close: index === line.receipts.length - 1 && receivedOf(line) === line.quantity,
          at: shift.instantOf(day, officeMinute('came', ref, day)),
        })),
      ),
    ),
  );
}

/** Of orders of the web shop of which everything is still open: those were paid in full when they were placed. */
export function* demoPayments(today: string, now: Date): Generator<DemoPayment> {
  const { orders, shift } = worldOf(today);
  const until = now.toISOString();
  for (const { channel, ref, day, minute, lines } of orders) {
    const at = shift.instantOf(day, minute);
    if (channel !== 'web' || at > until || lines.some((line) => line.shipped || line.cancelled > 0)) continue;
    const amount = lines.reduce((sum, { quantity, pence }) => sum + quantity * pence, 0);
    if (amount > 0) yield { order: `${channel}:${ref}`, id: `card-${ref}`, amount, at };
  }
}

const byTime = <T extends { at: string }>(facts: T[]): T[] =>
  facts.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
