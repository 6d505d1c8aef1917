import type pg from 'pg';
import { bigints, ints, texts, timestamps } from '../platform/columns.ts';

export interface EpisodeName {
  readonly item: number;
  readonly pool: number;
  readonly number: number;
}

/** Records what was found of an episode. A late order may have begun it earlier than was known when it was opened. */
export async function saveFound(
  client: pg.PoolClient,
  brandId: number,
  { item, pool, number }: EpisodeName,
  found: {
    readonly at: string;
    readonly openedAt: string;
    readonly found: unknown;
    readonly cause: string;
  },
): Promise<void> {
  await client.query({
    name: 'save-found',
    text: `update episode set looked_at = $5, opened_at = least(opened_at, $6::timestamptz), found = $7, cause = $8
           where brand_id = $1 and item_id = $2 and pool = $3 and number = $4`,
    values: [brandId, item, pool, number, found.at, found.openedAt, JSON.stringify(found.found), found.cause],
  });
}

export interface LineCause {
  readonly order: number;
  readonly line: number;
  readonly beganAt: string;
  readonly units: number;
  readonly causes: unknown;
}

/** What each backorder began by. Its units are the most that waited. */
export async function saveLineCauses(
  client: pg.PoolClient,
  brandId: number,
  { item, pool, number }: EpisodeName,
  lines: readonly LineCause[],
): Promise<void> {
  if (lines.length === 0) return;
  await client.query({
    name: 'save-line-causes',
    text: `insert into backorder_cause as b (brand_id, item_id, pool, number, order_id, line, began_at, units, causes)
           select $1, $2, $3, $4, * from unnest($5::bigint[], $6::int[], $7::timestamptz[], $8::int[], $9::text[])
           on conflict (brand_id, item_id, pool, number, order_id, line) do update
             set units = greatest(b.units, excluded.units), causes = excluded.causes
             where b.units < excluded.units or b.causes <> excluded.causes`,
    values: [
      brandId,
      item,
      pool,
      number,
      bigints(lines, (one) => one.order),
      ints(lines, (one) => one.line),
      timestamps(lines, (one) => one.beganAt),
      ints(lines, (one) => one.units),
      texts(lines, (one) => JSON.stringify(one.causes)),
    ],
  });
}

export interface EpisodeRow extends EpisodeName {
  readonly sku: string;
  readonly title: string;
  readonly supplier: string | null;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly lookedAt: string | null;
  /** JSON. */
  readonly found: string | null;
  readonly tag: string | null;
  readonly tagNote: string | null;
  readonly taggedBy: string | null;
  readonly taggedAt: string | null;
  readonly orders: number;
  readonly units: number;
  readonly value: number;
  readonly unitDays: number;
  readonly currency: string | null;
  readonly moved: number;
  /** Episodes within a year up to it with the same main cause: of the item, and of its supplier's items. */
  readonly alike: number;
  readonly alikeOfSupplier: number;
  readonly ofSupplier: number;
}

export interface EpisodeFilter {
  readonly sku?: string | undefined;
  readonly supplier?: string | undefined;
  readonly channel?: string | undefined;
  readonly cause?: string | undefined;
  readonly open?: boolean | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly name?: EpisodeName | undefined;
}

/** A line's net value for some of its units, in minor units. */
const NET = `(l.price::numeric * b.units - div(l.discount::numeric * b.units, greatest(l.ordered, 1)))`;

/** Of one backorder: days from when it began until it was served, or now ($2). A line waits no longer than its episode lasts. */
const DAYS = `greatest(0, extract(epoch from
  least(coalesce(l.waited_until, 'infinity'), coalesce(e.closed_at, 'infinity'), $2::timestamptz) - b.began_at) / 86400)`;

/** Versions of a backorder's promise that moved it to the worse while the episode lasted. */
const MOVED = `p.change in ('later', 'fewer', 'withdrawn') and p.made_at >= e.opened_at
  and p.made_at <= coalesce(e.closed_at, $2::timestamptz)`;

