import type { ForecastOverride, OverrideInput } from '@kept/contract';
import { dayText } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { loadSettings, worldAt } from '../promising/index.ts';
import { readLookAlikes, replaceLookAlikes } from './demand-history-store.ts';
import { endOverride, insertOverride, lockItem } from './forecast-store.ts';
import { overrideView } from './forecast-view.ts';
import { plannedItem } from './items.ts';
import { readPlannedItems } from './planning-store.ts';

/** A planner's own figure over the forecast, which stays beside it. */
export async function overrideForecast(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  sku: string,
  { from, until, weekly, factor, reason }: z.output<typeof OverrideInput>,
  actor: string,
): Promise<z.input<typeof ForecastOverride>> {
  const item = await plannedItem(client, brandId, sku);
  await lockItem(client, brandId, item.item);
  const now = kept.clock.now();
  const { today } = worldAt(await loadSettings(client, kept.db, brandId), now);
  const row = await insertOverride(client, brandId, {
    item: item.item,
    fromOn: from,
    untilOn: until,
    weekly: weekly ?? null,
    factor: factor ?? null,
    reason,
    actor,
    madeAt: now.toISOString(),
    madeOn: dayText(today),
  });
  await tell(kept, client, brandId, 'forecast.overridden', { sku, ...overrideView(row, null) }, actor);
  return overrideView(row, null);
}

/** Ends an override: it is planned with no longer, and scored all the same. */
export async function dropOverride(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { sku, id }: { readonly sku: string; readonly id: number },
  actor: string,
): Promise<void> {
  const item = await plannedItem(client, brandId, sku);
  if (!(await endOverride(client, brandId, item.item, id, kept.clock.now().toISOString())))
    throw new KeptError(
      'not_found',
      `${sku} has no override ${id}: GET /v1/items/${sku}/forecast lists them.`,
    );
  await tell(kept, client, brandId, 'forecast.override_ended', { sku, id }, actor);
}

/** Names the items that a launch is thought to sell like; none: Kept looks for them itself. */
export async function setLookAlikes(
  client: pg.PoolClient,
  brandId: number,
  sku: string,
  skus: readonly string[],
): Promise<void> {
  const item = await plannedItem(client, brandId, sku);
  const alikes: number[] = [];
  for (const alike of new Set(skus)) {
    const [found] = await readPlannedItems(client, brandId, { sku: alike }, null, 1);
    if (found === undefined || alike === sku)
      throw new KeptError(
        'invalid_input',
        `${JSON.stringify(alike)} is no other item with stock of its own.`,
        {
          errors: [{ path: `skus.${skus.indexOf(alike)}`, message: 'expected the SKU of another item' }],
        },
      );
    alikes.push(found.item);
  }
  await replaceLookAlikes(client, brandId, item.item, alikes);
}

/** SKUs that a launch would be drawn to. */
export async function lookAlikesOf(client: pg.PoolClient, brandId: number, sku: string): Promise<string[]> {
  const item = await plannedItem(client, brandId, sku);
  const pairs = await readLookAlikes(client, brandId, [item.item], 8);
  const items = pairs.map(({ alike }) => alike);
  if (items.length === 0) return [];
  return (await readPlannedItems(client, brandId, { items }, null, items.length)).map((one) => one.sku);
}

async function tell(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  kind: string,
  data: unknown,
  actor: string,
): Promise<void> {
  const id = await kept.ids.take(brandId, 'event', 1);
  await recordEvents(client, brandId, [{ id, kind, data, at: kept.clock.now().toISOString(), actor }]);
}
