import { dayText } from '@kept/engine';
import type pg from 'pg';
import type { Kept } from '../platform/kept.ts';
import { type AccuracyFilter, type AccuracyRow, readAccuracy } from './accuracy-store.ts';
import { loadSettings, worldAt } from './world-store.ts';

/** How many promises were kept, the first of each line, the latest and the latest told apart (contract: PromiseAccuracy). */
export async function promiseAccuracy(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  filter: AccuracyFilter,
) {
  const settings = await loadSettings(client, kept.db, brandId);
  const now = kept.clock.now();
  const today = dayText(worldAt(settings, now).today);
  const rows = await readAccuracy(client, brandId, filter, { today, timeZone: settings.timeZone });
  const sum = (of: (row: AccuracyRow) => number) => rows.reduce((units, row) => units + of(row), 0);
  return {
    by: filter.by,
    first: rate(
      sum((row) => row.first_promises),
      sum((row) => row.first_kept),
    ),
    latest: rate(
      sum((row) => row.latest_promises),
      sum((row) => row.latest_kept),
    ),
    told: rate(
      sum((row) => row.told_promises),
      sum((row) => row.told_kept),
    ),
    groups: rows.map((row) => ({
      group: row.group,
      first: rate(row.first_promises, row.first_kept),
      latest: rate(row.latest_promises, row.latest_kept),
      told: rate(row.told_promises, row.told_kept),
    })),
    asOf: now.toISOString(),
  };
}

function rate(promises: number, kept: number) {
  return { promises, kept, keptShare: promises === 0 ? null : kept / promises };
}
