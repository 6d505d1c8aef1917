import type { DiscreteDistribution } from './distribution.ts';
import { levelCost } from './newsvendor.ts';
import type { ReorderCosts } from './reorder-point.ts';

/** (s, S): looked at each period; at an inventory position of s or less, as much is ordered as brings it to S. */
export interface OrderUpToPolicy {
  readonly reorderLevel: number;
  readonly orderUpTo: number;
  /** Expected, per period. */
  readonly cost: number;
}

/**
 * The optimal (s, S) under backordering, by the algorithm of Zheng and Federgruen, Operations Research 39 (1991). `periodDemand` is
 * what a period takes off the position; `coveredDemand` what comes until an order could have helped (lead time and review period).
 * Without a lead time both are the same.
 */
export function optimalOrderUpTo(
  periodDemand: DiscreteDistribution,
  coveredDemand: DiscreteDistribution,
  costs: ReorderCosts,
): OrderUpToPolicy {
  const at = (level: number) => levelCost(coveredDemand, costs, level);
  const renewals = new Renewals(periodDemand);
  /** Average cost of (s, S): the set-up and the levels passed through, over the periods of a cycle. */
  const cost = (s: number, S: number) => {
    let sum = costs.ordering;
    for (let below = 0; below < S - s; below++) sum += renewals.visits(below) * at(S - below);
    return sum / renewals.periods(S - s);
  };
  const best = coveredDemand.quantile(costs.shortage / (costs.shortage + costs.holding));
  let s = best;
  do s--;
  while (cost(s, best) > at(s));
  let lowest = cost(s, best);
  let orderUpTo = best;
  for (let S = best + 1; at(S) <= lowest; S++) {
    if (cost(s, S) >= lowest) continue;
    orderUpTo = S;
    while (cost(s, S) <= at(s + 1)) s++;
    lowest = cost(s, S);
  }
  return { reorderLevel: s, orderUpTo, cost: lowest };
}

/** How often, in a cycle that begins at S, the position lies so many units below it, and how many periods a cycle of that depth lasts. */
class Renewals {
  private readonly demand: DiscreteDistribution;
  private readonly probabilities: number[] = [];
  private readonly seen: number[] = [];
  private readonly sums: number[] = [0];

  constructor(demand: DiscreteDistribution) {
    this.demand = demand;
  }

  visits(below: number): number {
    this.extend(below);
    return this.seen[below]!;
  }

  periods(depth: number): number {
    this.extend(depth - 1);
    return this.sums[depth]!;
  }

  private extend(to: number): void {
    const staying = 1 - this.probability(0);
    for (let below = this.seen.length; below <= to; below++) {
      let sum = below === 0 ? 1 : 0;
      for (let taken = 1; taken <= below; taken++) sum += this.probability(taken) * this.seen[below - taken]!;
      this.seen.push(sum / staying);
      this.sums.push(this.sums[below]! + sum / staying);
    }
  }

  private probability(units: number): number {
    while (this.probabilities.length <= units)
      this.probabilities.push(this.demand.probability(this.probabilities.length));
    return this.probabilities[units]!;
  }
}
