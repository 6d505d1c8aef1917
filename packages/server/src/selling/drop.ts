import { randomBytes, randomUUID } from 'node:crypto';
import type { Draw, Drop, DropEntry, DropEntryInput, DropInput } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, placeHold } from '../promising/index.ts';
import { entriesDigestOf, rankTickets, seedDigestOf } from './draw.ts';
import {
  type DropRow,
  dropsDue,
  type EntryRow,
  holdStates,
  insertDrop,
  insertEntry,
  lockDrop,
  openDropOf,
  readDrop,
  readEntries,
  setDropState,
  setEntry,
  writeRanks,
} from './drop-store.ts';
import { changeTerms, itemOrFail, tell } from './terms.ts';

/** Opens the list of a limited release. From now on nobody buys the item who was not offered it. */
export async function openDrop(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  ref: string,
  input: z.output<typeof DropInput>,
): Promise<z.output<typeof Drop>> {
  const item = await itemOrFail(client, brandId, input.sku);
  const settings = await loadSettings(client, kept.db, brandId);
  if (settings.policies.get(item.policy)?.kind !== 'drop')
    throw new KeptError(
      'conflict',
      `${input.sku} follows the policy ${item.policy}; PUT /v1/items/${encodeURIComponent(input.sku)} with the policy drop first.`,
    );
  const channelId = settings.channelOf.get(input.channel);
  if (channelId === undefined)
    throw new KeptError('unknown_channel', `No channel has the code ${JSON.stringify(input.channel)}.`, {
      errors: [{ path: 'channel', message: 'expected the code of a channel' }],
    });
  if ((await readDrop(client, brandId, ref)) !== null)
    throw new KeptError(
      'conflict',
      `There is a drop ${JSON.stringify(ref)} already; its terms stand since people have joined by them.`,
    );
  const other = await openDropOf(client, brandId, item.item);
  if (other !== null)
    throw new KeptError('conflict', `The drop ${JSON.stringify(other)} of ${input.sku} is not over.`);
  const seed = randomBytes(32).toString('hex');
  const seedDigest = seedDigestOf(seed);
  await insertDrop(client, brandId, { ...input, ref, item: item.item, channelId, seed, seedDigest });
  await changeTerms(kept, client, brandId, item, { ...item.terms, drop: { open: true } });
  await tell(kept, client, brandId, 'drop.opened', { ref, ...input, seedDigest });
  return viewDrop(client, brandId, ref);
}

export async function viewDrop(
  client: pg.PoolClient,
  brandId: number,
  ref: string,
): Promise<z.output<typeof Drop>> {
  const {
    item: _item,
    seed: _seed,
    beacon: _beacon,
    entriesDigest: _digest,
    ...drop
  } = await dropOrFail(client, brandId, ref);
  return drop;
}

async function dropOrFail(client: pg.PoolClient, brandId: number, ref: string): Promise<DropRow> {
  const drop = await readDrop(client, brandId, ref);
  if (drop === null) throw new KeptError('not_found', `There is no drop ${JSON.stringify(ref)}.`);
  return drop;
}

/** Puts an address on the list, once: joining again answers the ticket that it has. */
export async function joinDrop(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  ref: string,
  input: z.output<typeof DropEntryInput>,
): Promise<z.output<typeof DropEntry>> {
  await lockDrop(client, brandId, ref);
  const drop = await dropOrFail(client, brandId, ref);
  const now = kept.clock.now();
  const email = input.email.trim().toLowerCase();
  const known = (await readEntries(client, brandId, ref)).find((one) => one.email === email);
  if (known !== undefined) return entryView(known);
  if (drop.state !== 'joining' || now >= new Date(drop.closesAt))
    throw new KeptError('conflict', `The list of ${ref} is closed.`);
  const entry = randomUUID();
  const locale = input.locale ?? null;
  const number = await insertEntry(client, brandId, ref, { entry, email, locale, at: now.toISOString() });
  await tell(kept, client, brandId, 'drop.joined', { ref, sku: drop.sku, entry, email, locale });
  return { entry, number: number!, state: 'waiting', rank: null, hold: null, expiresAt: null };
}

export async function viewEntry(
  client: pg.PoolClient,
  brandId: number,
  ref: string,
  entry: string,
): Promise<z.output<typeof DropEntry>> {
  const found = (await readEntries(client, brandId, ref)).find((one) => one.entry === entry);
  if (found === undefined) throw new KeptError('not_found', `The list of ${ref} has no such ticket.`);
  return entryView(found);
}

function entryView({ email: _email, locale: _locale, ...entry }: EntryRow): z.output<typeof DropEntry> {
  return { ...entry, hold: entry.state === 'offered' ? entry.hold : null };
}

