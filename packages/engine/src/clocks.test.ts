import { describe, expect, test } from 'vitest';
import type { CardNetwork } from './authorisation.ts';
import {
  AMAZON_CANCELLED_LIMIT,
  AMAZON_LATE_LIMIT,
  amazonShipBy,
  CLOCKS,
  clocksOf,
  staysBelow,
  vendorAcknowledgesBy,
  vendorUpdatesBy,
} from './clocks.ts';
import { dayNumber, dayText } from './day.ts';

const instant = (text: string) => Date.parse(text);
const told = (at: number) => new Date(at).toISOString();

describe('Amazon’s clocks', () => {
  test.each([
    ['2026-03-02', '2026-04-01'], // 29 days of March are left
    ['2028-01-31', '2028-03-01'], // over a leap February: 29 days, and one
    ['2026-02-01', '2026-03-03'],
    ['2026-12-15', '2027-01-14'],
  ])('ordered on %s, it ships by %s', (ordered, by) => {
    expect(dayText(amazonShipBy(dayNumber(ordered)))).toBe(by);
  });

  test.each([
    ['2026-03-28T22:30:00Z', '2026-03-29T22:30:00.000Z', '2026-03-30T22:30:00.000Z'], // no matter the clocks change
    ['2026-12-31T12:00:00Z', '2027-01-01T12:00:00.000Z', '2027-01-02T12:00:00.000Z'],
  ])('what came at %s is acknowledged by %s, what changed is told by %s', (at, acknowledged, updated) => {
    expect(told(vendorAcknowledgesBy(instant(at)))).toBe(acknowledged);
    expect(told(vendorUpdatesBy(instant(at)))).toBe(updated);
  });

  test.each<[string, number, number, number, boolean]>([
    ['3 of 100 late', 3, 100, AMAZON_LATE_LIMIT, true],
    ['4 of 100 late is not below 4 %', 4, 100, AMAZON_LATE_LIMIT, false],
    ['39 of 1000 late', 39, 1000, AMAZON_LATE_LIMIT, true],
    ['2 of 100 cancelled', 2, 100, AMAZON_CANCELLED_LIMIT, true],
    ['5 of 200 cancelled is not below 2.5 %', 5, 200, AMAZON_CANCELLED_LIMIT, false],
    ['1 of 39 cancelled is above', 1, 39, AMAZON_CANCELLED_LIMIT, false],
    ['nothing of nothing', 0, 0, AMAZON_LATE_LIMIT, true],
  ])('%s', (_, count, of, limit, expected) => {
    expect(staysBelow(count, of, limit)).toBe(expected);
  });
});

describe('an order’s clocks', () => {
  test.each<[string, CardNetwork, 'customer' | 'merchant', string | null, string]>([
    ['the provider’s own day holds', 'visa', 'customer', '2026-03-05T10:00:00Z', '2026-03-05T10:00:00.000Z'],
    ['seven days', 'visa', 'customer', null, '2026-03-09T09:00:00.000Z'],
    ['Visa, by the merchant: 4 days and 18 hours', 'visa', 'merchant', null, '2026-03-07T03:00:00.000Z'],
    ['Mastercard, by the merchant', 'mastercard', 'merchant', null, '2026-03-09T09:00:00.000Z'],
    ['nobody knows the card', 'other', 'customer', null, '2026-03-07T09:00:00.000Z'],
    ['extended to 30 days', 'visa', 'customer', '2026-04-01T09:00:00Z', '2026-04-01T09:00:00.000Z'],
  ])('an authorisation: %s', (_, network, by, captureBefore, expected) => {
    const [clock] = clocksOf({
      amazon: false,
      orderedOn: dayNumber('2026-03-02'),
      expectedOn: null,
      paidOn: [],
      authorisations: [
        {
          at: instant('2026-03-02T09:00:00Z'),
          captureBefore: captureBefore === null ? null : instant(captureBefore),
          network,
          by,
          extendsUntil: null,
        },
      ],
    });
    expect(clock).toEqual({ clock: 'authorisation', at: instant(expected) });
  });

  test('Amazon’s ship day and the card’s dispute run side by side', () => {
    const clocks = clocksOf({
      amazon: true,
      orderedOn: dayNumber('2026-03-02'),
      expectedOn: dayNumber('2026-04-01'),
      paidOn: [dayNumber('2026-03-02'), dayNumber('2026-03-20')],
      authorisations: [],
    });
    expect(clocks.map(({ clock, day }) => `${clock} ${dayText(day!)}`)).toEqual([
      'amazon_ship_date 2026-04-01',
      'card_dispute 2026-07-30',
      'card_dispute 2026-07-30',
    ]);
  });

  test('every clock says whose it is and where it is written', () => {
    for (const row of Object.values(CLOCKS))
      expect([row.state, row.must, row.source].every(Boolean)).toBe(true);
  });
});
