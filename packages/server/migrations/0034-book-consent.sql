-- A line whose customer was asked to agree to a new date, and has not answered, is in the book as such: between what nothing backs and
-- what is late (DESIGN section 9).

alter table order_duty add column awaiting int[] not null default '{}'; -- lines whose customer has yet to agree
alter table book_entry add column asked boolean not null default false;

/** Whether the customer of a line has yet to agree to its new date. */
create function book_asked(p_brand int, p_order bigint, p_line int) returns boolean language sql stable as $$
  select coalesce((select p_line = any(d.awaiting) from order_duty d where d.brand_id = p_brand and d.order_id = p_order), false)
$$;

/** An answer, or a notice that goes out, moves a line from one state of the book to another, though nothing else touches it. */
create function note_consent() returns trigger language plpgsql as $$
declare
  before int[] := case when tg_op = 'INSERT' then '{}' else old.awaiting end;
  after int[] := case when tg_op = 'DELETE' then '{}' else new.awaiting end;
  one order_duty := case when tg_op = 'DELETE' then old else new end;
begin
  insert into book_touch (brand_id, orders, lines, events, fresh, moved)
  select one.brand_id, array_agg(one.order_id), array_agg(line), array_agg(null::bigint), array_agg(false), array_agg(true)
  from (select unnest(before) union select unnest(after)) as n(line)
  where (line = any(before)) <> (line = any(after))
  having count(*) > 0;
  return null;
end $$;
create trigger asked after insert or update or delete on order_duty for each row execute function note_consent();

/** Where a state of a line counts: one row per axis and key of it. Its fields are taken out of it once. */
create or replace function book_axes(e book_entry)
returns table (axis text, key text, lines bigint, units bigint, value bigint, cost bigint)
language sql immutable as $$
  select a.axis, a.key, 1::bigint, a.units, a.value, a.cost
  from (select e.channel_id, e.class, e.cause, e.item_id, e.waits, e.asked, e.planned_on, e.told_on, e.placed_on, e.first_on, e.latest_on,
      e.units, e.value, e.cost, e.source_items, e.source_supplies, e.source_units, e.source_values offset 0) x,
    lateral (
      select v.axis, v.key, x.units, x.value, x.cost
      from (values
        ('all', ''),
        ('channel', x.channel_id::text),
        ('class', x.class),
        ('cause', x.cause),
        ('item', x.item_id::text),
        -- Time alone makes it late: so its day is kept, and the reader has today.
        ('state', case when x.waits then 'unbacked' when x.asked then 'awaiting_consent'
          when x.planned_on > x.told_on then 'late'
          else coalesce(x.told_on::text, 'on_time') end),
        ('placed', x.placed_on::text),
        ('first', coalesce(x.first_on::text, '')),
        ('latest', coalesce(x.latest_on::text, '')),
        ('planned', coalesce(x.planned_on::text, ''))) as v(axis, key)
      union all
      select 'supply', case when supply = 0 then '' else item || ':' || supply end, s.units, s.value,
        case when cardinality(x.source_items) = 1 then x.cost
          else div(x.cost::numeric * upto, x.units)::bigint - div(x.cost::numeric * (upto - s.units), x.units)::bigint end
      from (
        select item, supply, n.units, n.value, sum(n.units) over (order by n.n rows unbounded preceding) as upto
        from unnest(x.source_items, x.source_supplies, x.source_units, x.source_values)
          with ordinality as n(item, supply, units, value, n)
      ) s
    ) a
  where x.units > 0
$$;

