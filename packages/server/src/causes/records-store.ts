import type pg from 'pg';

/** What is on record of an item around an episode. Days are 'YYYY-MM-DD' in the brand's zone, instants ISO 8601. */

/** An episode that is to be looked at, with what of its item the evidence needs. */
export interface DueEpisode {
  readonly item: number;
  readonly pool: number;
  readonly number: number;
  readonly openedAt: string;
  readonly closedAt: string | null;
  /** Null: never. */
  readonly lookedAt: string | null;
  /** When the episode before it was over; null: it is the first. */
  readonly lastClosedAt: string | null;
  /** JSON of the causes that a person gave it. */
  readonly tag: string | null;
  readonly sku: string;
  readonly policy: string;
  readonly leadTimeDays: number | null;
}

const DUE = `
  select e.item_id as item, e.pool, e.number, e.opened_at as "openedAt", e.closed_at as "closedAt",
    e.looked_at as "lookedAt", i.sku, i.policy,
    (select b.closed_at from episode b where b.brand_id = e.brand_id and b.item_id = e.item_id and b.pool = e.pool
      and b.number = e.number - 1) as "lastClosedAt",
    (select t.causes from episode_tag t where t.brand_id = e.brand_id and t.item_id = e.item_id and t.pool = e.pool
      and t.number = e.number order by t.version desc limit 1) as tag,
    coalesce(i.lead_time_days, s.lead_time_days) as "leadTimeDays"
  from episode e
  join item i on i.brand_id = e.brand_id and i.item_id = e.item_id
  join item_detail d on d.brand_id = e.brand_id and d.item_id = e.item_id
  left join supplier s on s.brand_id = d.brand_id and s.code = d.supplier`;

/** One, whether it is due or not. */
export async function readEpisodeToLookAt(
  client: pg.PoolClient,
  brandId: number,
  { item, pool, number }: Pick<DueEpisode, 'item' | 'pool' | 'number'>,
): Promise<DueEpisode | undefined> {
  const { rows } = await client.query({
    name: 'episode-to-look-at',
    text: `${DUE} where e.brand_id = $1 and e.item_id = $2 and e.pool = $3 and e.number = $4`,
    values: [brandId, item, pool, number],
  });
  return rows[0];
}

/** Never looked at, closed since, or open and not looked at since `dayBegan`; the longest waiting first. */
export async function dueEpisodes(
  client: pg.PoolClient,
  brandId: number,
  dayBegan: string,
  limit: number,
): Promise<DueEpisode[]> {
  const { rows } = await client.query({
    name: 'due-episodes',
    text: `${DUE}
           where e.brand_id = $1 and (e.closed_at is null or e.looked_at is null or e.looked_at <= e.closed_at)
             and (e.looked_at is null or e.closed_at is not null or e.looked_at < $2)
           order by e.looked_at nulls first limit $3`,
    values: [brandId, dayBegan, limit],
  });
  return rows;
}

/** A line in the queue of an episode. */
export interface WaitingLine {
  readonly order: number;
  readonly line: number;
  readonly channel: number;
  readonly since: string;
  /** Null: it waits. */
  readonly until: string | null;
  /** Units without stock now; 0: it waits no more. */
  readonly waiting: number;
  /** Units that were ordered and not cancelled, less those that lay there when it was taken. */
  readonly wanted: number;
  /** Units that nothing backed when it was taken. */
  readonly unbacked: number;
  readonly placed: boolean;
}

/**
 * Lines that waited in an episode's time: those of the item, and kits of it that wait now. Where one episode ends and the next begins
 * at the same instant, a line that ended then is of the first.
 */
