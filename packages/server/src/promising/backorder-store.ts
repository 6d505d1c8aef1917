import type pg from 'pg';

/** A waiting line, as the queue page and the API list it. Days are 'YYYY-MM-DD', instants ISO 8601, money minor units. */
export interface BackorderRow {
  order_id: number;
  line: number;
  line_ref: string;
  item_id: number;
  sku: string;
  policy: string;
  title: string;
  channel: string;
  ref: string;
  customer: string;
  quantity: number;
  value: number;
  currency: string;
  waiting_since: string;
  planned_on: string | null;
  rank: number;
  not_before: string | null;
  cancel_after: string | null;
  ship_by: string | null;
  ship_complete: boolean;
  state: 'on_time' | 'late' | 'unbacked' | 'awaiting_consent';
  version: number | null;
  parts: string;
  shipped_before: number;
  reasons: string;
}

export interface BackorderFilter {
  readonly sku?: string | undefined;
  readonly channel?: string | undefined;
  readonly state?: string | undefined;
  readonly purchaseOrder?: string | undefined;
  readonly supplier?: string | undefined;
  readonly order?: number | undefined;
  readonly line?: number | undefined;
  readonly search?: string | undefined;
}

/** The largest whole number that an answer can tell; a sum beyond it is told as it, so that a list never fails. */
const MOST = Number.MAX_SAFE_INTEGER;

/** A line leaves neither before the day it asks for nor before its item's launch. */
export const EARLIEST = `greatest(l.not_before, case when i.lifecycle = 'upcoming' then i.launch_on end)`;

/**
 * One row per line that is not wholly reserved. A kit's line counts in kits: as many as its scarcest component leaves
 * without stock. The state is by precedence: unbacked where any unit waits; awaiting consent where the customer has yet to agree
 * to the new date; late where the plan, or today, is past the
 * latest day that the customer was told; else on time.
 */
const waitingOf = (narrowed: string) => `
  with waiting as (
    select c.order_id, c.line,
      max(c.units) as quantity, bool_or(c.waits) as waits, max(c.planned_on) as planned_on
    from (
      select c.order_id, c.line, c.item_id,
        (sum(c.quantity) + coalesce(max(k.per), 1) - 1) / coalesce(max(k.per), 1) as units,
        bool_or(c.kind = 2) as waits, max(s.planned_on) as planned_on
      from commitment c
      left join order_line_component k
        on k.brand_id = c.brand_id and k.order_id = c.order_id and k.line = c.line and k.item_id = c.item_id
      left join supply s on c.kind = 1 and s.brand_id = c.brand_id and s.item_id = c.item_id and s.supply_id = c.source
      where c.brand_id = $1 and c.kind <> 0${narrowed}
      group by c.order_id, c.line, c.item_id
    ) c
    group by c.order_id, c.line
  ),
  backorder as (
    select w.order_id, w.line, l.line_ref, l.item_id, i.sku, i.policy, d.title, ch.code as channel, o.ref,
      o.customer_name as customer, w.quantity::int as quantity,
      greatest(-${MOST}, least(${MOST},
        l.price::numeric * w.quantity - div(l.discount::numeric * w.quantity, greatest(l.ordered, 1))))::bigint as value, o.currency,
      coalesce(l.waiting_since, o.placed_at) as waiting_since,
      case when w.waits then null else greatest(w.planned_on, l.not_before) end as planned_on,
      l.rank, ${EARLIEST} as not_before, l.cancel_after, p.version, p.parts, p.shipped_before, p.reasons, p.ship_by, o.ship_complete,
      case
        when w.waits then 'unbacked'
        when book_asked($1, w.order_id, w.line) then 'awaiting_consent'
        when greatest(w.planned_on, l.not_before) > coalesce(t.ship_by, p.ship_by)
          or $2::date > coalesce(t.ship_by, p.ship_by) then 'late'
        else 'on_time'
      end as state
    from waiting w
    join order_line l on l.brand_id = $1 and l.order_id = w.order_id and l.line = w.line
    join customer_order o on o.brand_id = $1 and o.order_id = w.order_id
    join channel ch on ch.brand_id = $1 and ch.channel_id = o.channel_id
    join item i on i.brand_id = $1 and i.item_id = l.item_id
    join item_detail d on d.brand_id = $1 and d.item_id = l.item_id
    left join promise p on p.brand_id = $1 and p.order_id = w.order_id and p.line = w.line and p.version = l.promise_version
    left join promise t on t.brand_id = $1 and t.order_id = w.order_id and t.line = w.line and t.version = l.told_version
  )`;

