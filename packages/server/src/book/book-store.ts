import type { Stage } from '@kept/engine';
import type pg from 'pg';

/** Sums of the book along one axis, in one currency of its prices and of its costs. */
export interface SumRow {
  readonly key: string;
  readonly currency: string;
  readonly cost_currency: string;
  readonly lines: number;
  readonly orders: number | null;
  readonly customers: number | null;
  readonly units: number;
  readonly value: number;
  readonly cost: number;
}
export type Axis =
  | 'all'
  | 'channel'
  | 'class'
  | 'cause'
  | 'item'
  | 'state'
  | 'placed'
  | 'first'
  | 'latest'
  | 'planned'
  | 'supply';

const ORDERS_TOLD: ReadonlySet<Axis> = new Set(['all', 'channel', 'class']);

/** The book now. */
export async function readSums(client: pg.PoolClient, brandId: number, axis: Axis): Promise<SumRow[]> {
  const { rows } = await client.query({
    name: 'book-sums',
    text: `select key, currency, cost_currency, sum(lines)::bigint as lines, sum(orders)::bigint as orders,
             sum(customers)::bigint as customers, sum(units)::bigint as units, sum(value)::bigint as value, sum(cost)::bigint as cost
           from book_sums($1) where axis = $2
           group by key, currency, cost_currency
           having (sum(lines), sum(orders), sum(customers)) <> (0, 0, 0)`,
    values: [brandId, axis],
  });
  return ORDERS_TOLD.has(axis) ? rows : rows.map((row) => ({ ...row, orders: null, customers: null }));
}

/** The key of a row along each axis but that of supply, as `book_axes` has it: of a million rows, one key each instead of all. */
const KEY_OF: Readonly<Record<Exclude<Axis, 'supply'>, string>> = {
  all: `''`,
  channel: 'e.channel_id::text',
  class: 'e.class',
  cause: 'e.cause',
  item: 'e.item_id::text',
  state: `case when e.waits then 'unbacked' when e.asked then 'awaiting_consent' when e.planned_on > e.told_on then 'late'
    else coalesce(e.told_on::text, 'on_time') end`,
  placed: 'e.placed_on::text',
  first: `coalesce(e.first_on::text, '')`,
  latest: `coalesce(e.latest_on::text, '')`,
  planned: `coalesce(e.planned_on::text, '')`,
};

/** The book as its rows were in force at a moment, ISO 8601. */
export async function readSumsAsOf(
  client: pg.PoolClient,
  brandId: number,
  axis: Axis,
  asOf: string,
): Promise<SumRow[]> {
  // An order has one channel, class and currency, and counts with the first of its lines that were there.
  const first = ORDERS_TOLD.has(axis)
    ? 'row_number() over (partition by e.order_id order by e.line) = 1'
    : 'null::boolean';
  const read =
    axis === 'supply'
      ? {
          key: 'a.key',
          figures: 'a.lines, a.units, a.value, a.cost',
          from: `book_entry e, lateral (select * from book_axes(e) a where a.axis = 'supply' offset 0) a`,
        }
      : { key: KEY_OF[axis], figures: '1 as lines, e.units, e.value, e.cost', from: 'book_entry e' };
  const { rows } = await client.query(
    `select key, currency, cost_currency, sum(lines)::bigint as lines,
       ${ORDERS_TOLD.has(axis) ? 'count(*) filter (where first)' : 'null'}::bigint as orders, null::bigint as customers,
       sum(units)::bigint as units, sum(value)::bigint as value, sum(cost)::bigint as cost
     from (
       select ${read.key} as key, e.currency, e.cost_currency, ${read.figures}, ${first} as first
       from ${read.from}
       where e.brand_id = $1 and e.units > 0 and e.recorded_at <= $2::timestamptz
         and (e.until_at is null or e.until_at > $2::timestamptz)
     ) r
     group by key, currency, cost_currency`,
    [brandId, asOf],
  );
  return rows;
}

/** Orders and customers in the book, told apart over all currencies. */
export async function countOrdersAsOf(
  client: pg.PoolClient,
  brandId: number,
  asOf: string,
): Promise<{ orders: number; customers: number }> {
  const { rows } = await client.query(
    `select count(distinct order_id)::int as orders, count(distinct customer)::int as customers from book_entry
     where brand_id = $1 and units > 0 and recorded_at <= $2::timestamptz and (until_at is null or until_at > $2::timestamptz)`,
    [brandId, asOf],
  );
  return rows[0];
}

