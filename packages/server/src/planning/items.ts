import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';
import { type PlannedItem, readPlannedItems } from './planning-store.ts';

/** @throws KeptError `not_found` for an item that is not there, or that is a kit and has no stock of its own */
export async function plannedItem(client: pg.PoolClient, brandId: number, sku: string): Promise<PlannedItem> {
  const [item] = await readPlannedItems(client, brandId, { sku }, null, 1);
  if (item === undefined)
    throw new KeptError(
      'not_found',
      `There is no item ${JSON.stringify(sku)} with stock of its own to plan.`,
    );
  return item;
}
