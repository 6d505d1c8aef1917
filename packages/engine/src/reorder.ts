import type { DayNumber } from './day.ts';
import { demandOver } from './demand-forecast.ts';
import { demandQuantile, leadTimeMoments } from './distribution.ts';
import type { Forecast } from './forecast.ts';
import { economicOrderQuantity } from './order-quantity.ts';

/** When to order an item again, and how much: RULES 25. */

export interface ReorderFacts {
  readonly today: DayNumber;
  /** Sellable units, reserved ones included. */
  readonly onHand: number;
  /** Open units of supplies that are placed, and of drafts. */
  readonly openSupply: number;
  readonly draftSupply: number;
  /** All open customer units, reserved ones too: the queue enters here, and nowhere else. */
  readonly openUnits: number;
  /** Of those, units that nothing on hand backs. */
  readonly queue: number;
  /** The next open supplies with a day, earliest first. */
  readonly arrivals: readonly { readonly name: string; readonly day: DayNumber; readonly quantity: number }[];
  readonly demand: Forecast;
  readonly terms: SupplyTerms;
}

export interface SupplyTerms {
  readonly leadTimeDays: number;
  /** Standard deviation of the lead time. */
  readonly leadTimeSpreadDays: number;
  /** Days between two looks at the item. */
  readonly reviewDays: number;
  readonly moq: number;
  readonly orderMultiple: number;
  /** Probability of covering lead time and review period. */
  readonly serviceLevel: number;
  /** Cost of placing an order and of a unit held for a year, in the same money; null: not known, and a review period's demand is ordered. */
  readonly costs: { readonly ordering: number; readonly holdingYear: number } | null;
}

export type ReorderOption =
  | { readonly kind: 'new_po'; readonly quantity: number; readonly orderBy: DayNumber }
  | { readonly kind: 'expedite'; readonly supply: string; readonly from: DayNumber; readonly to: DayNumber }
  | { readonly kind: 'split'; readonly first: number; readonly second: number }
  | { readonly kind: 'stop_selling' };

export interface Reorder {
  readonly position: number;
  readonly reorderPoint: number;
  readonly orderUpTo: number;
  /** Units to order, as the supplier takes them; 0: none yet. */
  readonly quantity: number;
  /** Units wanted before MOQ and order multiple. */
  readonly wanted: number;
  /** The last day on which an order is early enough; today: now. Null: not within the forecast. */
  readonly orderBy: DayNumber | null;
  /** Units that join a week. */
  readonly weeklyDemand: number;
  readonly leadTimeDemand: { readonly mean: number; readonly deviation: number };
  /** The day on which what is there and what is coming has gone; null: not within the forecast. */
  readonly coveredUntil: DayNumber | null;
  /** Weeks that whoever joins the queue last would wait for an order of that last day. */
  readonly waitWeeks: number;
  readonly options: readonly ReorderOption[];
}

const YEAR_WEEKS = 52;

export function reorder(facts: ReorderFacts): Reorder {
  const { today, demand, terms } = facts;
  const position = facts.onHand + facts.openSupply - facts.openUnits;
  const weeklyDemand = demandOver(demand, 1).mean;
  const covered = (terms.leadTimeDays + terms.reviewDays) / 7;
  const over = demandOver(demand, covered);
  const rate = covered > 0 ? over.mean / covered : weeklyDemand;
  const slip = leadTimeMoments(
    { mean: rate, variance: 0 },
    { mean: 0, variance: (terms.leadTimeSpreadDays / 7) ** 2 },
  );
  const variance = over.variance + slip.variance;
  const reorderPoint = Math.max(0, demandQuantile(over.mean, variance, terms.serviceLevel));
  const lot = lotOf(facts, weeklyDemand);
  const orderUpTo = reorderPoint + lot;
  const gone = runsOut(demand, position - reorderPoint);
  const orderBy = gone === null ? null : today + Math.floor(gone * 7);
  const due = position <= reorderPoint && (weeklyDemand > 0 || position < 0);
  const wanted = due ? Math.max(0, orderUpTo - position - facts.draftSupply) : 0;
  const quantity = orderable(wanted, terms);
  const left = runsOut(demand, position);
  const coveredUntil = left === null ? null : today + Math.floor(left * 7);
  return {
    position,
    reorderPoint,
    orderUpTo,
    quantity,
    wanted,
    orderBy: due ? today : orderBy,
    weeklyDemand,
    leadTimeDemand: { mean: over.mean, deviation: Math.sqrt(variance) },
    coveredUntil,
    waitWeeks: Math.max(1, Math.ceil((terms.leadTimeDays + terms.reviewDays - daysCovered(facts)) / 7)),
    options: options(facts, quantity, wanted),
  };
}