const EPISODE = `
  select e.item_id as item, e.pool, e.number, i.sku, d.title, d.supplier, e.opened_at as "openedAt", e.closed_at as "closedAt",
    e.looked_at as "lookedAt", e.found, t.causes as tag, t.note as "tagNote", t.actor as "taggedBy", t.at as "taggedAt",
    coalesce(w.orders, 0)::int as orders, coalesce(w.units, 0)::bigint as units, coalesce(w.value, 0)::bigint as value,
    round(coalesce(w.unit_days, 0), 1)::float8 as "unitDays", w.currency, coalesce(m.moved, 0)::int as moved,
    r.alike, r.alike_of_supplier as "alikeOfSupplier", r.of_supplier as "ofSupplier"
  from episode e
  join item i on i.brand_id = e.brand_id and i.item_id = e.item_id
  join item_detail d on d.brand_id = e.brand_id and d.item_id = e.item_id
  left join lateral (select * from episode_tag t where t.brand_id = e.brand_id and t.item_id = e.item_id and t.pool = e.pool
    and t.number = e.number order by version desc limit 1) t on true
  left join lateral (
    select count(distinct b.order_id) as orders, sum(b.units) as units, sum(${NET}) as value, sum(b.units * ${DAYS}) as unit_days,
      min(o.currency) as currency
    from backorder_cause b
    join order_line l on l.brand_id = b.brand_id and l.order_id = b.order_id and l.line = b.line
    join customer_order o on o.brand_id = b.brand_id and o.order_id = b.order_id
    where b.brand_id = e.brand_id and b.item_id = e.item_id and b.pool = e.pool and b.number = e.number) w on true
  left join lateral (
    select count(*) as moved from backorder_cause b
    join promise p on p.brand_id = b.brand_id and p.order_id = b.order_id and p.line = b.line
    where b.brand_id = e.brand_id and b.item_id = e.item_id and b.pool = e.pool and b.number = e.number and ${MOVED}) m on true
  left join lateral (
    select (count(*) filter (where x.item_id = e.item_id and x.cause = e.cause))::int as alike,
      (count(*) filter (where x.cause = e.cause))::int as alike_of_supplier, count(*)::int as of_supplier
    from episode x join item_detail xd on xd.brand_id = x.brand_id and xd.item_id = x.item_id
    where x.brand_id = e.brand_id and (x.item_id = e.item_id or xd.supplier = d.supplier)
      and x.opened_at <= e.opened_at and x.opened_at > e.opened_at - interval '365 days') r on true`;

/** Episodes, the latest opened first, after one; `now` is ISO 8601. */
export async function listEpisodes(
  client: pg.PoolClient,
  brandId: number,
  now: string,
  filter: EpisodeFilter,
  limit: number,
  after: readonly [openedAt: string, item: number, pool: number, number: number] | null,
): Promise<EpisodeRow[]> {
  const { rows } = await client.query(
    `${EPISODE}
     where e.brand_id = $1 and ($3::text is null or i.sku = $3) and ($4::text is null or d.supplier = $4)
       and ($5::text is null or e.cause = $5) and ($6::boolean is null or (e.closed_at is null) = $6)
       and ($7::date is null or coalesce(e.closed_at, 'infinity') >= $7::date) and ($8::date is null or e.opened_at < $8::date + 1)
       and ($9::text is null or exists (select from backorder_cause b
         join customer_order o on o.brand_id = b.brand_id and o.order_id = b.order_id
         join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id
         where b.brand_id = e.brand_id and b.item_id = e.item_id and b.pool = e.pool and b.number = e.number and c.code = $9))
       and ($10::timestamptz is null or (e.opened_at, e.item_id, e.pool, e.number) < ($10, $11, $12, $13))
       and ($14::int is null or (e.item_id, e.pool, e.number) = ($14, $15, $16))
     order by e.opened_at desc, e.item_id desc, e.pool desc, e.number desc limit $17`,
    [
      brandId,
      now,
      filter.sku ?? null,
      filter.supplier ?? null,
      filter.cause ?? null,
      filter.open ?? null,
      filter.from ?? null,
      filter.to ?? null,
      filter.channel ?? null,
      ...(after ?? [null, null, null, null]),
      filter.name?.item ?? null,
      filter.name?.pool ?? null,
      filter.name?.number ?? null,
      limit,
    ],
  );
  return rows;
}

