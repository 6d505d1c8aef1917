-- What the book waits for by cause: an entry keeps the main cause of its episode, as a person or the records tell it. When that is
-- told, or told anew, the entry is written again (`attributed`), and the sums move from one cause to the other.

alter table book_day add column cause text not null default '';
alter table book_day drop constraint book_day_pkey;
alter table book_day add primary key (brand_id, day, kind, by, channel_id, cause, currency, cost_currency);

/** The main cause of a line's wait, as its open episode tells it: a person's word wins. No row: it was not told yet. */
create function book_told_cause(p_brand int, p_order bigint, p_line int) returns table (cause text) language sql stable as $$
  select coalesce(t.causes, b.causes)::json -> 0 ->> 'cause'
  from (select * from backorder_cause b where b.brand_id = p_brand and b.order_id between p_order and p_order and b.line = p_line
    order by b.order_id, b.line offset 0) b
  cross join lateral (select e.opened_at from episode e where e.brand_id = p_brand and e.item_id between b.item_id and b.item_id
    and e.pool = b.pool and e.number = b.number and e.closed_at is null order by e.item_id, e.pool, e.number limit 1) e
  left join lateral (select t.causes from episode_tag t where t.brand_id = p_brand and t.item_id between b.item_id and b.item_id
    and t.pool = b.pool and t.number = b.number order by t.item_id desc, t.pool desc, t.number desc, t.version desc limit 1) t on true
  order by e.opened_at desc, b.item_id, b.pool limit 1
$$;

/**
 * Of a line that comes into the book: the cause of its item's open episode, where there is but one; where there is none that is
 * told and the wait was meant, what was meant. A kit that waits for several items is told by the next look.
 */
create function book_joined_cause(p_brand int, p_items int[]) returns table (cause text) language sql stable as $$
  select coalesce(
    (select case count(*) when 1 then min(e.cause) when 0 then null else '' end from (
      select e.cause from episode e where e.brand_id = p_brand and e.item_id between p_items[1] and p_items[1]
        and e.closed_at is null order by e.item_id, e.pool offset 0) e),
    (select case coalesce((select p.kind from policy p where p.brand_id = p_brand and p.name = i.policy), i.policy)
      when 'made_to_order' then 'made_to_order' when 'drop' then 'limited_drop' when 'demand_validation' then 'demand_validation' end
      from item i where i.brand_id = p_brand and i.item_id between p_items[1] and p_items[1] order by i.item_id limit 1))
  where p_items[1] = all(p_items)
$$;

drop function book_days(int);
drop function book_move_days(book_entry, int, int);

/** What a row says of its day. */
create function book_move_days(e book_entry, w book_entry, p_orders int, p_customers int)
returns table (day date, kind text, by text, channel_id int, cause text, currency text, cost_currency text, lines bigint, orders bigint,
  customers bigint, units bigint, value bigint, cost bigint)
language sql immutable as $$
  select e.day, e.kind, e.by, e.channel_id, e.cause, e.currency, e.cost_currency,
    ((e.units > 0)::int - (s.stays and e.was_units > 0)::int)::bigint, p_orders::bigint, p_customers::bigint,
    e.units - case when s.stays then e.was_units else 0 end, e.value - case when s.stays then e.was_value else 0 end,
    e.cost - case when s.stays and e.was_cost_currency = e.cost_currency then e.was_cost else 0 end
  from (select coalesce(w.cause, e.cause) = e.cause as stays) s
  union all
  -- What it was put down to before was another cause: it goes from there.
  select e.day, e.kind, e.by, e.channel_id, w.cause, e.currency, e.was_cost_currency, -(e.was_units > 0)::int::bigint, 0, 0, -e.was_units,
    -e.was_value, -e.was_cost
  where w.cause <> e.cause
  union all
  -- What it cost before was in another currency.
  select e.day, e.kind, e.by, e.channel_id, e.cause, e.currency, e.was_cost_currency, 0, 0, 0, 0, 0, -e.was_cost
  where coalesce(w.cause, e.cause) = e.cause and e.was_cost_currency <> e.cost_currency and e.was_cost <> 0
$$;

/** What moved the book by day, not added up: what was, and each pending row. */
create function book_days(p_brand int)
returns table (day date, kind text, by text, channel_id int, cause text, currency text, cost_currency text, lines bigint, orders bigint,
  customers bigint, units bigint, value bigint, cost bigint)
language sql stable as $$
  select day, kind, by, channel_id, cause, currency, cost_currency, lines, orders, customers, units, value, cost from book_day
  where brand_id = p_brand
  union all
  select d.* from book_moves(p_brand, 9223372036854775807) m, lateral book_move_days(m.e, m.w, m.orders, m.customers) d
