import type { ChannelInput } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';

/** A location as it is stored; the calendar and the days on the road are JSON. Null where nothing was said. */
export interface LocationRow {
  code: string;
  title: string;
  channels: string[] | null;
  calendar: string | null;
  cutOff: string | null;
  timeZone: string | null;
  country: string | null;
  transit: string | null;
  closed: boolean;
}
export type StoredLocation = LocationRow & { readonly location: number };

/** Those with the codes given, else all; in order of their codes. */
export async function readLocations(
  client: pg.PoolClient,
  brandId: number,
  codes: readonly string[] | null = null,
): Promise<StoredLocation[]> {
  const { rows } = await client.query(
    `select location_id, code, title, channels, calendar, cut_off, time_zone, country, transit, closed from location
     where brand_id = $1 and ($2::text[] is null or code = any($2)) order by code`,
    [brandId, codes],
  );
  return rows.map((row) => ({
    location: row.location_id,
    code: row.code,
    title: row.title,
    channels: row.channels,
    calendar: row.calendar,
    cutOff: row.cut_off,
    timeZone: row.time_zone,
    country: row.country,
    transit: row.transit,
    closed: row.closed,
  }));
}

/** Writes locations, new ones and others, under the brand's lock. */
export async function upsertLocations(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly LocationRow[],
): Promise<void> {
  await client.query(
    `insert into location (brand_id, location_id, code, title, channels, calendar, cut_off, time_zone, country, closed,
       transit)
     select $1, coalesce(l.location_id, (select coalesce(max(location_id), 0) from location where brand_id = $1) + r.n),
       r.code, r.title, case when r.channels is null then null else array(select json_array_elements_text(r.channels::json)) end,
       r.calendar, r.cut_off, r.time_zone, r.country, r.closed, r.transit
     from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::boolean[],
         $10::text[])
       with ordinality as r(code, title, channels, calendar, cut_off, time_zone, country, closed, transit, n)
     left join location l on l.brand_id = $1 and l.code = r.code
     on conflict (brand_id, location_id) do update set title = excluded.title, channels = excluded.channels,
       calendar = excluded.calendar, cut_off = excluded.cut_off, time_zone = excluded.time_zone,
       country = excluded.country, closed = excluded.closed, transit = excluded.transit`,
    [
      brandId,
      rows.map((row) => row.code),
      rows.map((row) => row.title),
      rows.map((row) => (row.channels === null ? null : JSON.stringify(row.channels))),
      rows.map((row) => row.calendar),
      rows.map((row) => row.cutOff),
      rows.map((row) => row.timeZone),
      rows.map((row) => row.country),
      rows.map((row) => row.closed),
      rows.map((row) => row.transit),
    ],
  );
}

export interface ChannelRow {
  code: string;
  title: string;
  kind: string;
  maximumPromiseDays: number | null;
  messages: 'email' | 'channel' | 'none';
  sends: NonNullable<z.output<typeof ChannelInput>['sends']>;
}

export async function readChannels(
  client: pg.PoolClient,
  brandId: number,
  codes: readonly string[] | null = null,
): Promise<ChannelRow[]> {
  const { rows } = await client.query(
    `select code, title, kind, maximum_promise_days, messages, sends from channel
     where brand_id = $1 and ($2::text[] is null or code = any($2)) order by code`,
    [brandId, codes],
  );
  return rows.map((row) => ({
    code: row.code,
    title: row.title,
    kind: row.kind,
    maximumPromiseDays: row.maximum_promise_days,
    messages: row.messages,
    sends: row.sends,
  }));
}

/** Writes channels, new ones and others, under the brand's lock. */
export async function upsertChannels(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly ChannelRow[],
): Promise<void> {
  await client.query(
    `insert into channel (brand_id, channel_id, code, title, kind, maximum_promise_days, messages, sends)
     select $1, coalesce(c.channel_id, (select coalesce(max(channel_id), 0) from channel where brand_id = $1) + r.n),
       r.code, r.title, r.kind, r.maximum_promise_days, r.messages, array(select json_array_elements_text(r.sends::json))
     from unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[])
       with ordinality as r(code, title, kind, maximum_promise_days, messages, sends, n)
     left join channel c on c.brand_id = $1 and c.code = r.code
     on conflict (brand_id, channel_id) do update set title = excluded.title, kind = excluded.kind,
       maximum_promise_days = excluded.maximum_promise_days, messages = excluded.messages, sends = excluded.sends`,
    [
      brandId,
      rows.map((row) => row.code),
      rows.map((row) => row.title),
      rows.map((row) => row.kind),
      rows.map((row) => row.maximumPromiseDays),
      rows.map((row) => row.messages),
      rows.map((row) => JSON.stringify(row.sends)),
    ],
  );
}
