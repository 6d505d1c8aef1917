import { type DayNumber, weekday } from './day.ts';

/**
 * What an item's days say of its demand. Orders taken are demand, whatever was shipped; a day on which the item could not be had says
 * nothing, and is not a day without demand; a bulk order that comes once, and the days of a campaign, are kept apart.
 */

/** An item's days, from the first one known until yesterday, one place a day. */
export interface DemandDays {
  /** The day of the first place. */
  readonly from: DayNumber;
  /** Units taken. */
  readonly units: Float64Array;
  /** The largest line of the day. */
  readonly largest: Float64Array;
  /** 1: it could not be had on that day. */
  readonly closed: Uint8Array;
  /** Units that somebody asked for while it could not be had: back-in-stock requests, refusals. */
  readonly unmet: Float64Array;
}

/** A promotion: the item's demand on these days is not its usual one. */
export interface PromotionDays {
  readonly from: DayNumber;
  readonly until: DayNumber;
  /** What whoever plans it expects, as a multiple of the usual demand; null: what earlier ones did. */
  readonly lift: number | null;
}

export interface UsualDemand {
  /** Usual demand by week, the last week ending yesterday; what was not seen is filled in from the weeks around. */
  readonly weekly: Float64Array;
  /** Share of each week that was seen: 0 … 1. */
  readonly seen: Float64Array;
  /** Demand by day of the week, Monday first; the average is 1. */
  readonly weekdays: Float64Array;
  /** Units of bulk orders that are kept apart. */
  readonly bulkUnits: number;
  readonly closedDays: number;
  /** What a campaign's day sold as a multiple of a usual one; as `LIFT_BEFORE` says where there was none. */
  readonly lift: number;
}

/** A line so many times a usual one, and so many usual weeks, is a bulk order; one that comes more often than once a quarter is custom. */
const BULK_LINES = 10;
const BULK_WEEKS = 2;
const QUARTER_WEEKS = 13;
/** Units for which an item's own days of the week are believed as much as everybody's. */
const WEEKDAY_WORTH = 50;
/** What a campaign does where nothing is known, and the usual units for which its own campaigns count as much. */
const LIFT_BEFORE = 1.5;
const LIFT_WORTH = 20;
/** A week of which less was seen says next to nothing. */
const LEAST_SEEN = 0.4;
/** So many seen weeks on either side stand for one that was not. */
const AROUND_WEEKS = 4;

/**
 * Whole weeks that end yesterday; earlier days that make no whole week are left out.
 * @param everybody demand of all items by day of the week, Monday first, averaging 1
 */
export function usualDemand(
  days: DemandDays,
  campaigns: readonly PromotionDays[],
  everybody: Float64Array = new Float64Array(7).fill(1),
): UsualDemand {
  const count = days.units.length;
  const weeks = Math.floor(count / 7);
  const first = count - 7 * weeks;
  const bulk = bulkLines(days, first, weeks);
  const inCampaign = new Uint8Array(count);
  for (const { from, until } of campaigns)
    for (let day = Math.max(from, days.from); day <= until && day - days.from < count; day++)
      inCampaign[day - days.from] = 1;
  const weekdays = weekdaysOf(days, bulk, inCampaign, everybody);
  const weekly = new Float64Array(weeks);
  const seen = new Float64Array(weeks);
  let closedDays = 0;
  for (let week = 0; week < weeks; week++) {
    let units = 0;
    let unmet = 0;
    for (let at = first + 7 * week; at < first + 7 * week + 7; at++) {
      if (days.closed[at] === 1) {
        closedDays++;
        unmet += days.unmet[at]!;
      } else if (inCampaign[at] === 0) {
        units += days.units[at]! - bulk[at]!;
        seen[week]! += weekdays[weekday(days.from + at) - 1]! / 7;
      }
    }
    // Who asked while there was none is at the least what the closed days would have brought: counted once, as the greater of the two.
    if (seen[week]! >= LEAST_SEEN) weekly[week] = Math.max(units / seen[week]!, units + unmet);
  }
  fillIn(weekly, seen);
  return {
    weekly,
    seen,
    weekdays,
    bulkUnits: bulk.reduce((sum, units) => sum + units, 0),
    closedDays,
    lift: liftOf(days, inCampaign, first, weekly, weekdays),
  };
}

