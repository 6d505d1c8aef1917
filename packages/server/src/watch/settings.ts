import { randomBytes } from 'node:crypto';
import { SignalSettingsInput } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import { targetTrouble } from '../platform/guarded-post.ts';
import type { Kept } from '../platform/kept.ts';
import { insertSettings, newestSettings } from './delivery-store.ts';

type Input = z.output<typeof SignalSettingsInput>;
export type Webhook = Input['webhooks'][number] & { readonly secret?: string };
export type Settings = Omit<Input, 'webhooks'> & { readonly webhooks: readonly Webhook[] };

export async function loadSignalSettings(
  client: pg.PoolClient,
  brandId: number,
): Promise<{ settings: Settings; by: string | null; at: string | null }> {
  const row = await newestSettings(client, brandId);
  if (row === null) return { settings: SignalSettingsInput.parse({}), by: null, at: null };
  return { settings: JSON.parse(row.settings), by: row.actor, at: row.at };
}

/**
 * Keeps the settings as another version. A signed webhook gets a secret, which is told this once; one that was there keeps its own.
 * @throws KeptError `invalid_input` for a webhook that is not at a public address
 */
export async function saveSignalSettings(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  input: Input,
  actor: string,
  privateTargets: boolean,
): Promise<{ settings: Settings; by: string; at: string; told: ReadonlySet<string> }> {
  for (const [index, { url }] of input.webhooks.entries()) {
    const message = targetTrouble(url, privateTargets);
    if (message === null) continue;
    const path = `webhooks[${index}].url`;
    throw new KeptError('invalid_input', `${path}: ${message}.`, { errors: [{ path, message }] });
  }
  const before = await newestSettings(client, brandId);
  const known = before === null ? [] : (JSON.parse(before.settings) as Settings).webhooks;
  const told = new Set<string>();
  const webhooks = input.webhooks.map((webhook): Webhook => {
    if (webhook.kind !== 'standard') return webhook;
    const secret = known.find((one) => one.url === webhook.url)?.secret;
    if (secret !== undefined) return { ...webhook, secret };
    told.add(webhook.url);
    return { ...webhook, secret: `whsec_${randomBytes(24).toString('base64')}` };
  });
  const settings: Settings = { ...input, webhooks };
  const at = kept.clock.now().toISOString();
  const version = (before?.version ?? 0) + 1;
  await insertSettings(client, brandId, { version, settings: JSON.stringify(settings), actor, at });
  return { settings, by: actor, at, told };
}
