import { MessageSettings } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { insertSettings, newestSettings } from './settings-store.ts';

export type CommsSettings = z.output<typeof MessageSettings>;

export interface SettingsRecord {
  readonly version: number;
  readonly settings: CommsSettings;
  readonly actor: string;
  readonly at: string | null;
}

/** How the brand speaks, as of now; the defaults where nobody has said anything. */
export async function loadCommsSettings(client: pg.PoolClient, brandId: number): Promise<SettingsRecord> {
  const row = await newestSettings(client, brandId);
  if (row === null) return { version: 0, settings: MessageSettings.parse({}), actor: 'default', at: null };
  return { ...row, settings: MessageSettings.parse(JSON.parse(row.settings)) };
}

/** Whether the brand only watches: what Kept would say, end or pay of its own is written, and not done. */
export async function isShadowed(kept: Kept, brandId: number): Promise<boolean> {
  const { settings } = await withBrand(kept.db, brandId, (client) => loadCommsSettings(client, brandId), {
    reads: true,
  });
  return settings.shadow;
}

/** Keeps the settings as another version: who changed an exemption, when and why, stays on record. */
export async function saveCommsSettings(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  actor: string,
  settings: CommsSettings,
): Promise<SettingsRecord> {
  const before = await newestSettings(client, brandId);
  const record = {
    version: (before?.version ?? 0) + 1,
    settings,
    actor,
    at: kept.clock.now().toISOString(),
  };
  await insertSettings(client, brandId, { ...record, settings: JSON.stringify(settings) });
  return record;
}
