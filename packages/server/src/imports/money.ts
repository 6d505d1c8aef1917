import { MAXIMUM_AMOUNT } from '@kept/contract';
import { type Problem, problem } from './problem.ts';
import type { DecimalMark } from './quantity.ts';

/** Digits behind the point of a currency's minor unit (USD 2, JPY 0, KWD 3); null where there is no such currency. */
export function minorDigits(currency: string): number | null {
  const known = digitsOf.get(currency);
  if (known !== undefined) return known;
  const digits =
    /^[A-Z]{3}$/.test(currency) && currencies().has(currency)
      ? new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits!
      : null;
  digitsOf.set(currency, digits);
  return digits;
}
const digitsOf = new Map<string, number | null>();
let currencySet: Set<string> | undefined;
const currencies = () => (currencySet ??= new Set(Intl.supportedValuesOf('currency')));

/** Which currencies a sign may stand for: a sign that cannot be the row's currency is an error, not a decoration. */
const SIGNS: Record<string, readonly string[]> = {
  $: ['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'MXN', 'TWD', 'ARS', 'CLP', 'COP', 'BRL'],
  '€': ['EUR'],
  '£': ['GBP'],
  '¥': ['JPY', 'CNY'],
  '₹': ['INR'],
  '₩': ['KRW'],
  zł: ['PLN'],
  Kč: ['CZK'],
  kr: ['SEK', 'NOK', 'DKK', 'ISK'],
  R$: ['BRL'],
  CA$: ['CAD'],
  A$: ['AUD'],
  US$: ['USD'],
};

/**
 * Minor units from a cell: "19.99", "1,299.00", "1.299,00 €", "$5". Negative amounts are read. What can be read in
 * two ways is refused unless the file's decimal mark settles it, and so is a part of a minor unit: money is never
 * rounded silently.
 */
export function readAmount(text: string, currency: string, mark: DecimalMark = null): number | Problem {
  const digits = minorDigits(currency);
  if (digits === null) return problem(`has the unknown currency ${currency}`, 'a currency code such as USD');
  const plain = plainAmount(text, digits);
  if (plain >= 0) return plain > MAXIMUM_AMOUNT ? TOO_MUCH : plain;
  const bare = withoutSign(text, currency);
  if (typeof bare !== 'string') return bare;
  const match = /^([+-]?)(\d[\d.,' \u00a0\u202f]*|[.,]\d+)$/.exec(bare);
  if (!match) return problem('is not an amount', `an amount in ${currency}, such as ${example(digits)}`);
  const negative = match[1] === '-';
  const number = match[2]!.replace(/[' \u00a0\u202f](?=\d{3}(\D|$))/g, '');
  // What parts no thousands parts nothing that a person would write.
  const parts = /^[\d.,]*$/.test(number) ? splitAtMark(number, mark) : 'is not an amount';
  if (typeof parts === 'string') {
    return problem(parts, `an amount in ${currency}, such as ${example(digits)}`);
  }
  const [whole, decimals] = parts;
  if (decimals.length > digits && /[1-9]/.test(decimals.slice(digits))) {
    return problem(
      `has more decimals than ${currency} has`,
      `an amount in ${currency}, such as ${example(digits)}`,
    );
  }
  const minor = `${whole}${decimals.slice(0, digits).padEnd(digits, '0')}`.replace(/^0+(?=\d)/, '');
  if (minor.length > 14 || Number(minor) > MAXIMUM_AMOUNT) return TOO_MUCH;
  const amount = Number(minor);
  return negative && amount !== 0 ? -amount : amount;
}

/**
 * A whole line's amount as a price per unit and a discount on the line, exactly: price × units − discount = total.
 * The price is rounded up to a minor unit and the discount, less than one minor unit a piece, takes the excess.
 */
export function perUnit(total: number, units: number): { price: number; discount: number } {
  const price = Math.ceil(total / units);
  return { price, discount: price * units - total };
}

const TOO_MUCH = problem(
  'is too much',
  'an amount of at most 100,000,000,000 minor units, such as 1,000,000,000.00',
);

/** Digits with at most one point and no more decimals than the currency has, which is nearly every cell; else -1. */
function plainAmount(text: string, digits: number): number {
  const length = text.length;
  if (length === 0 || length > 14) return -1;
  let value = 0;
  let decimals = -1;
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 46 && decimals < 0 && index > 0) {
      decimals = 0;
      continue;
    }
    if (unit < 48 || unit > 57) return -1;
    value = value * 10 + unit - 48;
    if (decimals >= 0) decimals++;
  }
  // three decimals may be thousands: the long way decides
  if (decimals === 0 || decimals > digits || decimals === 3) return -1;
  for (let missing = decimals < 0 ? digits : digits - decimals; missing > 0; missing--) value *= 10;
  return value;
}

function withoutSign(text: string, currency: string): string | Problem {
  const match =
    /^([+-]?)\s*([^\d.,+\-\s]{1,3})?\s*([+-]?[\d.,][\d.,' \u00a0\u202f]*?)\s*([^\d.,\s]{1,3})?$/u.exec(text);
  if (!match) return text;
  const [, before = '', left, number = '', right] = match;
  for (const sign of [left, right]) {
    if (sign === undefined || sign === currency) continue;
    const fits = SIGNS[sign] ?? (/^[A-Z]{3}$/.test(sign) ? [] : null);
    if (fits === null) return problem('is not an amount', `an amount in ${currency}`);
    if (!fits.includes(currency)) return problem(`is not in ${currency}`, `an amount in ${currency}`);
  }
  return before + number;
}

/** Whole and decimal digits, or the sentence that says why they cannot be told apart. */
function splitAtMark(number: string, mark: DecimalMark): [string, string] | string {
  const comma = number.lastIndexOf(',');
  const point = number.lastIndexOf('.');
  if (comma < 0 && point < 0) return [number, ''];
  const last = Math.max(comma, point);
  const sign = number[last] as ',' | '.';
  const other = sign === ',' ? '.' : ',';
  const head = number.slice(0, last);
  const tail = number.slice(last + 1);
  if (!/^\d*$/.test(tail)) return 'is not an amount';
  const repeated = head.includes(sign);
  const both = head.includes(other);
  if (repeated && both) return 'is not an amount';
  if (repeated) return grouped(number, sign) ? [number.replaceAll(sign, ''), ''] : 'is not an amount';
  if (both) return grouped(head, other) ? [head.replaceAll(other, ''), tail] : 'is not an amount';
  if (tail.length !== 3 || head.length > 3 || head === '' || head.startsWith('0')) return [head || '0', tail];
  if (mark === sign) return [head, tail];
  if (mark === other) return [head + tail, ''];
  return 'may be thousands or decimals';
}

const grouped = (number: string, separator: string) =>
  number.split(separator).every((part, index) => (index === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(part));
const example = (digits: number) => (digits === 0 ? '1999' : `19.${'990'.slice(0, digits)}`);
