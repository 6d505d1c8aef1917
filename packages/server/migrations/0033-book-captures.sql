-- What a transaction touched is captured when it commits, and no more: the lines as it left them, in one row. The book's own rows are
-- written from that a moment later, by whoever keeps the book or is about to read it, in the order of the captures: outside of the
-- locks that customers wait for (ADR 0095).

/** A line as a transaction left it; units are null where it is not on backorder. */
create type book_captured as (
  order_id bigint,
  line int,
  event_id bigint,
  fresh boolean,
  item_id int,
  kit boolean,
  units bigint,
  value bigint,
  cost bigint,
  cost_currency text,
  price bigint,
  discount bigint,
  waits boolean,
  planned_on date,
  promise_version int,
  told_version int,
  source_items int[],
  source_supplies int[],
  source_quantities bigint[]
);

create table book_capture (
  brand_id int not null,
  number bigint generated always as identity,
  at timestamptz not null,
  captured book_captured[] not null,
  primary key (brand_id, number)
);
-- Written once, read once: not worth being compressed.
alter table book_capture alter column captured set storage external;

-- Lines of which a transaction moved no units and no price, only days and what backs them: their names say enough. Nobody was shown
-- the book in between, so the days of now, or those of a later transaction, are those that it gets.
create table book_moved (
  brand_id int not null,
  number bigint generated always as identity,
  at timestamptz not null,
  orders bigint[] not null,
  lines int[] not null,
  events bigint[] not null,
  primary key (brand_id, number)
);

do $$
declare name text;
begin
  foreach name in array array['book_capture', 'book_moved']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert, delete on %I to kept_app', name);
  end loop;
end $$;

alter table book_touch add column moved boolean[] not null default '{}'; -- of no line that it names: units or price

/** Lines as they are now. */
create function book_states(p_brand int, p_orders bigint[], p_lines int[], p_events bigint[], p_fresh boolean[])
returns setof book_captured language sql stable as $$
  select n.order_id, n.line, n.event_id, n.fresh, l.item_id, c.kit, c.units, v.value, v.cost,
    case when d.cost is null then '' else coalesce(d.cost_currency, d.currency) end, l.price, l.discount, c.waits,
    case when not c.waits then greatest(c.planned_on, l.not_before) end, l.promise_version, l.told_version, c.items, c.supplies,
    c.quantities
  from (
    select n.order_id, n.line, max(n.event_id) as event_id, coalesce(bool_or(n.fresh), false) as fresh
    from unnest(p_orders, p_lines, p_events, p_fresh) as n(order_id, line, event_id, fresh) group by n.order_id, n.line) n
  cross join lateral (select * from order_line l where l.brand_id = p_brand and l.order_id = n.order_id and l.line = n.line offset 0) l
  cross join lateral (select * from item_detail d where d.brand_id = p_brand and d.item_id between l.item_id and l.item_id
    order by d.item_id limit 1) d
  cross join lateral (
    select case when count(q.per) = 0 then sum(q.quantity)::bigint
        else book_kits(array_agg(q.item_id), array_agg(q.quantity::bigint), array_agg(q.per)) end as units,
      bool_or(q.kind = 2) as waits, max(q.planned_on) as planned_on, count(q.per) > 0 as kit, array_agg(q.item_id) as items,
      array_agg(case when q.kind = 1 then q.source else 0 end) as supplies, array_agg(q.quantity::bigint) as quantities
    from (
      select c.item_id, c.kind, c.source, c.quantity,
        case when c.item_id <> l.item_id then (select k.per from order_line_component k where k.brand_id = p_brand
          and k.order_id = n.order_id and k.line = n.line and k.item_id = c.item_id) end as per,
        case when c.kind = 1 then (select s.planned_on from supply s where s.brand_id = p_brand
          and s.item_id between c.item_id and c.item_id and s.supply_id = c.source order by s.item_id, s.supply_id limit 1) end as planned_on
      from commitment c
      where c.brand_id = p_brand and c.order_id between n.order_id and n.order_id and c.line = n.line and c.kind <> 0
      order by c.order_id, c.line, c.item_id, c.kind, c.source offset 0
    ) q
  ) c
  cross join lateral (
    select greatest(-9007199254740991, least(9007199254740991,
        l.price::numeric * c.units - div(l.discount::numeric * c.units, greatest(l.ordered, 1))))::bigint as value,
      greatest(-9007199254740991, least(9007199254740991, coalesce(d.cost, 0)::numeric * c.units))::bigint as cost
    offset 0
  ) v