/** Appends what a person says; without causes, what was found counts again. */
export async function insertTag(
  client: pg.PoolClient,
  brandId: number,
  { item, pool, number }: EpisodeName,
  tag: {
    readonly causes: string | null;
    readonly note: string | null;
    readonly actor: string;
    readonly at: string;
    /** The heaviest; null: the one that was found. */
    readonly cause: string | null;
  },
): Promise<void> {
  const name = [brandId, item, pool, number];
  // Two people at once: the row is theirs one after the other.
  await client.query(
    'select from episode where brand_id = $1 and item_id = $2 and pool = $3 and number = $4 for update',
    name,
  );
  await client.query(
    `insert into episode_tag (brand_id, item_id, pool, number, version, causes, note, actor, at)
     select $1, $2, $3, $4, 1 + coalesce(max(version), 0), $5, $6, $7, $8 from episode_tag
     where brand_id = $1 and item_id = $2 and pool = $3 and number = $4`,
    [...name, tag.causes, tag.note, tag.actor, tag.at],
  );
  await client.query(
    `update episode set cause = coalesce($5, found::json -> 'causes' -> 0 ->> 'cause')
     where brand_id = $1 and item_id = $2 and pool = $3 and number = $4`,
    [...name, tag.cause],
  );
}

export interface BackorderRow {
  readonly order: string;
  readonly line_ref: string;
  readonly channel: string;
  readonly beganAt: string;
  readonly until: string | null;
  readonly units: number;
  readonly value: number;
  readonly currency: string;
  readonly causes: string;
}

/** The backorders of an episode, the first that began first. */
export async function readBackorders(
  client: pg.PoolClient,
  brandId: number,
  { item, pool, number }: EpisodeName,
  limit: number,
): Promise<BackorderRow[]> {
  const { rows } = await client.query(
    `select c.code || ':' || o.ref as "order", l.line_ref, c.code as channel, b.began_at as "beganAt",
       least(l.waited_until, e.closed_at) as until, b.units, ${NET}::bigint as value, o.currency, b.causes
     from backorder_cause b
     join episode e on e.brand_id = b.brand_id and e.item_id = b.item_id and e.pool = b.pool and e.number = b.number
     join order_line l on l.brand_id = b.brand_id and l.order_id = b.order_id and l.line = b.line
     join customer_order o on o.brand_id = b.brand_id and o.order_id = b.order_id
     join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id
     where b.brand_id = $1 and b.item_id = $2 and b.pool = $3 and b.number = $4
     order by b.began_at, b.order_id, b.line limit $5`,
    [brandId, item, pool, number, limit],
  );
  return rows;
}

export interface MovedRow {
  readonly order: string;
  readonly line_ref: string;
  readonly version: number;
  readonly change: string;
  readonly shipBy: string | null;
  readonly madeAt: string;
  readonly reasons: string;
}

/** Promises of an episode's backorders that were moved while it lasted. */
export async function readMoved(
  client: pg.PoolClient,
  brandId: number,
  now: string,
  { item, pool, number }: EpisodeName,
  limit: number,
): Promise<MovedRow[]> {
  const { rows } = await client.query(
    `select c.code || ':' || o.ref as "order", l.line_ref, p.version, p.change, p.ship_by as "shipBy", p.made_at as "madeAt", p.reasons
     from backorder_cause b
     join episode e on e.brand_id = b.brand_id and e.item_id = b.item_id and e.pool = b.pool and e.number = b.number
     join promise p on p.brand_id = b.brand_id and p.order_id = b.order_id and p.line = b.line
     join order_line l on l.brand_id = b.brand_id and l.order_id = b.order_id and l.line = b.line
     join customer_order o on o.brand_id = b.brand_id and o.order_id = b.order_id
     join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id
     where b.brand_id = $1 and b.item_id = $3 and b.pool = $4 and b.number = $5 and ${MOVED}
     order by p.made_at, p.order_id, p.line, p.version limit $6`,
    [brandId, now, item, pool, number, limit],
  );
  return rows;
}

/** What a channel was told it may sell. The same instant twice counts once. */
export async function insertOffers(
  client: pg.PoolClient,
  brandId: number,
  offers: readonly {
    readonly item: number;
    readonly channel: number;
    readonly at: string;
    readonly quantity: number;
  }[],
): Promise<void> {
  await client.query({
    name: 'insert-offers',
    text: `insert into channel_offer (brand_id, item_id, channel_id, offered_at, quantity)
           select $1, * from unnest($2::int[], $3::int[], $4::timestamptz[], $5::int[]) on conflict do nothing`,
    values: [
      brandId,
      ints(offers, (one) => one.item),
      ints(offers, (one) => one.channel),
      timestamps(offers, (one) => one.at),
      ints(offers, (one) => one.quantity),
    ],
  });
}
