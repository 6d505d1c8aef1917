import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { touchSettings } from '../catalog/index.ts';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, readerOf } from '../promising/index.ts';
import { insertKey, isInForce, revokeKeys } from './storefront-store.ts';

const digestOf = (key: string) => createHash('sha256').update(key).digest('base64url');

/**
 * Makes a key that may stand in a page. It is told this once: only its digest is kept.
 * @throws KeptError `unknown_channel`
 */
export async function createPublishableKey(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  input: { readonly name: string; readonly channel: string },
): Promise<{ name: string; channel: string; key: string; createdAt: string }> {
  const { channelOf } = await loadSettings(client, kept.db, brandId);
  if (!channelOf.has(input.channel))
    throw new KeptError('unknown_channel', `No channel has the code ${JSON.stringify(input.channel)}.`, {
      errors: [{ path: 'channel', message: 'expected the code of a channel' }],
    });
  const key = `kept_pub_${brandId}_${randomBytes(24).toString('base64url')}`;
  const createdAt = kept.clock.now().toISOString();
  await touchSettings(client, brandId);
  await insertKey(client, brandId, { digest: digestOf(key), ...input, at: createdAt });
  return { ...input, key, createdAt };
}

export async function revokePublishableKeys(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  name: string,
): Promise<number> {
  await touchSettings(client, brandId);
  return revokeKeys(client, brandId, name, kept.clock.now().toISOString());
}

const digests = new Map<string, { brandId: number; digest: string }>();
const MANY_KEYS = 1000;

/**
 * Which brand and channel a page's key is of; a key that was revoked is known as such within a second.
 * @throws KeptError `unauthorized`
 */
export async function shopOf(
  kept: Kept,
  key: string,
  channel: string | undefined,
): Promise<{ brandId: number; channel: string }> {
  let known = digests.get(key);
  if (known === undefined) {
    const brand = /^kept_pub_(\d{1,9})_[\w-]{32}$/.exec(key)?.[1];
    if (brand === undefined) throw unknownKey();
    known = { brandId: Number(brand), digest: digestOf(key) };
    const { brandId, digest } = known;
    // Anybody can make up keys, and brands with them: one that is not in force leaves nothing in memory.
    if (!(await withBrand(kept.db, brandId, (client) => isInForce(client, brandId, digest), { reads: true })))
      throw unknownKey();
    if (digests.size >= MANY_KEYS) digests.clear();
    digests.set(key, known);
  }
  const own = await readerOf(kept, known.brandId).channelOfKey(known.digest);
  if (own === null) throw unknownKey();
  if (channel !== undefined && channel !== own)
    throw new KeptError('forbidden', `This key reads what shoppers of ${own} are told, not of ${channel}.`);
  return { brandId: known.brandId, channel: own };
}

const unknownKey = () =>
  new KeptError(
    'unauthorized',
    'This publishable key is not known, or was revoked. POST /v1/publishable-keys makes one.',
  );
