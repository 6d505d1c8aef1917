import type pg from 'pg';

/** Facts that a buyer must see, each read as it stands now. Days are 'YYYY-MM-DD', money minor units of the brand's orders. */

export interface Look {
  readonly lookedAt: string;
  readonly event: number;
  readonly projectedOn: string | null;
}

export async function readLook(client: pg.PoolClient, brandId: number): Promise<Look | null> {
  const { rows } = await client.query({
    name: 'watch-look',
    text: `select looked_at as "lookedAt", event_id as event, projected_on as "projectedOn" from watch_look where brand_id = $1`,
    values: [brandId],
  });
  return rows[0] ?? null;
}

export async function lastEvent(client: pg.PoolClient, brandId: number): Promise<number> {
  const { rows } = await client.query({
    name: 'watch-last-event',
    text: 'select event_id from event where brand_id = $1 order by event_id desc limit 1',
    values: [brandId],
  });
  return rows[0]?.event_id ?? 0;
}

export async function saveLook(
  client: pg.PoolClient,
  brandId: number,
  { lookedAt, event, projectedOn }: Look,
): Promise<void> {
  await client.query({
    name: 'watch-look-save',
    text: `insert into watch_look (brand_id, looked_at, event_id, projected_on) values ($1, $2, $3, $4)
           on conflict (brand_id) do update set looked_at = excluded.looked_at, event_id = excluded.event_id,
             projected_on = coalesce(excluded.projected_on, watch_look.projected_on)`,
    values: [brandId, lookedAt, event, projectedOn],
  });
}

export interface QueueFact {
  readonly sku: string;
  readonly supplier: string | null;
  readonly supplierStatus: string | null;
  readonly lifecycle: string;
  readonly policy: string;
  readonly queue: number;
  readonly waiting: number;
  readonly orders: number;
  /** Units that began to wait in the last fortnight. */
  readonly joined: number;
  /** Open units of placed supply with a day in the weeks to come, and of all placed supply. */
  readonly incoming: number;
  readonly openSupply: number;
  readonly held: number;
}

/** Every item with a queue, with what comes in for it. */
export async function readQueues(
  client: pg.PoolClient,
  brandId: number,
  { today, now, weeks }: { readonly today: string; readonly now: string; readonly weeks: number },
): Promise<QueueFact[]> {
  const { rows } = await client.query(
    `with queue as (
       select c.item_id, sum(c.quantity)::int as queue, coalesce(sum(c.quantity) filter (where c.kind = 2), 0)::int as waiting,
         count(distinct c.order_id) filter (where c.kind = 2)::int as orders
       from commitment c where c.brand_id = $1 and c.kind <> 0 group by c.item_id),
     joined as (
       select b.item_id, sum(b.units)::int as joined from backorder_cause b
       where b.brand_id = $1 and b.began_at > $3::timestamptz - interval '14 days' group by b.item_id),
     supply_of as (
       select s.item_id, sum(s.open)::int as open,
         coalesce(sum(s.open) filter (where s.expected_on < $2::date + 7 * $4::int), 0)::int as incoming
       from supply s
       left join purchase_order p on s.kind = 'purchase_order' and p.brand_id = s.brand_id and p.ref = s.ref
       left join supplier g on g.brand_id = p.brand_id and g.code = p.supplier
       where s.brand_id = $1 and s.open > 0 and s.stage not in ('draft', 'cancelled') and coalesce(g.status, 'active') = 'active'
       group by s.item_id)
     select i.sku, d.supplier, g.status as "supplierStatus", i.lifecycle, i.policy, q.queue, q.waiting, q.orders,
       coalesce(j.joined, 0) as joined, coalesce(u.incoming, 0) as incoming, coalesce(u.open, 0) as "openSupply",
       coalesce((select sum(k.quality_hold + k.returned) from stock k where k.brand_id = $1 and k.item_id = q.item_id), 0)::int as held
     from queue q
     join item i on i.brand_id = $1 and i.item_id = q.item_id
     join item_detail d on d.brand_id = $1 and d.item_id = q.item_id
     left join supplier g on g.brand_id = $1 and g.code = d.supplier
     left join joined j on j.item_id = q.item_id
     left join supply_of u on u.item_id = q.item_id
     order by i.sku`,
    [brandId, today, now, weeks],
  );
  return rows;
}

export interface OrderFact {
  readonly purchaseOrder: string;
  readonly supplier: string;
  readonly skus: readonly string[];
  readonly expectedOn: string;
  readonly units: number;
  readonly pegged: number;
}

