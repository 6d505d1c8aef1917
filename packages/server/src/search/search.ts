import type { FoundPage } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import {
  findItems,
  findNewestOrders,
  findOrders,
  findPurchaseOrders,
  type OrderRow,
} from './search-store.ts';

type Found = z.output<typeof FoundPage>['items'][number];

/** What is called that, of each kind at most `limit`; what is named so in full, or begins so, comes first. */
export async function findByName(
  client: pg.PoolClient,
  brandId: number,
  sought: string,
  limit: number,
): Promise<{ items: Found[] }> {
  const ref = sought.slice(sought.indexOf(':') + 1);
  const exact = await findOrders(client, brandId, ref, limit);
  const items = await findItems(client, brandId, sought, limit);
  const purchases = await findPurchaseOrders(client, brandId, sought, limit);
  const newest = await findNewestOrders(client, brandId, ref, limit);
  const byCustomer = (row: OrderRow) => row.customer.toLowerCase().includes(sought.toLowerCase());
  const orders = distinct([...exact, ...newest.filter((row) => !byCustomer(row))], limit);
  const customers = distinct(newest.filter(byCustomer), limit);
  return {
    items: [
      ...orders.map(({ name, customer }): Found => ({ kind: 'order', name, title: customer, order: name })),
      ...items.map(({ sku, title }): Found => ({ kind: 'item', name: sku, title, sku })),
      ...purchases.map(({ name, supplier }): Found => ({ kind: 'purchase_order', name, title: supplier })),
      ...customers.map(
        ({ name, customer }): Found => ({ kind: 'customer', name: customer, title: name, order: name }),
      ),
    ],
  };
}

function distinct(rows: readonly OrderRow[], limit: number): OrderRow[] {
  return [...new Map(rows.map((row) => [row.name, row])).values()].slice(0, limit);
}
