import type { Regime } from './jurisdiction.ts';

/** One row of a decision table: what the law asks in a state, what silence comes to, and where it says so. */
export interface LawRow {
  readonly regime: Regime;
  readonly state: string;
  readonly must: string;
  /** Null: the row is about no silence. */
  readonly silence: string | null;
  readonly source: string;
}

const row = (
  regime: Regime,
  state: string,
  must: string,
  silence: string | null,
  source: string,
): LawRow => ({
  regime,
  state,
  must,
  silence,
  source,
});

/**
 * The decision tables as data. Kept is no lawyer: what a brand's counsel decides otherwise is a setting, with a record of who
 * set it. 16 CFR Part 435 as amended in 2014 (79 FR 55615); Directive 2011/83/EU as amended by 2019/2161 and 2023/2673;
 * Consumer Rights Act 2015 with the Consumer Contracts Regulations 2013.
 */
export const LAW = {
  us_complete: row(
    'us',
    'The order is not complete: no payment or authorisation yet, or data to ship are missing',
    'No clock runs. Charging only at shipment does not delay completion',
    null,
    '16 CFR 435.1(c)',
  ),
  us_stated: row(
    'us',
    'A ship date was stated before ordering',
    'Ship by T, the latest day clearly stated, the upper end of a range; the backing of T is recorded. No later confirmation moves T',
    null,
    '16 CFR 435.2(a)(1)(i)',
  ),
  us_thirty: row(
    'us',
    'No ship date was stated',
    'Ship by T, 30 days after the order was complete',
    null,
    '16 CFR 435.2(a)(1)(ii)',
  ),
  us_fifty: row(
    'us',
    'No ship date was stated, and the buyer applied to the seller for credit',
    'Ship by T, 50 days after the order was complete',
    null,
    '16 CFR 435.2(a)(1)(ii)',
  ),
  us_first_short: row(
    'us',
    'A slip is known; the new day is at most T+30',
    'First delay option notice within reasonable time and never after T: wait until the new day, or cancel for a prompt refund. It says that silence is consent',
    'Consent to the new day',
    '16 CFR 435.2(b)(1)(i)–(ii)',
  ),
  us_first_long: row(
    'us',
    'A slip is known; the new day is beyond T+30, or none can be given',
    'First delay option notice within reasonable time and never after T. It says that the order is cancelled unless it ships within T+30 without a cancellation, or the buyer expressly accepts by then. Without a day: also the reason, and the right to cancel at any time before shipment',
    'Cancelled at T+30',
    '16 CFR 435.2(b)(1)(ii)–(iii)',
  ),
  us_no_notice: row(
    'us',
    'T has passed without shipment and without a notice in time',
    'Cancel and refund; a late notice cures nothing',
    null,
    '16 CFR 435.2(c)(5)',
  ),
  us_renewed: row(
    'us',
    'The new day will be missed as well',
    'Renewed option notice before the new day has passed: another day with recorded backing, or none; or cancel',
    'Cancelled at the day that was to be kept, if unshipped',
    '16 CFR 435.2(b)(2)',
  ),
  us_no_renewed_notice: row(
    'us',
    'The new day has passed without shipment and without a renewed notice in time',
    'Cancel and refund',
    null,
    '16 CFR 435.2(c)(5)',
  ),
  us_accepted: row(
    'us',
    'The buyer expressly accepted a later day',
    'That day takes the place of the one before',
    null,
    '16 CFR 435.2(b)(1)(iii), (b)(2)',
  ),
  us_indefinite: row(
    'us',
    'The buyer expressly accepted to wait without a day',
    'No further notices; the buyer may cancel until shipment',
    'The order waits',
    '16 CFR 435.2(b)(2)',
  ),
  us_buyer_cancels: row(
    'us',
    'The buyer cancels before shipment',
    'Cancel and refund promptly',
    null,
    '16 CFR 435.2(c)(1)',
  ),
  us_seller_stops: row(
    'us',
    'The seller decides not to ship',
    'Cancel and refund promptly',
    null,
    '16 CFR 435.2(c)(4)',
  ),
  eu_stated: row(
    'eu',
    'A delivery time was agreed',
    'Deliver by it; it was stated before ordering',
    null,
    'Directive 2011/83/EU art. 6(1)(g), 18(1)',
  ),
  eu_thirty: row(
    'eu',
    'No delivery time was agreed',
    'Deliver without undue delay, at most 30 days from the contract',
    null,
    'Directive 2011/83/EU art. 18(1)',
  ),
  eu_missed: row(
    'eu',
    'The delivery time has passed',
    'The consumer may set an additional period that is appropriate',
    'Nothing: the old day binds',
    'Directive 2011/83/EU art. 18(2)',
  ),
  eu_period: row(
    'eu',
    'The consumer set an additional period',
    'Deliver within it; once it is missed, the consumer may terminate',
    null,
    'Directive 2011/83/EU art. 18(2)',
  ),
  eu_at_once: row(
    'eu',
    'The seller refused to deliver, or the time was essential',
    'The consumer may terminate at once',
    null,
    'Directive 2011/83/EU art. 18(2)',
  ),
  eu_terminated: row(
    'eu',
    'The consumer ends it',
    'Refund everything paid, without undue delay',
    null,
    'Directive 2011/83/EU art. 18(3)',
  ),
  eu_silence: row(
    'eu',
    'A later day is told',
    'It binds only once the consumer expressly accepts it',
    'Nothing: silence is never consent',
    'Directive 2011/83/EU art. 18(1), 27',
  ),
  eu_accepted: row(
    'eu',
    'The consumer expressly accepted a later day',
    'That day is the agreed one',
    null,
    'Directive 2011/83/EU art. 18(1)',
  ),
  uk_stated: row(
    'uk',
    'A delivery time was agreed',
    'Deliver by it; it was stated before ordering',
    null,
    'Consumer Contracts Regulations 2013 sch. 2(m); Consumer Rights Act 2015 s. 28',
  ),
  uk_thirty: row(
    'uk',
    'No delivery time was agreed',
    'Deliver without undue delay, at most 30 days from the contract',
    null,
    'Consumer Rights Act 2015 s. 28(3)',
  ),
  uk_missed: row(
    'uk',
    'The delivery time has passed',
    'The consumer may set a further period that is appropriate, and may reject the late part or the whole',
    'Nothing: the old day binds',
    'Consumer Rights Act 2015 s. 28(7), 28(10)–(13), 26',
  ),
  uk_period: row(
    'uk',
    'The consumer set a further period',
    'Deliver within it; once it is missed, the consumer may end the contract',
    null,
    'Consumer Rights Act 2015 s. 28(7)–(8)',
  ),
  uk_at_once: row(
    'uk',
    'The seller refused to deliver, or the time was essential',
    'The consumer may end the contract at once',
    null,
    'Consumer Rights Act 2015 s. 28(6)',
  ),
  uk_terminated: row(
    'uk',
    'The consumer ends it',
    'Refund everything paid, without undue delay',
    null,
    'Consumer Rights Act 2015 s. 28(9)',
  ),
  uk_silence: row(
    'uk',
    'A later day is told',
    'It binds only once the consumer expressly accepts it',
    'Nothing: silence is never consent',
    'Consumer Rights Act 2015 s. 28(4)',
  ),
  uk_accepted: row(
    'uk',
    'The consumer expressly accepted a later day',
    'That day is the agreed one',
    null,
    'Consumer Rights Act 2015 s. 28(4)',
  ),
  contract_window: row(
    'contract',
    'Wholesale outside the US',
    'The ship window of the contract; a slip is told at once',
    'The order stands until its cancel-after day',
    'the contract: ship window and cancel-after date',
  ),
  contract_ended: row(
    'contract',
    'The cancel-after day has passed, or one side ended it',
    'Cancel what is open',
    null,
    'the contract: cancel-after date',
  ),
  brand_slip: row(
    'brand',
    'A slip of any length',
    'Told at once, with wait, switch or cancel',
    'Consent, as long as the new day is within 30 days of the first',
    'the brand’s own rule',
  ),
  brand_yes: row(
    'brand',
    'A slip beyond 30 days, or without a day',
    'A wait needs a yes',
    'Cancelled 30 days after the first day, and not before a week to answer',
    'the brand’s own rule',
  ),
  brand_ended: row(
    'brand',
    'The customer cancels, or the brand will not ship',
    'Cancel and refund',
    null,
    'the brand’s own rule',
  ),
} as const satisfies Record<string, LawRow>;

export type LawRowId = keyof typeof LAW;