export async function readItemNames(
  client: pg.PoolClient,
  brandId: number,
  items: readonly string[],
): Promise<Map<string, { sku: string; title: string }>> {
  const { rows } = await client.query(
    `select i.item_id::text as id, i.sku, d.title from item i
     join item_detail d on d.brand_id = i.brand_id and d.item_id = i.item_id
     where i.brand_id = $1 and i.item_id = any($2::int[])`,
    [brandId, items.map(Number)],
  );
  return new Map(rows.map((row) => [row.id, { sku: row.sku, title: row.title }]));
}
export async function readChannelNames(
  client: pg.PoolClient,
  brandId: number,
): Promise<Map<string, { code: string; title: string }>> {
  const { rows } = await client.query(
    'select channel_id::text as id, code, title from channel where brand_id = $1',
    [brandId],
  );
  return new Map(rows.map((row) => [row.id, { code: row.code, title: row.title }]));
}

export interface SupplyRow {
  /** item:supply, as a sum's key. */
  readonly key: string;
  readonly kind: string;
  readonly ref: string;
  readonly supplier: string | null;
  readonly freight_mode: string | null;
  readonly supplier_title: string | null;
  readonly payment_terms: string | null;
  readonly stage: Stage;
  readonly policy: string;
  readonly open: number;
  readonly unit_cost: number | null;
  readonly currency: string | null;
  readonly expected_on: string | null;
  readonly planned_on: string | null;
}
/** How a sum by supply is called. */
export type SupplyName = Pick<SupplyRow, 'kind' | 'ref' | 'supplier' | 'supplier_title'>;

/** The names of supplies, by 'item:supply'; of twenty thousand, no more is read than that. */
export async function readSupplyNames(
  client: pg.PoolClient,
  brandId: number,
  keys: readonly string[],
): Promise<Map<string, SupplyName>> {
  const parts = keys.map((key) => key.split(':'));
  const { rows } = await client.query({
    name: 'supply-names',
    text: `select n.place::int as place, s.kind, s.ref, po.supplier, r.title as supplier_title
           from unnest($2::int[], $3::int[]) with ordinality as n(item_id, supply_id, place)
           join supply s on s.brand_id = $1 and s.item_id = n.item_id and s.supply_id = n.supply_id
           left join purchase_order po on s.kind = 'purchase_order' and po.brand_id = $1 and po.ref = s.ref
           left join supplier r on r.brand_id = $1 and r.code = po.supplier`,
    values: [brandId, parts.map(([item]) => Number(item)), parts.map(([, supply]) => Number(supply))],
  });
  return new Map(rows.map((row) => [keys[row.place - 1]!, row]));
}

/** Supplies that the book waits for, or has waited for. */
export async function readSupplies(
  client: pg.PoolClient,
  brandId: number,
  keys: readonly string[],
): Promise<Map<string, SupplyRow>> {
  const { rows } = await client.query(
    `select n.key, s.kind, s.ref, po.supplier, po.freight_mode, r.title as supplier_title, r.payment_terms, s.stage, i.policy, s.open, s.unit_cost,
       coalesce(s.currency, po.currency) as currency, s.expected_on, s.planned_on
     from unnest($2::text[]) as n(key)
     join supply s on s.brand_id = $1 and s.item_id = split_part(n.key, ':', 1)::int and s.supply_id = split_part(n.key, ':', 2)::int
     join item i on i.brand_id = $1 and i.item_id = s.item_id
     left join purchase_order po on s.kind = 'purchase_order' and po.brand_id = $1 and po.ref = s.ref
     left join supplier r on r.brand_id = $1 and r.code = po.supplier`,
    [brandId, keys],
  );
  return new Map(rows.map((row) => [row.key, row]));
}

export interface DayRow {
  readonly day: string;
  readonly kind: string;
  readonly by: string;
  readonly cause: string;
  readonly channel: string;
  readonly lines: number;
  readonly orders: number;
  readonly units: number;
  readonly value: number;
}
/** What moved the book on each of some days, and what it came to before the first, by cause and channel. */
export async function readDays(
  client: pg.PoolClient,
  brandId: number,
  currency: string,
  from: string,
  to: string,
): Promise<{ opening: DayRow[]; days: DayRow[] }> {
  const { rows } = await client.query({
    name: 'book-days',
    text: `select case when day < $3 then null else day end as day, case when day < $3 then '' else kind end as kind,
             case when day < $3 then '' else by end as by, cause, channel_id::text as channel, sum(lines)::bigint as lines,
             sum(orders)::bigint as orders, sum(units)::bigint as units, sum(value)::bigint as value
           from book_days($1) where day <= $4 and currency = $2 group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`,
    values: [brandId, currency, from, to],
  });
  return {
    opening: rows.filter(({ day }) => day === null),
    days: rows.filter(({ day }) => day !== null),
  };
}

