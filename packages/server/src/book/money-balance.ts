import { splitByWeight } from '@kept/engine';
import type pg from 'pg';
import type { Kept } from '../platform/kept.ts';
import {
  FIGURES,
  type MoneyBalance,
  type MoneySums,
  NOTHING,
  readBalances,
  readMoneyOrders,
  readMoneySums,
  readTouched,
  saveBalances,
  takeTouched,
} from './money-store.ts';
import { type MoneyRules, moneyRules, netOf, type OrderMoney } from './order-money.ts';

/** Orders reckoned in one step. */
const STEP = 2000;

/**
 * Reckons the orders anew whose money was touched, the longest ago first, and brings the sums up to them.
 * @param most touches in all
 * @returns how many touches were taken up: fewer than `most`, and nothing is left
 */
export async function takeUpMoney(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  most = STEP,
): Promise<number> {
  const now = kept.clock.now().toISOString();
  const { orders, touches } = await takeTouched(client, brandId, now, most);
  if (orders.length > 0)
    await saveBalances(client, brandId, await reckon(kept, client, brandId, orders, now));
  return touches;
}

/**
 * The sums as of the caller's snapshot: those that are kept, with what was touched and not taken up yet reckoned beside them.
 * @param asOf ISO 8601, now
 */
export async function moneySums(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  asOf: string,
): Promise<MoneySums> {
  const sums = await readMoneySums(client, brandId);
  const orders = await readTouched(client, brandId, asOf);
  for (let from = 0; from < orders.length; from += STEP) {
    const some = orders.slice(from, from + STEP);
    for (const one of await readBalances(client, brandId, some)) addBalance(sums, one, -1);
    for (const one of await reckon(kept, client, brandId, some, asOf)) addBalance(sums, one, 1);
  }
  return sums;
}

async function reckon(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
  until: string,
): Promise<MoneyBalance[]> {
  const rules: MoneyRules = await moneyRules(kept, client, brandId);
  const read = await readMoneyOrders(client, brandId, orders);
  return read.map((order) => balanceOf(rules.moneyOf(order, until)));
}

function addBalance({ byCurrency, bySupply }: MoneySums, one: MoneyBalance, sign: 1 | -1): void {
  const sum = byCurrency.get(one.currency) ?? { ...NOTHING };
  byCurrency.set(one.currency, sum);
  for (const figure of FIGURES) sum[figure] += sign * one[figure];
  for (const [supply, amount] of one.supplies) {
    const key = `${supply} ${one.currency}`;
    bySupply.set(key, (bySupply.get(key) ?? 0) + sign * amount);
  }
}

/** An order's deferred money is allotted to its open units by value: those of the book, those set aside, and what is left. */
export function balanceOf({ order, balance, rated, lastAt, againAt }: OrderMoney): MoneyBalance {
  const { deferred } = balance;
  const waiting = new Map(order.entries.map((entry) => [entry.line, entry]));
  const values: { value: number; sources: readonly (readonly [number, number, number])[] | null }[] = [];
  for (const line of order.lines) {
    const entry = waiting.get(line.line);
    const open = line.ordered - line.shipped - line.cancelled;
    if (entry !== undefined) values.push({ value: entry.value, sources: entry.sources });
    const reserved = open - (entry?.units ?? 0);
    if (reserved > 0) values.push({ value: Math.max(0, netOf(line, reserved)), sources: null });
  }
  const whole = values.reduce((total, { value }) => total + Math.max(0, value), 0);
  const shares = splitByWeight(
    Math.min(deferred, whole),
    values.map(({ value }) => Math.max(0, value)),
  );
  let book = 0;
  let prepaid = 0;
  let reserved = 0;
  const supplies = new Map<string, number>();
  for (const [place, { value, sources }] of values.entries()) {
    const share = shares[place]!;
    if (sources === null) {
      reserved += share;
      continue;
    }
    book += value;
    prepaid += share;
    const parts = splitByWeight(
      share,
      sources.map(([, , part]) => Math.max(0, part)),
    );
    for (const [at, [item, supply]] of sources.entries()) {
      const key = supply === 0 ? '' : `${item}:${supply}`;
      if (parts[at] !== 0) supplies.set(key, (supplies.get(key) ?? 0) + parts[at]!);
    }
  }
  const { captured, refunded, recognised, receivable, tax, deferredBase: base } = balance;
  return {
    order: order.order_id,
    currency: order.currency,
    ...{ captured, refunded, recognised, deferred, receivable, tax, base },
    unrated: rated ? 0 : 1,
    ...{ book, prepaid, reserved, supplies, lastAt, againAt },
  };
}
