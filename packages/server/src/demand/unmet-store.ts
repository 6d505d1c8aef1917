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