$$;

/**
 * Adds pending rows up, of so many transactions at most, the oldest first: by one at a time for a brand.
 * @returns transactions that were added up
 */
create or replace function fold_book(p_brand int, p_most int) returns int language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off set work_mem = '64MB'
as $$
declare
  p_upto bigint;
  folded int;
begin
  if not pg_try_advisory_xact_lock(hashtext('book'), p_brand) then return 0; end if;
  select max(number) into p_upto
  from (select number from book_pending where brand_id = p_brand order by number limit p_most) p;
  if p_upto is null then return 0; end if;
  -- One statement, one snapshot: what is added up is what goes.
  with moves as materialized (select * from book_moves(p_brand, p_upto)),
  gone as (delete from book_pending where brand_id = p_brand and number <= p_upto returning number),
  members as (
    insert into book_member as m (brand_id, kind, key, lines)
    select p_brand, kind, key, sum(joined)
    from (select x.kind, x.key, ((m.e).units > 0)::int - ((m.e).was_units > 0)::int as joined
      from moves m, lateral (values ('o', (m.e).order_id::text), ('c', (m.e).customer)) as x(kind, key)) x
    group by kind, key having sum(joined) <> 0
    on conflict (brand_id, kind, key) do update set lines = m.lines + excluded.lines),
  sums as (
    insert into book_sum as s (brand_id, axis, key, currency, cost_currency, lines, orders, customers, units, value, cost)
    select p_brand, axis, key, currency, cost_currency, sum(s.lines), sum(s.orders), sum(s.customers), sum(s.units), sum(s.value),
      sum(s.cost)
    from moves m, lateral book_move_sums(m.e, m.w, m.orders, m.customers) s
    group by axis, key, currency, cost_currency
    having (sum(s.lines), sum(s.orders), sum(s.customers), sum(s.units), sum(s.value), sum(s.cost)) <> (0, 0, 0, 0, 0, 0)
    on conflict (brand_id, axis, key, currency, cost_currency) do update set lines = s.lines + excluded.lines,
      orders = s.orders + excluded.orders, customers = s.customers + excluded.customers, units = s.units + excluded.units,
      value = s.value + excluded.value, cost = s.cost + excluded.cost),
  days as (
    insert into book_day as d (brand_id, day, kind, by, channel_id, cause, currency, cost_currency, lines, orders, customers,
      units, value, cost)
    select p_brand, d.day, d.kind, d.by, d.channel_id, d.cause, d.currency, d.cost_currency, sum(d.lines), sum(d.orders), sum(d.customers),
      sum(d.units), sum(d.value), sum(d.cost)
    from moves m, lateral book_move_days(m.e, m.w, m.orders, m.customers) d
    group by d.day, d.kind, d.by, d.channel_id, d.cause, d.currency, d.cost_currency
    having (sum(d.lines), sum(d.orders), sum(d.customers), sum(d.units), sum(d.value), sum(d.cost)) <> (0, 0, 0, 0, 0, 0)
    on conflict (brand_id, day, kind, by, channel_id, cause, currency, cost_currency) do update set lines = d.lines + excluded.lines,
      orders = d.orders + excluded.orders, customers = d.customers + excluded.customers, units = d.units + excluded.units,
      value = d.value + excluded.value, cost = d.cost + excluded.cost)
  select count(*) into folded from gone;
  return folded;
end $$;

/**
 * Brings the book up to what the named lines are now, with one statement whatever their number. `p_events` says under which event
 * each was touched (null: the book is being opened), `p_fresh` whether a customer asked for units with it.
 */
