import { minorDigits } from '../imports/index.ts';

/** An exact fraction, the denominator above zero. ERPs tell quantities and factors as decimals, which no float holds. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

export const ONE: Fraction = { over: 1n, under: 1n };

/**
 * A decimal as it is written: "12.50", 0.1, "1E+2".
 * @throws RangeError where it is no number
 */
export function fraction(written: string | number): Fraction {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,3}))?$/i.exec(String(written).trim());
  if (match === null || `${match[2]}${match[3]}` === '') throw new RangeError(`${written} is no number`);
  const [, sign, whole = '', part = '', power = '0'] = match;
  const digits = BigInt(`${whole}${part}`) * (sign === '-' ? -1n : 1n);
  const exponent = Number(power) - part.length;
  return exponent >= 0
    ? { over: digits * 10n ** BigInt(exponent), under: 1n }
    : { over: digits, under: 10n ** BigInt(-exponent) };
}

export const times = (one: Fraction, other: Fraction): Fraction => ({
  over: one.over * other.over,
  under: one.under * other.under,
});

/** @throws RangeError for a part of nothing */
export function dividedBy(one: Fraction, other: Fraction): Fraction {
  if (other.over === 0n) throw new RangeError('a unit of measure has the factor 0');
  const sign = other.over < 0n ? -1n : 1n;
  return { over: one.over * other.under * sign, under: one.under * other.over * sign };
}

export const plus = (one: Fraction, other: Fraction): Fraction => ({
  over: one.over * other.under + other.over * one.under,
  under: one.under * other.under,
});

/**
 * How many reference units one unit is, of a system that keeps both directions as rounded decimals: a dozen is 12 and not
 * 1 / 0.083333333333, a piece in dozens is 1 / 12. The shorter of the two was typed in, the other was computed of it.
 */
export function ofTwoDirections(factor: string | number, rate: string | number): Fraction {
  const lengthOf = (value: string | number) => String(value).replace(/^0\.|\D/g, '').length;
  return lengthOf(factor) <= lengthOf(rate) ? fraction(factor) : dividedBy(ONE, fraction(rate));
}

/** Whole units; null where a part of a unit is left: it is told, never rounded. */
export function whole({ over, under }: Fraction): number | null {
  return over % under === 0n ? Number(over / under) : null;
}

export const asNumber = ({ over, under }: Fraction): number => Number(over) / Number(under);

/** A quantity in stock units, as a fact takes it: what is no whole number stays one that is refused, with its reason. */
export const stockUnits = (quantity: Fraction): number => whole(quantity) ?? asNumber(quantity);

/** Minor units of the price of one stock unit, the nearest; undefined where nothing is told or the currency is unknown. */
export function unitCost(
  price: string | number | null | undefined,
  currency: string | null | undefined,
  factor: Fraction,
): { amount: number; currency: string } | undefined {
  if (price === null || price === undefined || !currency) return undefined;
  const digits = minorDigits(currency);
  if (digits === null) return undefined;
  const { over, under } = dividedBy(fraction(price), factor);
  if (over < 0n) return undefined;
  const minor = over * 10n ** BigInt(digits);
  return { amount: Number((2n * minor + under) / (2n * under)), currency };
}
