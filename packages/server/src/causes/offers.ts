import type { OffersInput } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { unknownSku } from '../catalog/index.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, lookupItems } from '../promising/index.ts';
import { insertOffers } from './episode-store.ts';

/**
 * Keeps what a channel was told it may sell: whoever publishes availability to it says so here.
 * @throws KeptError `unknown_channel`, `unknown_sku`
 */
export async function recordOffers(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  code: string,
  { at, offers }: z.output<typeof OffersInput>,
): Promise<number> {
  const { channelOf } = await loadSettings(client, kept.db, brandId);
  const channel = channelOf.get(code);
  if (channel === undefined)
    throw new KeptError(
      'not_found',
      `There is no channel ${JSON.stringify(code)}. GET /v1/channels lists them.`,
    );
  const items = await lookupItems(client, brandId, [...new Set(offers.map((one) => one.sku))]);
  const rows = offers.map(({ sku, quantity }, index) => {
    const known = items.get(sku);
    if (known === undefined) throw unknownSku(sku, `offers[${index}].sku`);
    return { item: known.item, channel, quantity, at: at ?? kept.clock.now().toISOString() };
  });
  await insertOffers(client, brandId, rows);
  return rows.length;
}
