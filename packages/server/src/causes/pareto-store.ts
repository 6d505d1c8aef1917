import type pg from 'pg';

export interface ParetoFilter {
  readonly cause?: string | undefined;
  readonly supplier?: string | undefined;
  readonly channel?: string | undefined;
  readonly sku?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface ParetoRow {
  readonly key: string | null;
  readonly currency: string;
  readonly units: number;
  readonly value: number;
  readonly unitDays: number;
  readonly backorders: number;
  readonly episodes: string[];
}

/** What a backorder is counted under; `g` has its cause. */
const KEYS = {
  cause: `g.cause`,
  supplier: `d.supplier`,
  channel: `c.code`,
  item: `i.sku`,
  month: `to_char(b.began_at at time zone $3, 'YYYY-MM')`,
} as const;
export type ParetoKey = keyof typeof KEYS;

const FROM = `
  from backorder_cause b
  join episode e on e.brand_id = b.brand_id and e.item_id = b.item_id and e.pool = b.pool and e.number = b.number
  join item i on i.brand_id = b.brand_id and i.item_id = b.item_id
  join item_detail d on d.brand_id = b.brand_id and d.item_id = b.item_id
  join order_line l on l.brand_id = b.brand_id and l.order_id = b.order_id and l.line = b.line
  join customer_order o on o.brand_id = b.brand_id and o.order_id = b.order_id
  join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id`;

const WHERE = `b.brand_id = $1 and ($4::text is null or d.supplier = $4) and ($5::text is null or c.code = $5)
  and ($6::text is null or i.sku = $6)
  and ($7::date is null or (b.began_at at time zone $3)::date >= $7) and ($8::date is null or (b.began_at at time zone $3)::date <= $8)`;

/** Backorders by what they are counted under. Where a person has told an episode's causes, those count for all of it. */
export async function readPareto(
  client: pg.PoolClient,
  brandId: number,
  by: ParetoKey,
  { now, timeZone }: { readonly now: string; readonly timeZone: string },
  filter: ParetoFilter,
): Promise<ParetoRow[]> {
  const { rows } = await client.query(
    `select ${KEYS[by]} as key, o.currency, sum(b.units * g.weight)::float8 as units,
       sum(g.weight * (l.price::numeric * b.units - div(l.discount::numeric * b.units, greatest(l.ordered, 1))))::float8 as value,
       sum(g.weight * b.units * greatest(0, extract(epoch from least(coalesce(l.waited_until, 'infinity'),
         coalesce(e.closed_at, 'infinity'), $2::timestamptz) - b.began_at) / 86400))::float8 as "unitDays",
       count(distinct (b.order_id, b.line))::int as backorders,
       array_agg(distinct e.item_id || '-' || e.pool || '-' || e.number) as episodes
     ${FROM}
     left join lateral (select t.causes from episode_tag t where t.brand_id = e.brand_id and t.item_id = e.item_id
       and t.pool = e.pool and t.number = e.number order by t.version desc limit 1) t on true
     cross join lateral (select x ->> 'cause' as cause, (x ->> 'weight')::numeric as weight
       from json_array_elements(coalesce(t.causes, b.causes)::json) x) g
     where ${WHERE} and ($9::text is null or g.cause = $9)
     group by 1, 2`,
    [brandId, now, timeZone, ...valuesOf(filter), filter.cause ?? null],
  );
  return rows;
}

export interface MovedGroup {
  readonly key: string | null;
  /** JSON: the fact that moved them. */
  readonly reason: string | null;
  readonly moved: number;
}

/** Promises that were moved to the worse while their episode lasted, by what moved them. */
export async function readMovedGroups(
  client: pg.PoolClient,
  brandId: number,
  by: ParetoKey,
  { now, timeZone }: { readonly now: string; readonly timeZone: string },
  filter: ParetoFilter,
): Promise<MovedGroup[]> {
  const key = by === 'cause' ? 'null::text' : KEYS[by];
  const { rows } = await client.query(
    `select ${key} as key, r.reason, count(*)::int as moved
     ${FROM}
     join promise p on p.brand_id = b.brand_id and p.order_id = b.order_id and p.line = b.line
       and p.change in ('later', 'fewer', 'withdrawn') and p.made_at >= e.opened_at and p.made_at <= coalesce(e.closed_at, $2::timestamptz)
     cross join lateral (select json_build_object('code', x ->> 'code', 'reason', x ->> 'reason', 'condition', x ->> 'condition')::text as reason
       from (select p.reasons::json -> 0 as x) x) r
     where ${WHERE}
     group by 1, 2`,
    [brandId, now, timeZone, ...valuesOf(filter)],
  );
  return rows;
}

function valuesOf(filter: ParetoFilter): unknown[] {
  return [
    filter.supplier ?? null,
    filter.channel ?? null,
    filter.sku ?? null,
    filter.from ?? null,
    filter.to ?? null,
  ];
}
