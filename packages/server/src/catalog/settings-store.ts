import { randomInt } from 'node:crypto';
import type pg from 'pg';
import { lockSettings } from '../promising/index.ts';

/**
 * Locks the brand's row: ids of items, locations and channels are given out under it, and settings change under it. It is
 * taken before any item's lock.
 */
export async function lockBrand(client: pg.PoolClient, brandId: number): Promise<void> {
  await client.query('select from brand where brand_id = $1 for update', [brandId]);
}

/**
 * The brand's row and its settings, for whoever is about to change settings. In this order, before suppliers, purchase-order
 * headers and items: so does everybody, and nobody waits in a circle.
 */
export async function lockBrandSettings(client: pg.PoolClient, brandId: number): Promise<void> {
  await lockBrand(client, brandId);
  await lockSettings(client, brandId, 'alone');
}

/**
 * Tells every process that the brand's settings are others. The version is a stamp and not a count: a count that a
 * transaction reached before it rolled back would come again for other settings, and a process that had read the first
 * ones would go on with them.
 */
export async function touchSettings(client: pg.PoolClient, brandId: number): Promise<void> {
  await lockSettings(client, brandId, 'alone');
  await client.query('update brand set settings_version = $2 where brand_id = $1', [
    brandId,
    randomInt(1, 2 ** 31 - 1),
  ]);
}
