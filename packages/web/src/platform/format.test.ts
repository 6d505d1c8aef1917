import { describe, expect, test } from 'vitest';
import { promiseStanding } from '../queue/promise-standing.ts';
import { dayOf, daysBetween, formatDay, formatMoney, formatMoneyList, formatMoneyShort } from './format.ts';

const today = '2026-03-10';

describe('a day', () => {
  test.each([
    ['2026-03-14', 'Sat 14 Mar'],
    ['2026-09-01', 'Tue 1 Sep'],
    ['2025-12-31', 'Wed 31 Dec 2025'],
    ['2027-01-04', 'Mon 4 Jan 2027'],
  ])('%s reads "%s" in March 2026', (day, expected) => expect(formatDay(day, today)).toBe(expected));

  test('may leave its weekday out', () =>
    expect(formatDay('2026-03-14', today, { weekday: false })).toBe('14 Mar'));

  test.each([
    ['2026-03-09T23:30:00Z', 'Europe/London', '2026-03-09'],
    ['2026-03-09T23:30:00Z', 'Asia/Tokyo', '2026-03-10'],
    ['2026-03-10T02:00:00Z', 'America/Los_Angeles', '2026-03-09'],
  ])('of %s in %s is %s', (instant, zone, day) => expect(dayOf(instant, zone)).toBe(day));

  test.each([
    ['2026-03-10', '2026-03-10', 0],
    ['2026-03-28', '2026-03-30', 2],
    ['2026-03-10', '2026-02-28', -10],
    ['2024-02-28', '2024-03-01', 2],
  ])('from %s to %s it is %i days, whatever the clocks do', (from, to, days) =>
    expect(daysBetween(from, to)).toBe(days),
  );
});

describe('money', () => {
  test.each([
    [0, 'GBP', '£0'],
    [495, 'GBP', '£4.95'],
    [500, 'GBP', '£5'],
    [999, 'GBP', '£9.99'],
    [1250, 'GBP', '£13'],
    [34_720, 'GBP', '£347'],
    [99_949, 'GBP', '£999'],
    [99_960, 'GBP', '£1k'],
    [120_000, 'GBP', '£1.2k'],
    [4_120_450, 'USD', '$41.2k'],
    [12_000_000, 'EUR', '€120k'],
    [99_990_000, 'GBP', '£1m'],
    [131_000_000, 'GBP', '£1.3m'],
    [1_200, 'JPY', '¥1.2k'],
    [-120_000, 'GBP', '−£1.2k'],
  ])('%i %s is short %s', (amount, currency, expected) =>
    expect(formatMoneyShort({ amount, currency })).toBe(expected),
  );

  test.each([
    [4_120_450, 'GBP', '£41,204.50'],
    [1_999, 'USD', 'US$19.99'],
    [1_200, 'JPY', 'JP¥1,200'],
  ])('%i %s is exactly %s', (amount, currency, expected) =>
    expect(formatMoney({ amount, currency })).toBe(expected),
  );

  test('of two currencies is told side by side', () =>
    expect(
      formatMoneyList(
        [
          { amount: 120_000, currency: 'GBP' },
          { amount: 500, currency: 'EUR' },
        ],
        formatMoneyShort,
      ),
    ).toBe('£1.2k + €5'));
});

describe('how a line stands to its promise', () => {
  const promised = (shipBy: string) => ({
    version: 1,
    quantity: 1,
    shipBy,
    deliverBy: shipBy,
    parts: [],
    reasons: [],
  });
  const backed = { quantity: 2, commitments: [{ kind: 'pegged' as const, quantity: 2, shipBy: null }] };
  test.each([
    ['2026-03-14', '2026-03-14', 'in 4 days', false],
    ['2026-03-11', '2026-03-11', 'tomorrow', false],
    ['2026-03-10', '2026-03-10', 'today', false],
    ['2026-03-14', '2026-03-12', 'in 4 days', false],
    ['2026-03-14', '2026-03-21', 'slips 7 days', true],
    ['2026-03-08', '2026-03-08', '2 days late', true],
    ['2026-03-08', '2026-03-15', '7 days late', true],
    ['2026-03-09', null, '1 day late', true],
  ])('promised %s, planned %s: %s', (shipBy, plannedShipBy, note, broken) =>
    expect(promiseStanding({ promise: promised(shipBy), plannedShipBy, ...backed }, today)).toMatchObject({
      note,
      broken,
    }),
  );

  test('without a promise there is no date', () =>
    expect(promiseStanding({ promise: null, plannedShipBy: null, ...backed }, today)).toMatchObject({
      day: 'No date yet',
      broken: false,
    }));

  test('a promise for units that are set aside gives no date to those that wait', () => {
    const commitments = [
      { kind: 'reserved' as const, quantity: 2, shipBy: today },
      { kind: 'waiting' as const, quantity: 3, shipBy: null },
    ];
    const line = { promise: promised(today), plannedShipBy: null, quantity: 3, commitments };
    expect(promiseStanding(line, today)).toMatchObject({ day: 'No date yet', note: 'nothing backs it' });
  });

  test('a line of which some units wait says how many the date is for', () => {
    const commitments = [
      { kind: 'pegged' as const, quantity: 2, shipBy: '2026-03-14' },
      { kind: 'waiting' as const, quantity: 3, shipBy: null },
    ];
    const line = { promise: promised('2026-03-14'), plannedShipBy: null, quantity: 5, commitments };
    expect(promiseStanding(line, today)).toMatchObject({ note: '2 of 5 units', broken: false });
  });
});