export interface OldestRow {
  readonly order: string;
  readonly line_ref: string;
  readonly sku: string;
  readonly title: string;
  readonly customer: string;
  readonly placed_on: string;
  readonly units: number;
  readonly value: number;
  readonly currency: string;
  readonly first_on: string | null;
  readonly latest_on: string | null;
}
/** The lines that wait longest. */
export async function readOldest(
  client: pg.PoolClient,
  brandId: number,
  limit: number,
): Promise<OldestRow[]> {
  const { rows } = await client.query({
    name: 'book-oldest',
    text: `select c.code || ':' || o.ref as "order", l.line_ref, i.sku, d.title, o.customer_name as customer, e.placed_on, e.units,
             e.value, e.currency, e.first_on, e.latest_on
           from (select * from book_entry where brand_id = $1 and until_at is null order by placed_on, order_id limit $2) e
           join order_line l on l.brand_id = $1 and l.order_id = e.order_id and l.line = e.line
           join customer_order o on o.brand_id = $1 and o.order_id = e.order_id
           join channel c on c.brand_id = $1 and c.channel_id = e.channel_id
           join item i on i.brand_id = $1 and i.item_id = e.item_id
           join item_detail d on d.brand_id = $1 and d.item_id = e.item_id
           order by e.placed_on, e.order_id, e.line`,
    values: [brandId, limit],
  });
  return rows;
}

/** Units of the brand's currency for one of another, as decimal texts: the newest of a day or before, as known at a moment. */
export async function readRates(
  client: pg.PoolClient,
  brandId: number,
  day: string,
  knownAt: string,
): Promise<Map<string, string>> {
  const { rows } = await client.query(
    `select distinct on (currency) currency, trim_scale(rate)::text as rate from exchange_rate
     where brand_id = $1 and day <= $2 and recorded_at <= $3::timestamptz order by currency, day desc, recorded_at desc`,
    [brandId, day, knownAt],
  );
  return new Map(rows.map((row) => [row.currency, row.rate]));
}

/** Every rate that was ever given, oldest first. */
export async function readAllRates(
  client: pg.PoolClient,
  brandId: number,
): Promise<{ currency: string; day: string; rate: string }[]> {
  const { rows } = await client.query(
    `select currency, day, trim_scale(rate)::text as rate from exchange_rate where brand_id = $1 order by currency, day, recorded_at`,
    [brandId],
  );
  return rows;
}

export async function insertRates(
  client: pg.PoolClient,
  brandId: number,
  day: string,
  rates: Readonly<Record<string, string>>,
  at: string,
): Promise<void> {
  await client.query(
    `insert into exchange_rate (brand_id, currency, day, rate, recorded_at)
     select $1, currency, $3, rate::numeric, $5::timestamptz from unnest($2::text[], $4::text[]) as n(currency, rate)
     on conflict (brand_id, currency, day, recorded_at) do nothing`,
    [brandId, Object.keys(rates), day, Object.values(rates), at],
  );
}

export interface StoredSettings {
  readonly recognition: 'shipment' | 'delivery';
  readonly report: string | null;
  readonly reported_on: string | null;
  readonly currency: string;
  readonly title: string;
}
export async function readBookSettings(client: pg.PoolClient, brandId: number): Promise<StoredSettings> {
  const { rows } = await client.query(
    `select coalesce(s.recognition, 'shipment') as recognition, s.report, s.reported_on, b.currency, b.title
     from brand b left join book_settings s on s.brand_id = b.brand_id where b.brand_id = $1`,
    [brandId],
  );
  return rows[0];
}
export async function saveBookSettings(
  client: pg.PoolClient,
  brandId: number,
  recognition: string,
  report: string | null,
): Promise<void> {
  await client.query(
    `insert into book_settings (brand_id, recognition, report) values ($1, $2, $3)
     on conflict (brand_id) do update set recognition = excluded.recognition, report = excluded.report`,
    [brandId, recognition, report],
  );
}
