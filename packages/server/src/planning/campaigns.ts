import type { Campaign, CampaignInput } from '@kept/contract';
import { dayText } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { loadSettings, worldAt } from '../promising/index.ts';
import { type CampaignRow, readCampaigns, unknownSkus, upsertCampaign } from './campaign-store.ts';

/** Puts a promotion into the calendar, or makes it what is said. The day planning was told never moves later. */
export async function saveCampaign(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  ref: string,
  input: z.output<typeof CampaignInput>,
  actor: string,
): Promise<{ campaign: z.input<typeof Campaign>; created: boolean }> {
  const settings = await loadSettings(client, kept.db, brandId);
  const missing = await unknownSkus(client, brandId, input.skus ?? []);
  if (missing.length > 0)
    throw new KeptError('invalid_input', `There is no item ${missing.slice(0, 3).join(', ')} to promote.`, {
      errors: missing.map((sku) => ({
        path: `skus.${input.skus!.indexOf(sku)}`,
        message: 'expected the SKU of an item that is there',
      })),
    });
  const nowhere = (input.channels ?? []).filter((code) => !settings.channelOf.has(code));
  if (nowhere.length > 0)
    throw new KeptError('invalid_input', `There is no channel ${nowhere[0]} to promote in.`, {
      errors: nowhere.map((code) => ({
        path: `channels.${input.channels!.indexOf(code)}`,
        message: 'expected the code of a channel that is there',
      })),
    });
  const { today } = worldAt(settings, kept.clock.now());
  const [before] = await readCampaigns(client, brandId, { ref });
  const row: CampaignRow = {
    ref,
    title: input.title,
    fromOn: input.from,
    untilOn: input.until,
    toldOn: input.toldOn ?? before?.toldOn ?? dayText(today),
    skus: input.skus ?? null,
    channels: input.channels ?? null,
    lift: input.lift ?? null,
    ended: input.ended,
  };
  const campaign = campaignView(await upsertCampaign(client, brandId, row));
  if (before === undefined || JSON.stringify(campaignView(before)) !== JSON.stringify(campaign)) {
    const id = await kept.ids.take(brandId, 'event', 1);
    const at = kept.clock.now().toISOString();
    await recordEvents(client, brandId, [{ id, kind: 'campaign.saved', data: campaign, at, actor }]);
  }
  return { campaign, created: before === undefined };
}

export async function campaignsBetween(
  client: pg.PoolClient,
  brandId: number,
  since: string | undefined,
): Promise<z.input<typeof Campaign>[]> {
  const rows = await readCampaigns(client, brandId, since === undefined ? {} : { since });
  return rows.map(campaignView);
}

function campaignView(row: CampaignRow): z.input<typeof Campaign> {
  const { ref, title, fromOn, untilOn, toldOn, skus, channels, lift, ended } = row;
  return {
    ref,
    title,
    from: fromOn,
    until: untilOn,
    toldOn,
    skus: skus === null ? null : [...skus],
    channels: channels === null ? null : [...channels],
    lift,
    ended,
  };
}
