import type pg from 'pg';

/** The brand's day on which crossings were last looked for; null: never. */
export async function lastCrossingLook(client: pg.PoolClient, brandId: number): Promise<string | null> {
  const { rows } = await client.query('select looked_on from crossing_look where brand_id = $1', [brandId]);
  return rows[0]?.looked_on ?? null;
}

export async function recordCrossingLook(
  client: pg.PoolClient,
  brandId: number,
  today: string,
): Promise<void> {
  await client.query(
    `insert into crossing_look (brand_id, looked_on) values ($1, $2)
     on conflict (brand_id) do update set looked_on = excluded.looked_on`,
    [brandId, today],
  );
}

/** Notes items whose reorder is due and was not yesterday. */
export async function openCrossings(
  client: pg.PoolClient,
  brandId: number,
  today: string,
  due: readonly { readonly sku: string; readonly wanted: number; readonly leadTimeDays: number }[],
): Promise<void> {
  await client.query(
    `insert into reorder_crossing (brand_id, item_id, crossed_on, needed, moq, lead_time_days)
     select $1, i.item_id, $2, n.wanted, coalesce(d.moq, s.moq, 1), n.lead_time_days
     from unnest($3::text[], $4::int[], $5::int[]) as n(sku, wanted, lead_time_days)
     join item i on i.brand_id = $1 and i.sku = n.sku
     join item_detail d on d.brand_id = $1 and d.item_id = i.item_id
     left join supplier s on s.brand_id = $1 and s.code = d.supplier
     where not exists (select from reorder_crossing c where c.brand_id = $1 and c.item_id = i.item_id and c.recovered_on is null)
     on conflict do nothing`,
    [
      brandId,
      today,
      due.map((one) => one.sku),
      due.map((one) => one.wanted),
      due.map((one) => one.leadTimeDays),
    ],
  );
}

/** A crossing is over when its item is due no more; a draft alone is no order, and keeps it open. */
export async function closeCrossings(
  client: pg.PoolClient,
  brandId: number,
  today: string,
  due: readonly string[],
): Promise<void> {
  await client.query(
    `update reorder_crossing c set recovered_on = $2 from item i
     where c.brand_id = $1 and i.brand_id = $1 and i.item_id = c.item_id and c.recovered_on is null and i.sku <> all($3)
       and not exists (select from supply s where s.brand_id = $1 and s.item_id = c.item_id and s.stage = 'draft' and s.open > 0)`,
    [brandId, today, due],
  );
}
