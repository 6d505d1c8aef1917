import type pg from 'pg';
import { bigints, booleans, texts } from '../platform/columns.ts';

/**
 * Notes that items are to be told anew to a connection's channels: those that have a listing there, or all where it has none
 * of its own. Kits go with what they are made of.
 * @param items null: all
 */
export async function noteDue(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  channels: readonly string[],
  {
    items,
    all,
    now,
  }: { readonly items: readonly number[] | null; readonly all: boolean; readonly now: Date },
): Promise<void> {
  if (channels.length === 0 || items?.length === 0) return;
  await client.query({
    text: `insert into connection_item as known (brand_id, connection, channel, sku, try_at)
           select $1, $2, c.code, i.sku, $6
           from item i
           join channel c on c.brand_id = i.brand_id and c.code = any($3)
           where i.brand_id = $1
             and ($4::int[] is null or i.item_id = any($4) or exists (
               select from kit_component k where k.brand_id = i.brand_id and k.kit_item_id = i.item_id
                 and k.component_item_id = any($4)))
             and ($5 or exists (
               select from listing l where l.brand_id = i.brand_id and l.channel_id = c.channel_id
                 and l.item_id = i.item_id and l.state = 'mapped'))
           order by c.code, i.sku
           on conflict (brand_id, connection, channel, sku) do update
           set due = true, version = known.version + 1,
             try_at = case when known.due then known.try_at else excluded.try_at end`,
    values: [brandId, connection, channels, items, all, now],
  });
}

export interface DueItem {
  readonly channel: string;
  readonly sku: string;
  readonly version: number;
  /** What was told last, JSON; null: it is not known. */
  readonly told: string | null;
  readonly attempts: number;
}

/** Takes items that are to be told, for so many seconds by the database's clock. */
export async function claimDue(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  now: Date,
  limit: number,
  leaseSeconds: number,
): Promise<DueItem[]> {
  const { rows } = await client.query({
    name: 'claim-availability-due',
    text: `update connection_item d set claimed_until = clock_timestamp() + make_interval(secs => $5)
           where d.brand_id = $1 and d.ctid = any(array(
             select ctid from connection_item
             where brand_id = $1 and connection = $2 and due and try_at <= $3
               and (claimed_until is null or claimed_until < clock_timestamp())
             order by try_at limit $4 for update skip locked))
           returning d.channel, d.sku, version, told, attempts`,
    values: [brandId, connection, now, limit, leaseSeconds],
  });
  return rows;
}

/** Keeps what was claimed for so many seconds more. */
export async function renewDue(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  claimed: readonly Pick<DueItem, 'channel' | 'sku'>[],
  leaseSeconds: number,
): Promise<void> {
  await client.query(
    `update connection_item d set claimed_until = clock_timestamp() + make_interval(secs => $5)
     from unnest($3::text[], $4::text[]) as c(channel, sku)
     where d.brand_id = $1 and d.connection = $2 and d.channel = c.channel and d.sku = c.sku
       and d.claimed_until is not null`,
    [
      brandId,
      connection,
      texts(claimed, (one) => one.channel),
      texts(claimed, (one) => one.sku),
      leaseSeconds,
    ],
  );
}

export interface Published extends DueItem {
  readonly done: boolean;
  /** What it is told now; null: nobody knows, so that it is told again whatever it says. */
  readonly now: string | null;
  /** Milliseconds since 1970. */
  readonly tryAt: number;
  readonly trouble: string | null;
}

/** What came of it. What has changed meanwhile stays due. */
export async function recordPublished(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  items: readonly Published[],
  at: Date,
): Promise<void> {
  if (items.length === 0) return;
  await client.query({
    text: `update connection_item d set due = not (p.done and d.version = p.version), told = p.told,
             told_at = case when p.done then $3::timestamptz else d.told_at end, claimed_until = null,
             attempts = case when p.done then 0 else d.attempts + 1 end, trouble = p.trouble,
             try_at = case when d.version = p.version then to_timestamp(p.try_at / 1000.0) else $3 end
           from unnest($4::text[], $5::text[], $6::bigint[], $7::boolean[], $8::text[], $9::bigint[], $10::text[])
             as p(channel, sku, version, done, told, try_at, trouble)
           where d.brand_id = $1 and d.connection = $2 and d.channel = p.channel and d.sku = p.sku`,
    values: [
      brandId,
      connection,
      at,
      texts(items, (one) => one.channel),
      texts(items, (one) => one.sku),
      bigints(items, (one) => one.version),
      booleans(items, (one) => one.done),
      texts(items, (one) => one.now),
      bigints(items, (one) => one.tryAt),
      texts(items, (one) => one.trouble),
    ],
  });
}

/** A channel's own variants of items, by `channel\nsku`. */
export async function variantsOf(
  client: pg.PoolClient,
  brandId: number,
  items: readonly DueItem[],
): Promise<Map<string, string[]>> {
  const { rows } = await client.query({
    text: `select c.code, i.sku, array_agg(l.external_id order by l.external_id) as ids
           from unnest($2::text[], $3::text[]) as d(channel, sku)
           join channel c on c.brand_id = $1 and c.code = d.channel
           join item i on i.brand_id = $1 and i.sku = d.sku
           join listing l on l.brand_id = $1 and l.channel_id = c.channel_id and l.item_id = i.item_id and l.state = 'mapped'
           group by c.code, i.sku`,
    values: [brandId, texts(items, (one) => one.channel), texts(items, (one) => one.sku)],
  });
  return new Map(rows.map((row) => [`${row.code}\n${row.sku}`, row.ids]));
}
