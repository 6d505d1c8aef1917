/** Order quantities for a steady demand that is known: the square-root formulas, and what a supplier's prices do to them. */

export interface SteadyDemand {
  /** Units per time. */
  readonly demand: number;
  /** Cost of placing an order. */
  readonly ordering: number;
  /** Cost of holding one unit for one unit of time. */
  readonly holding: number;
}

export interface OrderQuantity {
  readonly quantity: number;
  /** Per time. */
  readonly cost: number;
}

/** Harris's economic order quantity (1913): √(2Kλ/h), at √(2Kλh) per time. */
export function economicOrderQuantity({ demand, ordering, holding }: SteadyDemand): OrderQuantity {
  return {
    quantity: Math.sqrt((2 * ordering * demand) / holding),
    cost: Math.sqrt(2 * ordering * demand * holding),
  };
}

export interface PlannedBackorders extends OrderQuantity {
  /** Share of the demand that waits. */
  readonly backorderShare: number;
  /** The deepest the queue gets, in units: what is waiting when an order arrives. */
  readonly deepestQueue: number;
}

/** Economic order quantity where units may wait, at `waiting` for each per time: √(2Kλ(h + p) / hp), of which h / (h + p) waits. */
export function plannedBackorders(steady: SteadyDemand & { readonly waiting: number }): PlannedBackorders {
  const { demand, ordering, holding, waiting } = steady;
  const quantity = Math.sqrt((2 * ordering * demand * (holding + waiting)) / (holding * waiting));
  const backorderShare = holding / (holding + waiting);
  return {
    quantity,
    cost: Math.sqrt((2 * ordering * demand * holding * waiting) / (holding + waiting)),
    backorderShare,
    deepestQueue: quantity * backorderShare,
  };
}

/** A price per unit from so many units on. The first begins at 0 or at the MOQ. */
export interface PriceBreak {
  readonly from: number;
  readonly unitPrice: number;
}

export type Discount = 'all_units' | 'incremental';

/**
 * The cheapest quantity, unit prices included, where price falls with the quantity: on all units, or on those above each break. A unit
 * held costs `holding` plus `holdingRate` of its price, per time. Exact: the optimum of each price's own curve, or a break.
 */
export function quantityAtPrices(
  steady: SteadyDemand & { readonly holdingRate: number },
  prices: readonly PriceBreak[],
  discount: Discount,
): OrderQuantity & { readonly unitPrice: number } {
  const { demand, ordering, holding, holdingRate } = steady;
  let best: (OrderQuantity & { unitPrice: number }) | null = null;
  // What the units below this break cost.
  let paidBelow = (prices[0]?.unitPrice ?? 0) * (prices[0]?.from ?? 0);
  for (const [index, { from, unitPrice }] of prices.entries()) {
    const before = prices[index - 1];
    if (before && discount === 'incremental') paidBelow += before.unitPrice * (from - before.from);
    const to = prices[index + 1]?.from ?? Infinity;
    // What an order of q costs more than q × unitPrice.
    const surcharge = discount === 'incremental' ? paidBelow - unitPrice * from : 0;
    const held = holding + holdingRate * unitPrice;
    const free = Math.sqrt((2 * (ordering + surcharge) * demand) / held);
    const quantity = Math.min(Math.max(free, from), to);
    if (!(quantity > 0) || (quantity === to && discount === 'all_units' && free > to)) continue;
    const cost =
      demand * unitPrice +
      ((ordering + surcharge) * demand) / quantity +
      (held * quantity) / 2 +
      (holdingRate * surcharge) / 2;
    if (best === null || cost < best.cost)
      best = { quantity, cost, unitPrice: unitPrice + surcharge / quantity };
  }
  if (best === null) throw new RangeError('a price list needs at least one price');
  return best;
}
