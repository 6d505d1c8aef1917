import { complementaryLoss, type Distribution, normal } from './distribution.ts';

/** What a unit costs per period: left over at its end, and short at its end. Any money, the same for both. */
export interface UnitCosts {
  readonly holding: number;
  readonly shortage: number;
}

export interface StockLevel {
  /** Units to have for the period: whole where demand is. */
  readonly level: number;
  /** Expected holding and shortage cost of the period. */
  readonly cost: number;
}

/** E h (x − D)+ + p (D − x)+: what having `level` units for this demand costs. */
export function levelCost(demand: Distribution, costs: UnitCosts, level: number): number {
  return costs.holding * complementaryLoss(demand, level) + costs.shortage * demand.loss(level);
}

/**
 * The newsvendor's level: the least with P(D ≤ level) ≥ p / (p + h) (Arrow, Harris and Marschak 1951). With backordering, no fixed cost
 * and a lead time it is the base-stock level, when the demand is that of the lead time and the review period.
 */
export function newsvendor(demand: Distribution, costs: UnitCosts): StockLevel {
  const level = demand.quantile(costs.shortage / (costs.shortage + costs.holding));
  return { level, cost: levelCost(demand, costs, level) };
}

/** Base stock for normal demand per period, reviewed each period, arriving `leadTimePeriods` after the order. */
export function normalBaseStock(
  perPeriod: { readonly mean: number; readonly deviation: number },
  leadTimePeriods: number,
  costs: UnitCosts,
): StockLevel {
  const covered = leadTimePeriods + 1;
  return newsvendor(normal(perPeriod.mean * covered, perPeriod.deviation * Math.sqrt(covered)), costs);
}
