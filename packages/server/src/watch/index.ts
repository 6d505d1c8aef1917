import type pg from 'pg';
import type { Kept } from '../platform/kept.ts';
import { type BuyerChannels, sendDeliveries } from './deliver.ts';
import { insertDeliveries } from './delivery-store.ts';
import { type Letter, writeDigests } from './digest.ts';
import { loadSignalSettings } from './settings.ts';

export type { BuyerChannels } from './deliver.ts';
export { lookForSignals } from './look.ts';
export { watchRoutes } from './routes.ts';

/** Tells buyers: writes the digests that are due, and sends what is on its way. Run as often as one likes. */
export async function tellBuyers(kept: Kept, brandId: number, channels: BuyerChannels): Promise<void> {
  await writeDigests(kept, brandId);
  await sendDeliveries(kept, brandId, channels);
}

/**
 * Puts a letter on its way to each of some addresses, in the transaction that it is written in; once per cause and address.
 * @param at ISO 8601, not before which it leaves
 */
export async function postLetters(
  client: pg.PoolClient,
  brandId: number,
  at: string,
  cause: string,
  addresses: readonly string[],
  { subject, text, html }: Letter,
): Promise<void> {
  const payload = JSON.stringify({ subject, text, html });
  const deliveries = [...new Set(addresses)].map((to) => ({ cause, target: `mailto:${to}`, payload }));
  await insertDeliveries(client, brandId, at, deliveries);
}

/** Who buys from a supplier; null: nobody was named. */
export async function buyersOf(
  client: pg.PoolClient,
  brandId: number,
): Promise<(supplier: string | null) => string | null> {
  const { settings } = await loadSignalSettings(client, brandId);
  const buyers = new Map(
    settings.buyers.flatMap(({ name, suppliers }) => suppliers.map((code) => [code, name])),
  );
  return (supplier) => (supplier === null ? null : (buyers.get(supplier) ?? null));
}
