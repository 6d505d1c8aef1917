import type { BookCounts, SlipGroup } from '@kept/engine';
import type pg from 'pg';

export interface Period {
  /** Days of the brand, both included. */
  readonly from: string;
  readonly to: string;
  readonly today: string;
  readonly timeZone: string;
  readonly currency: string;
}

/** Days within which somebody who orders again has come back. */
export const REPURCHASE_DAYS = 90;

const LINES = `
  with placed as (
    select o.order_id, o.customer_email, o.placed_at, (o.placed_at at time zone $5)::date as placed_on, o.currency
    from customer_order o
    where o.brand_id = $1 and o.replaces is null and o.placed_at >= $2::date::timestamp at time zone $5
      and o.placed_at < ($3::date + 1)::timestamp at time zone $5),
  line as (
    select l.order_id, l.line, l.ordered, l.shipped, l.cancelled, l.refused, l.price, l.discount, l.promise_version, p.customer_email,
      p.placed_on, p.placed_at, p.currency,
      l.price::numeric * l.ordered - l.discount as value,
      f.ship_by as first_on, f.quantity as first_quantity, t.ship_by as latest_on,
      b.units as backordered, b.value as backorder_value, b.served,
      (select max(s.shipped_at at time zone $5)::date from shipment s where s.brand_id = $1 and s.order_id = l.order_id
         and s.line = l.line) as last_shipped,
      coalesce((select sum(s.quantity) from shipment s where s.brand_id = $1 and s.order_id = l.order_id and s.line = l.line
         and (s.shipped_at at time zone $5)::date <= f.ship_by), 0) as by_first,
      coalesce((select sum(s.quantity) from shipment s where s.brand_id = $1 and s.order_id = l.order_id and s.line = l.line
         and (s.shipped_at at time zone $5)::date <= t.ship_by), 0) as by_latest,
      exists (select from book_entry e where e.brand_id = $1 and e.order_id = l.order_id and e.line = l.line
         and e.kind = 'cancelled') as cancelled_waiting
    from placed p
    join order_line l on l.brand_id = $1 and l.order_id = p.order_id and l.kind <> 'replacement'
    left join promise f on f.brand_id = $1 and f.order_id = l.order_id and f.line = l.line and f.version = 1
    left join promise t on t.brand_id = $1 and t.order_id = l.order_id and t.line = l.line and t.version = l.promise_version
    left join lateral (select least(sum(e.units - e.was_units), l.ordered) as units, sum(e.value - e.was_value) as value,
        -- Units from stock leave first.
        greatest(0, l.shipped - greatest(0, l.ordered - sum(e.units - e.was_units))) as served from book_entry e
      where e.brand_id = $1 and e.order_id = l.order_id and e.line = l.line and e.kind in ('new', 'switched', 'opening')
        and e.units > e.was_units having count(*) > 0) b on true)`;

/** What the metrics of a period count, in one pass over its orders. */
export async function readCounts(
  client: pg.PoolClient,
  brandId: number,
  period: Period,
): Promise<BookCounts> {
  const span = [brandId, period.from, period.to, period.today, period.timeZone, period.currency];
  const [lines, others] = [
    await client.query(
      `${LINES}, whole as (
         select order_id, bool_or(backordered is not null) as waited, bool_and(first_on is not null) as promised,
           bool_and(by_first >= ordered - cancelled) as otif, bool_or(first_on >= $4::date) as not_over,
           bool_or(ordered > cancelled) as wanted,
           bool_and(shipped + cancelled >= ordered) as done
         from line group by order_id)
       select
         coalesce(sum(served * (backorder_value / nullif(backordered, 0))) filter (where currency = $6 and served > 0), 0)::bigint
           as "keptValue",
         count(*) filter (where backordered is not null and first_on is not null and by_first >= ordered - cancelled
           and (first_on < $4 or shipped + cancelled >= ordered) and ordered > cancelled)::int as "firstKept",
         count(*) filter (where backordered is not null and first_on is not null
           and (first_on < $4 or shipped + cancelled >= ordered) and ordered > cancelled)::int as "firstPromises",
         count(*) filter (where backordered is not null and latest_on is not null and by_latest >= ordered - cancelled
           and (latest_on < $4 or shipped + cancelled >= ordered) and ordered > cancelled)::int as "latestKept",
         count(*) filter (where backordered is not null and latest_on is not null
           and (latest_on < $4 or shipped + cancelled >= ordered) and ordered > cancelled)::int as "latestPromises",
         (sum(latest_on - first_on) filter (where backordered is not null))::int as "slipDays",
         count(latest_on - first_on) filter (where backordered is not null)::int as "slipLines",
         percentile_cont(0.5) within group (order by last_shipped - placed_on)
           filter (where served > 0 and shipped + cancelled >= ordered) as "waitMedian",
         percentile_cont(0.9) within group (order by last_shipped - placed_on)
           filter (where served > 0 and shipped + cancelled >= ordered) as "waitP90",
         (select count(*) filter (where otif and promised and wanted and (not not_over or done)) from whole)::int as "otifOrders",
         (select count(*) filter (where promised and wanted and (not not_over or done)) from whole)::int as "dueOrders",
         coalesce(sum(ordered - coalesce(backordered, 0)), 0)::bigint as "stockUnits",
         coalesce(sum(ordered + refused), 0)::bigint as "demandUnits",
         count(backordered)::int as "backorderLines", count(*)::int as "orderLines",
         coalesce(sum(backordered), 0)::bigint as "backorderUnits", coalesce(sum(ordered), 0)::bigint as "orderUnits",
         coalesce(sum(backorder_value) filter (where currency = $6), 0)::bigint as "backorderValue",
         coalesce(sum(value) filter (where currency = $6), 0)::bigint as "orderValue",
         count(*) filter (where backordered is not null and cancelled_waiting)::int as "cancelledLines",
         (select count(*) filter (where waited) from whole)::int as "backorderOrders",
         (select count(*) from whole w where waited and exists (select from payment p where p.brand_id = $1
            and p.order_id = w.order_id and p.kind = 'disputed'))::int as "disputedOrders",
         case when exists (select from contact where brand_id = $1) then (select count(*) from whole w
           join contact k on k.brand_id = $1 and k.order_id = w.order_id where waited) end::int as contacts
       from line`,
      span,
    ),
    await client.query(
      `select
         (select coalesce(-sum(value), 0) from book_days($1) where day between $2 and $3 and kind = 'cancelled' and currency = $4)::bigint
           as "cancelledValue",
         (select sum(units) from book_sums($1) where axis = 'all')::bigint as "openUnits",
         (select sum(units) from book_sums($1) where axis = 'supply' and key <> '')::bigint as "peggedUnits",
         (select count(*) from customer_choice where brand_id = $1 and kind in ('wait', 'switch', 'cancel')
            and (happened_at at time zone $5)::date between $2 and $3)::int as choices,
         (select count(*) from customer_choice where brand_id = $1 and kind = 'wait'
            and (happened_at at time zone $5)::date between $2 and $3)::int as "waitChoices"`,
      [brandId, period.from, period.to, period.currency, period.timeZone],
    ),
  ];
  const counts: Record<string, number> = {};
  for (const [name, value] of Object.entries({ ...lines.rows[0], ...others.rows[0] }))
    if (value !== null) counts[name] = Number(value);
  return counts;
}

