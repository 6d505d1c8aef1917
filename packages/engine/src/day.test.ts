import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addWorkingDays,
  dayNumber,
  dayText,
  isWorkingDay,
  localTime,
  MONDAY_TO_FRIDAY,
  startOfDay,
  tryDayNumber,
  weekday,
  workingDayOnOrAfter,
} from './day.ts';

describe('days as numbers', () => {
  test.each([
    ['1970-01-01', 0],
    ['1969-12-31', -1],
    ['2000-02-29', 11016],
    ['2026-03-02', 20514],
  ])('%s is day %i', (text, number) => {
    expect(dayNumber(text)).toBe(number);
    expect(dayText(number)).toBe(text);
  });

  test.each([
    '2026-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '',
    '20260101',
  ])('%j is no day', (text) => {
    expect(tryDayNumber(text)).toBeNull();
    expect(() => dayNumber(text)).toThrow(RangeError);
  });

  test('every day is the day after the one before it, over leap years and centuries', () => {
    let number = dayNumber('1899-12-31');
    for (let date = new Date('1900-01-01T00:00:00Z'); date.getUTCFullYear() < 2101; number++) {
      const text = date.toISOString().slice(0, 10);
      expect(dayNumber(text)).toBe(number + 1);
      expect(dayText(number + 1)).toBe(text);
      date.setUTCDate(date.getUTCDate() + 1);
    }
  });

  test('the week begins on Monday', () => {
    expect(weekday(dayNumber('2026-03-02'))).toBe(1);
    expect(weekday(dayNumber('2026-03-08'))).toBe(7);
    expect(weekday(dayNumber('1969-12-31'))).toBe(3);
  });
});

describe('working days', () => {
  const easter = {
    ...MONDAY_TO_FRIDAY,
    holidays: new Set([dayNumber('2026-04-03'), dayNumber('2026-04-06')]),
  };

  test('a weekend and holidays are passed over', () => {
    expect(isWorkingDay(easter, dayNumber('2026-04-03'))).toBe(false);
    expect(dayText(workingDayOnOrAfter(easter, dayNumber('2026-04-03')))).toBe('2026-04-07');
    expect(dayText(workingDayOnOrAfter(easter, dayNumber('2026-04-02')))).toBe('2026-04-02');
  });

  test.each([
    ['2026-04-02', 0, '2026-04-02'],
    ['2026-04-02', 1, '2026-04-07'],
    ['2026-04-04', 0, '2026-04-07'],
    ['2026-04-04', 1, '2026-04-08'],
  ])('%s and %i working days is %s', (from, count, until) => {
    expect(dayText(addWorkingDays(easter, dayNumber(from), count))).toBe(until);
  });

  test('a calendar without any working day does not hang', () => {
    const never = { workdays: new Set<number>(), holidays: new Set<number>() };
    expect(addWorkingDays(never, 100, 2)).toBe(102);
  });
});

describe('the day and time in a zone', () => {
  const at = (instant: string, zone: string) => {
    const { day, minutes } = localTime(Date.parse(instant), zone);
    return `${dayText(day)} ${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  };

  test.each([
    ['2026-03-01T04:59:59Z', 'America/New_York', '2026-02-28 23:59'],
    ['2026-03-01T05:00:00Z', 'America/New_York', '2026-03-01 0:00'],
    // The clocks go forward on 8 March in New York, on 29 March in Berlin.
    ['2026-03-08T06:59:00Z', 'America/New_York', '2026-03-08 1:59'],
    ['2026-03-08T07:00:00Z', 'America/New_York', '2026-03-08 3:00'],
    ['2026-03-29T00:59:00Z', 'Europe/Berlin', '2026-03-29 1:59'],
    ['2026-03-29T01:00:00Z', 'Europe/Berlin', '2026-03-29 3:00'],
    ['2026-10-25T01:00:00Z', 'Europe/Berlin', '2026-10-25 2:00'],
    ['2026-03-01T18:45:00Z', 'Asia/Kathmandu', '2026-03-02 0:30'],
    ['2026-03-01T11:00:00Z', 'Pacific/Kiritimati', '2026-03-02 1:00'],
    ['1969-12-31T23:59:30Z', 'UTC', '1969-12-31 23:59'],
  ])('%s in %s is %s', (instant, zone, local) => {
    expect(at(instant, zone)).toBe(local);
  });

  test.each([
    ['2026-03-08', 'America/New_York', '2026-03-08T05:00:00.000Z'],
    ['2026-03-09', 'America/New_York', '2026-03-09T04:00:00.000Z'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
    ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
    ['2026-03-02', 'UTC', '2026-03-02T00:00:00.000Z'],
    // Clocks in Santiago go forward at midnight: the day begins at one.
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  ])('%s in %s begins at %s', (day, zone, instant) => {
    expect(new Date(startOfDay(dayNumber(day), zone)).toISOString()).toBe(instant);
  });

  test('is what Intl says, whatever was asked before', () => {
    const zones = ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kolkata'];
    fc.assert(
      fc.property(
        fc.integer({ min: 946_684_800_000, max: 2_524_608_000_000 }),
        fc.constantFrom(...zones),
        (instant, timeZone) => {
          const format = new Intl.DateTimeFormat('sv-SE', {
            timeZone,
            dateStyle: 'short',
            timeStyle: 'short',
          });
          const { day, minutes } = localTime(instant, timeZone);
          const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
          expect(`${dayText(day)} ${time}`).toBe(format.format(instant));
        },
      ),
      { numRuns: 300 },
    );
  });
});
