/** A story's purchase orders, from days counted from today to the world's sample days. */
import type { Purchase, PurchaseLine } from './purchases.ts';
import type { SampleItem } from './sample.ts';
import type { Story, StoryPurchase, Units } from './story.ts';
import { orderSizeOf, supplierOf } from './suppliers.ts';

export const unitsOf = (units: Units | undefined, waiting: number): number =>
  units === undefined ? 0 : typeof units === 'number' ? units : units(waiting);

/** @param waiting units that wait for the story's item */
export function storyPurchases(
  story: Story,
  items: SampleItem[],
  waiting: number,
  today: number,
): Purchase[] {
  const item = items.find(({ sku }) => sku === story.sku);
  if (!item) throw new Error(`the story of ${story.sku} has no item in the sample`);
  const supplier = supplierOf(item);
  return (story.purchases ?? []).map((told) => ({
    ref: told.ref,
    supplier,
    mode: told.mode ?? supplier.mode,
    placed: today + told.placed,
    ...(told.draft ? { draft: true } : {}),
    lines: [lineOf(item, told, waiting, today)],
  }));
}

function lineOf(item: SampleItem, told: StoryPurchase, waiting: number, today: number): PurchaseLine {
  const from = <T extends number | null>(day: T): T => (day === null ? day : ((today + day) as T));
  const quantity = boughtUnits(item, unitsOf(told.units, waiting), waiting);
  const line: PurchaseLine = {
    line: 1,
    sku: item.sku,
    quantity,
    location: told.location ?? 'warehouse',
    firstExpected: from(told.expected),
    revisions: (told.said ?? []).map(({ on, expected, ...rest }) => ({
      day: today + on,
      expected: from(expected),
      ...rest,
    })),
    receipts: (told.received ?? []).map(({ on, units, condition }) => ({
      day: today + on,
      quantity: Math.min(quantity - 1, unitsOf(units, waiting)),
      condition: condition ?? 'sellable',
    })),
  };
  if (told.parts) line.schedules = partsOf(told.parts, quantity, today);
  return line;
}

function partsOf(
  parts: { share: number; expected: number }[],
  quantity: number,
  today: number,
): { quantity: number; expected: number }[] {
  let left = quantity;
  return parts.map((part, index) => {
    const units = index === parts.length - 1 ? left : Math.floor(quantity * part.share);
    left -= units;
    return { quantity: units, expected: today + part.expected };
  });
}

/** What covers the queue was bought in cartons; what falls short of it is told to the unit. */
function boughtUnits(item: SampleItem, units: number, waiting: number): number {
  if (units < waiting) return Math.max(1, units);
  const { moq, orderMultiple } = orderSizeOf(item);
  return Math.ceil(Math.max(units, moq) / orderMultiple) * orderMultiple;
}
