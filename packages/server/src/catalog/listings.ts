import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { type Saved, saveInRounds } from '../platform/saved.ts';
import { loadSettings, lookupItems } from '../promising/index.ts';
import { unknownSku } from './errors.ts';
import { type ListingRow, readListings, upsertListings } from './listing-store.ts';

/** A channel's own variant, and the SKU that it is said to be. */
export interface ListingRecord {
  readonly channel: string;
  readonly externalId: string;
  /** Null where it cannot be mapped; `problem` says why, `claimedSku` what stood there. */
  readonly sku: string | null;
  readonly title: string;
  readonly problem?: 'blank_sku' | 'duplicate_sku';
  readonly claimedSku?: string;
}

/**
 * Records what a channel sells as which item (RULES 3). A SKU that two variants of a channel claim is mapped to neither of
 * the newcomers until a person settles it: the mapping that was there first stays. A blank one is recorded unmapped.
 */
export function saveListings(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  records: readonly ListingRecord[],
): Promise<Saved[]> {
  return saveInRounds(
    records,
    (record) => JSON.stringify([record.channel, record.externalId]),
    async (round) => {
      const { channelOf } = await loadSettings(client, kept.db, brandId);
      const skus = new Set(round.flatMap((record) => record.sku ?? []));
      const items = await lookupItems(client, brandId, [...skus]);
      const saved: (Saved | null)[] = round.map((record) => {
        if (!channelOf.has(record.channel))
          return { state: 'refused', error: unknownChannel(record.channel) };
        if (record.sku !== null && !items.has(record.sku))
          return { state: 'refused', error: unknownSku(record.sku, 'sku') };
        return null;
      });
      const wanted = round.map((record) => ({
        channel: channelOf.get(record.channel) ?? 0,
        externalId: record.externalId,
        sku: record.sku,
      }));
      const there = await readListings(client, brandId, wanted);
      const known = new Map(there.map((row) => [nameOf(row), row]));
      const holder = new Map(
        there
          .filter((row) => row.state === 'mapped')
          .map((row) => [skuKey(row.channel, row.sku!), nameOf(row)]),
      );
      const written: ListingRow[] = [];
      for (const [index, record] of round.entries()) {
        if (saved[index] !== null) continue;
        const row = listingRow(record, wanted[index]!, items.get(record.sku ?? '')?.item ?? null, holder);
        const before = known.get(nameOf(row));
        const unchanged = before !== undefined && same(before, row);
        saved[index] = { state: unchanged ? 'unchanged' : 'applied', created: before === undefined };
        if (!unchanged) written.push(row);
      }
      if (written.length > 0) await write(kept, client, brandId, written, round);
      return saved as Saved[];
    },
  );
}

async function write(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  rows: readonly ListingRow[],
  records: readonly ListingRecord[],
): Promise<void> {
  await upsertListings(client, brandId, rows);
  const unmapped = rows.filter((row) => row.state !== 'mapped');
  if (unmapped.length === 0) return;
  const channels = new Map(records.map((record) => [record.externalId, record.channel]));
  const first = await kept.ids.take(brandId, 'event', unmapped.length);
  const at = kept.clock.now().toISOString();
  await recordEvents(
    client,
    brandId,
    unmapped.map(({ externalId, sku, title, state }, index) => ({
      id: first + index,
      kind: 'listing.unmapped',
      data: { channel: channels.get(externalId), externalId, sku, title, state },
      at,
    })),
  );
}

function listingRow(
  record: ListingRecord,
  place: { channel: number; externalId: string },
  item: number | null,
  holder: Map<string, string>,
): ListingRow {
  const base = { channel: place.channel, externalId: record.externalId, title: record.title };
  if (record.sku === null) {
    const state = record.problem === 'duplicate_sku' ? 'duplicate' : 'unmapped';
    return { ...base, sku: record.claimedSku ?? null, item: null, state };
  }
  const key = skuKey(place.channel, record.sku);
  const holds = holder.get(key) ?? nameOf(place);
  holder.set(key, holds);
  if (holds !== nameOf(place)) return { ...base, sku: record.sku, item: null, state: 'duplicate' };
  return { ...base, sku: record.sku, item, state: 'mapped' };
}

const nameOf = (row: { channel: number; externalId: string }) =>
  JSON.stringify([row.channel, row.externalId]);
const skuKey = (channel: number, sku: string) => JSON.stringify([channel, sku]);

function same(before: ListingRow, after: ListingRow): boolean {
  return (Object.keys(after) as (keyof ListingRow)[]).every((key) => before[key] === after[key]);
}

function unknownChannel(code: string): KeptError {
  return new KeptError(
    'unknown_channel',
    `No channel has the code ${JSON.stringify(code)}. PUT /v1/channels/${encodeURIComponent(code)} makes one.`,
    { errors: [{ path: 'channel', message: `no channel has the code ${JSON.stringify(code)}` }] },
  );
}
