import { LATE_DAYS, type SlipCurve, type SlipPrice } from './slip.ts';

/**
 * How many days of buffer a promise is given. Every promise could be given the days that keep, say, nine of ten of its own
 * kind; but many supplies are on time nine times of ten without a day, and the last tenth of the worst costs months. So a
 * day is given where it keeps most: as long as one more keeps at least a certain share of a promise, which is set so that
 * over all promises the service level is kept. Among all ways to keep that level it takes the fewest days. (The level sets
 * of a density, Lei, Robins & Wasserman 2013, "Distribution-Free Prediction Sets", for sets that begin at the expected day.)
 *
 * So that nobody pays for others' days, no promise is given less than keeps `leastShare` of its own kind.
 */

/** The share of its own kind that every promise must keep by itself: not more than twice the misses allowed over all. */
export function leastShare(level: number): number {
  return Math.max(0, 1 - 2 * (1 - level));
}

/** The buffer of a promise: calendar days after the expected day. */
export function bufferFor(curve: SlipCurve, price: SlipPrice): number {
  return LATE_DAYS[stepFor(curve, price)]!;
}

export function stepFor(curve: SlipCurve, { level, keptPerDay }: SlipPrice): number {
  let at = leastStep(curve, level);
  for (const stretch of stretches(curve, at)) {
    if (stretch.keptPerDay < keptPerDay) break;
    at = stretch.to;
  }
  return at;
}

/** A promise to be reckoned with when a price is set: its curve, and how many of its kind there are. */
export interface Weighed {
  readonly curve: SlipCurve;
  readonly weight: number;
}

/** The price at which `target` of these promises would be kept. */
export function priceFor(promises: readonly Weighed[], level: number, target: number): SlipPrice {
  let kept = 0;
  let all = 0;
  const open: { keptPerDay: number; kept: number }[] = [];
  for (const { curve, weight } of promises) {
    const least = leastStep(curve, level);
    all += weight;
    kept += weight * curve[least]!;
    for (const { keptPerDay, from, to } of stretches(curve, least))
      open.push({ keptPerDay, kept: weight * (curve[to]! - curve[from]!) });
  }
  open.sort((a, b) => b.keptPerDay - a.keptPerDay);
  let price = 1;
  for (const stretch of open) {
    if (kept >= target * all) break;
    price = stretch.keptPerDay;
    kept += stretch.kept;
  }
  return { level, keptPerDay: kept >= target * all ? price : 0 };
}

/** A price for any level, from the ones that were learnt; between two, what is between theirs. */
export function priceAt(prices: readonly SlipPrice[], level: number): SlipPrice {
  const above = prices.find((price) => price.level >= level) ?? prices.at(-1)!;
  const below = prices.findLast((price) => price.level <= level) ?? prices[0]!;
  if (above.level === below.level) return { level, keptPerDay: above.keptPerDay };
  const part = (level - below.level) / (above.level - below.level);
  return { level, keptPerDay: below.keptPerDay + part * (above.keptPerDay - below.keptPerDay) };
}

function leastStep(curve: SlipCurve, level: number): number {
  const share = leastShare(level);
  for (let step = 0; step < curve.length; step++) if (curve[step]! >= share) return step;
  return curve.length - 1;
}

/** The upper hull of a curve from a step on: stretches of days, each keeping less per day than the one before. */
function stretches(curve: SlipCurve, from: number): { keptPerDay: number; from: number; to: number }[] {
  const found: { keptPerDay: number; from: number; to: number }[] = [];
  for (let at = from; at < curve.length - 1; ) {
    let to = at;
    let keptPerDay = 0;
    for (let next = at + 1; next < curve.length; next++) {
      const slope = (curve[next]! - curve[at]!) / (LATE_DAYS[next]! - LATE_DAYS[at]!);
      if (slope < keptPerDay) continue;
      keptPerDay = slope;
      to = next;
    }
    if (keptPerDay < 1e-7) break;
    found.push({ keptPerDay, from: at, to });
    at = to;
  }
  return found;
}