/** Ranks the list and makes the first offers. Once: a second draw is refused. */
export async function drawDrop(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  ref: string,
  beacon: string | null,
): Promise<z.output<typeof Draw>> {
  await lockDrop(client, brandId, ref);
  const drop = await dropOrFail(client, brandId, ref);
  if (drop.state !== 'joining') throw new KeptError('conflict', `${ref} was drawn already.`);
  if (kept.clock.now() < new Date(drop.closesAt))
    throw new KeptError('conflict', `The list of ${ref} is open until ${drop.closesAt}.`);
  const entries = await readEntries(client, brandId, ref);
  const ranked = rankTickets(drop.method, entries, drop.seed, beacon);
  await writeRanks(client, brandId, ref, ranked);
  const entriesDigest = entriesDigestOf(entries);
  await setDropState(client, brandId, ref, 'offering', { beacon, entriesDigest });
  await tell(kept, client, brandId, 'drop.drawn', { ref, seed: drop.seed, entriesDigest, beacon });
  await offerNext(kept, client, brandId, ref);
  return viewDraw(client, brandId, ref);
}

/** All that is needed to check a draw; nothing of it before the draw. */
export async function viewDraw(
  client: pg.PoolClient,
  brandId: number,
  ref: string,
): Promise<z.output<typeof Draw>> {
  const drop = await dropOrFail(client, brandId, ref);
  if (drop.state === 'joining' || drop.entriesDigest === null)
    throw new KeptError('conflict', `${ref} is not drawn yet; its seed is told once it is.`);
  const entries = await readEntries(client, brandId, ref);
  const { method, seed, seedDigest, entriesDigest, beacon } = drop;
  const ranking = rankTickets(method, entries, seed, beacon).map(({ rank, entry, number, score }) => ({
    rank,
    entry,
    number,
    score,
  }));
  return { ref, method, seed, seedDigest, entriesDigest, beacon, ranking };
}

/**
 * Offers that are over pass to the next. An offer is a hold: its units are nobody else's while it stands, and the order that
 * names it has them.
 */
async function offerNext(kept: Kept, client: pg.PoolClient, brandId: number, ref: string): Promise<void> {
  const drop = await dropOrFail(client, brandId, ref);
  const entries = await readEntries(client, brandId, ref);
  const now = kept.clock.now();
  const offered = entries.filter((one) => one.state === 'offered');
  const holds = await holdStates(
    client,
    brandId,
    offered.flatMap((one) => one.hold ?? []),
  );
  let out = entries.filter((one) => one.state === 'taken').length;
  for (const one of offered) {
    const hold = holds.get(one.hold ?? '');
    const state = hold?.used ? 'taken' : hold?.open && now < new Date(one.expiresAt!) ? 'offered' : 'passed';
    if (state !== 'passed') out++;
    if (state === 'offered') continue;
    await setEntry(client, brandId, ref, one.entry, { state });
    const { entry, email, locale } = one;
    await tell(kept, client, brandId, `drop.${state}`, { ref, sku: drop.sku, entry, email, locale });
  }
  let waiting = entries.filter((one) => one.state === 'waiting');
  while (waiting.length > 0 && (out + 1) * drop.each <= drop.units) {
    const [next] = waiting;
    if (!(await offer(kept, client, brandId, drop, next!))) break;
    waiting = waiting.slice(1);
    out++;
  }
  const after = await dropOrFail(client, brandId, ref);
  if (after.offered > 0 || (waiting.length > 0 && after.taken * drop.each < drop.units)) return;
  await setDropState(client, brandId, ref, 'done');
  const item = await itemOrFail(client, brandId, drop.sku);
  const { drop: _over, ...terms } = item.terms ?? {};
  await changeTerms(kept, client, brandId, item, terms);
  await tell(kept, client, brandId, 'drop.done', { ref, sku: drop.sku, taken: after.taken * drop.each });
}

/** @returns false where no units are free: they may be when somebody's offer is over */
async function offer(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  drop: DropRow,
  { entry, email, locale }: EntryRow,
): Promise<boolean> {
  const { sku, channel, each: quantity, offerMinutes } = drop;
  const offeredAt = kept.clock.now();
  try {
    const hold = await placeHold(kept, client, brandId, {
      sku,
      channel,
      quantity,
      ttlSeconds: offerMinutes * 60,
      offered: true,
    });
    const { id, expiresAt } = hold;
    await setEntry(client, brandId, drop.ref, entry, {
      state: 'offered',
      hold: id,
      offeredAt: offeredAt.toISOString(),
      expiresAt,
    });
    await tell(kept, client, brandId, 'drop.offered', {
      ref: drop.ref,
      sku,
      quantity,
      entry,
      email,
      locale,
      hold: id,
      expiresAt,
    });
    return true;
  } catch (error) {
    if (error instanceof KeptError && error.code === 'cannot_promise') return false;
    throw error;
  }
}

/** Draws what is to be drawn without anybody asking, and passes on offers that are over. */
export async function moveDropsOn(kept: Kept, brandId: number): Promise<void> {
  const now = kept.clock.now();
  const due = await withBrand(kept.db, brandId, (client) => dropsDue(client, brandId, now.toISOString()), {
    reads: true,
  });
  for (const ref of due)
    await withBrand(kept.db, brandId, async (client) => {
      await lockDrop(client, brandId, ref);
      const drop = await dropOrFail(client, brandId, ref);
      if (drop.state === 'offering') await offerNext(kept, client, brandId, ref);
      // Whoever has a beacon has an hour to bring it.
      else if (drop.method === 'first_come' || now.getTime() >= Date.parse(drop.closesAt) + BEACON_MS)
        await drawDrop(kept, client, brandId, ref, null);
    });
}

const BEACON_MS = 3_600_000;
