import {
  type CampaignRecord,
  type DayNumber,
  dayNumber,
  demandForecast,
  demandOver,
  type EpisodeRecords,
  type Forecast,
  type IntendedCause,
  type PolicyKind,
  type ReorderRecord,
  type SupplyRecord,
} from '@kept/engine';
import { oversoldOf } from './oversold.ts';
import type { Read } from './read.ts';
import type { CampaignRow, CrossingRow, DueEpisode, Movement, SupplyHistory } from './records-store.ts';

/** Where neither the item nor its supplier has a lead time. */
const ASSUMED_LEAD_DAYS = 28;
/** An episode is judged by how deep it became in its first weeks: what comes later has causes of its own. */
export const DEPTH_DAYS = 14;
/** A buyer looks once a week: what could have been ordered for is what was known a week before the lead time. */
const REVIEW_DAYS = 7;
/** Fewer weeks than this say nothing of a range. */
const LEAST_WEEKS = 8;
/** Slips that a plan lives with, as a share of the lead time. */
const ALLOWED_SHARE = 0.15;
/** The last days, for orders that grew lately. */
const RECENT_DAYS = 14;
/** What has just come is looked at for so long as a matter of course. */
const USUAL_CHECK_DAYS = 5;
const NINE_TENTHS = 1.2816;

export const leadDaysOf = ({ leadTimeDays }: Pick<DueEpisode, 'leadTimeDays'>): number =>
  leadTimeDays ?? ASSUMED_LEAD_DAYS;

/** The first day whose orders could still have been planned for. */
export const plannableFrom = (openedOn: DayNumber, leadDays: number): DayNumber =>
  openedOn - leadDays - REVIEW_DAYS;

/** What the classifier is told: the records as they stood around the opening, and nothing that was concluded from them. */
export function episodeRecords(read: Read): EpisodeRecords {
  const { episode, openedOn, today } = read;
  const leadDays = leadDaysOf(episode);
  const depth = depthOf(read);
  const from = plannableFrom(openedOn, leadDays);
  const oversold = oversoldOf(read, depth.day);
  const until = Math.min(depth.day, today);
  const byDay = new Map(read.demand.map(({ day, units }) => [dayNumber(day), units]));
  const forecast = forecastBefore(byDay, from, until);
  const campaignDay = (day: DayNumber) =>
    read.campaigns.some(({ fromOn, untilOn }) => day >= dayNumber(fromOn) && day <= dayNumber(untilOn));
  const orderedFrom = (first: DayNumber) => {
    let ordered = 0;
    let days = 0;
    for (let day = Math.max(from, first); day <= until; day++) {
      if (campaignDay(day) || oversold.days.has(day)) continue;
      ordered += byDay.get(day) ?? 0;
      days++;
    }
    return { ordered, ...rangeOf(forecast, days) };
  };
  return {
    openedOn,
    shortUnits: depth.units,
    intended: intendedBy(read.policy),
    demand: { ...orderedFrom(from), recent: orderedFrom(until - RECENT_DAYS + 1) },
    campaigns: read.campaigns.map((one) => campaignOf(one, { byDay, forecast, from, until, leadDays })),
    supplies: read.supplies.map((one) => supplyOf(one, today, leadDays)),
    oversold: oversold.record,
    heldUnits: heldOf(read.movements, until),
    reorder: reorderOf(read.crossing, read.supplies, read.today),
  };
}

function intendedBy(policy: PolicyKind): IntendedCause | null {
  if (policy === 'drop') return 'limited_drop';
  return policy === 'made_to_order' || policy === 'demand_validation' ? policy : null;
}

/** Units that waited at once, at the most, in the first weeks; and the day of it. */
function depthOf({ lines, openedOn, dayOf, today }: Read): { units: number; day: DayNumber } {
  const steps = lines.flatMap((line) => {
    const units = line.waiting > 0 ? line.waiting : line.wanted;
    const begins = Math.max(openedOn, dayOf(line.since));
    const ends = line.waiting > 0 || line.until === null ? null : dayOf(line.until);
    return [
      { day: begins, units },
      // Whoever was served within the day has waited in it.
      ...(ends === null ? [] : [{ day: ends + 1, units: -units }]),
    ];
  });
  steps.sort((a, b) => a.day - b.day);
  let depth = 0;
  const deepest = { units: 0, day: Math.min(openedOn, today) };
  for (const { day, units } of steps) {
    if (day >= openedOn + DEPTH_DAYS) break;
    depth += units;
    if (depth <= deepest.units) continue;
    deepest.units = depth;
    deepest.day = day;
  }
  return deepest;
}

