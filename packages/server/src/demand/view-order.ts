import type pg from 'pg';
import type { Kept } from '../platform/kept.ts';
import { findOrderByName } from '../promising/index.ts';
import type { OrderView } from './order-view.ts';
import { viewNow } from './place-service.ts';

/** An order as it stands, by Kept's id or channel:ref; null: there is none. */
export async function viewOrderNamed(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  name: string,
): Promise<OrderView | null> {
  const order = await findOrderByName(client, brandId, name);
  if (order === null || order === undefined) return null;
  return (await viewNow(kept, client, brandId, [order])).get(order) ?? null;
}
