import type pg from 'pg';

export interface LineRow {
  readonly order_id: number;
  readonly order: string;
  readonly line: number;
  readonly line_ref: string;
  readonly sku: string;
  readonly title: string;
  readonly customer: string;
  readonly channel: string;
  readonly class: string;
  readonly placed_on: string;
  readonly units: number;
  readonly value: number;
  readonly currency: string;
  readonly cost: number;
  readonly cost_currency: string;
  readonly state: string;
  readonly cause: string;
  readonly planned_on: string | null;
  readonly first_on: string | null;
  readonly latest_on: string | null;
  /** JSON: [ref or null, units, value]. */
  readonly supplies: readonly (readonly [string | null, number, number])[];
}

/** Whether units of a line wait for a supply of a name; $4 is the name, `unbacked` nothing. */
const waitsFor = (name: string) => `case when $4 = 'unbacked' then 0 = any(e.source_supplies) else exists (
  select from unnest(e.source_items, e.source_supplies) as u(item, supply)
  join supply s on s.brand_id = $1 and s.item_id = u.item and s.supply_id = u.supply
  left join purchase_order po on s.kind = 'purchase_order' and po.brand_id = $1 and po.ref = s.ref
  where ${name} = $4) end`;

/** As `/v1/book?by=` groups them; $3 is today, $4 the group's key. */
const WHERE = {
  item: 'e.item_id = (select item_id from item where brand_id = $1 and sku = $4)',
  channel: 'e.channel_id = (select channel_id from channel where brand_id = $1 and code = $4)',
  class: `e.class = case when $4 = 'none' then '' else $4 end`,
  cause: `case when e.cause = '' then 'undetermined' else e.cause end = $4`,
  state: 'STATE = $4',
  month: `coalesce(to_char(e.planned_on, 'YYYY-MM'), 'no date') = $4`,
  purchase_order: waitsFor('s.ref'),
  supplier: waitsFor('coalesce(po.supplier, s.kind)'),
} as const;

/** As `bookStateOf` has it. */
const STATE = `case when e.waits then 'unbacked' when e.asked then 'awaiting_consent'
  when e.planned_on > e.told_on or $3::date > e.told_on then 'late' else 'on_time' end`;

const AGED = { order: 'e.placed_on', first: 'e.first_on', latest: 'e.latest_on' } as const;

export interface LineFilter {
  readonly by?: keyof typeof WHERE | undefined;
  readonly key?: string | undefined;
  readonly currency?: string | undefined;
  readonly basis?: keyof typeof AGED | undefined;
  /** Days, both included; null: no end. `none`: without that promise. */
  readonly days?: { readonly from: number | null; readonly to: number | null } | 'none' | undefined;
}