export interface RepurchaseRow {
  readonly slip: string;
  readonly customers: number;
  readonly again: number;
}
/** Customers of a period by whether they waited, and how far their promise slipped: who ordered again, as far as time has told. */
export async function readRepurchase(
  client: pg.PoolClient,
  brandId: number,
  period: Period,
): Promise<RepurchaseRow[]> {
  const { rows } = await client.query(
    `${LINES}, customer as (
       select lower(customer_email) as email, max(placed_at) as last_at,
         case when bool_or(backordered is not null) then
           case when coalesce(max(latest_on - first_on) filter (where backordered is not null), 0) <= 0 then 'waited, no slip'
             when max(latest_on - first_on) filter (where backordered is not null) <= 7 then 'waited, slip to 7 days'
             else 'waited, slip over 7 days' end
         else 'did not wait' end as slip
       from line where customer_email is not null group by 1 having max(placed_on) <= $4::date - ${REPURCHASE_DAYS})
     select slip, count(*)::int as customers, count(*) filter (where exists (
         select from customer_order o where o.brand_id = $1 and lower(o.customer_email) = c.email and o.replaces is null
           and o.placed_at > c.last_at and o.placed_at < c.last_at + interval '${REPURCHASE_DAYS} days'))::int as again
     from customer c group by slip order by slip`,
    [brandId, period.from, period.to, period.today, period.timeZone],
  );
  return rows;
}

/** Lines that came into the book, by days of slip and whether they were cancelled while waiting. */
export async function readSlipGroups(
  client: pg.PoolClient,
  brandId: number,
  period: Period,
): Promise<SlipGroup[]> {
  const { rows } = await client.query(
    `${LINES} select greatest(0, worst_on - first_on) as "slipDays", count(*)::int as lines,
       count(*) filter (where cancelled_waiting)::int as cancelled
     from (select l.*, coalesce((select max(p.ship_by) from promise p where p.brand_id = $1 and p.order_id = l.order_id
       and p.line = l.line), first_on) as worst_on from line l) l
     where backordered is not null and first_on is not null and $4::date is not null
     group by 1 order by 1`,
    [brandId, period.from, period.to, period.today, period.timeZone],
  );
  return rows;
}

/** Why units were cancelled while they waited. */
export async function readCancelled(
  client: pg.PoolClient,
  brandId: number,
  { from, to }: Period,
): Promise<{ by: string; reason: string; lines: number; units: number }[]> {
  const { rows } = await client.query(
    `select e.by, c.reason, count(*)::int as lines, sum(e.was_units - e.units)::bigint as units
     from book_entry e join cancellation c on c.brand_id = e.brand_id and c.event_id = e.event_id and c.order_id = e.order_id and c.line = e.line
     where e.brand_id = $1 and e.day between $2 and $3 and e.kind = 'cancelled' group by e.by, c.reason order by units desc limit 50`,
    [brandId, from, to],
  );
  return rows;
}
