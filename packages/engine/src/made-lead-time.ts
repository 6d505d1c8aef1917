import type { DayNumber } from './day.ts';
import type { LeadTime } from './slip.ts';

/** Work that was done: of which item, and when its order started it. */
export interface Made {
  readonly sku: string;
  readonly started: DayNumber;
}

interface MadeReceipt {
  readonly made?: Made | null;
  readonly received: DayNumber;
  readonly weight?: number;
}

/** Fewer than that of an item tell little; until then its stated lead time holds. */
export const FEWEST_MADE = 10;
/** Work of a year ago counts half. */
const HALF_LIFE_DAYS = 365;

/**
 * How long each item takes from order to made: the median of its own work, recent work counting more. What varies around it
 * is learnt as slips, like those of any supply.
 */
export function learnLeadTimes(receipts: readonly MadeReceipt[], today: DayNumber): Record<string, LeadTime> {
  const work = new Map<string, { days: number; weight: number; counts: number }[]>();
  for (const { made, received, weight = 1 } of receipts) {
    if (made == null) continue;
    const done = work.get(made.sku) ?? [];
    work.set(made.sku, done);
    const counts = weight * 2 ** (-(today - received) / HALF_LIFE_DAYS);
    done.push({ days: Math.max(0, received - made.started), weight, counts });
  }
  const learnt: Record<string, LeadTime> = {};
  for (const [sku, done] of work) {
    const made = done.reduce((sum, one) => sum + one.weight, 0);
    if (made < FEWEST_MADE) continue;
    learnt[sku] = { days: weightedMedian(done), made: Math.round(made) };
  }
  return learnt;
}

function weightedMedian(values: { days: number; counts: number }[]): number {
  values.sort((a, b) => a.days - b.days);
  const half = values.reduce((sum, one) => sum + one.counts, 0) / 2;
  let counted = 0;
  for (const { days, counts } of values) {
    counted += counts;
    if (counted >= half) return days;
  }
  return values.at(-1)!.days;
}