/** Lines that are in the book now, the oldest order first, after one. */
export async function readLines(
  client: pg.PoolClient,
  brandId: number,
  today: string,
  { by, key, currency, basis, days }: LineFilter,
  limit: number,
  after: readonly [placedOn: string, order: number, line: number] | null,
): Promise<LineRow[]> {
  const chosen =
    by === undefined || key === undefined ? '$4::text is null' : WHERE[by].replace('STATE', STATE);
  const aged = AGED[basis ?? 'order'];
  const young =
    days === undefined
      ? '$6::int is null and $7::int is null'
      : days === 'none'
        ? `${aged} is null and $6::int is null and $7::int is null`
        : `($6::int is null or $3::date - ${aged} >= $6) and ($7::int is null or $3::date - ${aged} <= $7) and ${aged} is not null`;
  const { rows } = await client.query(
    `select e.order_id, c.code || ':' || o.ref as "order", e.line, l.line_ref, i.sku, d.title, o.customer_name as customer,
       c.code as channel, e.class, e.placed_on, e.units, e.value, e.currency, e.cost, e.cost_currency, ${STATE} as state, e.cause,
       e.planned_on, e.first_on, e.latest_on,
       (select json_agg(json_build_array(s.ref, u.units, u.value) order by u.n)
        from unnest(e.source_items, e.source_supplies, e.source_units, e.source_values) with ordinality as u(item, supply, units, value, n)
        left join supply s on s.brand_id = $1 and s.item_id = u.item and s.supply_id = u.supply) as supplies
     from (
       select e.* from book_entry e
       where e.brand_id = $1 and e.until_at is null and ($2::text is null or e.currency = $2) and ${chosen} and ${young}
         and ($8::date is null or (e.placed_on, e.order_id, e.line) > ($8, $9::bigint, $10::int))
       order by e.placed_on, e.order_id, e.line limit $5) e
     join order_line l on l.brand_id = $1 and l.order_id = e.order_id and l.line = e.line
     join customer_order o on o.brand_id = $1 and o.order_id = e.order_id
     join channel c on c.brand_id = $1 and c.channel_id = e.channel_id
     join item i on i.brand_id = $1 and i.item_id = e.item_id
     join item_detail d on d.brand_id = $1 and d.item_id = e.item_id
     order by e.placed_on, e.order_id, e.line`,
    [
      brandId,
      currency ?? null,
      today,
      key ?? null,
      limit,
      days === undefined || days === 'none' ? null : days.from,
      days === undefined || days === 'none' ? null : days.to,
      ...(after ?? [null, null, null]),
    ],
  );
  return rows;
}

export interface MoveRow {
  readonly order_id: number;
  readonly order: string;
  readonly line: number;
  readonly version: number;
  readonly line_ref: string;
  readonly sku: string;
  readonly customer: string;
  readonly at: string;
  readonly day: string;
  readonly kind: string;
  readonly by: string;
  readonly units: number;
  readonly value: number;
  readonly currency: string;
  readonly cause: string;
  readonly cause_before: string | null;
}

export interface MoveFilter {
  readonly from: string;
  readonly to: string;
  readonly kind?: string | undefined;
  readonly by?: string | undefined;
  readonly currency?: string | undefined;
}

/** Changes of the book in some days, the first first, after one. */
export async function readMoves(
  client: pg.PoolClient,
  brandId: number,
  { from, to, kind, by, currency }: MoveFilter,
  limit: number,
  after: readonly [at: string, order: number, line: number, version: number] | null,
): Promise<MoveRow[]> {
  const { rows } = await client.query(
    `select e.order_id, c.code || ':' || o.ref as "order", e.line, e.version, l.line_ref, i.sku, o.customer_name as customer,
       e.recorded_at as at, e.day, e.kind, e.by, e.units - e.was_units as units, e.value - e.was_value as value, e.currency, e.cause,
       (select b.cause from book_entry b where b.brand_id = $1 and b.order_id = e.order_id and b.line = e.line
         and b.version = e.version - 1 and e.was_units > 0) as cause_before
     from (
       select * from book_entry e
       where e.brand_id = $1 and e.day between $2 and $3 and ($4::text is null or e.kind = $4) and ($5::text is null or e.by = $5)
         and ($6::text is null or e.currency = $6)
         and ($8::timestamptz is null or (e.recorded_at, e.order_id, e.line, e.version) > ($8, $9::bigint, $10::int, $11::int))
       order by e.recorded_at, e.order_id, e.line, e.version limit $7) e
     join order_line l on l.brand_id = $1 and l.order_id = e.order_id and l.line = e.line
     join customer_order o on o.brand_id = $1 and o.order_id = e.order_id
     join channel c on c.brand_id = $1 and c.channel_id = e.channel_id
     join item i on i.brand_id = $1 and i.item_id = e.item_id
     order by e.recorded_at, e.order_id, e.line, e.version`,
    [
      brandId,
      from,
      to,
      kind ?? null,
      by ?? null,
      currency ?? null,
      limit,
      ...(after ?? [null, null, null, null]),
    ],
  );
  return rows;
}
