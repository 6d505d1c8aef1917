/** Shopify writes money as decimals of a currency; Kept counts minor units. Intl knows how many digits a currency has. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

export interface ShopMoney {
  readonly amount: string;
  readonly currencyCode: string;
}

const digits = new Map<string, number>();

function digitsOf(currency: string): number {
  let known = digits.get(currency);
  if (known === undefined) {
    const { maximumFractionDigits } = new Intl.NumberFormat('en', {
      style: 'currency',
      currency,
    }).resolvedOptions();
    digits.set(currency, (known = maximumFractionDigits ?? 2));
  }
  return known;
}

/** '19.9' USD is 1990. What lies beyond the currency's digits is rounded half away from zero. */
export function minorUnits(amount: string | number, currency: string): number {
  const [, sign = '', whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(amount)) ?? [];
  const places = digitsOf(currency);
  const exact = Number(`${whole}${part.padEnd(places, '0').slice(0, places)}`);
  const rounded = exact + (Number(part[places] ?? 0) >= 5 ? 1 : 0);
  return sign === '-' ? -rounded : rounded;
}

export const moneyOf = ({ amount, currencyCode }: ShopMoney): Money => ({
  amount: minorUnits(amount, currencyCode),
  currency: currencyCode,
});

export function decimalOf({ amount, currency }: Money): string {
  const places = digitsOf(currency);
  if (places === 0) return String(amount);
  const text = String(Math.abs(amount)).padStart(places + 1, '0');
  return `${amount < 0 ? '-' : ''}${text.slice(0, -places)}.${text.slice(-places)}`;
}