/** What the days before said of the days to come; null: too few of them to say how far orders may stray. */
function forecastBefore(
  byDay: ReadonlyMap<DayNumber, number>,
  from: DayNumber,
  until: DayNumber,
): Forecast | null {
  const first = Math.min(...byDay.keys());
  const weeks = Math.floor((from - first) / 7);
  if (!Number.isFinite(first) || weeks < LEAST_WEEKS) return null;
  const weekly = new Array<number>(weeks).fill(0);
  for (const [day, units] of byDay) {
    const week = weeks - Math.ceil((from - day) / 7);
    if (day < from && week >= 0) weekly[week]! += units;
  }
  return demandForecast(weekly, Math.max(1, Math.ceil((until - from + 1) / 7)));
}

function rangeOf(forecast: Forecast | null, days: number): { expected: number; high: number } {
  // Without a range nothing is above it.
  if (forecast === null) return { expected: 0, high: Number.MAX_SAFE_INTEGER };
  const { mean, variance } = demandOver(forecast, days / 7);
  // Weeks that were all alike are no proof of calm: at least as wide as customers who come one by one.
  return { expected: mean, high: mean + NINE_TENTHS * Math.sqrt(Math.max(mean, variance)) };
}

function campaignOf(
  { name, fromOn, untilOn, toldOn, lift }: CampaignRow,
  plan: {
    byDay: ReadonlyMap<DayNumber, number>;
    forecast: Forecast | null;
    from: DayNumber;
    until: DayNumber;
    leadDays: number;
  },
): CampaignRecord {
  const begins = dayNumber(fromOn);
  const first = Math.max(begins, plan.from);
  const last = Math.min(dayNumber(untilOn), plan.until);
  let ordered = 0;
  for (let day = first; day <= last; day++) ordered += plan.byDay.get(day) ?? 0;
  const days = Math.max(0, last - first + 1);
  const usual = plan.forecast === null ? ordered : demandOver(plan.forecast, days / 7).mean;
  const told = dayNumber(toldOn);
  const inTime = told <= begins - plan.leadDays;
  return {
    name,
    from: begins,
    toldOn: told,
    leadTimeDays: plan.leadDays,
    ordered,
    planned: usual * (inTime ? (lift ?? 1) : 1),
  };
}

function supplyOf(one: SupplyHistory, today: DayNumber, leadDays: number): SupplyRecord {
  const expected = one.expectedOn === null ? null : dayNumber(one.expectedOn);
  const arrived = one.receivedOn === null ? null : dayNumber(one.receivedOn);
  return {
    name: one.name,
    quantity: one.quantity,
    firstExpectedOn: dayNumber(one.firstExpectedOn),
    // A day that has passed without it is no day.
    arrivedOn: arrived ?? (expected !== null && expected >= today ? expected : null),
    allowedDays: Math.ceil(ALLOWED_SHARE * leadDays),
    reason: one.reason,
  };
}

/**
 * Units that lay there and could not ship when the queue was deepest: released, they would have made it less deep. What had just been
 * received into a check was where it was to be.
 */
function heldOf(movements: readonly Movement[], on: DayNumber): number {
  let held = 0;
  let inCheck = 0;
  for (const { day, condition, delta, received } of movements) {
    if (dayNumber(day) > on) break;
    if (condition !== 'quality_hold' && condition !== 'returned') continue;
    held += delta;
    if (received && dayNumber(day) > on - USUAL_CHECK_DAYS) inCheck += delta;
  }
  return Math.max(0, held - inCheck);
}

function reorderOf(
  crossing: CrossingRow | null,
  supplies: readonly SupplyHistory[],
  today: DayNumber,
): ReorderRecord | null {
  if (crossing === null) return null;
  const crossedOn = dayNumber(crossing.crossedOn);
  const placed = supplies.flatMap(({ placedOn }) => (placedOn === null ? [] : [dayNumber(placedOn)]));
  const after = placed.filter((day) => day >= crossedOn && day <= today);
  return {
    crossedOn,
    orderedOn: after.length === 0 ? null : Math.min(...after),
    neededUnits: crossing.needed,
    moq: crossing.moq,
    leadTimeDays: crossing.leadTimeDays,
  };
}
