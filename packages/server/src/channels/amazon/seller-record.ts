import { withBrand } from '../../platform/database.ts';
import type { Kept } from '../../platform/kept.ts';
import { dayIn } from './calendar-day.ts';
import type { SellerRecord } from './connector.ts';
import type { SellerOrder } from './seller-metrics.ts';
import { readSellerOrders, type SellerOrderRow } from './seller-order-store.ts';

/** The seller's orders out of Kept's own tables: what Amazon's metrics will be made of, before Amazon makes them. */
export function sellerRecord(kept: Pick<Kept, 'db'>): SellerRecord {
  return {
    async ordersSince(brandId, channel, since, timeZone) {
      const rows = await withBrand(
        kept.db,
        brandId,
        (client) => readSellerOrders(client, brandId, channel, since),
        { reads: true },
      );
      return rows.map((row) => sellerOrderOf(row, timeZone));
    },
  };
}

/** The law, and what nobody paid for in time, is the seller's as well: Amazon counts whatever the seller ends. */
const BY_SELLER: ReadonlySet<string> = new Set(['brand', 'law']);

function sellerOrderOf(row: SellerOrderRow, timeZone: string): SellerOrder {
  return {
    placedAt: new Date(row.placed_at).toISOString(),
    shipBy: row.ship_by,
    shippedOn: row.shipped_at === null ? null : dayIn(timeZone, row.shipped_at),
    plannedOn: row.planned_on,
    cancelledBy: row.cancelled_by === null ? null : BY_SELLER.has(row.cancelled_by) ? 'seller' : 'buyer',
    unbacked: row.unbacked,
  };
}
