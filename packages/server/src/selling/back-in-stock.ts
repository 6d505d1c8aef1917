import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { BackInStock, BackInStockInput } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { unknownSku } from '../catalog/index.ts';
import { recordUnmet } from '../demand/index.ts';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, readerOf } from '../promising/index.ts';
import {
  confirmSubscription,
  findSubscription,
  markTold,
  readSubscription,
  type SubscriptionRow,
  upsertSubscription,
  waitingToBeTold,
} from './back-in-stock-store.ts';
import { tell } from './terms.ts';
import { readSoldItem } from './terms-store.ts';

type View = z.output<typeof BackInStock>;

/** Whoever was told has this long to buy before the units are told of again. */
const TOLD_HOURS = 24;

/** Whoever asks again and again is sent a mail to confirm it no oftener than this. */
const MAIL_APART_MS = 3_600_000;
/** Says whose it is, so that a link needs no key. */
const tokenFor = (brandId: number) => `${brandId.toString(36)}-${randomBytes(24).toString('base64url')}`;

/** The brand of a token; null: it is none of ours. */
export function brandOfLink(token: string): number | null {
  const brand = /^([0-9a-z]{1,7})-[\w-]{32}$/.exec(token)?.[1];
  return brand === undefined ? null : Number.parseInt(brand, 36);
}

/** What a token is about, unconfirmed or not; null: no mail of ours holds it. */
export function subscriptionOf(client: pg.PoolClient, brandId: number, token: string) {
  return findSubscription(client, brandId, digest(token));
}

const digest = (token: string) => createHash('sha256').update(token).digest('base64url');

/**
 * Takes a request to be told. It counts once its mail's owner has confirmed it: the token goes out with the event, in the
 * mail and nowhere else.
 */
export async function askToBeTold(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  input: z.output<typeof BackInStockInput>,
): Promise<View> {
  const item = await readSoldItem(client, brandId, input.sku);
  if (item === null) throw unknownSku(input.sku, 'sku');
  const channelId = (await loadSettings(client, kept.db, brandId)).channelOf.get(input.channel);
  if (channelId === undefined)
    throw new KeptError('unknown_channel', `No channel has the code ${JSON.stringify(input.channel)}.`, {
      errors: [{ path: 'channel', message: 'expected the code of a channel' }],
    });
  const token = tokenFor(brandId);
  const email = input.email.trim().toLowerCase();
  const locale = input.locale ?? null;
  const now = kept.clock.now();
  const { id, toConfirm } = await upsertSubscription(client, brandId, {
    id: randomUUID(),
    item: item.item,
    channelId,
    email,
    quantity: input.quantity,
    locale,
    tokenDigest: digest(token),
    at: now.toISOString(),
    mailedBefore: new Date(now.getTime() - MAIL_APART_MS).toISOString(),
  });
  const { sku, channel, quantity } = input;
  const asked = { id, sku, channel, email, quantity, locale };
  if (toConfirm) await tell(kept, client, brandId, 'back_in_stock.asked', { ...asked, token });
  const unmet = { kind: 'back_in_stock', channel: channelId, ref: id, line: '', item: item.item } as const;
  await recordUnmet(client, brandId, [{ ...unmet, asked: quantity, units: quantity }], now.toISOString());
  return subscriptionView((await readSubscription(client, brandId, id))!);
}

/** @throws KeptError `not_found` for a token that no mail of ours holds */
export async function confirmToBeTold(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  token: string,
): Promise<View> {
  const row = await confirmSubscription(client, brandId, digest(token), kept.clock.now().toISOString());
  if (row === null) throw new KeptError('not_found', 'This link is not, or no longer, in force.');
  return subscriptionView(row);
}

export function subscriptionView({
  item: _item,
  email: _email,
  locale: _locale,
  confirmedAt,
  ...row
}: SubscriptionRow): View {
  return { ...row, state: row.toldAt !== null ? 'told' : confirmedAt === null ? 'unconfirmed' : 'waiting' };
}

/**
 * Tells those who wait, in the order of asking, as many as what is here can serve: nobody is called for a unit that somebody
 * before them was called for a day ago or less.
 */
export async function tellWhatIsBack(kept: Kept, brandId: number): Promise<void> {
  const now = kept.clock.now();
  const since = new Date(now.getTime() - TOLD_HOURS * 3_600_000).toISOString();
  const { waiting, told } = await withBrand(
    kept.db,
    brandId,
    (client) => waitingToBeTold(client, brandId, since),
    { reads: true },
  );
  for (const group of Map.groupBy(waiting, (one) => `${one.item}\n${one.channel}`).values()) {
    const { item, sku, channel } = group[0]!;
    const spoken = told.find((one) => one.item === item && one.channel === channel)?.units ?? 0;
    const wanted = group.reduce((units, one) => units + one.quantity, spoken);
    let free = (await unitsHere(kept, brandId, sku, channel, wanted)) - spoken;
    const next: SubscriptionRow[] = [];
    // In order: one who wants more than is here is not passed over for the next.
    for (const one of group) {
      if (one.quantity > free) break;
      free -= one.quantity;
      next.push(one);
    }
    if (next.length === 0) continue;
    await withBrand(kept.db, brandId, async (client) => {
      const ids = next.map((one) => one.id);
      const marked = await markTold(client, brandId, ids, now.toISOString());
      for (const one of next)
        if (marked.has(one.id))
          await tell(kept, client, brandId, 'back_in_stock.told', {
            id: one.id,
            sku,
            channel,
            email: one.email,
            quantity: one.quantity,
            locale: one.locale,
          });
    });
  }
}

async function unitsHere(
  kept: Kept,
  brandId: number,
  sku: string,
  channel: string,
  quantity: number,
): Promise<number> {
  const asked = { sku, channel, quantity: Math.min(quantity, 10_000_000), shipTo: undefined, tag: 'en' };
  const { head } = await readerOf(kept, brandId).answer(asked);
  return (JSON.parse(`${head}"}`) as { now: number }).now;
}
