import type pg from 'pg';

export interface SignalRow {
  readonly id: string;
  readonly kind: string;
  readonly sku: string | null;
  /** The item's. */
  readonly supplier: string | null;
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

/** Raises facts that have no signal yet; open ones say what is so now. @returns those that were raised */
export async function keepFacts(
  client: pg.PoolClient,
  brandId: number,
  facts: readonly NewSignal[],
): Promise<SignalRow[]> {
  if (facts.length === 0) return [];
  const values = [
    brandId,
    facts.map((one) => one.id),
    facts.map((one) => one.kind),
    facts.map((one) => one.subject),
    facts.map((one) => one.sku),
    facts.map((one) => one.at),
    facts.map((one) => JSON.stringify(one.data)),
  ];
  const given = `unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[]) as n(id, kind, subject, sku, at, data)`;
  await client.query({
    name: 'refresh-facts',
    text: `update signal s set data = (s.data::jsonb || n.data::jsonb)::text from ${given}
           where s.brand_id = $1 and s.kind = n.kind and s.subject = n.subject and s.settled_at is null
             and n.id is not null and n.at is not null and not s.data::jsonb @> n.data::jsonb`,
    values,
  });
  const { rows } = await client.query({
    name: 'raise-facts',
    text: `insert into signal (brand_id, signal_id, kind, subject, sku, at, data)
           select $1, n.id, n.kind, n.subject, n.sku, n.at, n.data from ${given}
           where not exists (select from signal s where s.brand_id = $1 and s.kind = n.kind and s.subject = n.subject
             and s.gone_at is null and (s.settled_at is null or s.settled_by <> 'kept'))
           on conflict (brand_id, kind, subject) where settled_at is null do nothing
           returning signal_id`,
    values,
  });
  const raised = new Set(rows.map((row) => row.signal_id));
  return readSignals(
    client,
    brandId,
    facts.filter((one) => raised.has(one.id)).map((one) => one.id),
  );
}

/** What is no fact any more: settled, where nobody has; and signalled again when it comes back. */
export async function endFacts(
  client: pg.PoolClient,
  brandId: number,
  kinds: readonly string[],
  facts: readonly { readonly kind: string; readonly subject: string }[],
  at: string,
): Promise<void> {
  await client.query({
    name: 'end-facts',
    text: `update signal s set gone_at = $5, settled_at = coalesce(s.settled_at, $5), settled_by = coalesce(s.settled_by, 'kept')
           where s.brand_id = $1 and s.kind = any($2) and s.gone_at is null and not exists (
             select from unnest($3::text[], $4::text[]) as n(kind, subject) where n.kind = s.kind and n.subject = s.subject)`,
    values: [brandId, kinds, facts.map((one) => one.kind), facts.map((one) => one.subject), at],
  });
}

const SIGNAL = `
  select s.signal_id, s.kind, s.sku, s.at, s.data, d.alternatives, d.supplier, coalesce(w.waiting, 0)::int as waiting,
    c.code || ':' || o.ref as order_name
  from signal s
  left join item i on i.brand_id = s.brand_id and i.sku = s.sku
  left join item_detail d on d.brand_id = i.brand_id and d.item_id = i.item_id
  left join lateral (select sum(quantity) as waiting from commitment m
    where m.brand_id = s.brand_id and m.item_id = i.item_id and m.kind = 2 and m.source = 0) w on true
  left join customer_order o on o.brand_id = s.brand_id and o.order_id = s.order_id
  left join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id`;

async function readSignals(
  client: pg.PoolClient,
  brandId: number,
  ids: readonly string[],
): Promise<SignalRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await client.query(
    `${SIGNAL} where s.brand_id = $1 and s.signal_id = any($2) order by s.kind, s.subject`,
    [brandId, ids],
  );
  return rows.map(rowOf);
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
    `${SIGNAL}
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
  return rows.map(rowOf);
}

interface Stored {
  readonly signal_id: string;
  readonly kind: string;
  readonly sku: string | null;
  readonly supplier: string | null;
  readonly order_name: string | null;
  readonly at: string;
  readonly data: string;
  readonly waiting: number;
  readonly alternatives: string[] | null;
}

function rowOf(row: Stored): SignalRow {
  return {
    id: row.signal_id,
    kind: row.kind,
    sku: row.sku,
    supplier: row.supplier,
    order: row.order_name,
    at: row.at,
    data: JSON.parse(row.data),
    waiting: row.waiting,
    alternatives: row.alternatives ?? [],
  };
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