/** What a list is sorted by: never null, so that a cursor can go on from any row. */
const SORT_KEYS = {
  queue: `lpad(rank::text, 20, '0')`,
  sku: 'sku',
  customer: 'lower(customer)',
  channel: 'channel',
  quantity: `lpad(quantity::text, 12, '0')`,
  value: `lpad(greatest(value, 0)::text, 20, '0')`,
  waitingSince: `to_char(waiting_since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`,
  shipBy: `coalesce(ship_by::text, '9999')`,
  state: `case state when 'unbacked' then '1' when 'awaiting_consent' then '2' when 'late' then '3' else '4' end`,
} as const;
export type BackorderSortKey = keyof typeof SORT_KEYS;

export interface BackorderPage {
  readonly sort: BackorderSortKey;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  /** The last row of the page before: its sort key, order and line. */
  readonly after: readonly [key: string, order: number, line: number] | null;
}

export async function listBackorders(
  client: pg.PoolClient,
  brandId: number,
  today: string,
  filter: BackorderFilter,
  page: BackorderPage,
): Promise<{ rows: (BackorderRow & { key: string })[] }> {
  const { backorders, conditions, values } = await conditionsOf(client, brandId, today, filter);
  const key = SORT_KEYS[page.sort];
  const down = page.direction === 'desc';
  if (page.after !== null) {
    values.push(...page.after);
    const at = values.length;
    conditions.push(
      `(${key} collate "C", order_id, line) ${down ? '<' : '>'} ($${at - 2}::text collate "C", $${at - 1}::bigint, $${at}::bigint)`,
    );
  }
  values.push(page.limit);
  const direction = down ? 'desc' : 'asc';
  const { rows } = await client.query(
    `${backorders} select *, ${key} as key from backorder ${whereOf(conditions)}
     order by ${key} collate "C" ${direction}, order_id ${direction}, line ${direction} limit $${values.length}`,
    values,
  );
  return { rows };
}

export interface TotalsRow {
  state: BackorderRow['state'];
  currency: string;
  lines: number;
  units: number;
  value: number;
}

export async function totalBackorders(
  client: pg.PoolClient,
  brandId: number,
  today: string,
  filter: BackorderFilter,
): Promise<TotalsRow[]> {
  const { backorders, conditions, values } = await conditionsOf(client, brandId, today, filter);
  const { rows } = await client.query(
    `${backorders} select state, currency, count(*)::bigint as lines, least(sum(quantity), ${MOST})::bigint as units,
       least(sum(value), ${MOST})::bigint as value
     from backorder ${whereOf(conditions)} group by state, currency`,
    values,
  );
  // The caller adds the states of a currency up.
  const told = new Map<string, number>();
  return rows.map((row: TotalsRow) => {
    const before = told.get(row.currency) ?? 0;
    const value = Math.min(row.value, MOST - Math.max(before, 0));
    told.set(row.currency, before + value);
    return { ...row, value };
  });
}

