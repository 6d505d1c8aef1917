import { moveMoney } from '../payments/index.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { loadCommsSettings } from './settings.ts';

/**
 * Moves the money that what happened calls for. A brand in shadow mode only watches: what is due waits until it does more.
 * @returns how many orders' money was looked after
 */
export async function moveMoneyWhereTold(kept: Kept, brandId: number): Promise<number> {
  const { settings } = await withBrand(kept.db, brandId, (client) => loadCommsSettings(client, brandId), {
    reads: true,
  });
  return settings.shadow ? 0 : moveMoney(kept, brandId);
}