/** Writes states of lines into the book, each line's once; `p_at` says since when each is so. */
create or replace function write_book(p_brand int, p_states book_captured[], p_at timestamptz[]) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
set work_mem = '64MB'
as $$
begin
    with named as (
      select b.time_zone as zone, u.* from unnest(p_states, p_at) as u(order_id, line, event_id, fresh, item_id, kit, units, value, cost,
        cost_currency, price, discount, waits, planned_on, promise_version, told_version, source_items, source_supplies,
        source_quantities, at), (select time_zone from brand where brand_id = p_brand offset 0) b),
    changed as materialized (
      select n.order_id, n.line, n.event_id, n.zone, n.item_id, o.channel_id, coalesce(o.customer_class, '') as class, o.currency,
        coalesce(f.customer, lower(o.customer_email), 'name: ' || lower(o.customer_name)) as customer,
        greatest(n.at, w.recorded_at) as recorded_at, coalesce(w.version, 0) + 1 as version, w.place as before,
        case when x.switched and coalesce(n.units, 0) <> coalesce(w.units, 0) and (x.quantity > 0 or coalesce(w.units, 0) = 0) then 'switched'
          when n.units > coalesce(w.units, 0) then case when n.fresh then 'new' else 'reopened' end
          when coalesce(n.units, 0) < w.units
            then case when x.quantity > 0 then 'cancelled' when y.quantity > 0 then 'shipped' else 'filled' end
          when n.value <> w.value then 'repriced'
          when n.cost <> w.cost or n.cost_currency <> w.cost_currency then 'recosted'
          when t.cause <> w.cause then 'attributed'
          else 'moved' end as kind,
        coalesce(x.whose, '') as whose,
        coalesce(t.cause, case when n.units is null or w.units > 0 then w.cause end, j.cause, '') as cause,
        (o.placed_at at time zone n.zone)::date as placed_on,
        coalesce(n.units, 0) as units, case when n.units is null then 0 else n.value end as value,
        case when n.units is null then 0 else n.cost end as cost,
        case when n.units is null then w.cost_currency else n.cost_currency end as cost_currency, n.units is null as gone,
        coalesce(n.waits, false) as waits, n.units is not null and a.asked as asked, n.planned_on,
        case when n.units is null then w.kit else n.kit end as kit,
        case when n.units is null then w.price else n.price end as price,
        case when n.units is null then w.discount else n.discount end as discount,
        case when n.units is null then w.first_on else p.first_on end as first_on,
        case when n.units is null then w.told_on else coalesce(p.told_on, p.latest_on) end as told_on,
        case when n.units is null then w.latest_on else p.latest_on end as latest_on,
        coalesce(n.source_items, '{}') as source_items, case when n.units is null then '{}' else n.source_supplies end as source_supplies,
        case when n.units is null then '{}' else s.units end as source_units,
        case when n.units is null then '{}' else s.amounts end as source_values,
        coalesce(w.units, 0) as was_units, coalesce(w.value, 0) as was_value, coalesce(w.cost, 0) as was_cost,
        case when w.units > 0 then w.cost_currency else n.cost_currency end as was_cost_currency
      from named n
      cross join lateral (select * from customer_order o where o.brand_id = p_brand and o.order_id between n.order_id and n.order_id
        order by o.order_id limit 1) o
      left join lateral (select b.*, b.ctid as place from book_entry b where b.brand_id = p_brand and b.order_id = n.order_id
        and b.line = n.line order by b.version desc limit 1) w on true
      -- An order's customer is one from its first line to its last.
      cross join lateral (select coalesce(w.customer, (select b.customer from book_entry b where b.brand_id = p_brand
        and b.order_id between n.order_id and n.order_id order by b.order_id, b.line, b.version limit 1)) as customer) f
      cross join lateral (
        select max(p.ship_by) filter (where p.version = 1) as first_on,
          max(p.ship_by) filter (where p.version = n.promise_version) as latest_on,
          max(p.ship_by) filter (where p.version = n.told_version) as told_on
        from promise p where n.units is not null and p.brand_id = p_brand and p.order_id = n.order_id and p.line = n.line
          and p.version in (1, n.promise_version, n.told_version)
      ) p
      cross join lateral (
        select case when cardinality(n.source_items) = 1 then array[n.units] else book_shares(n.units, n.source_quantities) end as units,
          case when cardinality(n.source_items) = 1 then array[n.value] else book_shares(n.value, n.source_quantities) end as amounts
      ) s
      cross join lateral (select book_asked(p_brand, n.order_id, n.line) as asked offset 0) a
      left join lateral book_told_cause(p_brand, case when n.units is not null then n.order_id end, n.line) t on true
      left join lateral book_joined_cause(p_brand, case when coalesce(w.units, 0) = 0 then n.source_items end) j on true
      cross join lateral (
        select max(x.by) filter (where x.line = n.line) as whose,
          sum(x.quantity) filter (where x.line = n.line) as quantity,
          coalesce(bool_or(x.by = 'switch'), false) as switched
        from cancellation x where coalesce(n.units, 0) <> coalesce(w.units, 0) and x.brand_id = p_brand and x.order_id = n.order_id
          and x.event_id = n.event_id
      ) x
      cross join lateral (
        select sum(y.quantity) as quantity from shipment y
        where coalesce(n.units, 0) < w.units and y.brand_id = p_brand and y.event_id = n.event_id and y.order_id = n.order_id
          and y.line = n.line
      ) y
      where case
        when n.units is null then w.units > 0
        when w.units > 0 then (n.units, n.value, n.cost, n.cost_currency, n.waits, a.asked, n.planned_on, p.first_on,
            coalesce(p.told_on, p.latest_on), p.latest_on, n.source_items, n.source_supplies, s.units, s.amounts, n.price,
            n.discount, coalesce(t.cause, w.cause))
          is distinct from (w.units, w.value, w.cost, w.cost_currency, w.waits, w.asked, w.planned_on, w.first_on, w.told_on, w.latest_on,
            w.source_items, w.source_supplies, w.source_units, w.source_values, w.price, w.discount, w.cause)
        else true end),
    closed as (
      update book_entry b set until_at = c.recorded_at from changed c
      where c.was_units > 0 and b.ctid = c.before and b.brand_id = p_brand),
    written as (
      insert into book_entry (brand_id, order_id, line, version, recorded_at, until_at, day, kind, by, event_id, item_id, channel_id,
        class, currency, customer, kit, cause, placed_on, units, value, cost, cost_currency, price, discount, waits, asked, planned_on,
        first_on, told_on, latest_on, source_items, source_supplies, source_units, source_values, was_units, was_value, was_cost,
        was_cost_currency)
      select p_brand, order_id, line, version, recorded_at, case when gone then recorded_at end, (recorded_at at time zone zone)::date,
        kind, case when kind = 'cancelled' then whose else '' end, event_id, item_id, channel_id, class, currency, customer, kit, cause,
        placed_on, units, value, cost, cost_currency, price, discount, waits, asked, planned_on, first_on, told_on, latest_on,
        source_items, source_supplies, source_units, source_values, was_units, was_value, was_cost, was_cost_currency
      from changed)
    insert into book_pending (brand_id, orders, lines, versions)
    select p_brand, array_agg(order_id), array_agg(line), array_agg(version) from changed having count(*) > 0;
end $$;