export async function readWaitingLines(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  pools: Int32Array,
  { pool, number, openedAt, closedAt }: DueEpisode,
): Promise<WaitingLine[]> {
  const channels = [...pools.keys()].filter((channel) => pools[channel] === pool);
  const { rows } = await client.query({
    name: 'episode-lines',
    text: `with line as (
             select l.order_id, l.line from order_line l
             where l.brand_id = $1 and l.item_id = $2 and l.waiting_since is not null
               and (l.waiting_since < coalesce($4::timestamptz, 'infinity') or l.waited_until <= $4)
               and (l.waited_until is null or l.waited_until > $3 or (l.waited_until = $3 and $6 = 1))
             union
             select c.order_id, c.line from commitment c where c.brand_id = $1 and c.item_id = $2 and c.kind <> 0 and $4::timestamptz is null)
           select l.order_id as "order", l.line, o.channel_id as channel,
             coalesce(l.waiting_since, o.recorded_at) as since, l.waited_until as until,
             coalesce(w.units, 0)::int as waiting,
             (l.ordered - l.cancelled - case when r.units < l.ordered - l.cancelled then r.units else 0 end)::int as wanted,
             greatest(0, l.ordered - coalesce(p.quantity, 0))::int as unbacked, o.mode = 1 as placed
           from line n
           join order_line l on l.brand_id = $1 and l.order_id = n.order_id and l.line = n.line
           join customer_order o on o.brand_id = $1 and o.order_id = n.order_id
           left join promise p on p.brand_id = $1 and p.order_id = n.order_id and p.line = n.line and p.version = 1
             and p.change = 'first'
           left join lateral (select coalesce(sum((x ->> 'quantity')::int), 0)::int as units from json_array_elements(p.reasons::json) x
             where x ->> 'code' = 'reserved_from_stock') r on true
           left join lateral (select sum(c.quantity) as units from commitment c where c.brand_id = $1 and c.order_id = n.order_id
             and c.line = n.line and c.item_id = $2 and c.kind <> 0) w on true
           where o.channel_id = any($5)
           order by since, l.order_id, l.line`,
    values: [brandId, item, openedAt, closedAt, channels, number],
  });
  return rows;
}

/** Units asked for by day, oldest first, cancelled and replaced ones left out. A kit's units are its components'. */
export async function readDailyDemand(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  { timeZone, from, to }: { readonly timeZone: string; readonly from: string; readonly to: string },
): Promise<{ day: string; units: number }[]> {
  const { rows } = await client.query({
    name: 'episode-demand',
    text: `select (o.placed_at at time zone $3)::date as day,
             sum(greatest(0, l.ordered - l.cancelled + l.refused) * coalesce(c.per, 1))::int as units
           from order_line l
           join customer_order o on o.brand_id = l.brand_id and o.order_id = l.order_id
           left join order_line_component c on c.brand_id = l.brand_id and c.order_id = l.order_id and c.line = l.line
           where l.brand_id = $1 and l.kind <> 'replacement' and coalesce(c.item_id, l.item_id) = $2
             and (o.placed_at at time zone $3)::date between $4::date and $5::date
           group by 1 order by 1`,
    values: [brandId, item, timeZone, from, to],
  });
  return rows;
}

export interface SupplyHistory {
  readonly name: string;
  readonly quantity: number;
  readonly stage: string;
  readonly placedOn: string | null;
  readonly firstExpectedOn: string;
  /** What is expected now; null: no day is known, or it was cancelled. */
  readonly expectedOn: string | null;
  /** When half of it had come. */
  readonly receivedOn: string | null;
  /** Of the revision that moved it latest. */
  readonly reason: string | null;
}

/** Supplies of an item by what was first expected of them once they were placed. */
export async function readSupplyHistory(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  timeZone: string,
): Promise<SupplyHistory[]> {
  const { rows } = await client.query({
    name: 'episode-supplies',
    text: `select s.ref as name, first.ordered as quantity, first.stage, p.placed_on as "placedOn",
             first.expected_on as "firstExpectedOn",
             case when s.stage <> 'cancelled' then s.expected_on end as "expectedOn",
             (received.at at time zone $3)::date as "receivedOn", moved.reason
           from supply s
           join lateral (select v.ordered, v.stage, v.expected_on from supply_revision v
             where v.brand_id = s.brand_id and v.item_id = s.item_id and v.supply_id = s.supply_id
               and v.stage not in ('draft', 'cancelled') and v.expected_on is not null
             order by v.revision limit 1) first on true
           left join lateral (select min(t.happened_at) as at from (
               select r.happened_at, sum(r.quantity) over (order by r.happened_at, r.event_id) as units
               from supply_receipt r where r.brand_id = s.brand_id and r.item_id = s.item_id and r.supply_id = s.supply_id) t
             where 2 * t.units >= first.ordered) received on true
           left join lateral (select v.reason from (
               select v.reason, v.expected_on, v.revision,
                 lag(v.expected_on) over (order by v.revision) as before
               from supply_revision v
               where v.brand_id = s.brand_id and v.item_id = s.item_id and v.supply_id = s.supply_id) v
             where v.before is not null and (v.expected_on is null or v.expected_on > v.before)
             order by v.revision desc limit 1) moved on true
           left join purchase_order p on s.kind = 'purchase_order' and p.brand_id = s.brand_id and p.ref = s.ref
           where s.brand_id = $1 and s.item_id = $2
           order by first.expected_on, s.ref, s.line, s.schedule`,
    values: [brandId, item, timeZone],
  });
  return rows;
}

