import type { Step } from './promise.ts';

/** Units of one list of steps against those of another, unit by unit in the order of their days. */
export interface StepChange {
  /** Leave earlier, or had no day before. */
  readonly earlier: number;
  /** Leave later, or have no day any more. */
  readonly later: number;
}

type Dated = Pick<Step, 'quantity' | 'shipBy'>;

/** Compares cumulatively: the n-th unit that leaves after with the n-th that left before. Both lists are earliest first. */
export function compareSteps(before: readonly Dated[], after: readonly Dated[]): StepChange {
  let [earlier, later] = [0, 0];
  let [b, a, usedBefore, usedAfter] = [0, 0, 0, 0];
  while (b < before.length || a < after.length) {
    const was = before[b];
    const is = after[a];
    const units = Math.min(
      was === undefined ? Number.MAX_SAFE_INTEGER : was.quantity - usedBefore,
      is === undefined ? Number.MAX_SAFE_INTEGER : is.quantity - usedAfter,
    );
    if (is === undefined || (was !== undefined && is.shipBy > was.shipBy)) later += units;
    else if (was === undefined || is.shipBy < was.shipBy) earlier += units;
    if (was !== undefined && (usedBefore += units) === was.quantity) [b, usedBefore] = [b + 1, 0];
    if (is !== undefined && (usedAfter += units) === is.quantity) [a, usedAfter] = [a + 1, 0];
  }
  return { earlier, later };
}
