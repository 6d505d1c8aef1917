import { MAXIMUM_QUANTITY } from '@kept/contract';
import { type Problem, problem } from './problem.ts';

/** The character that stands before the decimals in this file; null where the file has not shown it. */
export type DecimalMark = '.' | ',' | null;

const NOT_WHOLE = problem('is not a whole number of units', 'whole units, such as 5');
const NOT_A_NUMBER = problem('is not a number', 'whole units, such as 5');
const AMBIGUOUS = problem(
  'may be thousands or decimals',
  'whole units without a thousands separator, such as 1000',
);
export const TOO_MANY = problem('is too many units', 'at most 10,000,000 units');

/**
 * Whole units from a cell: "5", "+5", "5.0", "5,00". Negative numbers are read (the caller says what it thinks of
 * them); fractions, words, exponents and more than ten million are not. "5.000" is five or five thousand: only
 * the file's own decimal mark settles it.
 */
export function readUnits(text: string, mark: DecimalMark = null): number | Problem {
  const length = text.length;
  if (length > 0 && length <= 9) {
    // nearly every cell is a few plain digits
    let value = 0;
    let index = 0;
    for (; index < length; index++) {
      const digit = text.charCodeAt(index) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (index === length) return value > MAXIMUM_QUANTITY ? TOO_MANY : value;
  }
  const match = /^([+-]?)(\d+)(?:([.,])(\d*))?$/.exec(text);
  if (!match) {
    if (/^[+-]?\d{1,3}([.,' \u00a0\u202f]\d{3})+([.,]\d*)?$/.test(text)) return AMBIGUOUS;
    return NOT_A_NUMBER;
  }
  const [, sign, whole, separator, decimals = ''] = match as unknown as [
    string,
    string,
    string,
    string?,
    string?,
  ];
  if (/[1-9]/.test(decimals)) {
    // three digits behind a mark that is not the file's decimal mark are thousands, and those are asked for plainly
    return decimals.length === 3 && separator !== mark ? AMBIGUOUS : NOT_WHOLE;
  }
  const maybeThousands = decimals.length === 3 && whole.length <= 3 && !/^0/.test(whole);
  if (maybeThousands && separator !== mark) return AMBIGUOUS;
  if (whole.replace(/^0+/, '').length > 10 || Number(whole) > MAXIMUM_QUANTITY) return TOO_MANY;
  const value = Number(whole);
  return sign === '-' && value !== 0 ? -value : value;
}

/**
 * Units of a quantity in another unit of measure: "1.5" cases of 12 are 18. Answers a problem where no whole number
 * of stock units comes out (RULES 7).
 */
export function readUnitsTimes(text: string, factor: number, mark: DecimalMark = null): number | Problem {
  const whole = readUnits(text, mark);
  if (typeof whole === 'number') {
    return Math.abs(whole) * factor > MAXIMUM_QUANTITY ? TOO_MANY : whole * factor;
  }
  if (whole !== NOT_WHOLE) return whole;
  const [left, right] = text.replace(',', '.').split('.') as [string, string];
  const scale = 10n ** BigInt(right.length);
  const scaled = BigInt(left + right) * BigInt(factor);
  if (scaled % scale !== 0n) {
    return problem(
      `times ${factor} is not a whole number of units`,
      `a multiple that gives whole units of ${factor}`,
    );
  }
  const units = Number(scaled / scale);
  return Math.abs(units) > MAXIMUM_QUANTITY ? TOO_MANY : units;
}
