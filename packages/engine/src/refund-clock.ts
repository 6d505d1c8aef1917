import { type DayNumber, dayNumber, dayText, isWorkingDay, MONDAY_TO_FRIDAY } from './day.ts';
import type { Regime } from './jurisdiction.ts';

/** Why money is owed back: the seller was late, or the consumer withdrew without a reason. */
export type RefundBasis = 'delay' | 'withdrawal' | 'agreement';

export interface RefundDue {
  /** The last day on which it counts. */
  readonly by: DayNumber;
  readonly rule: string;
  readonly source: string;
}

/** Where the law says "without undue delay" and names no number, Kept takes this many working days. */
const UNDUE_DELAY_WORKING_DAYS = 3;

/**
 * By when a refund is to be sent, from the day on which the right to it arose. Working days are Monday to Friday without
 * holidays: whoever takes no day off is never late. Same means, whole amount (with shipping, if nothing shipped); never
 * credit vouchers (435.1(b), CRD 13(1), CRA s. 28(9)).
 */
export function refundDue(
  regime: Regime,
  basis: RefundBasis,
  arose: DayNumber,
  sellerIsCreditor = false,
): RefundDue {
  if (basis === 'withdrawal' && (regime === 'eu' || regime === 'uk'))
    return {
      by: arose + 14,
      rule: '14 days after the withdrawal was told',
      source:
        regime === 'eu'
          ? 'Directive 2011/83/EU art. 13(1)'
          : 'Consumer Contracts Regulations 2013 reg. 34(4)–(5)',
    };
  if (regime === 'us' && sellerIsCreditor)
    return { by: monthAfter(arose), rule: 'one billing cycle', source: '16 CFR 435.1(b)(2)(ii)' };
  if (regime === 'eu' || regime === 'uk')
    return {
      by: workingDaysAfter(arose, UNDUE_DELAY_WORKING_DAYS),
      rule: `without undue delay; Kept takes ${UNDUE_DELAY_WORKING_DAYS} working days`,
      source: regime === 'eu' ? 'Directive 2011/83/EU art. 18(3)' : 'Consumer Rights Act 2015 s. 28(9)',
    };
  return {
    by: workingDaysAfter(arose, 7),
    rule: '7 working days',
    source: regime === 'us' ? '16 CFR 435.1(b)' : 'the brand’s own rule',
  };
}

/**
 * The last day on which a consumer may withdraw without a reason (CRD art. 9, Consumer Contracts Regulations 2013 reg. 30):
 * 14 days after delivery. Null: not delivered yet, and so still open; undefined: there is no such right (made-to-order
 * goods, CRD 16(c); business buyers; elsewhere).
 */
export function withdrawalUntil(
  regime: Regime,
  deliveredOn: DayNumber | null,
  madeToOrder: boolean,
): DayNumber | null | undefined {
  if ((regime !== 'eu' && regime !== 'uk') || madeToOrder) return undefined;
  return deliveredOn === null ? null : deliveredOn + 14;
}

const WITHDRAWAL_FUNCTION_SINCE = dayNumber('2026-06-19');

/** The EU's withdrawal function of two steps, confirmed on a durable medium (CRD art. 11a, Directive 2023/2673). */
export function withdrawsInTwoSteps(regime: Regime, today: DayNumber): boolean {
  return regime === 'eu' && today >= WITHDRAWAL_FUNCTION_SINCE;
}

/** The last day of a card dispute over goods that did not come (Visa 13.1): 120 days from the last day expected, at most 540. */
export function cardDisputeUntil(transactionOn: DayNumber, lastExpected: DayNumber): DayNumber {
  return Math.min(lastExpected + 120, transactionOn + 540);
}

/** The `count`-th working day after a day, Monday to Friday. */
export function workingDaysAfter(day: DayNumber, count: number): DayNumber {
  let at = day;
  for (let left = count; left > 0; ) if (isWorkingDay(MONDAY_TO_FRIDAY, ++at)) left--;
  return at;
}

/** The same day of the next month, or that month's last. */
function monthAfter(day: DayNumber): DayNumber {
  const [year, month, date] = dayText(day).split('-').map(Number) as [number, number, number];
  const next = month === 12 ? { year: year + 1, month: 1 } : { year, month: month + 1 };
  const after =
    next.month === 12 ? { year: next.year + 1, month: 1 } : { year: next.year, month: next.month + 1 };
  const two = (number: number) => String(number).padStart(2, '0');
  const last = dayNumber(`${after.year}-${two(after.month)}-01`) - 1;
  return Math.min(dayNumber(`${next.year}-${two(next.month)}-01`) + date - 1, last);
}