$$;

/**
 * Captures lines as they are now. They are locked, so that of two transactions that touch one the later capture saw what the earlier
 * one left; `p_events` says under which event each was touched, `p_fresh` whether a customer asked for units with it.
 */
create function capture_book(p_brand int, p_orders bigint[], p_lines int[], p_events bigint[], p_fresh boolean[], p_at timestamptz)
returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
begin
  perform from (select distinct order_id, line from unnest(p_orders, p_lines) as n(order_id, line) order by order_id, line) n
    cross join lateral (select from order_line l where l.brand_id = p_brand and l.order_id = n.order_id and l.line = n.line
      for no key update) l;
  insert into book_capture (brand_id, at, captured)
  select p_brand, p_at, array_agg(s::book_captured) from book_states(p_brand, p_orders, p_lines, p_events, p_fresh) s
  having count(*) > 0;
end $$;

/** Writes states of lines into the book, each line's once; `p_at` says since when each is so. */
create function write_book(p_brand int, p_states book_captured[], p_at timestamptz[]) returns void language plpgsql
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
        coalesce(n.waits, false) as waits, n.planned_on,
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
        when w.units > 0 then (n.units, n.value, n.cost, n.cost_currency, n.waits, n.planned_on, p.first_on,
            coalesce(p.told_on, p.latest_on), p.latest_on, n.source_items, n.source_supplies, s.units, s.amounts, n.price,
            n.discount, coalesce(t.cause, w.cause))
          is distinct from (w.units, w.value, w.cost, w.cost_currency, w.waits, w.planned_on, w.first_on, w.told_on, w.latest_on,
            w.source_items, w.source_supplies, w.source_units, w.source_values, w.price, w.discount, w.cause)
        else true end),
    closed as (
      update book_entry b set until_at = c.recorded_at from changed c
      where c.was_units > 0 and b.ctid = c.before and b.brand_id = p_brand),
    written as (
      insert into book_entry (brand_id, order_id, line, version, recorded_at, until_at, day, kind, by, event_id, item_id, channel_id,
        class, currency, customer, kit, cause, placed_on, units, value, cost, cost_currency, price, discount, waits, planned_on,
        first_on, told_on, latest_on, source_items, source_supplies, source_units, source_values, was_units, was_value, was_cost,
        was_cost_currency)
      select p_brand, order_id, line, version, recorded_at, case when gone then recorded_at end, (recorded_at at time zone zone)::date,
        kind, case when kind = 'cancelled' then whose else '' end, event_id, item_id, channel_id, class, currency, customer, kit, cause,
        placed_on, units, value, cost, cost_currency, price, discount, waits, planned_on, first_on, told_on, latest_on,
        source_items, source_supplies, source_units, source_values, was_units, was_value, was_cost, was_cost_currency
      from changed)
    insert into book_pending (brand_id, orders, lines, versions)
    select p_brand, array_agg(order_id), array_agg(line), array_agg(version) from changed having count(*) > 0;
end $$;

/**
 * Brings the book up to what was captured, and when nothing more is, to what moved; of so many transactions at most, the oldest first.
 * Whoever comes meanwhile waits.
 * @returns transactions that were taken up
 */
create function take_up_book(p_brand int, p_most int) returns int language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off set work_mem = '64MB'
as $$
declare
  p_upto bigint;
  waiting int;
  repeated bigint;
  states book_captured[];
  since timestamptz[];
  times int;
  taken int := 0;