/** Units that came to and left a condition's shelf, by day; shipments are told apart. */
export interface Movement {
  readonly day: string;
  readonly at: string;
  readonly condition: string;
  readonly delta: number;
  readonly shipped: boolean;
  readonly received: boolean;
}

export async function readMovements(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  places: readonly number[],
  timeZone: string,
): Promise<Movement[]> {
  const { rows } = await client.query({
    name: 'episode-movements',
    text: `select (happened_at at time zone $4)::date as day, happened_at as at, condition, delta, reason = 'shipped' as shipped,
             reason = 'received' as received
           from stock_movement
           where brand_id = $1 and item_id = $2 and location_id = any($3) order by happened_at, movement_id`,
    values: [brandId, item, places, timeZone],
  });
  return rows;
}

/** What was on the shelves and not spoken for just now; below zero where more is owed than is there. */
export async function readFreeNow(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  places: readonly number[],
): Promise<number> {
  const { rows } = await client.query({
    name: 'episode-free',
    text: `select coalesce((select sum(sellable) from stock where brand_id = $1 and item_id = $2 and location_id = any($3)), 0)::int
             - coalesce((select sum(quantity) from commitment where brand_id = $1 and item_id = $2), 0)::int as free`,
    values: [brandId, item, places],
  });
  return rows[0].free;
}

/** Orders of an item from an instant on, as they were taken. */
export interface Take {
  readonly at: string;
  readonly channel: number;
  readonly units: number;
  readonly placed: boolean;
  readonly unbacked: number;
}

export async function readTakes(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  since: string,
): Promise<Take[]> {
  const { rows } = await client.query({
    name: 'episode-takes',
    text: `select o.placed_at as at, o.channel_id as channel, (l.ordered - l.cancelled)::int as units, o.mode = 1 as placed,
             greatest(0, l.ordered - coalesce(p.quantity, 0))::int as unbacked
           from order_line l
           join customer_order o on o.brand_id = l.brand_id and o.order_id = l.order_id
           left join promise p on p.brand_id = l.brand_id and p.order_id = l.order_id and p.line = l.line and p.version = 1
             and p.change = 'first'
           where l.brand_id = $1 and l.item_id = $2 and o.placed_at >= $3
           order by o.placed_at, o.order_id, l.line`,
    values: [brandId, item, since],
  });
  return rows;
}

export interface Offer {
  readonly at: string;
  readonly channel: number;
  readonly quantity: number;
}

export async function readOffers(client: pg.PoolClient, brandId: number, item: number): Promise<Offer[]> {
  const { rows } = await client.query({
    name: 'episode-offers',
    text: `select offered_at as at, channel_id as channel, quantity from channel_offer
           where brand_id = $1 and item_id = $2 order by offered_at`,
    values: [brandId, item],
  });
  return rows;
}

export interface CampaignRow {
  readonly name: string;
  readonly fromOn: string;
  readonly untilOn: string;
  readonly toldOn: string;
  readonly lift: number | null;
}

/** Campaigns of an item that ran at some time between two days. */
export async function readCampaigns(
  client: pg.PoolClient,
  brandId: number,
  sku: string,
  from: string,
  to: string,
): Promise<CampaignRow[]> {
  const { rows } = await client.query({
    name: 'episode-campaigns',
    text: `select ref as name, from_on as "fromOn", until_on as "untilOn", told_on as "toldOn", lift from campaign
           where brand_id = $1 and not ended and (skus is null or $2 = any(skus)) and from_on <= $4 and until_on >= $3
           order by from_on, ref`,
    values: [brandId, sku, from, to],
  });
  return rows;
}

export interface CrossingRow {
  readonly crossedOn: string;
  readonly needed: number;
  readonly moq: number;
  readonly leadTimeDays: number;
}

/** The latest day by then on which the reorder point was crossed. */
export async function readCrossing(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  by: string,
): Promise<CrossingRow | null> {
  const { rows } = await client.query({
    name: 'episode-crossing',
    text: `select crossed_on as "crossedOn", needed, moq, lead_time_days as "leadTimeDays" from reorder_crossing
           where brand_id = $1 and item_id = $2 and crossed_on <= $3 order by crossed_on desc limit 1`,
    values: [brandId, item, by],
  });
  return rows[0] ?? null;
}
