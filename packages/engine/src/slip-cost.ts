/** Lines that came into the book, by how many days their promise slipped in all: how many there were, how many were cancelled. */
export interface SlipGroup {
  readonly slipDays: number;
  readonly lines: number;
  readonly cancelled: number;
}
export interface SlipCost {
  /** More cancelled lines, as a share, for each day of slip. */
  readonly perDay: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
  readonly lines: number;
  readonly cancelled: number;
}

const LEAST_LINES = 50;
const LEAST_CANCELLED = 10;
const NORMAL_95 = 1.96;

/**
 * What a day of slip costs in cancellations: the slope of the cancelled share over days of slip, by least squares weighted with
 * lines, its standard error robust to each group's own binomial variance (White 1980). It says what went together, not what
 * caused it.
 * @returns null where there is not enough data: 50 lines, 10 of them cancelled, and more than one length of slip
 */
export function slipCost(groups: readonly SlipGroup[]): SlipCost | null {
  let lines = 0;
  let cancelled = 0;
  let days = 0;
  for (const group of groups) {
    lines += group.lines;
    cancelled += group.cancelled;
    days += group.lines * group.slipDays;
  }
  if (lines < LEAST_LINES || cancelled < LEAST_CANCELLED) return null;
  const meanDays = days / lines;
  const meanShare = cancelled / lines;
  let spread = 0;
  let together = 0;
  for (const group of groups) {
    const distance = group.slipDays - meanDays;
    spread += group.lines * distance * distance;
    together += distance * (group.cancelled - group.lines * meanShare);
  }
  if (spread === 0) return null;
  const perDay = together / spread;
  let variance = 0;
  for (const group of groups) {
    const distance = group.slipDays - meanDays;
    const fitted = meanShare + perDay * distance;
    // Σ over the group's lines of (outcome − fitted)², outcomes being 0 or 1.
    const squares = group.cancelled * (1 - fitted) ** 2 + (group.lines - group.cancelled) * fitted ** 2;
    variance += distance * distance * squares;
  }
  const error = Math.sqrt(variance) / spread;
  return { perDay, low: perDay - NORMAL_95 * error, high: perDay + NORMAL_95 * error, lines, cancelled };
}
