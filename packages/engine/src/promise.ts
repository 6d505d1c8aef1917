import type { DayNumber } from './day.ts';
import type { PromisePart, PromisePosition } from './position.ts';

/** The number of the rules by which promises are made: one more with every change by which the same facts get another promise. */
export const PROMISE_RULES = 1;

/** Units that leave on a day. A list of them is cumulative: earliest first. */
export interface Step {
  readonly quantity: number;
  readonly shipBy: DayNumber;
  readonly deliverBy: DayNumber;
}

/** What backs one item of a line. A plain line has one leg; a kit has one per component. */
export interface Leg {
  /** Units of the item per unit of the line. */
  readonly per: number;
  /** By the day the plan says. */
  readonly planned: readonly Step[];
  /** By the day that is promised. */
  readonly promisable: readonly Step[];
}

/** A line as its promise is reviewed. */
export interface ReviewedLine {
  readonly open: number;
  readonly shipped: number;
  readonly promise: PromisePosition | null;
  readonly legs: readonly Leg[];
}

/** Why a review made a new version. */
export type PromiseChange = 'first' | 'later' | 'fewer' | 'more' | 'shrunk' | 'improved' | 'withdrawn';

export interface NewPromise {
  readonly version: number;
  readonly parts: readonly PromisePart[];
  readonly shippedBefore: number;
  readonly change: PromiseChange;
}

/**
 * Reviews the lines of one order: a promise stays as long as the plan can keep it, is told anew where it cannot, grows where
 * more units are backed, and is bettered only by policy (`improveByDays`). A line's answer is null where nothing changes.
 * An order that ships complete leaves on the day of its latest line, and has no date while any of its units has none.
 */
export function reviewOrder(
  lines: readonly ReviewedLine[],
  shipComplete: boolean,
  improveByDays: number | null,
): (NewPromise | null)[] {
  const views = viewsOf(lines, shipComplete);
  return lines.map((line, index) =>
    review(line, views[index]!.planned, views[index]!.promisable, improveByDays),
  );
}

/** When whole units of an order's lines leave, by the plan and by what can be promised. */
export function viewsOf(
  lines: readonly Pick<ReviewedLine, 'open' | 'legs'>[],
  shipComplete: boolean,
): { planned: Step[]; promisable: Step[] }[] {
  const views = lines.map((line) => ({
    planned: lineSteps(line, 'planned'),
    promisable: lineSteps(line, 'promisable'),
  }));
  if (shipComplete) {
    const whole = lines.every((line, index) => total(views[index]!.promisable) >= line.open);
    for (const key of ['planned', 'promisable'] as const) {
      const last = latest(views.flatMap((view) => view[key]));
      for (const [index, line] of lines.entries())
        views[index]![key] =
          whole && last !== null && line.open > 0 ? [{ ...last, quantity: line.open }] : [];
    }
  }
  return views;
}

function review(
  line: ReviewedLine,
  planned: readonly Step[],
  promisable: readonly Step[],
  improveByDays: number | null,
): NewPromise | null {
  const backed = total(promisable);
  const current = line.promise;
  const remaining = current === null ? [] : stillOpen(current, line);
  const version = (current?.version ?? 0) + 1;
  const next = (parts: readonly PromisePart[], change: PromiseChange): NewPromise => ({
    version,
    parts,
    shippedBefore: line.shipped,
    change,
  });

  if (current === null || total(current.parts) === 0) {
    return backed === 0 ? null : next(merge(promisable), current === null ? 'first' : 'more');
  }
  const promisedUnits = total(remaining);
  if (promisedUnits === 0 && backed === 0) return null;
  if (backed === 0) return next([], 'withdrawn');

  // Walk both cumulatively: units the plan still brings in time keep their day, the others get the promisable one.
  const parts: PromisePart[] = [];
  let late = false;
  const promised = cursor(remaining);
  const plan = cursor(planned);
  const offer = cursor(promisable);
  for (let given = 0; given < backed; ) {
    const was = promised.at();
    const will = plan.at();
    const can = offer.at();
    if (will === null || can === null) break;
    const units = Math.min(was?.quantity ?? Number.MAX_SAFE_INTEGER, will.quantity, can.quantity);
    if (was !== null && will.shipBy <= was.shipBy && will.deliverBy <= was.deliverBy) {
      parts.push({ quantity: units, shipBy: was.shipBy, deliverBy: was.deliverBy });
    } else {
      if (was !== null) late = true;
      parts.push({ quantity: units, shipBy: can.shipBy, deliverBy: can.deliverBy });
    }
    promised.take(units);
    plan.take(units);
    offer.take(units);
    given += units;
  }
  const kept = merge(parts);
  const offered = merge(promisable);
  const better = improveByDays !== null && last(kept) - last(offered) >= Math.max(1, improveByDays);
  const outcome = better ? offered : kept;
  if (same(outcome, remaining)) {
    // Shipments fulfil a promise, they do not change it; a cancellation leaves fewer units to be promised.
    const shrunk = line.shipped - current.shippedBefore + promisedUnits < total(current.parts);
    return shrunk ? next(outcome, 'shrunk') : null;
  }
  if (late) return next(outcome, 'later');
  if (backed < promisedUnits) return next(outcome, 'fewer');
  return next(outcome, better ? 'improved' : 'more');
}

