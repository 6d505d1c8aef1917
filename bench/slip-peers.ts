import { dayText } from '../packages/engine/src/day.ts';
import type { SlipReceipt } from '../packages/engine/src/slip-learn.ts';

/** What is commonly done about slips: nothing, a fixed number of days, and the quantile of the supplier and mode. */

/** Fewer receipts than that are no group: the quantile of all stands in. */
const FEWEST = 10;

/** Days of buffer for each receipt, by the quantile of its vendor's and mode's slips that came before its month began. */
export function groupQuantiles(receipts: readonly SlipReceipt[], level: number): Map<SlipReceipt, number> {
  const buffers = new Map<SlipReceipt, number>();
  const arrivals = [...receipts].sort((a, b) => a.received - b.received);
  const all: number[] = [];
  const groups = new Map<string, number[]>();
  const months = Map.groupBy(receipts, (one) => dayText(one.expected).slice(0, 7));
  let next = 0;
  for (const month of [...months.keys()].sort()) {
    for (; next < arrivals.length && dayText(arrivals[next]!.received).slice(0, 7) < month; next++) {
      const one = arrivals[next]!;
      const group = groups.get(groupOf(one)) ?? [];
      groups.set(groupOf(one), group);
      group.push(one.received - one.expected);
      all.push(one.received - one.expected);
    }
    const whole = quantile(all, level) ?? 0;
    for (const one of months.get(month)!) {
      const group = groups.get(groupOf(one)) ?? [];
      buffers.set(one, Math.max(0, group.length < FEWEST ? whole : quantile(group, level)!));
    }
  }
  return buffers;
}

function groupOf({ supplier, freight }: SlipReceipt): string {
  return `${supplier} ${freight}`;
}

/** The least day that so many of n + 1 keep. */
function quantile(days: number[], level: number): number | null {
  if (days.length === 0) return null;
  days.sort((a, b) => a - b);
  return days[Math.min(days.length - 1, Math.ceil(level * (days.length + 1)) - 1)]!;
}
