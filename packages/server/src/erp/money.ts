import { minorDigits } from '../imports/index.ts';

/** Money as ERPs take it: 605 USD is "6.05". */
export function decimalOf({ amount, currency }: { amount: number; currency: string }): string {
  const digits = minorDigits(currency) ?? 2;
  const text = String(amount).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** The one location of a draft; null where it has several, which no ERP's order can come to. */
export function oneLocation(lines: readonly { readonly location: string }[]): string | null {
  const [first] = lines;
  return first === undefined || lines.some((line) => line.location !== first.location)
    ? null
    : first.location;
}