/** The promised parts that are neither shipped nor cancelled: shipments fulfil the earliest, cancellations drop the latest. */
export function stillOpen(promise: PromisePosition, line: { open: number; shipped: number }): PromisePart[] {
  let fulfilled = line.shipped - promise.shippedBefore;
  const parts: PromisePart[] = [];
  let room = line.open;
  for (const part of promise.parts) {
    const done = Math.min(part.quantity, fulfilled);
    fulfilled -= done;
    const quantity = Math.min(part.quantity - done, room);
    room -= quantity;
    if (quantity > 0) parts.push({ ...part, quantity });
  }
  return parts;
}

/** When whole units of the line can leave: for a kit, when the last of its components can. */
function lineSteps(line: Pick<ReviewedLine, 'open' | 'legs'>, key: 'planned' | 'promisable'): Step[] {
  const { legs } = line;
  if (legs.length === 0) return [];
  if (legs.length === 1 && legs[0]!.per === 1) return clip(sorted(legs[0]![key]), line.open);
  const cursors = legs.map((leg) => ({ per: leg.per, steps: sorted(leg[key]), index: 0, units: 0 }));
  const steps: Step[] = [];
  for (let kits = 0; kits < line.open; ) {
    let shipBy = 0;
    let deliverBy = 0;
    let whole = Number.MAX_SAFE_INTEGER;
    for (const at of cursors) {
      while (at.units < (kits + 1) * at.per && at.index < at.steps.length)
        at.units += at.steps[at.index++]!.quantity;
      if (at.units < (kits + 1) * at.per) return steps;
      const step = at.steps[at.index - 1]!;
      shipBy = Math.max(shipBy, step.shipBy);
      deliverBy = Math.max(deliverBy, step.deliverBy);
      whole = Math.min(whole, Math.floor(at.units / at.per) - kits);
    }
    const quantity = Math.min(whole, line.open - kits);
    steps.push({ quantity, shipBy, deliverBy });
    kits += quantity;
  }
  return merge(steps);
}

function sorted(steps: readonly Step[]): Step[] {
  for (let index = 1; index < steps.length; index++)
    if (steps[index]!.shipBy < steps[index - 1]!.shipBy)
      return [...steps].sort((a, b) => a.shipBy - b.shipBy);
  return steps as Step[];
}

function clip(steps: readonly Step[], units: number): Step[] {
  const clipped: Step[] = [];
  let left = units;
  for (const step of steps) {
    if (left === 0) break;
    const quantity = Math.min(step.quantity, left);
    clipped.push(quantity === step.quantity ? step : { ...step, quantity });
    left -= quantity;
  }
  return merge(clipped);
}

/** Neighbours with the same days become one; parts stay earliest first. */
function merge(steps: readonly Step[]): Step[] {
  const merged: Step[] = [];
  for (const step of sorted(steps)) {
    if (step.quantity === 0) continue;
    const previous = merged.at(-1);
    if (previous !== undefined && previous.shipBy === step.shipBy)
      merged[merged.length - 1] = {
        quantity: previous.quantity + step.quantity,
        shipBy: step.shipBy,
        deliverBy: Math.max(previous.deliverBy, step.deliverBy),
      };
    else merged.push({ quantity: step.quantity, shipBy: step.shipBy, deliverBy: step.deliverBy });
  }
  return merged;
}

function same(a: readonly Step[], b: readonly Step[]): boolean {
  return (
    a.length === b.length &&
    a.every((step, index) => {
      const other = b[index]!;
      return (
        step.quantity === other.quantity && step.shipBy === other.shipBy && step.deliverBy === other.deliverBy
      );
    })
  );
}

function total(steps: readonly { quantity: number }[]): number {
  let units = 0;
  for (const step of steps) units += step.quantity;
  return units;
}

function last(steps: readonly Step[]): DayNumber {
  return steps.at(-1)?.shipBy ?? 0;
}

function latest(steps: readonly Step[]): Step | null {
  let found: Step | null = null as Step | null;
  for (const step of steps) {
    const shipBy = Math.max(step.shipBy, found?.shipBy ?? 0);
    found = { quantity: step.quantity, shipBy, deliverBy: Math.max(step.deliverBy, found?.deliverBy ?? 0) };
  }
  return found;
}

/** Reads steps unit by unit without copying them. */
function cursor(steps: readonly Step[]) {
  let index = 0;
  let used = 0;
  return {
    at(): Step | null {
      const step = steps[index];
      return step === undefined ? null : { ...step, quantity: step.quantity - used };
    },
    take(units: number): void {
      used += units;
      while (index < steps.length && used >= steps[index]!.quantity) used -= steps[index++]!.quantity;
    },
  };
}