/** Purchase orders of which something was to be here before today, by their oldest day. */
export async function readOverdueOrders(
  client: pg.PoolClient,
  brandId: number,
  today: string,
): Promise<OrderFact[]> {
  const { rows } = await client.query(
    `select s.ref as "purchaseOrder", p.supplier, array_agg(distinct i.sku order by i.sku) as skus, min(s.expected_on) as "expectedOn",
       sum(s.open)::int as units, sum(s.pegged)::int as pegged
     from supply s
     join purchase_order p on p.brand_id = s.brand_id and p.ref = s.ref
     join item i on i.brand_id = s.brand_id and i.item_id = s.item_id
     where s.brand_id = $1 and s.kind = 'purchase_order' and s.open > 0 and s.expected_on < $2
       and s.stage not in ('draft', 'cancelled', 'arrived')
     group by s.ref, p.supplier order by s.ref`,
    [brandId, today],
  );
  return rows;
}

export interface BrokenFact {
  readonly purchaseOrder: string;
  readonly supplier: string;
  readonly skus: readonly string[];
  readonly orders: number;
  readonly units: number;
  readonly value: number;
  readonly currency: string;
  /** The most days that a promise is missed by. */
  readonly days: number;
}

/** Purchase orders that, by the plan, come after what customers were told of the units on them. */
export async function readBrokenBySlip(client: pg.PoolClient, brandId: number): Promise<BrokenFact[]> {
  const { rows } = await client.query(
    `select s.ref as "purchaseOrder", po.supplier, array_agg(distinct i.sku order by i.sku) as skus,
       count(distinct c.order_id)::int as orders, sum(c.quantity)::int as units,
       sum(l.price::numeric * c.quantity - div(l.discount::numeric * c.quantity, greatest(l.ordered, 1)))::bigint as value,
       min(o.currency) as currency, max(s.planned_on - coalesce(t.ship_by, p.ship_by))::int as days
     from commitment c
     join supply s on s.brand_id = c.brand_id and s.item_id = c.item_id and s.supply_id = c.source
     join purchase_order po on po.brand_id = s.brand_id and po.ref = s.ref
     join order_line l on l.brand_id = c.brand_id and l.order_id = c.order_id and l.line = c.line
     join customer_order o on o.brand_id = c.brand_id and o.order_id = c.order_id
     join item i on i.brand_id = c.brand_id and i.item_id = c.item_id
     left join promise p on p.brand_id = l.brand_id and p.order_id = l.order_id and p.line = l.line and p.version = l.promise_version
     left join promise t on t.brand_id = l.brand_id and t.order_id = l.order_id and t.line = l.line and t.version = l.told_version
     where c.brand_id = $1 and c.kind = 1 and s.kind = 'purchase_order' and s.planned_on > coalesce(t.ship_by, p.ship_by)
     group by s.ref, po.supplier order by s.ref`,
    [brandId],
  );
  return rows;
}

export interface CoverFact {
  readonly sku: string;
  readonly supplier: string | null;
  readonly leadTimeDays: number | null;
  readonly free: number;
  /** Units a week, of the last four. */
  readonly weekly: number;
  readonly nextPurchaseOrder: string | null;
  readonly nextOn: string | null;
}

/** Items without a queue whose free units may not last until the next supply, or the lead time where there is none. */
export async function readThinCover(
  client: pg.PoolClient,
  brandId: number,
  today: string,
  now: string,
  most: number,
): Promise<CoverFact[]> {
  const { rows } = await client.query(
    `with sold as (
       select coalesce(k.item_id, l.item_id) as item_id, sum((l.ordered - l.cancelled + l.refused) * coalesce(k.per, 1)) / 4.0 as weekly
       from customer_order o
       join order_line l on l.brand_id = o.brand_id and l.order_id = o.order_id
       left join order_line_component k on k.brand_id = l.brand_id and k.order_id = l.order_id and k.line = l.line
       where o.brand_id = $1 and o.placed_at > $3::timestamptz - interval '28 days' and o.placed_at <= $3 and l.kind <> 'replacement'
       group by 1),
     standing as (
       select i.item_id, i.sku, d.supplier, coalesce(i.lead_time_days, g.lead_time_days) as lead, w.weekly,
         coalesce((select sum(sellable - reserved - held) from stock s where s.brand_id = $1 and s.item_id = i.item_id), 0) as free
       from sold w join item i on i.brand_id = $1 and i.item_id = w.item_id
       join item_detail d on d.brand_id = $1 and d.item_id = i.item_id
       left join supplier g on g.brand_id = $1 and g.code = d.supplier
       where i.lifecycle = 'active' and not i.kit and i.backordered = 0)
     select t.sku, t.supplier, t.lead as "leadTimeDays", t.free::int as free, t.weekly::float8 as weekly,
       n.ref as "nextPurchaseOrder", n.planned_on as "nextOn"
     from standing t
     left join lateral (select s.ref, s.planned_on from supply s where s.brand_id = $1 and s.item_id = t.item_id and s.open > 0
       and s.stage not in ('draft', 'cancelled') and s.planned_on is not null order by s.planned_on limit 1) n on true
     where t.weekly > 0 and t.free < 1.5 * t.weekly / 7.0 * greatest(7, coalesce(n.planned_on - $2::date, t.lead, 28))
     order by t.free / t.weekly limit $4`,
    [brandId, today, now, most],
  );
  return rows;
}

