import type { DayNumber } from './day.ts';

/** An order with its open lines, as a release to pick looks at it. Quantities are the line's units. */
export interface PickableOrder {
  readonly shipComplete: boolean;
  /** Backed until a deadline, and not paid yet (RULES 5). */
  readonly unpaid: boolean;
  readonly lines: readonly PickableLine[];
}
export interface PickableLine {
  readonly line: number;
  readonly open: number;
  /** Units of it that are being picked already. */
  readonly released: number;
  readonly notBefore: DayNumber | null;
  /** The line's item, or a kit's components, with the units reserved at each place. */
  readonly legs: readonly PickableLeg[];
}
export interface PickableLeg {
  readonly item: number;
  readonly per: number;
  readonly reserved: readonly { readonly place: number; readonly quantity: number }[];
}

/** Why nothing of an order can be released now. */
export type ReleaseBlock =
  | 'unpaid'
  | 'ships_complete'
  | 'not_before'
  | 'released_already'
  | 'nothing_reserved';

/** What of an order can be released to pick: all that is open, a part of it, or nothing and why. */
export interface Releasable {
  readonly state: 'whole' | 'part' | 'blocked';
  readonly block: ReleaseBlock | null;
  readonly lines: readonly { readonly line: number; readonly quantity: number }[];
}

/**
 * An order's reserved units that nobody picks yet. A kit goes whole, an order that ships complete goes in one piece or not at
 * all, a line that is asked for later stays until its day, and an order that is not paid stays altogether.
 */
export function releasable(order: PickableOrder, today: DayNumber): Releasable {
  const blocked = (block: ReleaseBlock): Releasable => ({ state: 'blocked', block, lines: [] });
  if (order.unpaid) return blocked('unpaid');
  const ready = order.lines.map((line) => ({
    line,
    reserved: wholeUnits(line),
    early: isEarly(line, today),
  }));
  const complete = ready.every(({ line, reserved, early }) => !early && reserved >= line.open);
  if (order.shipComplete && !complete) return blocked('ships_complete');
  const lines = ready
    .map(({ line, reserved, early }) => ({
      line: line.line,
      quantity: early ? 0 : Math.max(0, Math.min(reserved, line.open) - line.released),
    }))
    .filter(({ quantity }) => quantity > 0);
  if (lines.length > 0) return { state: complete ? 'whole' : 'part', block: null, lines };
  if (ready.some(({ line }) => line.released > 0)) return blocked('released_already');
  return blocked(
    ready.some(({ early, reserved }) => early && reserved > 0) ? 'not_before' : 'nothing_reserved',
  );
}

/** Where the units of a release lie: those after the ones that are being picked already, place by place. */
export function picksOf(
  line: PickableLine,
  quantity: number,
): { item: number; place: number; quantity: number }[] {
  const picks: { item: number; place: number; quantity: number }[] = [];
  for (const { item, per, reserved } of line.legs) {
    let passed = line.released * per;
    let left = quantity * per;
    for (const at of reserved) {
      const skipped = Math.min(passed, at.quantity);
      passed -= skipped;
      const units = Math.min(left, at.quantity - skipped);
      left -= units;
      if (units > 0) picks.push({ item, place: at.place, quantity: units });
    }
  }
  return picks;
}

/** Units of the line that are reserved, as many as its scarcest component makes whole. */
function wholeUnits({ legs }: PickableLine): number {
  let units = Number.MAX_SAFE_INTEGER;
  for (const { per, reserved } of legs) {
    const own = reserved.reduce((sum, at) => sum + at.quantity, 0);
    units = Math.min(units, Math.floor(own / per));
  }
  return legs.length === 0 ? 0 : units;
}

function isEarly({ notBefore }: PickableLine, today: DayNumber): boolean {
  return notBefore !== null && notBefore > today;
}
