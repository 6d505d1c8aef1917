import { describe, expect, test } from 'vitest';
import { dayNumber, dayText, localTime } from './day.ts';
import type { Regime } from './jurisdiction.ts';
import { lawZone } from './jurisdiction.ts';
import {
  cardDisputeUntil,
  type RefundBasis,
  refundDue,
  withdrawalUntil,
  withdrawsInTwoSteps,
  workingDaysAfter,
} from './refund-clock.ts';

describe('when a refund is due', () => {
  test.each<[why: string, Regime, RefundBasis, arose: string, by: string]>([
    ['7 working days from a Wednesday: Th Fr Mo Tu We Th Fr', 'us', 'delay', '2026-04-01', '2026-04-10'],
    ['from a Friday: the Tuesday after next', 'us', 'delay', '2026-05-01', '2026-05-12'],
    [
      'from a Saturday: Monday is the first, Tuesday week the seventh',
      'us',
      'delay',
      '2026-05-02',
      '2026-05-12',
    ],
    ['from a Sunday: the same', 'us', 'delay', '2026-05-03', '2026-05-12'],
    ['over the end of a leap February (Tu 22)', 'us', 'agreement', '2028-02-22', '2028-03-02'],
    ['over New Year, which is a working day to be safe (Mo 28)', 'us', 'delay', '2026-12-28', '2027-01-06'],
    ['withdrawal in the EU: 14 calendar days', 'eu', 'withdrawal', '2026-03-20', '2026-04-03'],
    [
      'withdrawal in the UK, ending on a Sunday, is not rolled',
      'uk',
      'withdrawal',
      '2026-03-22',
      '2026-04-05',
    ],
    ['14 days over 29 February 2028', 'eu', 'withdrawal', '2028-02-20', '2028-03-05'],
    [
      'termination in the EU: without undue delay, three working days from a Friday',
      'eu',
      'delay',
      '2026-04-17',
      '2026-04-22',
    ],
    ['termination in the UK from a Tuesday', 'uk', 'delay', '2026-04-14', '2026-04-17'],
    ['the brand’s own rule: 7 working days', 'brand', 'delay', '2026-04-01', '2026-04-10'],
    ['wholesale', 'contract', 'agreement', '2026-04-01', '2026-04-10'],
  ])('%s', (_, regime, basis, arose, by) => {
    expect(dayText(refundDue(regime, basis, dayNumber(arose)).by)).toBe(by);
  });

  test.each([
    ['2026-01-31', '2026-02-28'],
    ['2028-01-31', '2028-02-29'],
    ['2026-12-15', '2027-01-15'],
    ['2026-03-31', '2026-04-30'],
    ['2026-11-30', '2026-12-30'],
  ])('a seller who gave the credit has one billing cycle: %s to %s', (arose, by) => {
    expect(dayText(refundDue('us', 'delay', dayNumber(arose), true).by)).toBe(by);
  });

  test('working days are counted from the day after', () => {
    expect(dayText(workingDaysAfter(dayNumber('2026-05-02'), 1))).toBe('2026-05-04');
    expect(workingDaysAfter(dayNumber('2026-05-02'), 0)).toBe(dayNumber('2026-05-02'));
  });
});

describe('beside the law of delay', () => {
  test.each<[Regime, string | null, boolean, string | null | undefined]>([
    ['eu', '2026-04-10', false, '2026-04-24'],
    ['uk', '2028-02-20', false, '2028-03-05'],
    ['eu', null, false, null],
    ['eu', '2026-04-10', true, undefined],
    ['us', '2026-04-10', false, undefined],
    ['contract', '2026-04-10', false, undefined],
  ])('withdrawal in %s, delivered %s, made to order %s: until %s', (regime, delivered, made, until) => {
    const day = withdrawalUntil(regime, delivered === null ? null : dayNumber(delivered), made);
    expect(typeof day === 'number' ? dayText(day) : day).toBe(until);
  });

  test.each<[Regime, string, boolean]>([
    ['eu', '2026-06-18', false],
    ['eu', '2026-06-19', true],
    ['uk', '2026-07-01', false],
  ])('two steps in %s on %s: %s', (regime, today, expected) => {
    expect(withdrawsInTwoSteps(regime, dayNumber(today))).toBe(expected);
  });

  test.each([
    ['2026-03-02', '2026-04-01', '2026-07-30'], // 120 days: 29 of April, 31, 30, and 30 of July
    ['2026-03-02', '2027-09-01', '2027-08-24'], // 540 days of the sale come first: 365 to 2 March 2027, 175 more
  ])('paid %s, last expected %s: disputed until %s', (paid, expected, until) => {
    expect(dayText(cardDisputeUntil(dayNumber(paid), dayNumber(expected)))).toBe(until);
  });
});

describe('a day ends where the goods go', () => {
  const lawDay = (instant: string, country: string, region: string | null) =>
    dayText(localTime(Date.parse(instant), lawZone(country, region, 'Europe/London')).day);

  test.each([
    ['2026-04-02T03:59:00Z', 'US', 'NY', '2026-04-01'], // 23:59 there
    ['2026-04-02T04:00:00Z', 'US', 'NY', '2026-04-02'],
    ['2026-04-02T04:00:00Z', 'US', 'US-CA', '2026-04-01'], // 21:00 in California
    ['2026-04-02T07:00:00Z', 'US', 'ca', '2026-04-02'],
    ['2026-04-02T04:00:00Z', 'US', null, '2026-04-02'], // unknown: the zone where it ends first
    ['2026-04-02T04:00:00Z', 'US', 'Somewhere', '2026-04-02'],
    ['2026-04-02T09:59:00Z', 'US', 'HI', '2026-04-01'],
    ['2026-04-01T14:00:00Z', 'GU', null, '2026-04-02'], // Guam is ten hours ahead
    ['2026-04-01T22:00:00Z', 'DE', null, '2026-04-02'], // summer time: two hours ahead
    ['2026-03-28T22:59:00Z', 'DE', null, '2026-03-28'], // the night before the clocks change
    ['2026-03-29T22:00:00Z', 'DE', null, '2026-03-30'], // the night after
    ['2026-04-01T23:00:00Z', 'GB', null, '2026-04-02'],
    ['2026-01-01T23:00:00Z', 'GB', null, '2026-01-01'],
    ['2026-04-01T21:00:00Z', 'GR', null, '2026-04-02'],
    ['2026-04-01T22:59:00Z', 'PT', null, '2026-04-01'],
    ['2026-04-01T23:30:00Z', 'BR', null, '2026-04-02'], // no table of its own: the brand's day, in London
  ])('%s to %s %s is %s', (instant, country, region, expected) => {
    expect(lawDay(instant, country, region)).toBe(expected);
  });
});
