import { refundWhatIsDue } from '../payments/index.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { takeRefundsToAsk } from './refund-store.ts';
import { loadCommsSettings } from './settings.ts';

/** Orders asked for in one go. */
const AT_ONCE = 50;

/**
 * Asks payment providers for the refunds that are owed, again and again with growing waits until the money is seen to be back:
 * asking twice refunds once. What a provider refuses is a signal as well, and the refund stays open with its day.
 * @returns how many orders were asked for
 */
export async function askForRefunds(kept: Kept, brandId: number): Promise<number> {
  const now = kept.clock.now().toISOString();
  const orders = await withBrand(kept.db, brandId, async (client) => {
    const { settings } = await loadCommsSettings(client, brandId);
    // Who only watches moves no money.
    return settings.shadow ? [] : takeRefundsToAsk(client, brandId, now, AT_ONCE);
  });
  for (const order of orders) await refundWhatIsDue(kept, brandId, order);
  return orders.length;
}
