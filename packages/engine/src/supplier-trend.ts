import type { DayNumber } from './day.ts';

/** A delivery against the day that was first expected of it. */
export interface Delivered {
  readonly on: DayNumber;
  /** Below zero where it was early. */
  readonly lateDays: number;
}

export interface Trend {
  /** Mean days late of the last quarter, and of the year before it. */
  readonly lately: number;
  readonly before: number;
  readonly deliveriesLately: number;
  readonly deliveriesBefore: number;
}

const LATELY_DAYS = 91;
const BEFORE_DAYS = 365;
const LEAST_LATELY = 3;
const LEAST_BEFORE = 5;
/** Days that somebody would notice. */
const LEAST_WORSE_DAYS = 2;
/** One in twenty suppliers that are as they were would be taken for worse. */
const BEYOND_CHANCE = 1.645;

/**
 * Whether a supplier has become later: the last quarter against the year before, by Welch's statistic for two means of unequal
 * variance (Welch 1947), where a slip counts at most half a year, so that one lost delivery is not the whole story. Null: no.
 */
export function worsening(deliveries: readonly Delivered[], today: DayNumber): Trend | null {
  const within = (from: DayNumber, to: DayNumber) =>
    deliveries
      .filter(({ on }) => on > from && on <= to)
      .map(({ lateDays }) => Math.max(-30, Math.min(180, lateDays)));
  const recent = within(today - LATELY_DAYS, today);
  const earlier = within(today - LATELY_DAYS - BEFORE_DAYS, today - LATELY_DAYS);
  if (recent.length < LEAST_LATELY || earlier.length < LEAST_BEFORE) return null;
  const [lately, before] = [meanOf(recent), meanOf(earlier)];
  const error = Math.sqrt(varianceOf(recent) / recent.length + varianceOf(earlier) / earlier.length);
  if (lately - before < Math.max(LEAST_WORSE_DAYS, BEYOND_CHANCE * error)) return null;
  return { lately, before, deliveriesLately: recent.length, deliveriesBefore: earlier.length };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
