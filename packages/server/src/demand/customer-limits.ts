import type pg from 'pg';
import type { KnownItem } from '../promising/index.ts';
import { insertPurchases, lockPurchasers, type Purchaser, unitsOf } from './customer-limit-store.ts';
import type { Order } from './order-input.ts';

interface Limited {
  readonly request: { readonly order: Order };
  readonly items: readonly KnownItem[];
  readonly quantities: readonly number[];
  rooms: readonly (number | undefined)[];
}

/**
 * Says of each line how many units its customer may still have of an item that limits them. What a customer's earlier orders
 * of the same batch ask for counts as theirs. Without such items it asks nobody anything.
 */
export async function customerRooms(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly Limited[],
): Promise<void> {
  const limited = orders.filter((one) => one.items.some((item) => item.perCustomer !== null));
  if (limited.length === 0) return;
  const purchasers = new Map<string, Purchaser>();
  for (const one of limited)
    for (const item of one.items) {
      const customer = customerOf(one.request.order);
      if (item.perCustomer !== null && customer !== null)
        purchasers.set(keyOf(item.item, customer), { item: item.item, customer });
    }
  const known = [...purchasers.values()];
  await lockPurchasers(client, brandId, known);
  const units = await unitsOf(client, brandId, known);
  const has = new Map(known.map(({ item, customer }, index) => [keyOf(item, customer), units[index]!]));
  for (const one of limited) {
    const customer = customerOf(one.request.order);
    const own = customer === null ? new Map<string, number>() : has;
    one.rooms = one.items.map((item, index) => {
      if (item.perCustomer === null) return undefined;
      // Who leaves no address is held to the limit by each order.
      const key = keyOf(item.item, customer ?? '');
      const before = own.get(key) ?? 0;
      own.set(key, before + one.quantities[index]!);
      return Math.max(0, item.perCustomer - before);
    });
  }
}

/** Remembers whose lines they are, for the next order of the same customer. */
export async function recordLimitedPurchases(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly (Limited & { readonly order: number })[],
  lines: readonly { readonly order: number; readonly line: number; readonly item: number }[],
): Promise<void> {
  const limited = orders.filter((one) => one.rooms.length > 0);
  if (limited.length === 0) return;
  const byOrder = new Map(limited.map((one) => [one.order, one]));
  const purchases = lines.flatMap(({ order, line, item }) => {
    const one = byOrder.get(order);
    const customer = one === undefined ? null : customerOf(one.request.order);
    if (customer === null || one?.rooms[line - 1] === undefined) return [];
    return [{ item, customer, order, line }];
  });
  if (purchases.length > 0) await insertPurchases(client, brandId, purchases);
}

function customerOf({ customer }: Order): string | null {
  const email = customer.email?.trim().toLowerCase() ?? '';
  return email === '' ? null : email;
}

const keyOf = (item: number, customer: string) => `${item}:${customer}`;