begin
  if not exists (select from book_capture where brand_id = p_brand) and not exists (select from book_moved where brand_id = p_brand) then
    return 0;
  end if;
  perform pg_advisory_xact_lock(hashtext('book'), p_brand);
  while taken < p_most loop
    select max(number), count(*) into p_upto, waiting
    from (select number from book_capture where brand_id = p_brand order by number limit p_most - taken) c;
    exit when waiting = 0;
    -- One statement writes one state of a line: it goes as far as no line comes twice.
    if waiting > 1 then
      select min(number) into repeated
      from (select c.number, row_number() over (partition by u.order_id, u.line order by c.number) as time
        from book_capture c, unnest(c.captured) u where c.brand_id = p_brand and c.number <= p_upto) c where time > 1;
      p_upto := coalesce(repeated - 1, p_upto);
    end if;
    with gone as (delete from book_capture where brand_id = p_brand and number <= p_upto returning at, captured)
    select array_agg(u::book_captured), array_agg(g.at), count(distinct g.ctid) into states, since, times
    from (select row_number() over () as ctid, at, captured from gone) g, unnest(g.captured) u;
    perform write_book(p_brand, states, since);
    taken := taken + times;
  end loop;
  if taken >= p_most then return taken; end if;
  -- All in one statement, so that it is one moment: a line that was captured since is left to its capture, which knows more.
  with gone as materialized (delete from book_moved where brand_id = p_brand returning at, orders, lines, events),
  line as (
    select u.order_id, u.line, max(u.event_id) as event_id, max(g.at) as at
    from gone g, unnest(g.orders, g.lines, g.events) as u(order_id, line, event_id)
    where (u.order_id, u.line) not in (
      select u.order_id, u.line from book_capture c, unnest(c.captured) u where c.brand_id = p_brand)
    group by u.order_id, u.line),
  named as (
    select array_agg(order_id) as orders, array_agg(line) as lines, array_agg(event_id) as events, array_agg(false) as fresh from line)
  select array_agg(s::book_captured), array_agg(l.at), (select count(*) from gone) into states, since, times
  from named n cross join lateral book_states(p_brand, n.orders, n.lines, n.events, n.fresh) s
  join line l on l.order_id = s.order_id and l.line = s.line;
  if states is not null then perform write_book(p_brand, states, since); end if;
  return taken + coalesce(times, 0);
end $$;

/** When a transaction commits: all that it touched, at once. The first of its rows does the work, the others find none. */
create or replace function book_touched() returns trigger language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
as $$
declare
  touched record;
  orders bigint[] := '{}';
  lines int[] := '{}';
  events bigint[] := '{}';
  fresh boolean[] := '{}';
  moved_orders bigint[] := '{}';
  moved_lines int[] := '{}';
  moved_events bigint[] := '{}';
  happened timestamptz;
  more record;
begin
  for touched in
    delete from book_touch t where t.brand_id = new.brand_id and t.transaction = pg_current_xact_id() returning t.*
  loop
    happened := greatest(happened, touched.at);
    if true = all(touched.moved) and cardinality(touched.moved) > 0 then
      moved_orders := moved_orders || touched.orders;
      moved_lines := moved_lines || touched.lines;
      moved_events := moved_events || touched.events;
    else
      orders := orders || touched.orders;
      lines := lines || touched.lines;
      events := events || touched.events;
      fresh := fresh || touched.fresh;
    end if;
    if touched.supply_id is not null then
      for more in
        select array_agg(c.order_id) as orders, array_agg(c.line) as lines, array_fill(null::bigint, array[count(*)::int]) as events
        from commitment c
        where c.brand_id = new.brand_id and c.item_id = touched.item_id and c.kind = 1 and c.source = touched.supply_id
        having count(*) > 0
      loop
        moved_orders := moved_orders || more.orders;
        moved_lines := moved_lines || more.lines;
        moved_events := moved_events || more.events;
      end loop;
    elsif touched.item_id is not null then
      for more in select l.order_id, l.line from commitment c
          join order_line l on l.brand_id = new.brand_id and l.order_id = c.order_id and l.line = c.line
        where c.brand_id = new.brand_id and c.kind <> 0 and (c.item_id = touched.item_id or exists (
          select from kit_component k where k.brand_id = new.brand_id and k.kit_item_id = touched.item_id
            and k.component_item_id = c.item_id))
      loop
        orders := orders || more.order_id;
        lines := lines || more.line;
        events := events || null::bigint;
        fresh := fresh || false;
      end loop;
    end if;
  end loop;
  if cardinality(orders) > 0 then
    perform capture_book(new.brand_id, orders, lines, events, fresh, coalesce(happened, now()));
  end if;
  if cardinality(moved_orders) > 0 then
    insert into book_moved (brand_id, at, orders, lines, events)
    values (new.brand_id, coalesce(happened, now()), moved_orders, moved_lines, moved_events);
  end if;
  return null;
end $$;

drop function refresh_book(int, bigint[], int[], bigint[], boolean[], timestamptz);
