import type { Channel, ChannelInput, Location, LocationInput } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { type Saved, saveInRounds } from '../platform/saved.ts';
import { calendarOf, calendarText, isTimeZone } from './calendar.ts';
import { wrong } from './errors.ts';
import type { SaveOptions } from './items.ts';
import {
  type ChannelRow,
  type LocationRow,
  readChannels,
  readLocations,
  type StoredLocation,
  upsertChannels,
  upsertLocations,
} from './place-store.ts';
import { replanItems } from './replan.ts';
import { queuedAtLocations } from './replan-store.ts';
import { lockBrandSettings, touchSettings } from './settings-store.ts';

export type LocationRecord = z.input<typeof LocationInput> & { readonly code: string };
export type ChannelRecord = z.input<typeof ChannelInput> & { readonly code: string };

/** Makes locations, or makes them what the records say; what backs the queues there is decided again. */
export function saveLocations(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  records: readonly LocationRecord[],
  options: SaveOptions = {},
): Promise<Saved[]> {
  return saveInRounds(
    records,
    (record) => record.code,
    async (round) => {
      await lockBrandSettings(client, brandId);
      const codes = round.map((record) => record.code);
      const known = new Map((await readLocations(client, brandId, codes)).map((row) => [row.code, row]));
      const saved: Saved[] = [];
      const written: LocationRow[] = [];
      const moved: StoredLocation[] = [];
      for (const record of round) {
        const before = known.get(record.code);
        if (record.timeZone !== undefined && !isTimeZone(record.timeZone)) {
          const error = wrong(
            'timeZone',
            `expected an IANA time zone such as Europe/London, not ${JSON.stringify(record.timeZone)}`,
          );
          saved.push({ state: 'refused', error });
          continue;
        }
        const row = locationRow(record, before, options);
        const unchanged = before !== undefined && sameRow(before, row);
        saved.push({ state: unchanged ? 'unchanged' : 'applied', created: before === undefined });
        if (unchanged) continue;
        written.push(row);
        if (before !== undefined && !sameRow({ ...before, title: row.title }, row)) moved.push(before);
      }
      if (written.length > 0) {
        await upsertLocations(client, brandId, written);
        const event = await settingsChanged(kept, client, brandId, 'location.saved', written);
        const queued = await queuedAtLocations(
          client,
          brandId,
          moved.map((row) => row.location),
        );
        await replanItems(kept, client, brandId, queued, {
          event,
          cause: { code: 'location_changed', ...(moved.length === 1 ? { location: moved[0]!.code } : {}) },
        });
      }
      return saved;
    },
  );
}

/** Makes channels, or makes them what the records say. What is promised already stays: a channel's limit is for requests. */
export function saveChannels(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  records: readonly ChannelRecord[],
  options: SaveOptions = {},
): Promise<Saved[]> {
  return saveInRounds(
    records,
    (record) => record.code,
    async (round) => {
      await lockBrandSettings(client, brandId);
      const codes = round.map((record) => record.code);
      const known = new Map((await readChannels(client, brandId, codes)).map((row) => [row.code, row]));
      const rows = round.map((record) => channelRow(record, known.get(record.code), options));
      const written = rows.filter((row) => !known.has(row.code) || !sameRow(known.get(row.code)!, row));
      if (written.length > 0) {
        await upsertChannels(client, brandId, written);
        await settingsChanged(kept, client, brandId, 'channel.saved', written);
      }
      return rows.map((row) => ({
        state: written.includes(row) ? 'applied' : 'unchanged',
        created: !known.has(row.code),
      }));
    },
  );
}

/** Before anything is decided: a decision reads the settings as they are now. Answers the first event's id. */
async function settingsChanged(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  kind: string,
  rows: readonly unknown[],
): Promise<number> {
  await touchSettings(client, brandId);
  const at = kept.clock.now().toISOString();
  const first = await kept.ids.take(brandId, 'event', rows.length);
  await recordEvents(
    client,
    brandId,
    rows.map((data, index) => ({ id: first + index, kind, data, at })),
  );
  return first;
}

function locationRow(
  record: LocationRecord,
  before: LocationRow | undefined,
  options: SaveOptions,
): LocationRow {
  const kept = options.absent === 'default' ? undefined : before;
  return {
    code: record.code,
    title: record.title,
    channels: record.channels ?? kept?.channels ?? null,
    calendar: record.calendar === undefined ? (kept?.calendar ?? null) : calendarText(record.calendar),
    cutOff: record.cutOff ?? kept?.cutOff ?? null,
    timeZone: record.timeZone ?? kept?.timeZone ?? null,
    country: record.country ?? kept?.country ?? null,
    transit: record.transitDays === undefined ? (kept?.transit ?? null) : JSON.stringify(record.transitDays),
    closed: record.closed ?? kept?.closed ?? false,
  };
}

/** Shopify confirms orders and parcels by itself; a shop that has turned that off says `sends: []`. */
const SHOPIFY_SENDS = ['confirmation', 'shipped'] satisfies ChannelRow['sends'];

/** Amazon speaks with its buyers itself, and lets no link of ours through. */
const messagesOf = (kind: string) => (/^amazon/i.test(kind) ? 'channel' : 'email');

function channelRow(record: ChannelRecord, before: ChannelRow | undefined, options: SaveOptions): ChannelRow {
  const kept = options.absent === 'default' ? undefined : before;
  return {
    code: record.code,
    title: record.title,
    kind: record.kind,
    maximumPromiseDays: record.maximumPromiseDays ?? kept?.maximumPromiseDays ?? null,
    messages: record.messages ?? kept?.messages ?? messagesOf(record.kind),
    sends: record.sends ?? kept?.sends ?? (record.kind === 'shopify' ? SHOPIFY_SENDS : []),
  };
}

function sameRow<Row extends object>(before: Row, after: Row): boolean {
  return (Object.keys(after) as (keyof Row)[]).every(
    (key) => JSON.stringify(before[key]) === JSON.stringify(after[key]),
  );
}

export function locationView(row: LocationRow): z.output<typeof Location> {
  return {
    code: row.code,
    title: row.title,
    channels: row.channels ?? undefined,
    calendar: row.calendar === null ? undefined : calendarOf(row.calendar),
    cutOff: row.cutOff ?? undefined,
    timeZone: row.timeZone ?? undefined,
    country: row.country ?? undefined,
    transitDays: row.transit === null ? undefined : JSON.parse(row.transit),
    closed: row.closed,
  };
}

export function channelView(row: ChannelRow): z.output<typeof Channel> {
  return { ...row, maximumPromiseDays: row.maximumPromiseDays ?? undefined };
}
