import { orderable } from './reorder.ts';

/** What several items of one supplier are ordered together: within a budget or a container, and at the supplier's price breaks. */

export interface JointItem {
  readonly sku: string;
  /** Units to order by itself; 0: not due, and only good to fill a container up. */
  readonly quantity: number;
  readonly moq: number;
  readonly orderMultiple: number;
  /** Minor units; null: not known, and it takes nothing of a budget. */
  readonly unitCost: number | null;
  readonly weeklyDemand: number;
  /** Stock and open supply, less all open customer units. */
  readonly position: number;
}

export interface JointLimits {
  /** Minor units, at most. */
  readonly budget: number | null;
  /** Units that a container takes, at most. */
  readonly containerUnits: number | null;
  /** Whether what is left of a container is filled up with what runs out next. */
  readonly fill: boolean;
}

export interface JointOrder {
  readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly wanted: number }[];
  readonly units: number;
  readonly cost: number;
  /** What it would be without limits. */
  readonly wantedUnits: number;
  readonly wantedCost: number;
  readonly limitedBy: 'budget' | 'container' | null;
}

/** More cover than half a year fills no container up. */
const MOST_FILL_WEEKS = 26;

/**
 * Gives what there is to whoever runs out first: each step, the item with the fewest weeks of cover gets its next lot (first its MOQ, then an
 * order multiple), until nothing that is wanted fits any more. So nobody is left without for somebody else's third month.
 */
export function jointOrder(items: readonly JointItem[], limits: JointLimits): JointOrder {
  const given = items.map(() => 0);
  let units = 0;
  let cost = 0;
  let limitedBy: JointOrder['limitedBy'] = null;
  const step = (index: number) => {
    const { moq, orderMultiple } = items[index]!;
    return given[index] === 0 ? orderable(1, { moq, orderMultiple }) : Math.max(1, orderMultiple);
  };
  const cover = (index: number) => {
    const { position, weeklyDemand } = items[index]!;
    return weeklyDemand > 0 ? (position + given[index]!) / weeklyDemand : position < 0 ? -Infinity : Infinity;
  };
  const fits = (index: number) => {
    const lot = step(index);
    if (limits.budget !== null && cost + lot * (items[index]!.unitCost ?? 0) > limits.budget) return 'budget';
    if (limits.containerUnits !== null && units + lot > limits.containerUnits) return 'container';
    return null;
  };
  const share = (wants: (index: number) => boolean, limiting: boolean) => {
    const open = new Set(items.keys());
    while (open.size > 0) {
      let next = -1;
      for (const index of open) if (wants(index) && (next < 0 || cover(index) < cover(next))) next = index;
      if (next < 0) return;
      const limit = fits(next);
      if (limit !== null) {
        if (limiting) limitedBy ??= limit;
        open.delete(next);
        continue;
      }
      const lot = step(next);
      given[next]! += lot;
      units += lot;
      cost += lot * (items[next]!.unitCost ?? 0);
    }
  };
  share((index) => given[index]! < items[index]!.quantity, true);
  if (limits.fill && limits.containerUnits !== null)
    share((index) => cover(index) < MOST_FILL_WEEKS && items[index]!.weeklyDemand > 0, false);
  return {
    lines: items
      .map(({ sku, quantity }, index) => ({ sku, quantity: given[index]!, wanted: quantity }))
      .filter(({ quantity, wanted }) => quantity > 0 || wanted > 0),
    units,
    cost,
    wantedUnits: items.reduce((sum, { quantity }) => sum + quantity, 0),
    wantedCost: items.reduce((sum, { quantity, unitCost }) => sum + quantity * (unitCost ?? 0), 0),
    limitedBy,
  };
}

/** From so many units on, each unit of the order costs so much, in minor units. */
export interface PriceBreak {
  readonly from: number;
  readonly unitCost: number;
}

/** What a unit on the shelf costs a year, as a share of its price: capital, room and what goes out of fashion. */
const HOLDING_YEAR = 0.25;
const YEAR_WEEKS = 52;

/**
 * The quantity whose units are cheapest, with what they cost until they are sold: a break is worth reaching where it saves more than
 * the longer wait on the shelf costs (all-units discounts; Nahmias, Production and Operations Analysis, on quantity discounts).
 * @returns the quantity as it was where no break is worth it
 */
export function atPriceBreak(
  quantity: number,
  unitCost: number,
  breaks: readonly PriceBreak[],
  { moq, orderMultiple, weeklyDemand }: Pick<JointItem, 'moq' | 'orderMultiple' | 'weeklyDemand'>,
): { quantity: number; unitCost: number } {
  const priceAt = (units: number) =>
    breaks.reduce((price, one) => (units >= one.from ? Math.min(price, one.unitCost) : price), unitCost);
  const perUnit = (units: number) =>
    priceAt(units) * (1 + (HOLDING_YEAR * units) / (2 * YEAR_WEEKS * weeklyDemand));
  let best = quantity;
  if (quantity > 0 && weeklyDemand > 0)
    for (const one of breaks) {
      if (one.from <= quantity) continue;
      const units = orderable(one.from, { moq, orderMultiple });
      if (perUnit(units) < perUnit(best)) best = units;
    }
  return { quantity: best, unitCost: priceAt(best) };
}
