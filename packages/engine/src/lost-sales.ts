/** Ordering where a customer who finds nothing goes elsewhere: stock cannot fall below nothing, so a position alone does not tell. */

/** Chances of 0, 1, 2, … units. */
export type Chances = Float64Array;

/** Negative binomial chances by mean and variance (Poisson where the variance is no larger), up to where next to nothing is left. */
export function demandChances(mean: number, variance: number): Chances {
  if (mean <= 0) return Float64Array.of(1);
  const dispersed = variance > mean * 1.0001;
  const scale = dispersed ? variance / mean : 1;
  const chances = new Float64Array(Math.ceil(mean + 8 * Math.sqrt(mean * scale) + 12 * scale) + 5);
  const failure = dispersed ? 1 - 1 / scale : 0;
  const size = dispersed ? mean / (scale - 1) : 0;
  chances[0] = dispersed ? Math.exp(-size * Math.log(scale)) : Math.exp(-mean);
  for (let units = 1; units < chances.length; units++)
    chances[units] = (chances[units - 1]! * (dispersed ? failure * (size + units - 1) : mean)) / units;
  return chances;
}

/** What is left of a stock after a period's demand, and an arrival after it. What is asked beyond the stock is lost. */
export function afterPeriod(stock: Chances, demand: Chances, arriving: number): Chances {
  const left = new Float64Array(stock.length + arriving);
  for (let units = 0; units < stock.length; units++) {
    const chance = stock[units]!;
    if (chance < 1e-12) continue;
    let served = 0;
    for (let asked = 0; asked < Math.min(units, demand.length); asked++) {
      left[units - asked + arriving]! += chance * demand[asked]!;
      served += demand[asked]!;
    }
    left[arriving]! += chance * Math.max(0, 1 - served);
  }
  return left;
}

/**
 * The least order that arrives after the periods before, such that its own period is served in full with probability `service`.
 * `arriving[p]` is in stock when period p begins; demands are those of the periods until the order arrives, and of the one it is for.
 * Of a unit's costs h and p a period, service is p / (p + h) where every unit left over makes the next order smaller, and less where
 * it would outlast it. Answers whole units.
 */
export function lostSalesOrder(
  onHand: number,
  arriving: readonly number[],
  demands: readonly Chances[],
  service: number,
): number {
  const first = onHand + (arriving[0] ?? 0);
  let stock: Chances = new Float64Array(first + 1);
  stock[first] = 1;
  for (let period = 0; period < demands.length - 1; period++)
    stock = afterPeriod(stock, demands[period]!, arriving[period + 1] ?? 0);
  const last = demands.at(-1)!;
  const served = new Float64Array(last.length);
  let sum = 0;
  for (let units = 0; units < last.length; units++) served[units] = sum += last[units]!;
  for (let order = 0; order < last.length; order++) {
    let chance = 0;
    for (let units = 0; units < stock.length; units++)
      if (stock[units]! > 0) chance += stock[units]! * served[Math.min(units + order, served.length - 1)]!;
    if (chance >= service) return order;
  }
  return last.length;
}
