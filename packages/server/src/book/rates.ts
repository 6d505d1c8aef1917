import { convertMinor } from '@kept/engine';

const digitsOf = new Map<string, number>();

/** How many digits a currency's minor units are. */
export function minorDigits(currency: string): number {
  const known = digitsOf.get(currency);
  if (known !== undefined) return known;
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  digitsOf.set(currency, digits);
  return digits;
}

/** Money told in the brand's currency at the rates of one day; what has no rate is remembered. */
export class Exchange {
  readonly currency: string;
  readonly missing = new Set<string>();
  private readonly rates: ReadonlyMap<string, string>;

  constructor(currency: string, rates: ReadonlyMap<string, string>) {
    this.currency = currency;
    this.rates = rates;
  }

  /** Minor units in the brand's currency; null where no rate is known. */
  toBrand(amount: number, currency: string): number | null {
    if (currency === this.currency || amount === 0) return amount;
    const rate = this.rates.get(currency);
    if (rate === undefined) {
      this.missing.add(currency);
      return null;
    }
    return convertMinor(amount, rate, minorDigits(currency), minorDigits(this.currency));
  }
}
