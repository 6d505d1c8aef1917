import type { Order } from '@kept/contract';
import type { z } from 'zod';
import type { AnsweredLine, LineLot, LineStatus, OrderAnswer } from './documents.ts';
import type { KnownLine } from './to-order.ts';

export type KeptOrder = z.output<typeof Order>;
type KeptLine = KeptOrder['lines'][number];

/** A line's lots and what they mean for the whole. */
export interface LineAnswer {
  readonly line: AnsweredLine;
  readonly verdict: OrderAnswer['verdict'];
}

/**
 * What a partner is told of a line: its units by the day on which they leave, each lot with its status. The sum of the lots is
 * what was ordered, whatever became of it.
 * @param lines Kept's lines of it; empty where the whole order was refused
 */
export function answerLine(known: KnownLine, lines: readonly KeptLine[], stockUnit: string): LineAnswer {
  const kept = lines.map((one) => lotsOf(one));
  const lots = merge(kept.flatMap((one) => one.lots));
  const gone = kept.reduce((sum, one) => sum + one.refused, 0);
  const deleted = kept.reduce((sum, one) => sum + one.cancelled, 0);
  const shipped = kept.reduce((sum, one) => sum + one.shipped, 0);
  const asked = lines.reduce((sum, one) => sum + one.ordered + (one.refused ?? 0), 0);
  if (asked === 0)
    return {
      line: { ...told(known), lots: [{ status: 'rejected', quantity: known.quantity, shipsOn: null }] },
      verdict: 'rejected',
    };
  const all = statused(lots, { gone, deleted, shipped, wantedOn: known.wantedOn });
  const inUnits =
    asked % known.quantity === 0 && all.every((one) => one.quantity % (asked / known.quantity) === 0);
  const factor = inUnits ? asked / known.quantity : 1;
  const line: AnsweredLine = {
    ...told(known),
    ...(inUnits ? {} : { quantity: asked, unit: stockUnit, price: null }),
    lots: all.map((one) => ({ ...one, quantity: one.quantity / factor })),
  };
  const verdict = all.every((one) => one.status === 'accepted' || one.status === 'shipped')
    ? 'accepted'
    : all.every((one) => one.status === 'rejected' || one.status === 'deleted')
      ? 'rejected'
      : 'changed';
  return { line, verdict };
}

const told = ({ line, quantity, unit, price, numbers }: KnownLine) => ({
  line,
  quantity,
  unit,
  price,
  numbers,
});

interface Lot {
  readonly quantity: number;
  readonly shipsOn: string | null;
  /** On the shelf, or gone already: it is no backorder. */
  readonly here: boolean;
}

function lotsOf(line: KeptLine) {
  const parts = line.promise?.parts ?? [];
  const waiting = line.open - parts.reduce((sum, one) => sum + one.quantity, 0);
  let reserved = line.commitments.reduce((sum, one) => sum + (one.kind === 'reserved' ? one.quantity : 0), 0);
  const lots: Lot[] = [];
  for (const part of [...parts].sort((a, b) => (a.shipBy < b.shipBy ? -1 : 1))) {
    lots.push({ quantity: part.quantity, shipsOn: part.shipBy, here: reserved >= part.quantity });
    reserved = Math.max(0, reserved - part.quantity);
  }
  if (waiting > 0) lots.push({ quantity: waiting, shipsOn: null, here: false });
  return { lots, refused: line.refused ?? 0, cancelled: line.cancelled, shipped: line.shipped };
}

/** Lots of one day are one, those without a day last. */
function merge(lots: readonly Lot[]): Lot[] {
  const byDay = new Map<string | null, Lot>();
  for (const lot of lots) {
    const same = byDay.get(lot.shipsOn);
    byDay.set(
      lot.shipsOn,
      same === undefined
        ? lot
        : { ...lot, quantity: lot.quantity + same.quantity, here: lot.here && same.here },
    );
  }
  return [...byDay.values()].sort((a, b) => {
    if (a.shipsOn === b.shipsOn) return 0;
    return a.shipsOn === null || (b.shipsOn !== null && a.shipsOn > b.shipsOn) ? 1 : -1;
  });
}

/**
 * The statuses of X12's 668, which EDIFACT's follow from: all on time is accepted (IA); on another day than asked, rescheduled
 * (DR); from supply, without a day asked, backordered (IB); first a part (BP) and then the balance (IB); fewer than asked
 * (IQ), and what is refused (IR).
 */
function statused(
  lots: readonly Lot[],
  {
    gone,
    deleted,
    shipped,
    wantedOn,
  }: { gone: number; deleted: number; shipped: number; wantedOn: string | null },
): LineLot[] {
  const onTime = (lot: Lot) =>
    lot.shipsOn !== null && (wantedOn === null ? lot.here : lot.shipsOn <= wantedOn);
  const several = lots.length > 1 || (shipped > 0 && lots.length > 0);
  const answered = lots.map((lot, n): LineLot => {
    const { quantity, shipsOn } = lot;
    const status: LineStatus = several
      ? n === 0 && shipped === 0 && (onTime(lot) || lot.here)
        ? 'partial'
        : 'backordered'
      : onTime(lot)
        ? gone + deleted > 0
          ? 'quantity_changed'
          : 'accepted'
        : shipsOn !== null && wantedOn !== null
          ? 'rescheduled'
          : 'backordered';
    return { status, quantity, shipsOn };
  });
  if (shipped > 0) answered.unshift({ status: 'shipped', quantity: shipped, shipsOn: null });
  if (deleted > 0) answered.push({ status: 'deleted', quantity: deleted, shipsOn: null });
  if (gone > 0) answered.push({ status: 'rejected', quantity: gone, shipsOn: null });
  return answered;
}

/** Over the lines of an order. */
export function verdictOf(lines: readonly LineAnswer[]): OrderAnswer['verdict'] {
  const [first] = lines;
  return first !== undefined && lines.every((one) => one.verdict === first.verdict)
    ? first.verdict
    : 'changed';
}
