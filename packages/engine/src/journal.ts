/** The double-entry journal of one order's money (ADR 0062): deferred revenue = captured − refunded − recognised, net of tax. */

export type Account = 'cash' | 'tax' | 'deferred_revenue' | 'receivable' | 'revenue' | 'refunds' | 'exchange';

export type MoneyEvent =
  | {
      readonly kind: 'captured' | 'refunded';
      readonly at: string;
      readonly name: string;
      readonly amount: number;
      readonly rate: number;
    }
  /** Net revenue of units that left (or arrived, as the brand recognises it). */
  | {
      readonly kind: 'recognised';
      readonly at: string;
      readonly name: string;
      readonly amount: number;
      readonly rate: number;
    };

/** Money of an order: its price after discounts with shipping, before tax; and its tax. Minor units. */
export interface OrderTotals {
  readonly net: number;
  readonly tax: number;
}

/** Debits are positive, credits negative; `base` is the brand's currency at the historical rate. */
export interface Posting {
  readonly account: Account;
  readonly amount: number;
  readonly base: number;
}
export interface JournalEntry {
  readonly at: string;
  readonly kind: MoneyEvent['kind'];
  readonly name: string;
  readonly postings: readonly Posting[];
}
export interface OrderBalance {
  /** Net of tax. */
  captured: number;
  refunded: number;
  /** Less what was refunded after it was recognised. */
  recognised: number;
  deferred: number;
  receivable: number;
  tax: number;
  deferredBase: number;
  receivableBase: number;
}

/**
 * The entries of an order's events, oldest first, and where they leave it. What is recognised before it is paid is receivable;
 * what is refunded beyond the deferred balance takes revenue back. Deferred money leaves at the rate at which it came in.
 * @param rate of an event: units of the brand's minor currency for one minor unit of the order's
 */
export function journalOf(
  totals: OrderTotals,
  events: readonly MoneyEvent[],
): { entries: JournalEntry[]; balance: OrderBalance } {
  const balance: OrderBalance = {
    captured: 0,
    refunded: 0,
    recognised: 0,
    deferred: 0,
    receivable: 0,
    tax: 0,
    deferredBase: 0,
    receivableBase: 0,
  };
  const entries: JournalEntry[] = [];
  let gross = 0;
  for (const event of events) {
    const postings: Posting[] = [];
    const post = (account: Account, amount: number, base: number) => {
      if (amount !== 0 || base !== 0) postings.push({ account, amount, base });
    };
    const atRate = (amount: number) => Math.round(amount * event.rate);
    if (event.kind === 'recognised') recognise(balance, event.amount, atRate, post);
    else {
      const sign = event.kind === 'captured' ? 1 : -1;
      const taxBefore = taxOf(totals, gross);
      gross += sign * event.amount;
      const tax = sign * (taxOf(totals, gross) - taxBefore);
      const net = event.amount - tax;
      balance.tax += sign * tax;
      post('cash', sign * event.amount, sign * (atRate(net) + atRate(tax)));
      post('tax', -sign * tax, -sign * atRate(tax));
      if (event.kind === 'captured') capture(balance, net, atRate, post);
      else refund(balance, net, atRate, post);
    }
    if (postings.length > 0) entries.push({ at: event.at, kind: event.kind, name: event.name, postings });
  }
  return { entries, balance };
}

type Post = (account: Account, amount: number, base: number) => void;
type AtRate = (amount: number) => number;

/** The tax in so much of an order's gross; what is paid beyond the order has none. */
function taxOf({ net, tax }: OrderTotals, gross: number): number {
  const whole = net + tax;
  if (whole <= 0) return 0;
  const counted = Math.min(Math.max(gross, 0), whole);
  return Number((2n * BigInt(counted) * BigInt(tax) + BigInt(whole)) / (2n * BigInt(whole)));
}

function capture(balance: OrderBalance, net: number, atRate: AtRate, post: Post): void {
  const paid = Math.min(net, balance.receivable);
  const paidBase = shareOf(balance.receivableBase, paid, balance.receivable);
  post('receivable', -paid, -paidBase);
  const deferred = net - paid;
  const deferredBase = atRate(net) - atRate(paid);
  post('deferred_revenue', -deferred, -deferredBase);
  post('exchange', 0, paidBase - atRate(paid));
  balance.receivable -= paid;
  balance.receivableBase -= paidBase;
  balance.deferred += deferred;
  balance.deferredBase += deferredBase;
  balance.captured += net;
}

function recognise(balance: OrderBalance, amount: number, atRate: AtRate, post: Post): void {
  const taken = Math.min(amount, balance.deferred);
  const takenBase = shareOf(balance.deferredBase, taken, balance.deferred);
  const owed = amount - taken;
  const owedBase = atRate(owed);
  post('deferred_revenue', taken, takenBase);
  post('receivable', owed, owedBase);
  post('revenue', -amount, -(takenBase + owedBase));
  balance.deferred -= taken;
  balance.deferredBase -= takenBase;
  balance.receivable += owed;
  balance.receivableBase += owedBase;
  balance.recognised += amount;
}

function refund(balance: OrderBalance, net: number, atRate: AtRate, post: Post): void {
  const taken = Math.min(net, balance.deferred);
  const takenBase = shareOf(balance.deferredBase, taken, balance.deferred);
  const back = net - taken;
  const backBase = atRate(net) - atRate(taken);
  post('deferred_revenue', taken, takenBase);
  post('refunds', back, backBase);
  post('exchange', 0, atRate(taken) - takenBase);
  balance.deferred -= taken;
  balance.deferredBase -= takenBase;
  balance.recognised -= back;
  balance.refunded += net;
}

function shareOf(whole: number, part: number, of: number): number {
  if (part === of) return whole;
  return of === 0 ? 0 : Math.round((whole * part) / of);
}
