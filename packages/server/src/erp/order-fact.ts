import type { Fact } from '../connections/index.ts';
import { dividedBy, type Fraction, ONE, plus, stockUnits, unitCost, whole } from './units.ts';

export type Stage = 'draft' | 'placed' | 'confirmed' | 'in_transit' | 'cancelled';

/** One delivery of a line, where the ERP keeps them apart. */
export interface ErpDelivery {
  readonly id: number | string;
  /** In stock units, as all that follows. */
  readonly quantity: Fraction;
  readonly came: boolean;
  readonly expectedOn: string | null;
}

export interface ErpLine {
  readonly line: number | string;
  readonly sku: string;
  readonly quantity: Fraction;
  readonly received: Fraction;
  readonly expectedOn: string | null;
  /** As the ERP calls it. */
  readonly warehouse: string;
  readonly stage?: Stage;
  /** Of one unit of the line. */
  readonly price?: string | number | null;
  /** Stock units in one unit of the line. */
  readonly factor?: Fraction;
  readonly deliveries?: readonly ErpDelivery[];
}

/** A purchase order in no ERP's own words. */
export interface ErpOrder {
  readonly externalId: string;
  readonly ref: string;
  readonly supplier: string;
  readonly placedOn: string;
  readonly stage: Stage;
  /** ISO 8601: of the newest of its records. */
  readonly updatedAt: string;
  readonly currency: string | null;
  readonly lines: readonly ErpLine[];
}

export interface Telling {
  /** The ERP's warehouses by Kept's locations; one that is not named is a location of its own name. */
  readonly locations: Readonly<Record<string, string>>;
  /** Read for the first time: what came is history, and moves no stock. */
  readonly history: boolean;
  warn(words: string, data: Record<string, unknown>): void;
}

/** What an ERP says of a purchase order as a fact; null where it has no line that Kept could have. */
export function orderFact(order: ErpOrder, telling: Telling): Fact | null {
  if (order.lines.length === 0) return null;
  const lines = order.lines.map((line) => lineOf(order, line, telling));
  return {
    kind: 'purchase_order',
    externalId: order.externalId,
    sourceUpdatedAt: order.updatedAt,
    ref: order.ref,
    purchaseOrder: {
      supplier: order.supplier,
      placedOn: order.placedOn,
      stage: order.stage,
      ...(order.currency === null ? {} : { currency: order.currency }),
      lines,
    },
    received: order.lines.flatMap(receivedOf),
  };
}

function lineOf(order: ErpOrder, line: ErpLine, telling: Telling) {
  const came = sum(line);
  const { factor = ONE } = line;
  for (const quantity of [line.quantity, came])
    if (whole(quantity) === null)
      telling.warn(`A line of ${order.ref} is no whole number of stock units; mend it in the ERP.`, {
        purchaseOrder: order.ref,
        line: line.line,
        sku: line.sku,
        stockUnits: stockUnits(quantity),
        stockUnitsOfOne: stockUnits(factor),
      });
  const cost = unitCost(line.price, order.currency, factor);
  return {
    line: line.line,
    sku: line.sku,
    quantity: stockUnits(line.quantity),
    expectedOn: line.expectedOn,
    location: telling.locations[line.warehouse] ?? line.warehouse,
    ...(line.stage === undefined ? {} : { stage: line.stage }),
    ...(cost === undefined ? {} : { unitCost: cost }),
    ...(telling.history && came.over > 0n ? { received: stockUnits(came) } : {}),
    // Those that came stand first: what came before Kept knew the line fills its deliveries in their order.
    ...(line.deliveries === undefined
      ? {}
      : {
          schedules: [...line.deliveries]
            .sort((a, b) => Number(b.came) - Number(a.came))
            .map(({ id, quantity, expectedOn }) => ({ id, quantity: stockUnits(quantity), expectedOn })),
        }),
  };
}

function sum({ received, deliveries }: ErpLine): Fraction {
  if (deliveries === undefined) return received;
  return deliveries
    .filter((one) => one.came)
    .reduce((total, one) => plus(total, one.quantity), { over: 0n, under: 1n });
}

function receivedOf(
  line: ErpLine,
): { line: string | number; schedule?: string | number; quantity: number }[] {
  const told = (quantity: Fraction, schedule?: string | number) => {
    const units = whole(quantity);
    if (units === null || units <= 0) return [];
    return [{ line: line.line, ...(schedule === undefined ? {} : { schedule }), quantity: units }];
  };
  if (line.deliveries === undefined) return told(line.received);
  return line.deliveries.flatMap((one) => (one.came ? told(one.quantity, one.id) : []));
}

/** Stock units in one unit, of two units measured in the same reference. */
export const inUnitsOf = (unit: Fraction, stockUnit: Fraction): Fraction => dividedBy(unit, stockUnit);

const MARK = 'Kept ';
/** By which a draft that Kept wrote is known again, whatever number the ERP gives it. */
export const draftMark = (ref: string) => `${MARK}${ref}`;
export const refOfDraft = (text: string | null | undefined): string | null =>
  text?.startsWith(MARK) === true && text.length > MARK.length ? text.slice(MARK.length) : null;