/** A wanted quantity as a supplier takes it: at least the MOQ, and a whole number of order multiples. 0 stays 0. */
export function orderable(
  wanted: number,
  terms: { readonly moq: number; readonly orderMultiple: number },
): number {
  if (!(wanted > 0)) return 0;
  const multiple = Math.max(1, terms.orderMultiple);
  return Math.ceil(Math.max(wanted, terms.moq) / multiple) * multiple;
}

/** An order is for a review period at least, and for as long as the square-root formula says where costs are known. */
function lotOf({ terms }: ReorderFacts, weeklyDemand: number): number {
  const review = (weeklyDemand * terms.reviewDays) / 7;
  if (terms.costs === null || terms.costs.holdingYear <= 0 || weeklyDemand <= 0) return Math.ceil(review);
  const { quantity } = economicOrderQuantity({
    demand: weeklyDemand * YEAR_WEEKS,
    ordering: terms.costs.ordering,
    holding: terms.costs.holdingYear,
  });
  // Nobody orders for more than half a year, however cheap it looks.
  return Math.ceil(Math.min(Math.max(review, quantity), (weeklyDemand * YEAR_WEEKS) / 2));
}

/** Weeks until so many units are gone; null: not within the forecast. */
function runsOut(demand: Forecast, units: number): number | null {
  let left = units;
  if (left <= 0) return 0;
  for (let week = 0; week < demand.mean.length; week++) {
    const taken = demand.mean[week]!;
    if (taken >= left) return week + left / taken;
    left -= taken;
  }
  return null;
}

/** Days from today that what is on hand and coming still serves new demand. */
function daysCovered({ demand, onHand, openSupply, openUnits }: ReorderFacts): number {
  const weeks = runsOut(demand, onHand + openSupply - openUnits);
  return weeks === null ? demand.mean.length * 7 : weeks * 7;
}

function options(facts: ReorderFacts, quantity: number, wanted: number): ReorderOption[] {
  const { today, arrivals, demand, terms } = facts;
  const found: ReorderOption[] = [];
  if (quantity > 0) found.push({ kind: 'new_po', quantity, orderBy: today });
  const free = facts.onHand - facts.openUnits + facts.queue;
  const empty = runsOut(demand, free - facts.queue);
  const first = arrivals[0];
  const emptyOn = empty === null ? null : today + Math.floor(empty * 7);
  if (first !== undefined && emptyOn !== null && emptyOn < first.day)
    found.push({ kind: 'expedite', supply: first.name, from: first.day, to: Math.max(today + 1, emptyOn) });
  // An MOQ far above the need ties money up: half of it may come later.
  if (quantity >= 2 * Math.max(1, wanted) && quantity > 1) {
    const half = Math.ceil(quantity / 2 / terms.orderMultiple) * terms.orderMultiple;
    if (half < quantity) found.push({ kind: 'split', first: half, second: quantity - half });
  }
  if (facts.queue > 0 && arrivals.length === 0 && quantity > 0) found.push({ kind: 'stop_selling' });
  return found;
}