create or replace function refresh_book(p_brand int, p_orders bigint[], p_lines int[], p_events bigint[], p_fresh boolean[], p_at timestamptz)
returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
begin
  with named as (
    select n.order_id, n.line, max(n.event_id) as event_id, coalesce(bool_or(n.fresh), false) as fresh, min(b.time_zone) as zone
    from unnest(p_orders, p_lines, p_events, p_fresh) as n(order_id, line, event_id, fresh),
      (select time_zone from brand where brand_id = p_brand offset 0) b
    group by n.order_id, n.line),
  changed as materialized (
    select n.order_id, n.line, n.event_id, n.zone, s.item_id, s.channel_id, s.class, s.currency, s.customer,
      greatest(p_at, w.recorded_at) as recorded_at, coalesce(w.version, 0) + 1 as version, w.place as before,
      case when p_events is null then 'opening'
        when x.switched and coalesce(s.units, 0) <> coalesce(w.units, 0) and (x.quantity > 0 or coalesce(w.units, 0) = 0) then 'switched'
        when s.units > coalesce(w.units, 0) then case when n.fresh then 'new' else 'reopened' end
        when coalesce(s.units, 0) < w.units
          then case when x.quantity > 0 then 'cancelled' when y.quantity > 0 then 'shipped' else 'filled' end
        when s.value <> w.value then 'repriced'
        when s.cost <> w.cost or s.cost_currency <> w.cost_currency then 'recosted'
        when t.cause <> w.cause then 'attributed'
        else 'moved' end as kind,
      coalesce(x.whose, '') as whose, coalesce(t.cause, case when s.units is null or w.units > 0 then w.cause end, j.cause, '') as cause, s.placed_on,
      coalesce(s.units, 0) as units, case when s.units is null then 0 else s.value end as value,
      case when s.units is null then 0 else s.cost end as cost,
      case when s.units is null then w.cost_currency else s.cost_currency end as cost_currency, s.units is null as gone, coalesce(s.waits, false) as waits, s.planned_on,
      case when s.units is null then w.kit else s.kit end as kit,
      case when s.units is null then w.price else s.price end as price,
      case when s.units is null then w.discount else s.discount end as discount,
      case when s.units is null then w.first_on else s.first_on end as first_on,
      case when s.units is null then w.told_on else s.told_on end as told_on,
      case when s.units is null then w.latest_on else s.latest_on end as latest_on,
      s.source_items, s.source_supplies, s.source_units, s.source_values,
      coalesce(w.units, 0) as was_units, coalesce(w.value, 0) as was_value, coalesce(w.cost, 0) as was_cost,
      case when w.units > 0 then w.cost_currency else s.cost_currency end as was_cost_currency
    from named n
    cross join lateral book_line(p_brand, n.order_id, n.line, n.zone) s
    left join lateral (select b.*, b.ctid as place from book_entry b where b.brand_id = p_brand and b.order_id = n.order_id and b.line = n.line
      order by b.version desc limit 1) w on true
    left join lateral book_told_cause(p_brand, case when s.units is not null and w.version is not null then n.order_id end, n.line) t on true
    left join lateral book_joined_cause(p_brand, case when coalesce(w.units, 0) = 0 then s.source_items end) j on true
    cross join lateral (
      select max(x.by) filter (where x.line = n.line) as whose,
        sum(x.quantity) filter (where x.line = n.line) as quantity,
        coalesce(bool_or(x.by = 'switch'), false) as switched
      from cancellation x where x.brand_id = p_brand and x.order_id = n.order_id and x.event_id = n.event_id
    ) x
    cross join lateral (
      select sum(y.quantity) as quantity from shipment y
      where coalesce(s.units, 0) < w.units and y.brand_id = p_brand and y.event_id = n.event_id and y.order_id = n.order_id
        and y.line = n.line
    ) y
    where case
      when s.units is null then w.units > 0
      when w.units > 0 then (s.units, s.value, s.cost, s.cost_currency, s.waits, s.planned_on, s.first_on, s.told_on, s.latest_on,
          s.source_items, s.source_supplies, s.source_units, s.source_values, s.price, s.discount, coalesce(t.cause, w.cause))
        is distinct from (w.units, w.value, w.cost, w.cost_currency, w.waits, w.planned_on, w.first_on, w.told_on, w.latest_on,
          w.source_items, w.source_supplies, w.source_units, w.source_values, w.price, w.discount, w.cause)
      else true end),
  closed as (
    update book_entry b set until_at = c.recorded_at from changed c
    where c.was_units > 0 and b.ctid = c.before),
  written as (
    insert into book_entry (brand_id, order_id, line, version, recorded_at, until_at, day, kind, by, event_id, item_id, channel_id,
      class, currency, customer, kit, cause, placed_on, units, value, cost, cost_currency, price, discount, waits, planned_on,
      first_on, told_on, latest_on, source_items, source_supplies, source_units, source_values, was_units, was_value, was_cost,
      was_cost_currency)
    select p_brand, order_id, line, version, recorded_at, case when gone then recorded_at end, (recorded_at at time zone zone)::date,
      kind, case when kind = 'cancelled' then whose else '' end, event_id, item_id, channel_id, class, currency, customer, kit, cause,
      placed_on, units, value, cost, cost_currency, price, discount, waits, planned_on, first_on, told_on, latest_on,
      coalesce(source_items, '{}'), case when gone then '{}' else source_supplies end,
      case when gone then '{}' else source_units end, case when gone then '{}' else source_values end, was_units, was_value, was_cost,
      was_cost_currency
    from changed)
  insert into book_pending (brand_id, orders, lines, versions)
  select p_brand, array_agg(order_id), array_agg(line), array_agg(version) from changed having count(*) > 0;
end $$;
