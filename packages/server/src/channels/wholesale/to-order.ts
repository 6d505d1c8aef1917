import type { OrderInput } from '@kept/contract';
import type { z } from 'zod';
import type { ItemNumber, OrderedLine, ReceivedOrder, ShipWindow } from './documents.ts';
import { shown } from './fault.ts';
import type { Partner } from './partner.ts';

/** Why an order that can be read cannot be taken as it is: a person decides. */
export interface Trouble {
  readonly kind:
    | 'unknown_item'
    | 'unknown_unit'
    | 'price_differs'
    | 'no_price'
    | 'bad_currency'
    | 'bad_quantity'
    | 'bad_window'
    | 'no_date'
    | 'nothing_asked';
  readonly line: string | null;
  readonly words: string;
}

/** How a line of the partner's is one or several of Kept's, so that answers can be told in the partner's terms. */
export interface KnownLine {
  readonly line: string;
  /** Kept's lines, in order. */
  readonly lines: readonly string[];
  readonly quantity: number;
  readonly unit: string;
  readonly price: string | null;
  readonly sku: string;
  readonly numbers: readonly ItemNumber[];
  readonly wantedOn: string | null;
}

export interface TakenOrder {
  readonly order: z.input<typeof OrderInput>;
  readonly known: readonly KnownLine[];
}

/** A partner's order as one of Kept's, by the rules agreed with the partner; or everything that is in the way. */
export function toOrder(
  received: ReceivedOrder,
  partner: Partner,
): TakenOrder | { readonly troubles: readonly Trouble[] } {
  const troubles: Trouble[] = [];
  const known: KnownLine[] = [];
  const lines: z.input<typeof OrderInput>['lines'] = [];
  const currency = received.currency ?? partner.currency;
  if (received.orderedOn === '')
    troubles.push({ kind: 'no_date', line: null, words: 'The order has no date of its own.' });
  for (const line of received.lines) {
    const taken = toLines(line, received, partner, currency);
    if ('troubles' in taken) troubles.push(...taken.troubles);
    else {
      known.push(taken.known);
      lines.push(...taken.lines);
    }
  }
  if (received.lines.length === 0)
    troubles.push({ kind: 'nothing_asked', line: null, words: 'The order has no lines.' });
  if (troubles.length > 0) return { troubles };
  const { shipTo } = received;
  const { customer, orders } = partner;
  return {
    known,
    order: {
      ref: refOf(received, partner),
      channel: partner.channel,
      mode: 'request',
      placedAt: `${received.orderedOn}T00:00:00Z`,
      customer: {
        name: customer.name,
        ...(customer.email === undefined ? {} : { email: customer.email }),
        ...(customer.class === undefined ? {} : { class: customer.class }),
      },
      business: true,
      shipTo: {
        country: shipTo?.country ?? partner.country,
        ...(shipTo?.region == null ? {} : { region: shipTo.region }),
        ...(shipTo?.zip == null ? {} : { zip: shipTo.zip.slice(0, 20) }),
      },
      ...orders,
      lines,
    },
  };
}

/** Two partners may use the same number: Kept's order is called by both. */
export function refOf(
  { number, release }: { readonly number: string; readonly release?: string | null },
  { code }: Pick<Partner, 'code'>,
): string {
  return `${code}-${number}${release ? `-${release}` : ''}`;
}

