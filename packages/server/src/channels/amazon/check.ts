import { z } from 'zod';
import { AccessLost, type Finding } from '../../connections/index.ts';
import type { Amazon } from './context.ts';
import type { Secrets } from './settings.ts';

const Participations = z.object({
  payload: z
    .array(
      z.object({
        marketplace: z.object({ id: z.string(), name: z.string().optional() }),
        participation: z.object({ isParticipating: z.boolean(), hasSuspendedListings: z.boolean() }),
        storeName: z.string().optional(),
      }),
    )
    .default([]),
});

/** What of the connection works, what is missing, and how to mend it. */
export async function checkConnection(
  amazon: Amazon,
  secrets: Secrets,
  signal?: AbortSignal,
): Promise<Finding[]> {
  const { settings } = amazon;
  const findings: Finding[] = [];
  const say = (level: Finding['level'], code: string, words: string) => findings.push({ code, level, words });
  try {
    const { payload } = await amazon.api.call('getMarketplaceParticipations', {
      method: 'GET',
      path: '/sellers/v1/marketplaceParticipations',
      answer: Participations,
      signal,
    });
    const here = payload.find((one) => one.marketplace.id === settings.marketplace);
    if (here === undefined || !here.participation.isParticipating)
      say(
        'broken',
        'not_participating',
        `The seller does not sell in marketplace ${settings.marketplace}: name another in the settings, or join it in Seller Central.`,
      );
    else if (here.participation.hasSuspendedListings)
      say(
        'warning',
        'listings_suspended',
        'The seller’s listings are inactive (Settings, Account info): nothing sells until they are active again.',
      );
    else say('ok', 'access', `Amazon knows the seller${here.storeName ? ` as ${here.storeName}` : ''}.`);
  } catch (error) {
    if (!(error instanceof AccessLost)) throw error;
    say('broken', 'access_lost', error.message);
  }
  if (settings.sellerId === undefined)
    say(
      'warning',
      'no_seller_id',
      'Without sellerId (Seller Central, Account info, Merchant token) Kept reads no listings and cannot say what may be sold.',
    );
  if (settings.fba?.channel === settings.channel)
    say(
      'warning',
      'one_channel_for_both',
      'Orders that Amazon ships and those that you ship are on one channel: stock in Amazon’s warehouses would be offered as your own. Give fba a channel of its own.',
    );
  if (settings.fba !== undefined && settings.fba.transitDays === undefined)
    say(
      'ok',
      'no_transit_days',
      'Shipments to Amazon without a delivery window have no day, and back no promise, until fba.transitDays says how long they take.',
    );
  if (settings.queue === undefined)
    say(
      'warning',
      'no_queue',
      'Without a queue for notifications orders are found by asking, every few minutes at best.',
    );
  else if (secrets.awsAccessKeyId === undefined || secrets.awsSecretAccessKey === undefined)
    say(
      'broken',
      'no_aws_key',
      'The queue needs awsAccessKeyId and awsSecretAccessKey of a user who may sqs:ReceiveMessage and sqs:DeleteMessage.',
    );
  return findings;
}
