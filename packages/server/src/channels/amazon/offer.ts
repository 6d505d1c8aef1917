import { dayNumber, dayText } from '@kept/engine';
import type { Rate, SellerMetrics } from './seller-metrics.ts';

/** Amazon takes no longer handling time than this, and no buyer is told a later ship day by Kept. */
const LONGEST_DAYS = 30;
/** Amazon's limits for sellers. */
const LATE_LIMIT = 0.04;
const CANCELLED_LIMIT = 0.025;
/** From this share of a limit on, Kept gives way: what is under way may still add to it. */
const NEAR = 0.75;

/** What Kept could promise on the channel: on the shelf, and later by day. Quantities add up, none is counted twice. */
export interface Promisable {
  readonly sku: string;
  readonly now: number;
  /** Days are ship-by days, 'YYYY-MM-DD'. */
  readonly later: readonly { readonly quantity: number; readonly shipBy: string }[];
}

/** What Amazon is told it may sell. */
export interface Offer {
  readonly quantity: number;
  /** The handling time, in days. */
  readonly leadTimeDays: number;
  /** When what is offered will be on the shelf; null: it is. */
  readonly restockOn: string | null;
  readonly reasons: readonly OfferReason[];
}

export type OfferReason =
  | { readonly code: 'beyond_thirty_days'; readonly quantity: number; readonly shipBy: string }
  | { readonly code: 'backorders_not_offered' }
  | { readonly code: 'shelf_first'; readonly later: number }
  | {
      readonly code: 'late_shipments' | 'cancellations';
      readonly level: Level;
      readonly rate: Rate;
      readonly limit: number;
    }
  | { readonly code: 'margin_kept'; readonly quantity: number };

type Level = 'near' | 'over';

export interface OfferTerms {
  /** The channel's day today. */
  readonly today: string;
  readonly handlingDays: number;
  readonly offerBackorders: boolean;
  readonly metrics: SellerMetrics;
}

/** An offer while the rules go over it, one by one. Each only ever takes away. */
interface Draft {
  now: number;
  later: readonly { readonly quantity: number; readonly shipBy: string }[];
  reasons: OfferReason[];
}

type Rule = (draft: Draft, terms: OfferTerms) => void;

const onlyWhatIsWanted: Rule = (draft, { offerBackorders }) => {
  if (offerBackorders || draft.later.length === 0) return;
  draft.later = [];
  draft.reasons.push({ code: 'backorders_not_offered' });
};

const withinThirtyDays: Rule = (draft, { today }) => {
  const last = dayText(dayNumber(today) + LONGEST_DAYS);
  const beyond = draft.later.filter((part) => part.shipBy > last);
  if (beyond.length === 0) return;
  draft.later = draft.later.filter((part) => part.shipBy <= last);
  const quantity = beyond.reduce((sum, part) => sum + part.quantity, 0);
  draft.reasons.push({ code: 'beyond_thirty_days', quantity, shipBy: beyond[0]!.shipBy });
};

/** Backorders are what may still leave late: they stop while the rate can be kept below its limit. */
const lateShipments: Rule = (draft, { metrics }) => {
  const level = levelOf(metrics.lateSoon, LATE_LIMIT);
  if (level === null) return;
  draft.later = [];
  draft.reasons.push({ code: 'late_shipments', level, rate: metrics.lateSoon, limit: LATE_LIMIT });
};

/**
 * Cancellations come of units that were sold and are not there: backorders stop, and of the shelf a margin stays unsold, a tenth
 * near the limit and half beyond it.
 */
const cancellations: Rule = (draft, { metrics }) => {
  const level = levelOf(metrics.cancelledSoon, CANCELLED_LIMIT);
  if (level === null) return;
  draft.later = [];
  draft.reasons.push({ code: 'cancellations', level, rate: metrics.cancelledSoon, limit: CANCELLED_LIMIT });
  const margin = Math.ceil(draft.now * (level === 'near' ? 0.1 : 0.5));
  if (margin === 0) return;
  draft.now -= margin;
  draft.reasons.push({ code: 'margin_kept', quantity: margin });
};

const RULES: readonly Rule[] = [onlyWhatIsWanted, withinThirtyDays, lateShipments, cancellations];

/**
 * What a listing may say: never more than is promisable, and less where the seller's metrics come near their limits.
 *
 * A listing has one quantity and one date for all of its units. While something lies on the shelf only that is offered, so
 * that its buyers are not told a later day; then the units of the next arrival, with their day; then those of the one after.
 */
export function offerOf(promisable: Promisable, terms: OfferTerms): Offer {
  const draft: Draft = {
    now: Math.max(0, promisable.now),
    later: promisable.later.filter((part) => part.quantity > 0),
    reasons: [],
  };
  for (const rule of RULES) rule(draft, terms);
  const leadTimeDays = Math.min(LONGEST_DAYS, terms.handlingDays);
  if (draft.now > 0) {
    const later = draft.later.reduce((sum, part) => sum + part.quantity, 0);
    const reasons: OfferReason[] =
      later > 0 ? [...draft.reasons, { code: 'shelf_first', later }] : draft.reasons;
    return { quantity: draft.now, leadTimeDays, restockOn: null, reasons };
  }
  const next = draft.later.map((part) => part.shipBy).sort()[0];
  if (next === undefined) return { quantity: 0, leadTimeDays, restockOn: null, reasons: draft.reasons };
  const quantity = draft.later
    .filter((part) => part.shipBy === next)
    .reduce((sum, part) => sum + part.quantity, 0);
  // Amazon lets what is restocked ship by the handling time after it: the ship-by day itself leaves that much room
  return { quantity, leadTimeDays, restockOn: next > terms.today ? next : null, reasons: draft.reasons };
}

function levelOf(rate: Rate, limit: number): Level | null {
  if (rate.count === 0) return null;
  if (rate.share >= limit) return 'over';
  return rate.share >= limit * NEAR ? 'near' : null;
}

/** A reason as a sentence for planners. */
export function offerWords(reason: OfferReason): string {
  switch (reason.code) {
    case 'beyond_thirty_days':
      return `${units(reason.quantity)} from ${reason.shipBy} on are not offered: Amazon takes no ship day more than 30 days ahead`;
    case 'backorders_not_offered':
      return 'only what lies on the shelf is offered, as the connection says';
    case 'shelf_first':
      return `${units(reason.later)} to come are offered once the shelf is empty: a listing has one date for all of its units`;
    case 'late_shipments':
      return `backorders stop: ${share(reason.rate)} of the last 30 days' orders are or will be late, and Amazon's limit is ${percent(reason.limit)}`;
    case 'cancellations':
      return `backorders stop: ${share(reason.rate)} of the last 7 days' orders are cancelled or have nothing behind them, and Amazon's limit is ${percent(reason.limit)}`;
    case 'margin_kept':
      return `${units(reason.quantity)} on the shelf stay unsold, so that no more has to be cancelled`;
  }
}

const units = (quantity: number) => `${quantity} ${quantity === 1 ? 'unit' : 'units'}`;
const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
const share = ({ count, of, share }: Rate) => `${percent(share)} (${count} of ${of})`;
