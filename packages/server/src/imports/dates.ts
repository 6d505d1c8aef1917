import { type Problem, problem } from './problem.ts';

/** Which comes first in dates written with strokes: 05/01/2026 is 5 January (dmy) or 1 May (mdy). */
export type DayOrder = 'dmy' | 'mdy';

/** A moment as written: without an offset it is a wall clock's, without a time it is a day. */
export interface Moment {
  year: number;
  month: number;
  day: number;
  /** Milliseconds into the day; null where only a day was written. */
  time: number | null;
  offsetMinutes: number | null;
}

const NOT_A_DATE = problem('is not a date', 'a date such as 2026-03-14');
const NO_SUCH_DAY = problem('is a day that does not exist', 'a day that exists, such as 2026-03-14');
const NO_SUCH_TIME = problem('has a time that does not exist', 'a time such as 14:05:00');
const FAR_YEAR = problem('lies outside of the years 1970 to 2199', 'a date such as 2026-03-14');
const DAY_NUMBER = problem(
  "is a spreadsheet's day number",
  'a date such as 2026-03-14: format the column as a date',
);
export const EITHER_ORDER = problem(
  'may be day/month or month/day',
  'a date such as 2026-03-14, or say --date-format dmy or mdy',
);

const MONTHS: Record<string, number> = {
  jan: 1,
  feb: 2,
  mar: 3,
  mär: 3,
  mrz: 3,
  apr: 4,
  may: 5,
  mai: 5,
  jun: 6,
  jul: 7,
  aug: 8,
  sep: 9,
  sept: 9,
  oct: 10,
  okt: 10,
  nov: 11,
  dec: 12,
  dez: 12,
};

const ISO =
  /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?$/i;
const STROKES =
  /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:,?[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP]M)?)?$/i;
const DAY_NAME_YEAR = /^(\d{1,2})[. -]+(\p{L}{3,9})[. ,-]+(\d{4}|\d{2})$/u;
const NAME_DAY_YEAR = /^(\p{L}{3,9})[. ]+(\d{1,2}),?\s+(\d{4})$/u;

/** What a cell's strokes say about the order of its column: only one order makes a day of it, or both do. */
export function dayOrderOf(text: string): DayOrder | 'either' | null {
  const match = STROKES.exec(text);
  if (!match || match[2] === '.') return null;
  const [first, second] = [Number(match[1]), Number(match[3])];
  if (first > 12 && second <= 12) return 'dmy';
  if (second > 12 && first <= 12) return 'mdy';
  // 03/03/2026 is the same day either way and decides nothing
  return first <= 12 && first !== second ? 'either' : null;
}

/**
 * A date or a moment: ISO 8601 with or without time and offset, "2026-01-05 10:11:12 -0500", 20260105, 14.3.2026,
 * 14-Mar-26, Mar 14, 2026, and strokes in the order that the column has (undefined: only if the cell leaves no choice).
 * Two-digit years are of this century.
 */
export function readMoment(text: string, order?: DayOrder): Moment | Problem {
  const iso = ISO.exec(text);
  if (iso) {
    const offset = offsetOf(iso[9]);
    if (Number.isNaN(offset)) return NO_SUCH_TIME;
    return moment(+iso[1]!, +iso[3]!, +iso[4]!, timeOf(iso[5], iso[6], iso[7], iso[8]), offset);
  }
  const strokes = STROKES.exec(text);
  if (strokes) {
    const [first, second] = [Number(strokes[1]), Number(strokes[3])];
    const shape = strokes[2] === '.' ? 'dmy' : (order ?? dayOrderOf(text));
    if (shape === 'either') return EITHER_ORDER;
    const [day, month] = shape === 'mdy' ? [second, first] : [first, second];
    return moment(
      year(strokes[4]!),
      month,
      day,
      timeOf(strokes[5], strokes[6], strokes[7], undefined, strokes[8]),
      null,
    );
  }
  const named = DAY_NAME_YEAR.exec(text);
  if (named) return moment(year(named[3]!), monthOf(named[2]!), Number(named[1]), null, null);
  const american = NAME_DAY_YEAR.exec(text);
  if (american) return moment(Number(american[3]), monthOf(american[1]!), Number(american[2]), null, null);
  if (/^(19|20|21)\d{6}$/.test(text)) {
    return moment(+text.slice(0, 4), +text.slice(4, 6), +text.slice(6, 8), null, null);
  }
  return /^[2-6]\d{4}(\.\d+)?$/.test(text) ? DAY_NUMBER : NOT_A_DATE;
}

