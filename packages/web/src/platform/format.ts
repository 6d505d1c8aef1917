/**
 * How days, money and counts are written. Days are 'YYYY-MM-DD' and are reckoned in UTC, so that no time zone can
 * move them; an instant becomes a day in the brand's zone first.
 */
import { language, locale } from './language.ts';

const dayMillis = 86_400_000;

const parts = new Intl.DateTimeFormat(locale, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const counts = new Intl.NumberFormat(locale);

const magnitudes: readonly (readonly [size: number, letter: string])[] =
  language === 'de'
    ? [
        [1e3, ' Tsd.'],
        [1e6, ' Mio.'],
        [1e9, ' Mrd.'],
      ]
    : [
        [1e3, 'k'],
        [1e6, 'm'],
        [1e9, 'bn'],
      ];

export type Money = { amount: number; currency: string };

/** "Fri 14 Mar"; with its year when that is not the year of today. */
export function formatDay(day: string, today: string, options: { weekday?: boolean } = {}): string {
  const found: Record<string, string> = {};
  for (const part of parts.formatToParts(epoch(day))) found[part.type] = part.value;
  // "Sept" is September's only in en-GB; a German month is short or whole as it is usual.
  const month = language === 'de' ? found.month : found.month?.slice(0, 3);
  const words = [
    options.weekday === false ? undefined : found.weekday,
    language === 'de' ? `${found.day}.` : found.day,
    month,
    day.slice(0, 4) === today.slice(0, 4) ? undefined : found.year,
  ];
  return words.filter(Boolean).join(' ');
}

/** The day an instant falls on, in a zone. */
export function dayOf(instant: string, timeZone: string): string {
  const found: Record<string, string> = {};
  for (const part of inZone(timeZone).formatToParts(new Date(instant))) found[part.type] = part.value;
  return `${found.year}-${found.month}-${found.day}`;
}

/** Days from one day to another; negative when the second is the earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((epoch(to) - epoch(from)) / dayMillis);
}

/** "14:02", in the reader's own zone. */
export function formatTime(millis: number): string {
  return clock.format(millis);
}

export function formatCount(count: number): string {
  return counts.format(count);
}

/** Three figures at most: £4.95, £347, £1.2k, £41.2k, £120k, £1.3m. */
export function formatMoneyShort(money: Money): string {
  const decimals = minorDigits(money.currency);
  const value = Math.abs(money.amount) / 10 ** decimals;
  const sign = money.amount < 0 ? '−' : '';
  return sign + withSymbol(shortNumber(value, decimals), money.currency);
}

/** To the last minor unit, the currency beyond doubt: £41,204.50, US$19.99. */
export function formatMoney(money: Money): string {
  const decimals = minorDigits(money.currency);
  return currencyFormat(money.currency, decimals, 'symbol').format(money.amount / 10 ** decimals);
}

/** Each currency on its own: sums never mix them. */
export function formatMoneyList(list: readonly Money[], one: (money: Money) => string): string {
  return list.map(one).join(' + ');
}

function shortNumber(value: number, decimals: number): string {
  if (value < 9.995 && value !== Math.trunc(value)) return withPoint(value.toFixed(Math.min(decimals, 2)));
  if (value < 999.5) return value.toFixed(0);
  for (const [size, letter] of magnitudes) {
    const scaled = value / size;
    // 999,600 is £1m and not £1000k: a figure that would round up to four digits takes the next letter.
    if (scaled < 999.5 || size === 1e9) return trimmed(scaled) + letter;
  }
  return counts.format(value);
}

function trimmed(scaled: number): string {
  const text = scaled < 99.95 ? scaled.toFixed(1) : counts.format(Math.round(scaled));
  return text.endsWith('.0') ? text.slice(0, -2) : withPoint(text);
}

function withPoint(text: string): string {
  return language === 'de' && text.length < 6 ? text.replace('.', ',') : text;
}

function withSymbol(text: string, currency: string): string {
  const shape = currencyFormat(currency, 0, 'narrowSymbol').formatToParts(1);
  return shape
    .filter((part) => part.type !== 'decimal' && part.type !== 'fraction')
    .map((part) => (part.type === 'integer' ? text : part.value))
    .join('');
}

function epoch(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

const zones = new Map<string, Intl.DateTimeFormat>();
function inZone(timeZone: string): Intl.DateTimeFormat {
  const known = zones.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  zones.set(timeZone, made);
  return made;
}

const currencies = new Map<string, Intl.NumberFormat>();
function currencyFormat(
  currency: string,
  digits: number,
  currencyDisplay: 'symbol' | 'narrowSymbol',
): Intl.NumberFormat {
  const key = `${currency} ${digits} ${currencyDisplay}`;
  const known = currencies.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  currencies.set(key, made);
  return made;
}

function minorDigits(currency: string): number {
  return (
    new Intl.NumberFormat(locale, { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
    2
  );
}

/** "12 %", "12.5 %" */
export function formatShare(share: number, digits = 0): string {
  return `${(share * 100).toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })} %`;
}

/** "Fri 14 Mar, 14:02": when something happened, in a zone. */
export function formatInstant(instant: string, timeZone: string, today: string): string {
  return `${formatDay(dayOf(instant, timeZone), today)}, ${formatTime(Date.parse(instant))}`;
}

/** "12.50": for files, whose point is a point in every language. */
export function decimalOf({ amount, currency }: Money): string {
  const decimals = minorDigits(currency);
  return (amount / 10 ** decimals).toFixed(decimals);
}
