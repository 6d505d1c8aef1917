/**
 * Sample time to calendar time. Inside this folder a day is a whole number: 0 is the sample's first day, a Monday. The
 * sample is moved by whole weeks, so that its weekdays hold and its last week is the one that holds today.
 */

export const SAMPLE_FIRST_DAY = '2011-06-13';
/** 2011-12-09, a Friday. */
export const SAMPLE_LAST_DAY = 179;
export const TIME_ZONE = 'Europe/London';

const MILLISECONDS_PER_DAY = 86_400_000;
const numberOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / MILLISECONDS_PER_DAY;

/** A day of the source ('2011-11-30') as a sample day. */
export const sampleDay = (day: string): number => numberOf(day) - numberOf(SAMPLE_FIRST_DAY);

/** 0 Monday … 6 Sunday. */
export const weekdayOf = (day: number): number => ((day % 7) + 7) % 7;
export const isWeekend = (day: number): boolean => weekdayOf(day) > 4;
/** The day itself, or the Monday after it. */
export const onWorkday = (day: number): number => (isWeekend(day) ? day + 7 - weekdayOf(day) : day);
export const workdayAfter = (day: number): number => onWorkday(day + 1);

/** What turns sample days into today's calendar. */
export interface Shift {
  /** Today, as a sample day: at most the sample's last. */
  today: number;
  /** 'YYYY-MM-DD' of a sample day. */
  dayOf(day: number): string;
  /** UTC instant of a minute of the brand's day. */
  instantOf(day: number, minute: number): string;
}

/** @param today 'YYYY-MM-DD' in the brand's time zone */
export function shiftTo(today: string): Shift {
  const calendarToday = numberOf(today);
  if (!Number.isInteger(calendarToday)) throw new Error(`expected a day as YYYY-MM-DD, got ${today}`);
  const calendarWeekday = weekdayOf(calendarToday + 3); // 1970-01-01 was a Thursday
  const behind = (((SAMPLE_LAST_DAY - calendarWeekday) % 7) + 7) % 7;
  const sampleToday = SAMPLE_LAST_DAY - behind;
  const dayOf = (day: number): string =>
    new Date((calendarToday + day - sampleToday) * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
  const midnights = new Map<number, number>();
  const midnightOf = (day: number): number => {
    let midnight = midnights.get(day);
    if (midnight === undefined)
      midnights.set(
        day,
        (midnight = Temporal.PlainDate.from(dayOf(day)).toZonedDateTime(TIME_ZONE).epochMilliseconds),
      );
    return midnight;
  };
  return {
    today: sampleToday,
    dayOf,
    instantOf: (day, minute) => new Date(midnightOf(day) + minute * 60_000).toISOString(),
  };
}
