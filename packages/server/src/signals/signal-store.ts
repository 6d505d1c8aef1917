import type pg from 'pg';

export interface SignalRow {
  readonly id: string;
  readonly kind: string;
  readonly sku: string | null;
  /** channel:ref */
  readonly order: string | null;
  readonly at: string;
  readonly data: Record<string, unknown>;
  /** Units of the item that nothing backs at this moment. */
  readonly waiting: number;
  readonly alternatives: readonly string[];
}

export interface NewSignal {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly sku: string | null;
  readonly order: number | null;
  readonly at: string;
  readonly data: Record<string, unknown>;
}

/** Raises signals; one that is open already keeps its time and says what is so now. */
export async function upsertSignals(
  client: pg.PoolClient,
  brandId: number,
  signals: readonly NewSignal[],
): Promise<void> {
  if (signals.length === 0) return;
  await client.query({
    name: 'raise-signals',
    text: `insert into signal (brand_id, signal_id, kind, subject, sku, order_id, at, data)
           select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[], $8::text[])
           on conflict (brand_id, kind, subject) where settled_at is null do update set data = excluded.data`,
    values: [
      brandId,
      signals.map((one) => one.id),
      signals.map((one) => one.kind),
      signals.map((one) => one.subject),
      signals.map((one) => one.sku),
      signals.map((one) => one.order),
      signals.map((one) => one.at),
      signals.map((one) => JSON.stringify(one.data)),
    ],
  });
}

/** Open signals, newest first; one about units that wait is gone when none does. */
export async function listSignals(
  client: pg.PoolClient,
  brandId: number,
  query: {
    readonly kind: string | null;
    readonly sku: string | null;
    readonly after: { readonly at: string; readonly id: string } | null;
    readonly limit: number;
    readonly whileWaiting: readonly string[];
  },
): Promise<SignalRow[]> {
  const { rows } = await client.query(
    `select s.signal_id, s.kind, s.sku, s.at, s.data, d.alternatives, coalesce(w.waiting, 0)::int as waiting,
       c.code || ':' || o.ref as order_name
     from signal s
     left join item i on i.brand_id = s.brand_id and i.sku = s.sku
     left join item_detail d on d.brand_id = i.brand_id and d.item_id = i.item_id
     left join lateral (select sum(quantity) as waiting from commitment m
       where m.brand_id = s.brand_id and m.item_id = i.item_id and m.kind = 2 and m.source = 0) w on true
     left join customer_order o on o.brand_id = s.brand_id and o.order_id = s.order_id
     left join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id
     where s.brand_id = $1 and s.settled_at is null and ($2::text is null or s.kind = $2) and ($3::text is null or s.sku = $3)
       and (s.kind <> all($7::text[]) or w.waiting > 0)
       and ($4::timestamptz is null or (s.at, s.signal_id) < ($4, $5))
     order by s.at desc, s.signal_id desc limit $6`,
    [
      brandId,
      query.kind,
      query.sku,
      query.after?.at ?? null,
      query.after?.id ?? null,
      query.limit + 1,
      query.whileWaiting,
    ],
  );
  return rows.map((row) => ({
    id: row.signal_id,
    kind: row.kind,
    sku: row.sku,
    order: row.order_name,
    at: row.at,
    data: JSON.parse(row.data),
    waiting: row.waiting,
    alternatives: row.alternatives ?? [],
  }));
}

/** @returns whether it was open */
export async function settleSignal(
  client: pg.PoolClient,
  brandId: number,
  id: string,
  settled: { readonly at: string; readonly by: string; readonly choice: string | null },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update signal set settled_at = $3, settled_by = $4, choice = $5
     where brand_id = $1 and signal_id = $2 and settled_at is null`,
    [brandId, id, settled.at, settled.by, settled.choice],
  );
  return rowCount === 1;
}

/** Settles what was found about a subject: it is so no more. */
export async function settleSubject(
  client: pg.PoolClient,
  brandId: number,
  kind: string,
  subject: string,
  at: string,
): Promise<void> {
  await client.query(
    `update signal set settled_at = $4, settled_by = 'kept'
     where brand_id = $1 and kind = $2 and subject = $3 and settled_at is null`,
    [brandId, kind, subject, at],
  );
}