/** The day as written, 'YYYY-MM-DD', whatever time stands beside it. */
export function toDay(moment: Moment): string {
  return `${moment.year}-${two(moment.month)}-${two(moment.day)}`;
}

/** The instant, ISO 8601 in UTC; a wall clock's is read in the brand's time zone. */
export function toInstant(moment: Moment, zone: ZoneClock): string {
  const wall = Date.UTC(moment.year, moment.month - 1, moment.day) + (moment.time ?? 0);
  const offset = moment.offsetMinutes ?? zone.offsetMinutes(wall);
  const text = new Date(wall - offset * 60_000).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, 19)}Z` : text;
}

/** A time zone's offsets by wall clock, remembered by day: asking Temporal for each row would cost more than the row. */
export class ZoneClock {
  readonly timeZone: string;
  readonly #constant = new Map<number, number | null>();

  constructor(timeZone: string) {
    this.timeZone = timeZone;
  }

  /** Minutes ahead of UTC at a wall-clock time, given as if it were UTC. A time that the clocks skip is taken as the later one. */
  offsetMinutes(wallMilliseconds: number): number {
    const day = Math.floor(wallMilliseconds / 86_400_000);
    let offset = this.#constant.get(day);
    if (offset === undefined) {
      const atStart = this.#exact(day * 86_400_000);
      offset = atStart === this.#exact((day + 1) * 86_400_000) ? atStart : null;
      if (this.#constant.size > 20_000) this.#constant.clear();
      this.#constant.set(day, offset);
    }
    return offset ?? this.#exact(wallMilliseconds);
  }

  #exact(wallMilliseconds: number): number {
    const wall = Temporal.PlainDateTime.from(new Date(wallMilliseconds).toISOString().slice(0, 23));
    return (wallMilliseconds - wall.toZonedDateTime(this.timeZone).epochMilliseconds) / 60_000;
  }
}

function moment(
  y: number,
  m: number,
  d: number,
  time: number | null | typeof NaN,
  offset: number | null,
): Moment | Problem {
  if (Number.isNaN(m)) return NOT_A_DATE;
  if (m < 1 || m > 12 || d < 1 || d > daysIn(y, m)) return NO_SUCH_DAY;
  if (y < 1970 || y > 2199) return FAR_YEAR;
  if (Number.isNaN(time)) return NO_SUCH_TIME;
  return { year: y, month: m, day: d, time, offsetMinutes: offset };
}

function timeOf(
  hour?: string,
  minute?: string,
  second?: string,
  fraction?: string,
  half?: string,
): number | null {
  if (hour === undefined) return null;
  let h = Number(hour);
  if (half !== undefined) {
    if (h < 1 || h > 12) return Number.NaN;
    h = (h % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  }
  const m = Number(minute);
  const s = Number(second ?? 0);
  if (h > 23 || m > 59 || s > 59) return Number.NaN;
  const milliseconds = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
  return ((h * 60 + m) * 60 + s) * 1000 + milliseconds;
}

/** Minutes; null where none is written, NaN where there is no such offset. */
function offsetOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(text);
  if (!match) return 0;
  const [hours, minutes] = [Number(match[2]), Number(match[3])];
  if (hours > 15 || minutes > 59) return Number.NaN;
  return (match[1] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

const year = (digits: string) => (digits.length === 2 ? 2000 + Number(digits) : Number(digits));
function monthOf(name: string): number {
  const lower = name.toLowerCase();
  return MONTHS[lower] ?? MONTHS[lower.slice(0, 3)] ?? Number.NaN;
}
const daysIn = (y: number, m: number) =>
  m === 2 ? (leap(y) ? 29 : 28) : m === 4 || m === 6 || m === 9 || m === 11 ? 30 : 31;
const leap = (y: number) => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
const two = (value: number) => (value < 10 ? `0${value}` : String(value));
