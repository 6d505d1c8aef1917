/**
 * An authorisation sets money aside for some days, then it lapses. What the provider says (`captureBefore`) holds; where it
 * says nothing, the networks' windows for payments that the customer made online do, as Stripe documents them ("Place a hold
 * on a payment method"): seven days, and for Visa 4 days and 18 hours where the merchant initiated it.
 */

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export type CardNetwork = 'visa' | 'mastercard' | 'amex' | 'discover' | 'other';

export const WINDOW_MS: Readonly<Record<CardNetwork, { customer: number; merchant: number }>> = {
  visa: { customer: 7 * DAY_MS, merchant: 4 * DAY_MS + 18 * HOUR_MS },
  mastercard: { customer: 7 * DAY_MS, merchant: 7 * DAY_MS },
  amex: { customer: 7 * DAY_MS, merchant: 7 * DAY_MS },
  discover: { customer: 7 * DAY_MS, merchant: 7 * DAY_MS },
  // Nobody knows better: the shortest of them.
  other: { customer: 5 * DAY_MS, merchant: 4 * DAY_MS + 18 * HOUR_MS },
};

/** How long before it lapses an authorisation is seen to: time for a second try, and for a person. */
export const RENEW_BEFORE_MS = 36 * HOUR_MS;

export interface Authorisation {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly captureBefore: number | null;
  readonly network: CardNetwork;
  readonly by: 'customer' | 'merchant';
  /** Whether the provider can make it last longer, and how long at most from `at`; null: it cannot. */
  readonly extendsUntil: number | null;
}

/** The moment from which it can no longer be captured. */
export function lapsesAt({ at, captureBefore, network, by }: Authorisation): number {
  return captureBefore ?? at + WINDOW_MS[network][by];
}

export type AuthorisationStep =
  | { readonly kind: 'wait'; readonly until: number }
  /** The same authorisation is made to last longer. */
  | { readonly kind: 'extend'; readonly lapsesAt: number }
  /** A new one is made, then the old one let go. */
  | { readonly kind: 'reauthorise'; readonly lapsesAt: number }
  /** Too late: nothing is set aside any more. */
  | { readonly kind: 'lapsed'; readonly lapsesAt: number };

/** What is to be done about an authorisation whose goods have not shipped yet. */
export function authorisationStep(one: Authorisation, now: number): AuthorisationStep {
  const lapse = lapsesAt(one);
  if (now >= lapse) return { kind: 'lapsed', lapsesAt: lapse };
  if (now < lapse - RENEW_BEFORE_MS) return { kind: 'wait', until: lapse - RENEW_BEFORE_MS };
  if (one.extendsUntil !== null && one.extendsUntil > lapse) return { kind: 'extend', lapsesAt: lapse };
  return { kind: 'reauthorise', lapsesAt: lapse };
}
