import { createHash } from 'node:crypto';
import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import { guardedPost, type Posted } from '../platform/guarded-post.ts';
import type { Kept } from '../platform/kept.ts';
import { standardHeaders } from '../platform/standard-webhooks.ts';
import type { SignalView } from '../signals/index.ts';
import { claimDeliveries, type Delivery, insertDeliveries, recordDelivery } from './delivery-store.ts';
import type { Letter } from './digest.ts';
import { loadSignalSettings, type Webhook } from './settings.ts';

/** How what buyers are told leaves this process. */
export interface BuyerChannels {
  /** Null: no mail is configured, and digests wait. `messageId` is the same at every attempt. */
  readonly mail: ((mail: Letter & { to: string; messageId: string }) => Promise<Posted>) | null;
  /** Lets webhooks go to one's own network. */
  readonly privateTargets: boolean;
  /** How long what a process claimed is its own: longer than any of them may take. */
  readonly leaseSeconds?: number;
}

const BATCH = 20;
const LEASE_SECONDS = 60;
/** After so many attempts, each twice as far away as the last, a delivery is given up; the signal stands all the same. */
const FIRST_WAIT_MS = 30_000;

/** Puts new signals on their way to the brand's webhooks, in the transaction that raised them. */
export async function deliverRaised(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  raised: readonly SignalView[],
): Promise<void> {
  if (raised.length === 0) return;
  const { settings } = await loadSignalSettings(client, brandId);
  const at = kept.clock.now().toISOString();
  await insertDeliveries(
    client,
    brandId,
    at,
    settings.webhooks.flatMap((webhook) =>
      raised
        .filter(({ kind }) => webhook.signals === undefined || (webhook.signals as string[]).includes(kind))
        .map((signal) => ({
          cause: `signal:${signal.id}`,
          target: webhook.url,
          payload: JSON.stringify(
            webhook.kind === 'slack'
              ? slackMessage(signal)
              : { type: 'signal.raised', timestamp: at, data: signal },
          ),
        })),
    ),
  );
}

/** Slack's incoming webhooks: a text, and the same with what can be done about it. `&`, `<` and `>` are its only special characters. */
function slackMessage({ words, choices }: SignalView): unknown {
  const plain = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const actions = choices.map((one) => `• ${plain(one.words)}`).join('\n');
  const section = (text: string) => ({
    type: 'section',
    text: { type: 'mrkdwn', text: text.slice(0, 3000) },
  });
  return {
    text: plain(words),
    blocks: [section(`*${plain(words)}*`), ...(actions === '' ? [] : [section(actions)])],
  };
}

/** Sends what is due. What a process claimed and did not finish is sent again by another, under the same id. */
export async function sendDeliveries(kept: Kept, brandId: number, channels: BuyerChannels): Promise<void> {
  const { claimed, webhooks } = await withBrand(kept.db, brandId, async (client) => ({
    claimed: await claimDeliveries(
      client,
      brandId,
      kept.clock.now().toISOString(),
      BATCH,
      channels.leaseSeconds ?? LEASE_SECONDS,
    ),
    webhooks: (await loadSignalSettings(client, brandId)).settings.webhooks,
  }));
  await Promise.all(
    claimed.map(async (delivery) => {
      const result = await send(brandId, delivery, webhooks, channels);
      const now = kept.clock.now().getTime();
      const again = new Date(now + FIRST_WAIT_MS * 2 ** (delivery.attempts - 1)).toISOString();
      await withBrand(kept.db, brandId, (client) =>
        recordDelivery(client, brandId, delivery, {
          doneAt: result.kind === 'retry' ? null : new Date(now).toISOString(),
          tryAt: again,
          trouble: result.kind === 'sent' ? null : result.trouble,
        }),
      );
    }),
  );
}

function send(
  brandId: number,
  { cause, target, payload }: Delivery,
  webhooks: readonly Webhook[],
  { mail, privateTargets }: BuyerChannels,
): Promise<Posted> {
  if (target.startsWith('mailto:')) {
    if (mail === null)
      return Promise.resolve({ kind: 'retry', trouble: 'No mail is configured: KEPT_SMTP_URL.' });
    const to = target.slice('mailto:'.length);
    const digest = createHash('sha256').update(`${brandId}:${cause}:${target}`).digest('hex').slice(0, 32);
    return mail({ ...(JSON.parse(payload) as Letter), to, messageId: `kept.${digest}` });
  }
  const webhook = webhooks.find((one) => one.url === target);
  if (webhook === undefined)
    return Promise.resolve({ kind: 'refused', trouble: 'The webhook was taken away.' });
  return guardedPost({
    url: target,
    body: payload,
    privateTargets,
    headers: {
      'content-type': 'application/json',
      ...(webhook.secret === undefined
        ? {}
        : standardHeaders(webhook.secret, cause.replace(':', '_'), new Date(), payload)),
    },
  });
}
