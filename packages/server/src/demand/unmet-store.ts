import type pg from 'pg';

/** Units that somebody wanted and did not get. */
export interface Unmet {
  readonly kind: 'refused' | 'back_in_stock';
  readonly channel: number;
  /** The order's, or the request's. */
  readonly ref: string;
  readonly line: string;
  readonly item: number;
  readonly asked: number;
  readonly units: number;
}

/** Records demand that was not served (RULES 26). The same request again counts once, with the most it missed. */
export async function recordUnmet(
  client: pg.PoolClient,
  brandId: number,
  unmet: readonly Unmet[],
  at: string,
): Promise<void> {
  const rows = unmet.filter((one) => one.units > 0);
  if (rows.length === 0) return;
  await client.query(
    `insert into unmet_demand as u (brand_id, kind, ref, line, item_id, channel_id, asked, units, at)
     select $1, kind, ref, line, max(item_id), channel_id, max(asked), max(units), $2
     from unnest($3::text[], $4::text[], $5::text[], $6::int[], $7::int[], $8::int[], $9::int[])
       as n(kind, ref, line, item_id, channel_id, asked, units)
     group by kind, ref, line, channel_id order by kind, channel_id, ref, line
     on conflict (brand_id, kind, channel_id, ref, line) do update
       set asked = greatest(u.asked, excluded.asked), units = greatest(u.units, excluded.units)`,
    [
      brandId,
      at,
      rows.map((one) => one.kind),
      rows.map((one) => one.ref),
      rows.map((one) => one.line),
      rows.map((one) => one.item),
      rows.map((one) => one.channel),
      rows.map((one) => one.asked),
      rows.map((one) => one.units),
    ],
  );
}

export interface UnmetDay {
  readonly on: string;
  readonly sku: string;
  readonly channel: string;
  readonly kind: Unmet['kind'];
  readonly units: number;
  readonly requests: number;
}

/** By day, item and channel; a refused request that an order then served is left out. */
export async function listUnmet(
  client: pg.PoolClient,
  brandId: number,
  query: {
    readonly sku: string | null;
    readonly channel: string | null;
    readonly from: string | null;
    readonly until: string | null;
    readonly timeZone: string;
    readonly after: readonly [string, string, string, string] | null;
    readonly limit: number;
  },
): Promise<UnmetDay[]> {
  const [on = null, sku = null, channel = null, kind = null] = query.after ?? [];
  const { rows } = await client.query(
    `select * from (
       select (u.at at time zone $6)::date as "on", i.sku, c.code as channel, u.kind, sum(u.units)::int as units,
         count(*)::int as requests
       from unmet_demand u
       join item i on i.brand_id = u.brand_id and i.item_id = u.item_id
       join channel c on c.brand_id = u.brand_id and c.channel_id = u.channel_id
       left join customer_order o on o.brand_id = u.brand_id and o.channel_id = u.channel_id and o.ref = u.ref
         and u.kind = 'refused'
       left join order_line l on l.brand_id = o.brand_id and l.order_id = o.order_id and l.item_id = u.item_id
         and l.line_ref in (u.line, to_json(u.line)::text)
       where u.brand_id = $1 and ($2::text is null or i.sku = $2) and ($3::text is null or c.code = $3)
         and (l.order_id is null or l.refused > 0 or l.ordered - l.cancelled < u.asked)
       group by 1, 2, 3, 4) d
     where ($4::date is null or "on" >= $4) and ($5::date is null or "on" <= $5)
       and ($7::date is null or ("on", sku, channel, kind) > ($7::date, $8, $9, $10))
     order by "on", sku, channel, kind limit $11`,
    [
      ...[brandId, query.sku, query.channel, query.from, query.until, query.timeZone],
      ...[on, sku, channel, kind, query.limit + 1],
    ],
  );
  return rows;
}
