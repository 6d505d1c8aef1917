import type { AddUnits, PlaceLine } from '@kept/engine';
import type pg from 'pg';
import { type KnownItem, type Loaded, lookupItems } from '../promising/index.ts';
import {
  insertPurchases,
  limitedLinesOf,
  lockPurchasers,
  type Purchaser,
  purchasersOfOrder,
  unitsOf,
} from './customer-limit-store.ts';
import type { OrderPlan } from './order-plan.ts';
import type { StoredOrder } from './order-store.ts';
import { readOptions } from './production-request-store.ts';
import { ownOf } from './sold-as.ts';

/** What has to be known of lines that get more units, or are new, beside the order itself. */
export interface Growth {
  readonly lines: ReadonlyMap<number, GrowingLine>;
}

interface GrowingLine {
  readonly item: KnownItem;
  /** Whose limit it counts against; null: nobody's. */
  readonly customer: string | null;
  /** Remembered as theirs already. */
  readonly counted: boolean;
  fact(
    loaded: Pick<Loaded, 'positions' | 'settings'>,
  ): Pick<AddUnits & PlaceLine, 'most' | 'own' | 'options'>;
}

export const NO_GROWTH: Growth = { lines: new Map() };

/** Keeps what an order's customer has of limited items as it is, before any item's lock: the same order as when orders are placed. */
export async function lockGrowth(
  client: pg.PoolClient,
  brandId: number,
  order: StoredOrder,
  added: readonly KnownItem[],
): Promise<void> {
  const items = [...order.lines.map((line) => line.item), ...added.map((one) => one.item)];
  const purchasers = await purchasersOfOrder(client, brandId, order.order, items);
  if (purchasers.length > 0) await lockPurchasers(client, brandId, purchasers);
}

/**
 * Says of each line that grows how many units its customer may still have, what it is made with, and how its kit is sold. A
 * limit counts what the customer has in all orders; units cancelled by the same change are given back first.
 */
export async function growthOf(
  client: pg.PoolClient,
  brandId: number,
  order: StoredOrder,
  plan: OrderPlan,
  fresh: readonly {
    readonly number: number;
    readonly item: KnownItem;
    readonly quantity: number;
    readonly input: { readonly options?: readonly string[] | undefined };
  }[],
): Promise<Growth> {
  if (plan.add.length === 0 && fresh.length === 0) return NO_GROWTH;
  const known = await lookupItems(client, brandId, [...new Set(plan.add.map(({ line }) => line.sku))]);
  const growing = [
    ...plan.add.map(({ line, quantity }) => ({ line: line.line, item: known.get(line.sku)!, quantity })),
    ...fresh.map(({ number, item, quantity }) => ({ line: number, item, quantity })),
  ];
  const options =
    plan.add.length === 0 ? new Map<number, string[]>() : await readOptions(client, brandId, order.order);
  for (const { number, input } of fresh) if (input.options) options.set(number, [...input.options]);
  const limited = growing.filter(({ item }) => item.perCustomer !== null).map(({ item }) => item.item);
  const purchasers =
    limited.length === 0 ? [] : await purchasersOfOrder(client, brandId, order.order, limited);
  const units = await unitsOf(client, brandId, purchasers);
  const has = new Map(purchasers.map((one, index) => [one.item, units[index]!]));
  const customers = new Map(purchasers.map((one) => [one.item, one.customer]));
  // Who leaves no address is held to the limit by each order.
  for (const item of limited)
    if (!customers.has(item))
      has.set(
        item,
        order.lines.reduce((sum, one) => (one.item === item ? sum + one.ordered - one.cancelled : sum), 0),
      );
  const counted =
    limited.length === 0 ? new Set<number>() : await limitedLinesOf(client, brandId, order.order);
  for (const { line, quantity } of plan.cancel)
    if (counted.has(line.line) || !customers.has(line.item))
      has.set(line.item, (has.get(line.item) ?? 0) - quantity);
  const lines = new Map<number, GrowingLine>();
  for (const { line, item, quantity } of growing) {
    const before = has.get(item.item) ?? 0;
    has.set(item.item, before + quantity);
    const most = item.perCustomer === null ? null : Math.max(0, item.perCustomer - before);
    const made = options.get(line);
    lines.set(line, {
      item,
      customer: item.perCustomer === null ? null : (customers.get(item.item) ?? null),
      counted: counted.has(line),
      fact: (loaded) => ({
        ...(most === null ? {} : { most }),
        ...ownOf(item, loaded),
        ...(made === undefined ? {} : { options: made }),
      }),
    });
  }
  return { lines };
}

/** Lines that grew are their customer's from now on, where they were not. */
export async function recordGrowth(
  client: pg.PoolClient,
  brandId: number,
  order: StoredOrder,
  { lines }: Growth,
): Promise<void> {
  const purchases: (Purchaser & { order: number; line: number })[] = [];
  for (const [line, { item, customer, counted }] of lines)
    if (customer !== null && !counted)
      purchases.push({ item: item.item, customer, order: order.order, line });
  if (purchases.length > 0) await insertPurchases(client, brandId, purchases);
}
