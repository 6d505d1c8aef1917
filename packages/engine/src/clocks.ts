import { lapsesAt } from './authorisation.ts';
import type { DayNumber } from './day.ts';
import { cardDisputeUntil } from './refund-clock.ts';

/** A clock that runs beside the law: whose it is, what it wants, and where that is written. */
export interface ClockRow {
  readonly whose: 'card network' | 'payment provider' | 'Amazon seller' | 'Amazon vendor';
  readonly state: string;
  readonly must: string;
  readonly source: string;
}

/** The clocks of cards, authorisations and marketplaces as data. Limits are shares; a share has to stay below its limit. */
export const CLOCKS = {
  card_dispute: {
    whose: 'card network',
    state: 'Goods that were paid by card did not come',
    must: 'The holder may dispute it until 120 days after the last day expected, at most 540 after the payment',
    source: 'Visa dispute condition 13.1, merchandise not received',
  },
  authorisation: {
    whose: 'payment provider',
    state: 'An amount is set aside and not taken yet',
    must: 'It is taken before the provider’s own day; without one, 7 days after the customer made it, 4 days and 18 hours for Visa where the merchant did',
    source: 'Stripe, “Place a hold on a payment method”: capture_before',
  },
  amazon_ship_date: {
    whose: 'Amazon seller',
    state: 'An order that the seller ships was placed',
    must: 'It ships within 30 days',
    source: 'Amazon Seller Central, “Shipping settings”: handling time of at most 30 days',
  },
  amazon_late: {
    whose: 'Amazon seller',
    state: 'Orders were confirmed as shipped after their ship date',
    must: 'Late shipments stay below 4 %',
    source: 'Amazon Seller Central, “Late shipment rate”',
  },
  amazon_cancelled: {
    whose: 'Amazon seller',
    state: 'The seller cancelled orders before they shipped',
    must: 'Cancellations stay below 2.5 %',
    source: 'Amazon Seller Central, “Cancellation rate”',
  },
  amazon_acknowledge: {
    whose: 'Amazon vendor',
    state: 'A purchase order of Amazon’s came',
    must: 'It is acknowledged within 24 hours',
    source: 'Amazon Vendor Central, purchase order acknowledgement',
  },
  amazon_update: {
    whose: 'Amazon vendor',
    state: 'What was acknowledged has changed',
    must: 'It is told within 48 hours',
    source: 'Amazon Vendor Central, purchase order changes',
  },
} as const satisfies Record<string, ClockRow>;
export type ClockId = keyof typeof CLOCKS;

export const AMAZON_LATE_LIMIT = 0.04;
export const AMAZON_CANCELLED_LIMIT = 0.025;
const HOUR_MS = 3_600_000;

/** The last day of a seller-fulfilled order's ship date. */
export const amazonShipBy = (orderedOn: DayNumber): DayNumber => orderedOn + 30;
/** Instants in milliseconds since 1970. */
export const vendorAcknowledgesBy = (cameAt: number): number => cameAt + 24 * HOUR_MS;
export const vendorUpdatesBy = (changedAt: number): number => changedAt + 48 * HOUR_MS;

/** Whether a share keeps its limit: it has to stay below. Nothing of nothing keeps every limit. */
export const staysBelow = (count: number, of: number, limit: number): boolean =>
  of === 0 || count / of < limit;

export interface OrderClocks {
  readonly amazon: boolean;
  readonly orderedOn: DayNumber;
  /** The last day on which the goods are expected with the customer; null: none is known. */
  readonly expectedOn: DayNumber | null;
  readonly paidOn: readonly DayNumber[];
  readonly authorisations: readonly Parameters<typeof lapsesAt>[0][];
}

/** The clocks that run for an order, with the last day or moment of each. */
export function clocksOf(order: OrderClocks): { clock: ClockId; day?: DayNumber; at?: number }[] {
  const { amazon, orderedOn, expectedOn, paidOn, authorisations } = order;
  return [
    ...(amazon ? [{ clock: 'amazon_ship_date' as const, day: amazonShipBy(orderedOn) }] : []),
    ...(expectedOn === null
      ? []
      : paidOn.map((paid) => ({ clock: 'card_dispute' as const, day: cardDisputeUntil(paid, expectedOn) }))),
    ...authorisations.map((one) => ({ clock: 'authorisation' as const, at: lapsesAt(one) })),
  ];
}