export interface DeliveryFact {
  readonly supplier: string;
  readonly on: string;
  readonly lateDays: number;
}

/** What came of purchase orders since a day, against the day first expected once it was placed. */
export async function readDeliveries(
  client: pg.PoolClient,
  brandId: number,
  since: string,
  timeZone: string,
): Promise<DeliveryFact[]> {
  const { rows } = await client.query(
    `select p.supplier, (r.happened_at at time zone $3)::date as on,
       ((r.happened_at at time zone $3)::date - first.expected_on)::int as "lateDays"
     from supply_receipt r
     join supply s on s.brand_id = r.brand_id and s.item_id = r.item_id and s.supply_id = r.supply_id and s.kind = 'purchase_order'
     join purchase_order p on p.brand_id = s.brand_id and p.ref = s.ref
     join lateral (select v.expected_on from supply_revision v where v.brand_id = s.brand_id and v.item_id = s.item_id
       and v.supply_id = s.supply_id and v.stage not in ('draft', 'cancelled') and v.expected_on is not null
       order by v.revision limit 1) first on true
     where r.brand_id = $1 and r.quantity > 0 and r.happened_at >= $2::date order by r.happened_at`,
    [brandId, since, timeZone],
  );
  return rows;
}

export interface MoqFact {
  readonly sku: string;
  readonly supplier: string | null;
  readonly crossedOn: string;
  readonly needed: number;
  readonly moq: number;
}

/** Items whose reorder is due, needs fewer than the supplier takes, and was not ordered since. */
export async function readMoqBites(client: pg.PoolClient, brandId: number): Promise<MoqFact[]> {
  const { rows } = await client.query(
    `select i.sku, d.supplier, c.crossed_on as "crossedOn", c.needed, c.moq
     from reorder_crossing c
     join item i on i.brand_id = c.brand_id and i.item_id = c.item_id
     join item_detail d on d.brand_id = c.brand_id and d.item_id = c.item_id
     where c.brand_id = $1 and c.recovered_on is null and c.needed < c.moq and not exists (
       select from supply s join purchase_order p on p.brand_id = s.brand_id and p.ref = s.ref
       where s.brand_id = c.brand_id and s.item_id = c.item_id and s.kind = 'purchase_order'
         and s.stage not in ('draft', 'cancelled') and p.placed_on >= c.crossed_on)
     order by i.sku`,
    [brandId],
  );
  return rows;
}

export interface CampaignFact {
  readonly campaign: string;
  readonly title: string;
  readonly fromOn: string;
  readonly untilOn: string;
  readonly lift: number | null;
  readonly sku: string;
  readonly supplier: string | null;
  readonly free: number;
  readonly incoming: number;
  readonly weekly: number;
}

/** Items of campaigns that run or begin by a day, with what is there and comes before the campaign is over. */
export async function readCampaignCover(
  client: pg.PoolClient,
  brandId: number,
  { today, by, now }: { readonly today: string; readonly by: string; readonly now: string },
): Promise<CampaignFact[]> {
  const { rows } = await client.query(
    `select c.ref as campaign, c.title, c.from_on as "fromOn", c.until_on as "untilOn", c.lift, i.sku, d.supplier,
       coalesce((select sum(sellable - reserved - held) from stock s where s.brand_id = $1 and s.item_id = i.item_id), 0)::int as free,
       coalesce((select sum(s.open - s.pegged - s.held) from supply s where s.brand_id = $1 and s.item_id = i.item_id
         and s.stage not in ('draft', 'cancelled') and s.planned_on <= c.until_on), 0)::int as incoming,
       w.weekly
     from campaign c
     join item i on i.brand_id = c.brand_id and (c.skus is null or i.sku = any(c.skus)) and i.lifecycle = 'active' and not i.kit
     join item_detail d on d.brand_id = i.brand_id and d.item_id = i.item_id
     join lateral (select coalesce(sum(l.ordered - l.cancelled + l.refused), 0)::float8 / 4 as weekly from order_line l
       join customer_order o on o.brand_id = l.brand_id and o.order_id = l.order_id
       where l.brand_id = $1 and l.item_id = i.item_id and l.kind <> 'replacement'
         and o.placed_at > least($4::timestamptz, c.from_on::timestamptz) - interval '28 days'
         and o.placed_at <= least($4::timestamptz, c.from_on::timestamptz)) w on w.weekly > 0
     where c.brand_id = $1 and not c.ended and c.until_on >= $2 and c.from_on <= $3
     order by c.ref, i.sku`,
    [brandId, today, by, now],
  );
  return rows;
}