/** What is asked, as SQL: one item's or one order's backorders are found without a look at all others. */
async function conditionsOf(client: pg.PoolClient, brandId: number, today: string, filter: BackorderFilter) {
  const values: unknown[] = [brandId, today];
  const conditions: string[] = [];
  const narrowed: string[] = [];
  const narrow = (column: string, value: number) => {
    values.push(value);
    narrowed.push(` and c.${column} = $${values.length}`);
  };
  if (filter.order !== undefined) narrow('order_id', filter.order);
  if (filter.sku !== undefined) {
    const item = await readItemOf(client, brandId, filter.sku);
    // A kit's lines wait by their components, which may have been others when they were ordered.
    if (item === null || !item.kit) narrow('item_id', item?.item_id ?? 0);
  }
  const add = (value: unknown, condition: (parameter: string) => string) => {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  if (filter.sku !== undefined) add(filter.sku, (at) => `sku = ${at}`);
  if (filter.channel !== undefined) add(filter.channel, (at) => `channel = ${at}`);
  if (filter.state !== undefined) add(filter.state, (at) => `state = ${at}`);
  if (filter.order !== undefined) add(filter.order, (at) => `order_id = ${at}`);
  if (filter.line !== undefined) add(filter.line, (at) => `line = ${at}`);
  const onSupply = (condition: string) => `exists (
    select from commitment c join supply s on s.brand_id = c.brand_id and s.item_id = c.item_id and s.supply_id = c.source
    left join purchase_order po on s.kind = 'purchase_order' and po.brand_id = s.brand_id and po.ref = s.ref
    where c.brand_id = $1 and c.order_id = backorder.order_id and c.line = backorder.line and c.kind = 1 and ${condition})`;
  if (filter.purchaseOrder !== undefined) add(filter.purchaseOrder, (at) => onSupply(`s.ref = ${at}`));
  if (filter.supplier !== undefined) add(filter.supplier, (at) => onSupply(`po.supplier = ${at}`));
  if (filter.search !== undefined)
    add(`%${filter.search.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`, (at) =>
      ['sku', 'title', 'customer', 'ref'].map((column) => `lower(${column}) like ${at}`).join(' or '),
    );
  return {
    backorders: waitingOf(narrowed.join('')),
    conditions: conditions.map((condition) => `(${condition})`),
    values,
  };
}

async function readItemOf(
  client: pg.PoolClient,
  brandId: number,
  sku: string,
): Promise<{ item_id: number; kit: boolean } | null> {
  const { rows } = await client.query(
    'select item_id, kit or was_kit as kit from item where brand_id = $1 and sku = $2',
    [brandId, sku],
  );
  return rows[0] ?? null;
}

function whereOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
}

/**
 * The main cause of each waiting line: what a person says of its episode, else what was in force when it began. One that was not
 * told yet is not there.
 */
export async function readLineCauses(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
): Promise<Map<string, string>> {
  const { rows } = await client.query(
    `select distinct on (b.order_id, b.line) b.order_id, b.line, coalesce(t.causes, b.causes)::json -> 0 ->> 'cause' as cause
     from backorder_cause b
     left join lateral (select causes from episode_tag t where t.brand_id = b.brand_id and t.item_id = b.item_id and t.pool = b.pool
       and t.number = b.number order by t.version desc limit 1) t on true
     where b.brand_id = $1 and b.order_id = any($2::bigint[])
     order by b.order_id, b.line, b.began_at desc`,
    [brandId, orders],
  );
  return new Map(rows.map((row) => [`${row.order_id}:${row.line}`, row.cause]));
}

/** Lines and units of the same item that are served before a line. */
export async function readAhead(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  rank: number,
  order: number,
): Promise<{ lines: number; units: number }> {
  const { rows } = await client.query(
    `select count(distinct (order_id, line))::int as lines, coalesce(sum(quantity), 0)::bigint as units from commitment
     where brand_id = $1 and item_id = $2 and kind <> 0 and (rank, order_id) < ($3::bigint, $4::bigint)`,
    [brandId, item, rank, order],
  );
  return rows[0];
}

export interface HistoryRow {
  at: string;
  kind: string;
  quantity: number;
  detail: string | null;
}

/** What happened to a line besides its promises: ordered, shipped, cancelled. */
export async function readHistory(
  client: pg.PoolClient,
  brandId: number,
  order: number,
  line: number,
): Promise<HistoryRow[]> {
  const { rows } = await client.query(
    `select o.placed_at as at, 'ordered' as kind, l.ordered + l.refused as quantity, c.title as detail
     from customer_order o join order_line l on l.brand_id = o.brand_id and l.order_id = o.order_id
     join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id
     where o.brand_id = $1 and o.order_id = $2 and l.line = $3
     union all
     select shipped_at, 'shipped', quantity, nullif(concat_ws(' ', carrier, tracking), '') from shipment
     where brand_id = $1 and order_id = $2 and line = $3
     union all
     select happened_at, 'cancelled', quantity, by || ': ' || reason from cancellation
     where brand_id = $1 and order_id = $2 and line = $3
     order by at`,
    [brandId, order, line],
  );
  return rows;
}
