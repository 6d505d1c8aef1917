import { type DiscreteDistribution, type Distribution, normal } from './distribution.ts';
import { levelCost, type UnitCosts } from './newsvendor.ts';

/**
 * (r, Q): stock is watched all the time; when the inventory position falls to the reorder point r, Q are ordered. Costs are per unit
 * and time for what is held and what waits (backordering), and per order.
 */
export interface ReorderPolicy {
  readonly reorderPoint: number;
  readonly quantity: number;
  /** Expected, per time. */
  readonly cost: number;
}

export interface ReorderCosts extends UnitCosts {
  readonly ordering: number;
}

/** [Kλ + ∫ G(y) dy over r … r + Q] / Q, or the sum over r + 1 … r + Q where demand comes in whole units. `demandRate` per time. */
export function reorderCost(
  leadTimeDemand: Distribution,
  demandRate: number,
  costs: ReorderCosts,
  { reorderPoint, quantity }: { readonly reorderPoint: number; readonly quantity: number },
): number {
  const placing = costs.ordering * demandRate;
  return (placing + costsBetween(leadTimeDemand, costs, reorderPoint, reorderPoint + quantity)) / quantity;
}

/**
 * The optimal (r, Q). Whole units: Federgruen and Zheng (1992), adding the cheapest level next to those chosen as long as it lowers the
 * average. Continuous: the r and Q whose ends cost the same as the whole does on average, which is that algorithm's limit.
 */
export function optimalReorder(
  leadTimeDemand: Distribution,
  demandRate: number,
  costs: ReorderCosts,
): ReorderPolicy {
  return leadTimeDemand.discrete
    ? optimalWhole(leadTimeDemand as DiscreteDistribution, demandRate, costs)
    : optimalContinuous(leadTimeDemand, demandRate, costs);
}

/** The optimal (r, Q) for normal demand per time over a lead time in the same unit. */
export function optimalNormalReorder(
  perTime: { readonly mean: number; readonly deviation: number },
  leadTime: number,
  costs: ReorderCosts,
): ReorderPolicy {
  const demand = normal(perTime.mean * leadTime, perTime.deviation * Math.sqrt(leadTime));
  return optimalReorder(demand, perTime.mean, costs);
}

/** The reorder point for a quantity that is given (an MOQ, a pallet): the cheapest r. */
export function reorderPointFor(
  leadTimeDemand: Distribution,
  demandRate: number,
  costs: ReorderCosts,
  quantity: number,
): ReorderPolicy {
  const at = (level: number) => levelCost(leadTimeDemand, costs, level);
  const best = leadTimeDemand.quantile(costs.shortage / (costs.shortage + costs.holding));
  // The cheapest run of `quantity` levels holds the best one; moving it up helps while its next level costs less than its lowest.
  const above = leadTimeDemand.discrete ? 1 : 0;
  let low = best - quantity - above;
  let high = best;
  for (
    let step = 0;
    step < 200 && high - low > (leadTimeDemand.discrete ? 1 : 1e-13 * Math.max(1, Math.abs(best)));
    step++
  ) {
    const middle = leadTimeDemand.discrete ? Math.floor((low + high) / 2) : (low + high) / 2;
    if (at(middle + quantity + above) < at(middle + above)) low = middle;
    else high = middle;
  }
  const policy = { reorderPoint: high, quantity };
  return { ...policy, cost: reorderCost(leadTimeDemand, demandRate, costs, policy) };
}

function optimalWhole(demand: DiscreteDistribution, rate: number, costs: ReorderCosts): ReorderPolicy {
  const best = demand.quantile(costs.shortage / (costs.shortage + costs.holding));
  let below = best - 1;
  let above = best + 1;
  let lower = levelCost(demand, costs, below);
  let upper = levelCost(demand, costs, above);
  let sum = costs.ordering * rate + levelCost(demand, costs, best);
  for (let quantity = 1; ; quantity++) {
    const next = Math.min(lower, upper);
    if (next >= sum / quantity) return { reorderPoint: below, quantity, cost: sum / quantity };
    sum += next;
    if (lower <= upper) lower = levelCost(demand, costs, --below);
    else upper = levelCost(demand, costs, ++above);
  }
}

function optimalContinuous(demand: Distribution, rate: number, costs: ReorderCosts): ReorderPolicy {
  const at = (level: number) => levelCost(demand, costs, level);
  const best = demand.quantile(costs.shortage / (costs.shortage + costs.holding));
  const least = at(best);
  const placing = costs.ordering * rate;
  const step = Math.max(demand.deviation, 1e-9 * Math.max(1, demand.mean));
  /** The levels below and above the best that cost so much. */
  const ends = (cost: number) => [crossing(at, best, -step, cost), crossing(at, best, step, cost)] as const;
  const saved = (cost: number) => {
    const [low, high] = ends(cost);
    return cost * (high - low) - costsBetween(demand, costs, low, high);
  };
  let low = least;
  let high = least + Math.sqrt(2 * placing * Math.max(costs.holding, 1e-300)) + least;
  while (saved(high) < placing) high *= 2;
  for (let turn = 0; turn < 200 && high - low > 1e-15 * high; turn++) {
    const middle = (low + high) / 2;
    if (saved(middle) < placing) low = middle;
    else high = middle;
  }
  const [reorderPoint, top] = ends((low + high) / 2);
  const policy = { reorderPoint, quantity: top - reorderPoint };
  return { ...policy, cost: reorderCost(demand, rate, costs, policy) };
}

/** Where a curve that falls to `from` and rises after it reaches a height, on the side of `step`. */
function crossing(curve: (level: number) => number, from: number, step: number, height: number): number {
  let reach = step;
  while (curve(from + reach) < height) reach *= 2;
  let near = from;
  let far = from + reach;
  for (
    let turn = 0;
    turn < 200 && Math.abs(far - near) > 1e-15 * Math.max(Math.abs(far), Math.abs(near));
    turn++
  ) {
    const middle = (near + far) / 2;
    if (curve(middle) < height) near = middle;
    else far = middle;
  }
  return (near + far) / 2;
}

/** Σ or ∫ of the level cost from `low` to `high`. */
function costsBetween(demand: Distribution, costs: UnitCosts, low: number, high: number): number {
  if (demand.discrete) {
    let sum = 0;
    for (let level = low + 1; level <= high; level++) sum += levelCost(demand, costs, level);
    return sum;
  }
  const surplus = ((high - low) * (high + low)) / 2 - demand.mean * (high - low);
  return (
    costs.holding * surplus +
    (costs.holding + costs.shortage) * (demand.secondLoss(low) - demand.secondLoss(high))
  );
}