/** One line of the partner's; asked for on several days, it is a line of Kept's for each. */
export function toLines(
  line: OrderedLine,
  order: { readonly window: ShipWindow; readonly wantedOn: string | null },
  partner: Partner,
  currency: string,
):
  | { readonly known: KnownLine; readonly lines: z.input<typeof OrderInput>['lines'] }
  | { readonly troubles: readonly Trouble[] } {
  const troubles: Trouble[] = [];
  const trouble = (kind: Trouble['kind'], words: string) =>
    troubles.push({ kind, line: line.line, words: `Line ${line.line}: ${words}` });
  const sku = skuOf(line.numbers, partner);
  if (sku === null)
    trouble(
      'unknown_item',
      `no item is known by ${line.numbers.map((one) => `${one.qualifier} ${shown(one.value)}`).join(', ') || 'no number at all'}.`,
    );
  const uom = partner.units[line.unit];
  if (uom === undefined)
    trouble('unknown_unit', `unit ${shown(line.unit)} is not agreed with ${partner.code}.`);
  if (!Number.isSafeInteger(line.quantity) || line.quantity < 1)
    trouble('bad_quantity', `expected a whole quantity of at least 1, not ${line.quantity}.`);
  const scheduled = line.schedules.reduce((sum, one) => sum + one.quantity, 0);
  if (line.schedules.length > 0 && scheduled !== line.quantity)
    trouble('bad_quantity', `its schedules ask for ${scheduled}, the line for ${line.quantity}.`);
  const window = { ...order.window, ...line.window };
  if (
    window.notBefore !== undefined &&
    window.cancelAfter !== undefined &&
    window.notBefore > window.cancelAfter
  )
    trouble(
      'bad_window',
      `it is not to leave before ${window.notBefore} and to be cancelled after ${window.cancelAfter}.`,
    );
  const agreed = sku === null ? undefined : partner.prices[sku];
  const price = line.price ?? agreed ?? null;
  if (!/^[A-Z]{3}$/.test(currency)) trouble('bad_currency', `${shown(currency)} is no currency.`);
  if (price === null) trouble('no_price', 'it has no price, and none is agreed.');
  else if (agreed !== undefined && isApart(price, agreed, line.priceUnits, partner.priceTolerancePercent))
    trouble(
      'price_differs',
      `price ${price}${line.priceUnits === 1 ? '' : ` per ${line.priceUnits}`} is not the ${agreed} that is agreed, and further from it than ${partner.priceTolerancePercent} %.`,
    );
  if (troubles.length > 0) return { troubles };
  const money = priceIn(price!, line.priceUnits, currency);
  const asked =
    line.schedules.length > 1
      ? line.schedules.map((one, n) => ({
          name: `${line.line}.${n + 1}`,
          quantity: one.quantity,
          notBefore: one.wantedOn,
        }))
      : [
          {
            name: line.line,
            quantity: line.quantity,
            notBefore: window.notBefore ?? line.schedules[0]?.wantedOn,
          },
        ];
  return {
    known: {
      line: line.line,
      lines: asked.map((one) => one.name),
      quantity: line.quantity,
      unit: line.unit,
      price: line.price,
      sku: sku!,
      numbers: line.numbers,
      wantedOn: line.wantedOn ?? order.wantedOn ?? line.schedules.at(-1)?.wantedOn ?? null,
    },
    lines: asked.map(({ name, quantity, notBefore }) => {
      const discount = money.discountOf(quantity);
      return {
        line: name,
        sku: sku!,
        quantity,
        price: { amount: money.amount, currency },
        ...(discount > 0 ? { discount: { amount: discount, currency } } : {}),
        ...(uom === null ? {} : { uom: uom! }),
        ...(notBefore === undefined ? {} : { notBefore }),
        ...(window.cancelAfter === undefined ? {} : { cancelAfter: window.cancelAfter }),
      };
    }),
  };
}

/** The SKU that a partner means: by what is agreed for its numbers, else by a qualifier whose numbers are SKUs. */
export function skuOf(numbers: readonly ItemNumber[], { items }: Partner): string | null {
  for (const { qualifier, value } of numbers) {
    const agreed = items.numbers[`${qualifier}:${value}`] ?? items.numbers[value];
    if (agreed !== undefined) return agreed;
  }
  for (const qualifier of items.skuQualifiers) {
    const found = numbers.find((one) => one.qualifier === qualifier);
    if (found !== undefined) return found.value;
  }
  return null;
}

/** Decimals as exact fractions: an integer over a power of ten. */
function exact(decimal: string): { readonly units: bigint; readonly scale: number } {
  const [whole = '0', part = ''] = decimal.split('.');
  return { units: BigInt(`${whole === '' ? '0' : whole}${part}`), scale: part.length };
}

function isApart(price: string, agreed: string, priceUnits: number, tolerancePercent: number): boolean {
  const [a, b] = [Number(price) / priceUnits, Number(agreed)];
  return Math.abs(a - b) > (b * tolerancePercent) / 100 + 1e-9;
}

/**
 * A price in whole minor units, rounded up, and what that is too much for a quantity: so that the line's value is what the
 * partner wrote, to the minor unit, also where a price has more decimals than its currency.
 */
function priceIn(price: string, priceUnits: number, currency: string) {
  const { units, scale } = exact(price);
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const above = units * 10n ** BigInt(digits);
  const below = 10n ** BigInt(scale) * BigInt(priceUnits);
  const amount = (above + below - 1n) / below;
  return {
    amount: Number(amount),
    discountOf(quantity: number): number {
      const value = (2n * above * BigInt(quantity) + below) / (2n * below);
      return Number(amount * BigInt(quantity) - value);
    },
  };
}