/** What each coming week has of campaigns: the multiple of its usual demand. */
export function campaignFactors(
  today: DayNumber,
  weeks: number,
  campaigns: readonly PromotionDays[],
  { lift, weekdays }: Pick<UsualDemand, 'lift' | 'weekdays'>,
): Float64Array {
  const factors = new Float64Array(weeks).fill(1);
  const most = new Float64Array(7 * weeks).fill(1);
  for (const { from, until, lift: told } of campaigns)
    for (let day = Math.max(from, today); day <= Math.min(until, today + most.length - 1); day++)
      most[day - today] = Math.max(most[day - today]!, told ?? lift);
  for (const [at, factor] of most.entries())
    factors[Math.floor(at / 7)]! += ((factor - 1) * weekdays[weekday(today + at) - 1]!) / 7;
  return factors;
}

/** Units by day that belong to bulk orders. */
function bulkLines({ largest, units }: DemandDays, first: number, weeks: number): Float64Array {
  const bulk = new Float64Array(units.length);
  const selling = Array.from(largest).filter((line) => line > 0);
  const weekly = Array.from({ length: weeks }, (_, week) =>
    units.subarray(first + 7 * week, first + 7 * week + 7).reduce((sum, value) => sum + value, 0),
  ).filter((value) => value > 0);
  if (selling.length < 8 || weekly.length < 4) return bulk;
  const least = Math.max(BULK_LINES * median(selling), BULK_WEEKS * median(weekly));
  const found: number[] = [];
  for (const [at, line] of largest.entries()) if (line > least) found.push(at);
  if (found.length > weeks / QUARTER_WEEKS) return bulk;
  for (const at of found) bulk[at] = Math.min(largest[at]!, units[at]!);
  return bulk;
}

/** Demand by day of the week over the last year, drawn towards everybody's as far as it may be chance. */
function weekdaysOf(
  { from, units, closed }: DemandDays,
  bulk: Float64Array,
  inCampaign: Uint8Array,
  everybody: Float64Array,
): Float64Array {
  const sold = new Float64Array(7);
  const days = new Float64Array(7);
  for (let at = Math.max(0, units.length - 364); at < units.length; at++) {
    if (closed[at] === 1 || inCampaign[at] === 1) continue;
    sold[weekday(from + at) - 1]! += units[at]! - bulk[at]!;
    days[weekday(from + at) - 1]!++;
  }
  const own = sold.reduce((sum, value) => sum + value, 0);
  const seen = days.reduce((sum, value) => sum + value, 0);
  const factors = everybody.map((factor, day) => {
    const due = seen > 0 ? (own * days[day]!) / seen : 0;
    const believed = WEEKDAY_WORTH / 7;
    return (sold[day]! + believed * factor) / (due + believed);
  });
  const average = factors.reduce((sum, factor) => sum + factor, 0) / 7;
  return factors.map((factor) => factor / average);
}

function liftOf(
  { from, units, closed }: DemandDays,
  inCampaign: Uint8Array,
  first: number,
  weekly: Float64Array,
  weekdays: Float64Array,
): number {
  let sold = LIFT_WORTH * LIFT_BEFORE;
  let due = LIFT_WORTH;
  for (let at = first; at < units.length; at++) {
    if (inCampaign[at] === 0 || closed[at] === 1) continue;
    sold += units[at]!;
    due += (weekly[Math.floor((at - first) / 7)]! * weekdays[weekday(from + at) - 1]!) / 7;
  }
  return sold / due;
}

/** Weeks that were not seen are taken for what the nearest seen ones were. */
function fillIn(weekly: Float64Array, seen: Float64Array): void {
  const known = (week: number) => seen[week]! >= LEAST_SEEN;
  for (let week = 0; week < weekly.length; week++) {
    if (known(week)) continue;
    let sum = 0;
    let found = 0;
    for (const step of [-1, 1])
      for (
        let near = week + step, left = AROUND_WEEKS;
        left > 0 && near >= 0 && near < weekly.length;
        near += step
      )
        if (known(near)) {
          sum += weekly[near]!;
          found++;
          left--;
        }
    weekly[week] = found > 0 ? sum / found : 0;
  }
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}
