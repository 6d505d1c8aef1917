import { type ChargeTerms, depositOf } from './charge.ts';
import type { ChargeSaid } from './copy/messages.ts';

/** What of an amount is charged when; the four come to the amount. */
export interface Dues {
  readonly dueNow: number;
  readonly authorised: number;
  readonly atShipment: number;
  readonly invoiced: number;
}

/** What was stated of a line when it was ordered. */
export interface StatedCharge {
  readonly terms: ChargeTerms;
  readonly dues: Dues;
}

const NOTHING: Dues = { dueNow: 0, authorised: 0, atShipment: 0, invoiced: 0 };

/**
 * What a line of an order is charged when, by the terms in force: `here` units leave at once, `coming` ones wait, and `amount`
 * is what all of them cost, tax in and discount off. What is here is paid at order where what waits is not.
 */
export function duesOf(
  terms: ChargeTerms,
  { here, coming, amount }: { readonly here: number; readonly coming: number; readonly amount: number },
): Dues {
  const units = here + coming;
  const now = units === 0 ? 0 : Number((BigInt(amount) * BigInt(here)) / BigInt(units));
  const rest = amount - now;
  switch (terms.kind) {
    case 'at_order':
      return { ...NOTHING, dueNow: amount };
    case 'deposit': {
      const deposit = depositOf(terms, rest, coming);
      return { ...NOTHING, dueNow: now + deposit, atShipment: rest - deposit };
    }
    case 'authorise':
      return { ...NOTHING, dueNow: now, authorised: rest };
    case 'at_shipment':
      return { ...NOTHING, atShipment: amount };
    case 'invoice':
      return { ...NOTHING, invoiced: amount };
  }
}

/** What is charged and when, as it is stated before the order. The four amounts come to the price of what is sold. */
export interface ChargeStatement extends Dues {
  readonly kind: ChargeTerms['kind'] | 'nothing';
  readonly currency: string;
  readonly said: ChargeSaid;
}

export interface Charged {
  /** Units that leave at once. */
  readonly here: number;
  /** Units that wait. */
  readonly coming: number;
  /** Of one unit. */
  readonly price: { readonly amount: number; readonly currency: string };
}

/** What an order of so many units would be charged. What the terms leave nothing of but a payment at order is told as that. */
export function chargeBefore(terms: ChargeTerms, { here, coming, price }: Charged): ChargeStatement {
  const { amount, currency } = price;
  if (here + coming === 0)
    return { ...NOTHING, currency, kind: 'nothing', said: { key: 'nothing', values: {} } };
  const dues = duesOf(terms, { here, coming, amount: amount * (here + coming) });
  const said: ChargeSaid = statementsOf([{ terms, dues }], currency)[0] ?? {
    key: 'at_order',
    values: { total: { kind: 'money', amount: 0, currency } },
  };
  const kind = said.key === 'authorise_part' ? 'authorise' : said.key;
  return { ...dues, currency, kind, said };
}

/**
 * What was stated of a whole order, line by line, in as few sentences as it takes: what is due at order is said once, with the
 * deposit or the authorisation where there is one.
 */
export function statementsOf(lines: readonly StatedCharge[], currency: string): ChargeSaid[] {
  const money = (amount: number) => ({ kind: 'money', amount, currency }) as const;
  const sum = (kind: ChargeTerms['kind'], of: keyof Dues) =>
    lines.reduce((total, one) => (one.terms.kind === kind ? total + one.dues[of] : total), 0);
  const said: ChargeSaid[] = [];
  let now = lines.reduce((total, one) => total + one.dues.dueNow, 0);
  const authorised = sum('authorise', 'authorised');
  const balance = sum('deposit', 'atShipment');
  if (balance > 0) {
    said.push({ key: 'deposit', values: { now: money(now), balance: money(balance) } });
    now = 0;
  }
  if (authorised > 0) {
    if (now === 0) said.push({ key: 'authorise', values: { total: money(authorised) } });
    else said.push({ key: 'authorise_part', values: { now: money(now), rest: money(authorised) } });
    now = 0;
  }
  if (now > 0) said.unshift({ key: 'at_order', values: { total: money(now) } });
  const later = sum('at_shipment', 'atShipment');
  if (later > 0) said.push({ key: 'at_shipment', values: { total: money(later) } });
  for (const [days, total] of invoicesOf(lines))
    said.push({ key: 'invoice', values: { total: money(total), days: { kind: 'days', days } } });
  return said;
}

function invoicesOf(lines: readonly StatedCharge[]): Map<number, number> {
  const invoices = new Map<number, number>();
  for (const { terms, dues } of lines)
    if (terms.kind === 'invoice' && dues.invoiced > 0)
      invoices.set(terms.days, (invoices.get(terms.days) ?? 0) + dues.invoiced);
  return invoices;
}
