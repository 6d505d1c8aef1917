/**
 * Days, as whole numbers since 1970-01-01, so that a million of them fit in a typed array and adding is adding.
 * The calendar arithmetic follows Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (proleptic Gregorian).
 */

/** Days since 1970-01-01. */
export type DayNumber = number;

/** Later than any real day: stands for "no limit" and, as a source's day, for "never". */
export const NO_DAY: DayNumber = 0x3fffffff;

/** 'YYYY-MM-DD' to a day number. Throws a RangeError for a day that does not exist. */
export function dayNumber(text: string): DayNumber {
  const day = tryDayNumber(text);
  if (day === null)
    throw new RangeError(`expected a day that exists, as YYYY-MM-DD, not ${JSON.stringify(text)}`);
  return day;
}

/** 'YYYY-MM-DD' to a day number, or null where there is no such day. */
export function tryDayNumber(text: string): DayNumber | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return null;
  const year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return fromCivil(year, month, day);
}

const FIRST_KEPT_TEXT = 16_436; // 2015-01-01
const KEPT_TEXTS = 14_610; // forty years
const texts: (string | undefined)[] = new Array(KEPT_TEXTS).fill(undefined);

/** A day number as 'YYYY-MM-DD'. Those of our time are made once: a batch of orders names the same few days over and over. */
export function dayText(day: DayNumber): string {
  const place = day - FIRST_KEPT_TEXT;
  if (place >= 0 && place < KEPT_TEXTS) return (texts[place] ??= civilText(day));
  return civilText(day);
}

function civilText(day: DayNumber): string {
  const shifted = day + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}`;
}

/** 1 Monday … 7 Sunday (ISO 8601). */
export function weekday(day: DayNumber): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** The days on which a location, supplier or brand works. */
export interface WorkingCalendar {
  /** 1 Monday … 7 Sunday. */
  readonly workdays: ReadonlySet<number>;
  readonly holidays: ReadonlySet<DayNumber>;
}

export const MONDAY_TO_FRIDAY: WorkingCalendar = { workdays: new Set([1, 2, 3, 4, 5]), holidays: new Set() };

export function isWorkingDay(calendar: WorkingCalendar, day: DayNumber): boolean {
  return calendar.workdays.has(weekday(day)) && !calendar.holidays.has(day);
}

/** The day itself where it works, else the next one that does. */
export function workingDayOnOrAfter(calendar: WorkingCalendar, day: DayNumber): DayNumber {
  // A calendar whose every day is a holiday would never end; ten years of holidays is nobody's calendar.
  for (let next = day; next < day + 3660; next++) if (isWorkingDay(calendar, next)) return next;
  return day;
}

/** `count` working days after the first working day on or after `day`. */
export function addWorkingDays(calendar: WorkingCalendar, day: DayNumber, count: number): DayNumber {
  let at = workingDayOnOrAfter(calendar, day);
  for (let step = 0; step < count; step++) at = workingDayOnOrAfter(calendar, at + 1);
  return at;
}

/** The day and the time of day (minutes since midnight) of an instant in an IANA time zone. */
export function localTime(epochMilliseconds: number, timeZone: string): { day: DayNumber; minutes: number } {
  const minutesOffset = offsetMinutes(epochMilliseconds, timeZone);
  const local = Math.floor(epochMilliseconds / 60000) + minutesOffset;
  const day = Math.floor(local / 1440);
  return { day, minutes: local - day * 1440 };
}

/** The instant at which a day begins in an IANA time zone, in milliseconds since 1970; where that hour is skipped, the next one. */
export function startOfDay(day: DayNumber, timeZone: string): number {
  let at = day * 86_400_000;
  // The offset found first may be that of the other side of a change of clocks.
  for (let step = 0; step < 3; step++) {
    const local = localTime(at, timeZone);
    const ahead = (local.day - day) * 1440 + local.minutes;
    if (ahead === 0) break;
    at -= ahead * 60_000;
  }
  return at;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, { hour: number; minutes: number }>();

/** Minutes east of UTC. Zones change at whole quarters of an hour, so one look per zone and quarter is enough. */
function offsetMinutes(epochMilliseconds: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const hour = Math.floor(epochMilliseconds / 900000);
  const known = offsets.get(timeZone);
  if (known && known.hour === hour) return known.minutes;
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    formats.set(timeZone, format);
  }
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(epochMilliseconds)) part[type] = Number(value);
  const local = fromCivil(part.year!, part.month!, part.day!) * 1440 + part.hour! * 60 + part.minute!;
  const minutes = local - Math.floor(epochMilliseconds / 60000);
  offsets.set(timeZone, { hour, minutes });
  return minutes;
}

function fromCivil(year: number, month: number, day: number): DayNumber {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
