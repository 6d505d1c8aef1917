import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import type { SoldOrder } from './connector.ts';
import { readSoldOrders } from './sold-order-store.ts';

/** How a channel's orders since an instant stand, by Kept's own record: for connectors that have to keep a marketplace's limits. */
export async function soldOrders(
  kept: Pick<Kept, 'db'>,
  brandId: number,
  channel: string,
  since: Date,
): Promise<SoldOrder[]> {
  const rows = await withBrand(
    kept.db,
    brandId,
    (client) => readSoldOrders(client, brandId, channel, since),
    {
      reads: true,
    },
  );
  return rows.map((row) => ({
    placedAt: row.placed_at,
    shipBy: row.ship_by,
    shippedAt: row.shipped_at,
    plannedOn: row.planned_on,
    cancelledBy: row.cancelled_by,
    unbacked: row.unbacked,
  }));
}
