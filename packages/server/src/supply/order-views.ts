import type pg from 'pg';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { noOrder } from './lines.ts';
import { type HeaderRow, readHeaders } from './order-store.ts';
import { readSupplies } from './supply-store.ts';
import { purchaseOrderViews } from './views.ts';

/**
 * A purchase order as it stands.
 * @throws KeptError `not_found`
 */
export async function viewOrder(kept: Kept, client: pg.PoolClient, brandId: number, ref: string) {
  const [order] = await viewOrders(kept, client, brandId, await readHeaders(client, brandId, [ref]));
  if (order === undefined) throw noOrder(ref);
  return order;
}

export async function viewOrders(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  headers: readonly HeaderRow[],
) {
  const settings = await loadSettings(client, kept.db, brandId);
  const refs = headers.map((header) => header.ref);
  const supplies = await readSupplies(client, brandId, ['purchase_order'], refs);
  return purchaseOrderViews(headers, supplies, settings, kept.clock.now());
}
