import { minorDigits } from '../../imports/index.ts';

/**
 * Amazon's decimal text as minor units, exactly: "346.27" USD is 34627. Digits beyond the minor unit are rounded half away
 * from zero, since Amazon prices some units in fractions of a cent.
 * @returns null where the text is no number or the currency is unknown
 */
export function minorUnits({
  amount,
  currencyCode,
}: {
  amount: string;
  currencyCode: string;
}): number | null {
  const digits = minorDigits(currencyCode);
  const match = /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$/.exec(amount.trim());
  if (digits === null || match === null) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const places = fraction.length - Number(exponent) - digits;
  const all = BigInt(whole + fraction);
  const minor = places <= 0 ? all * 10n ** BigInt(-places) : rounded(all, 10n ** BigInt(places));
  const value = Number(sign === '-' ? -minor : minor);
  return Number.isSafeInteger(value) ? value : null;
}

const rounded = (value: bigint, unit: bigint) => (value + unit / 2n) / unit;
