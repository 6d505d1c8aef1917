-- The backorder book: what every backorder was worth at each moment, and the sums that a page asks for. Written when a
-- transaction that touched a backorder commits, from what it left; nobody else writes it (ADR 0060).

-- One row per line and state of it. A new state closes the one before; of a line that left the book the last row has no
-- units, and is closed when it is written. So the book as of a moment is the rows that were in force then.
create table book_entry (
  brand_id int not null,
  order_id bigint not null,
  line int not null,
  version int not null,
  recorded_at timestamptz not null,
  until_at timestamptz,                  -- null: still in force
  day date not null,                     -- recorded_at in the brand's zone
  -- what moved it: new, reopened, filled, shipped, cancelled, switched, repriced, recosted, moved (its days), opening
  kind text not null,
  by text not null default '',           -- of a cancellation: whose
  event_id bigint,
  item_id int not null,
  channel_id int not null,
  class text not null,
  currency text not null,
  customer text not null,
  kit boolean not null,
  cause text not null default '',        -- of its episode; '': not told yet
  placed_on date not null,
  units bigint not null check (units >= 0),
  value bigint not null,                 -- net of discounts, before tax
  cost bigint not null,                  -- 0 where cost_currency is ''
  cost_currency text not null,
  price bigint not null,
  discount bigint not null,
  waits boolean not null,
  planned_on date,
  first_on date,
  told_on date,
  latest_on date,
  -- What its units wait for, and the value shared out over it: the supply's item and number; number 0: nothing.
  source_items int[] not null,
  source_supplies int[] not null,
  source_units bigint[] not null,
  source_values bigint[] not null,
  was_units bigint not null,
  was_value bigint not null,
  was_cost bigint not null,
  was_cost_currency text not null,
  orders smallint not null,              -- orders that came into the book with it, or left it: 1, 0, -1
  customers smallint not null,
  primary key (brand_id, order_id, line, version)
);
create index book_entry_time on book_entry (brand_id, day, recorded_at);
create index book_entry_oldest on book_entry (brand_id, placed_on, order_id) where until_at is null;

-- Sums over the rows in force, by one thing at a time. Whoever holds an item's lock writes its own rows; of what items share,
-- each connection has rows of its own (shard), so that different items never wait for each other here.
create table book_sum (
  brand_id int not null,
  axis text not null,
  key text not null,
  currency text not null,
  cost_currency text not null,
  shard smallint not null,
  lines bigint not null,
  orders bigint not null,
  customers bigint not null,
  units bigint not null,
  value bigint not null,
  cost bigint not null,
  primary key (brand_id, axis, key, currency, cost_currency, shard)
) with (fillfactor = 70);

-- What moved the book, by the brand's day: summed up to a day it is the book at that day's end.
create table book_day (
  brand_id int not null,
  day date not null,
  kind text not null,
  by text not null,
  channel_id int not null,
  currency text not null,
  cost_currency text not null,
  shard smallint not null,
  lines bigint not null,
  orders bigint not null,
  customers bigint not null,
  units bigint not null,
  value bigint not null,
  cost bigint not null,
  primary key (brand_id, day, kind, by, channel_id, currency, cost_currency, shard)
) with (fillfactor = 70);

-- How many lines of an order ('o') or a customer ('c') are in the book: the first and the last make the difference.
create table book_member (
  brand_id int not null,
  kind text not null,
  key text not null,
  lines int not null,
  primary key (brand_id, kind, key)
) with (fillfactor = 70);

-- What a transaction touched: looked at when it commits, and gone with it.
create unlogged table book_touch (
  brand_id int not null,
  transaction xid8 not null default pg_current_xact_id(),
  number bigint generated always as identity,
  at timestamptz,                        -- null: the transaction's other rows say it
  orders bigint[] not null default '{}',
  lines int[] not null default '{}',
  events bigint[] not null default '{}',
  fresh boolean[] not null default '{}', -- a customer asked for them, or for more of them
  item_id int,                           -- an item's supply whose planned day moved; without a supply: the item's cost
  supply_id int,
  primary key (brand_id, transaction, number)
);

-- What a currency was worth in the brand's, by day. Append-only: a later word for a day counts from when it was given.
create table exchange_rate (
  brand_id int not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  day date not null,
  rate numeric not null check (rate > 0), -- units of the brand's currency for one unit of this one
  recorded_at timestamptz not null,
  primary key (brand_id, currency, day, recorded_at)
);

-- When revenue is recognised, and who gets the week's page when; `report` is JSON, null: nobody.
create table book_settings (
  brand_id int primary key,
  recognition text not null default 'shipment' check (recognition in ('shipment', 'delivery')),
  report text,
  reported_on date
);

do $$
declare name text;
begin
  foreach name in array array['book_entry', 'book_sum', 'book_day', 'book_member', 'book_touch', 'exchange_rate', 'book_settings']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert on %I to kept_app', name);
  end loop;
end $$;
grant update (until_at) on book_entry to kept_app;
grant update on book_sum, book_day, book_member, book_settings to kept_app;
grant delete on book_touch to kept_app;

-- The functions below look one row up at a time, by its whole key: a join planned while the tables were empty reads all of them
-- ever after, and these are planned once per connection and run from the first order to the ten-millionth.

/** A line as it is now; of one that is not on backorder nothing but null. */
create function book_state(l order_line, o customer_order, d item_detail, zone text) returns book_entry language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
as $$
declare
  e book_entry;
  p_brand int := l.brand_id;
  p_order bigint := l.order_id;
  p_line int := l.line;
  whole numeric;
begin
  -- A kit's line counts in kits: as many as its scarcest component leaves without stock.
  select max(c.units), bool_or(c.waits), max(c.planned_on), bool_or(c.kit), sum(c.pieces)
  into e.units, e.waits, e.planned_on, e.kit, whole
  from (
    select (sum(q.quantity) + coalesce(max(q.per), 1) - 1) / coalesce(max(q.per), 1) as units, bool_or(q.kind = 2) as waits,
      max(q.planned_on) as planned_on, bool_or(q.per is not null) as kit, sum(q.quantity) as pieces
    from (
      select c.item_id, c.kind, c.quantity,
        (select k.per from order_line_component k where k.brand_id = p_brand and k.order_id = p_order and k.line = p_line
          and k.item_id = c.item_id) as per,
        case when c.kind = 1 then (select s.planned_on from supply s
          where s.brand_id = p_brand and s.item_id = c.item_id and s.supply_id = c.source) end as planned_on
      from commitment c where c.brand_id = p_brand and c.order_id = p_order and c.line = p_line and c.kind <> 0
    ) q
    group by q.item_id
  ) c;
  if e.units is null then return null; end if;

  e.brand_id := p_brand;
  e.order_id := p_order;
  e.line := p_line;
  e.item_id := l.item_id;
  e.price := l.price;
  e.discount := l.discount;
  e.value := greatest(-9007199254740991, least(9007199254740991,
    l.price::numeric * e.units - div(l.discount::numeric * e.units, greatest(l.ordered, 1))));
  e.planned_on := case when e.waits then null else greatest(e.planned_on, l.not_before) end;
  e.channel_id := o.channel_id;
  e.class := coalesce(o.customer_class, '');
  e.currency := o.currency;
  e.customer := coalesce(lower(o.customer_email), 'name: ' || lower(o.customer_name));
  e.placed_on := (o.placed_at at time zone zone)::date;
  e.cost := greatest(-9007199254740991, least(9007199254740991, coalesce(d.cost, 0)::numeric * e.units));
  e.cost_currency := case when d.cost is null then '' else coalesce(d.cost_currency, d.currency) end;
  select max(p.ship_by) filter (where p.version = 1), max(p.ship_by) filter (where p.version = l.promise_version),
    max(p.ship_by) filter (where p.version = l.told_version)
  into e.first_on, e.latest_on, e.told_on
  from promise p where p.brand_id = p_brand and p.order_id = p_order and p.line = p_line
    and p.version in (1, l.promise_version, l.told_version);
  e.told_on := coalesce(e.told_on, e.latest_on);
  -- Units and value shared out over what the units wait for, so that nothing is lost or gained.
  select array_agg(x.item_id order by x.n), array_agg(x.supply order by x.n),
    array_agg(div(e.units::numeric * x.upto, whole) - div(e.units::numeric * x.below, whole) order by x.n),
    array_agg(div(e.value::numeric * x.upto, whole) - div(e.value::numeric * x.below, whole) order by x.n)
  into e.source_items, e.source_supplies, e.source_units, e.source_values
  from (
    select c.item_id, case when c.kind = 1 then c.source else 0 end as supply,
      row_number() over byorder as n, sum(c.quantity) over byorder as upto, sum(c.quantity) over byorder - c.quantity as below
    from commitment c where c.brand_id = p_brand and c.order_id = p_order and c.line = p_line and c.kind <> 0
    window byorder as (order by c.kind, c.item_id, c.source rows unbounded preceding)
  ) x;
  return e;
end $$;

/** Where a state of a line counts: one row per axis and key of it. */
create function book_axes(e book_entry)
returns table (axis text, key text, own boolean, lines bigint, units bigint, value bigint, cost bigint)
language sql immutable as $$
  select x.axis, x.key, x.own and not e.kit, 1::bigint, e.units, e.value, e.cost
  from (values
    ('all', '', false),
    ('channel', e.channel_id::text, false),
    ('class', e.class, false),
    ('cause', e.cause, false),
    ('item', e.item_id::text, true),
    -- Time alone makes it late: so its day is kept, and the reader has today.
    ('state', case when e.waits then 'unbacked' when e.planned_on > e.told_on then 'late'
      else coalesce(e.told_on::text, 'on_time') end, false),
    ('placed', e.placed_on::text, false),
    ('first', coalesce(e.first_on::text, ''), false),
    ('latest', coalesce(e.latest_on::text, ''), false),
    ('planned', coalesce(e.planned_on::text, ''), false)) as x(axis, key, own)
  where e.units > 0
  union all
  select 'supply', case when supply = 0 then '' else item || ':' || supply end, supply <> 0 and not e.kit, 1, units, value,
    case when e.units = 0 then 0 else div(e.cost::numeric * upto, e.units)::bigint - div(e.cost::numeric * (upto - units), e.units)::bigint end
  from (
    select item, supply, units, value, sum(units) over (order by n rows unbounded preceding) as upto
    from unnest(e.source_items, e.source_supplies, e.source_units, e.source_values)
      with ordinality as s(item, supply, units, value, n)
    where e.units > 0
  ) s
$$;

/** What moved a line from one state to the next, by what its event did to it. */
create function book_kind(was book_entry, now book_entry, fresh boolean, cancelled bigint, shipped bigint, switched boolean)
returns text language sql immutable as $$
  select case
    when switched and now.units <> coalesce(was.units, 0) and (cancelled > 0 or coalesce(was.units, 0) = 0) then 'switched'
    when now.units > coalesce(was.units, 0) then case when fresh then 'new' else 'reopened' end
    when now.units < was.units then case when cancelled > 0 then 'cancelled' when shipped > 0 then 'shipped' else 'filled' end
    when now.value <> was.value then 'repriced'
    when now.cost <> was.cost or now.cost_currency <> was.cost_currency then 'recosted'
    else 'moved' end
$$;

/**
 * Brings the book up to what the named lines are now. `p_events` says under which event each was touched (null: the book is
 * being opened), `p_fresh` whether a customer asked for units with it. Rows that others may want too are written in the order of their keys, members before sums before days, so
 * that two that meet on one wait and do not deadlock.
 */
create function refresh_book(p_brand int, p_orders bigint[], p_lines int[], p_events bigint[], p_fresh boolean[], p_at timestamptz)
returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
as $$
declare
  own_shard smallint := 1 + pg_backend_pid() % 63;
  zone text;
  named record;
  was book_entry;
  now book_entry;
  gone record;
  cancelled record;
  shipped bigint;
  changes book_entry[] := '{}';
  olds book_entry[] := '{}';
  joined boolean := false;
  turn smallint;
begin
  select time_zone into zone from brand where brand_id = p_brand;
  -- Planned each time, with the tables as large as they are then.
  for named in execute
    'select n.*, l as ordered, o as placed, d as item
     from (select order_id, line, max(event_id) as event_id, coalesce(bool_or(fresh), false) as fresh
       from unnest($2, $3, $4, $5) as n(order_id, line, event_id, fresh) group by order_id, line) n
     join order_line l on l.brand_id = $1 and l.order_id = n.order_id and l.line = n.line
     join customer_order o on o.brand_id = $1 and o.order_id = n.order_id
     join item_detail d on d.brand_id = $1 and d.item_id = l.item_id
     order by n.order_id, n.line' using p_brand, p_orders, p_lines, p_events, p_fresh
  loop
    select * into was from book_entry b where b.brand_id = p_brand and b.order_id = named.order_id and b.line = named.line
    order by b.version desc limit 1;
    now := book_state(named.ordered, named.placed, named.item, zone);
    if now.units is null then
      -- Not in the book: nothing to say unless it was.
      if was.units is null or was.units = 0 then continue; end if;
      now := was;
      now.units := 0;
      now.value := 0;
      now.cost := 0;
      now.waits := false;
      now.planned_on := null;
      now.source_items := '{}';
      now.source_supplies := '{}';
      now.source_units := '{}';
      now.source_values := '{}';
    elsif was.units > 0 and (now.units, now.value, now.cost, now.cost_currency, now.waits, now.planned_on, now.first_on, now.told_on,
        now.latest_on, now.source_items, now.source_supplies, now.source_units, now.source_values, now.price, now.discount)
      is not distinct from (was.units, was.value, was.cost, was.cost_currency, was.waits, was.planned_on, was.first_on, was.told_on,
        was.latest_on, was.source_items, was.source_supplies, was.source_units, was.source_values, was.price, was.discount) then
      continue;
    end if;
    now.version := coalesce(was.version, 0) + 1;
    now.recorded_at := greatest(p_at, was.recorded_at);
    now.until_at := case when now.units = 0 then now.recorded_at end;
    now.day := (now.recorded_at at time zone zone)::date;
    now.event_id := named.event_id;
    now.cause := coalesce(was.cause, '');
    now.orders := 0;
    now.customers := 0;
    now.was_units := coalesce(was.units, 0);
    now.was_value := case when was.units > 0 then was.value else 0 end;
    now.was_cost := case when was.units > 0 then was.cost else 0 end;
    now.was_cost_currency := case when was.units > 0 then was.cost_currency else now.cost_currency end;
    now.by := '';
    if p_events is null then
      now.kind := 'opening';
    else
      select max(x.by) filter (where x.order_id = named.order_id and x.line = named.line) as whose,
        sum(x.quantity) filter (where x.order_id = named.order_id and x.line = named.line) as units,
        coalesce(bool_or(x.by = 'switch'), false) as switched
      into cancelled from cancellation x where x.brand_id = p_brand and x.event_id = named.event_id;
      select sum(x.quantity) into shipped from shipment x
      where x.brand_id = p_brand and x.event_id = named.event_id and x.order_id = named.order_id and x.line = named.line;
      now.kind := book_kind(was, now, named.fresh, cancelled.units, shipped, cancelled.switched);
      if now.kind = 'cancelled' then now.by := coalesce(cancelled.whose, ''); end if;
    end if;
    if was.units > 0 then
      olds := olds || was;
      update book_entry b set until_at = now.recorded_at
      where b.brand_id = p_brand and b.order_id = named.order_id and b.line = named.line and b.version = was.version;
    end if;
    joined := joined or (now.units > 0) <> (now.was_units > 0);
    changes := changes || now;
  end loop;
  if cardinality(changes) = 0 then return; end if;

  if joined then
    -- The first line of an order or a customer that comes, and the last that goes.
    for gone in
      select 'c' as kind, c.customer as key, sum((c.units > 0)::int - (c.was_units > 0)::int)::int as lines, min(n)::int as place
      from unnest(changes) with ordinality as c(brand_id, order_id, line, version, recorded_at, until_at, day, kind, by, event_id,
        item_id, channel_id, class, currency, customer, kit, cause, placed_on, units, value, cost, cost_currency, price, discount,
        waits, planned_on, first_on, told_on, latest_on, source_items, source_supplies, source_units, source_values, was_units,
        was_value, was_cost, was_cost_currency, orders, customers, n)
      group by c.customer
      union all
      select 'o', c.order_id::text, sum((c.units > 0)::int - (c.was_units > 0)::int)::int, min(n)::int
      from unnest(changes) with ordinality as c(brand_id, order_id, line, version, recorded_at, until_at, day, kind, by, event_id,
        item_id, channel_id, class, currency, customer, kit, cause, placed_on, units, value, cost, cost_currency, price, discount,
        waits, planned_on, first_on, told_on, latest_on, source_items, source_supplies, source_units, source_values, was_units,
        was_value, was_cost, was_cost_currency, orders, customers, n)
      group by c.order_id
      order by 1, 2
    loop
      if gone.lines = 0 then continue; end if;
      insert into book_member as m (brand_id, kind, key, lines) values (p_brand, gone.kind, gone.key, gone.lines)
      on conflict (brand_id, kind, key) do update set lines = m.lines + excluded.lines
      returning case when m.lines > 0 and m.lines = gone.lines then 1 when m.lines = 0 then -1 else 0 end into turn;
      if turn = 0 then continue; end if;
      if gone.kind = 'o' then changes[gone.place].orders := turn; else changes[gone.place].customers := turn; end if;
    end loop;
  end if;
  insert into book_entry select c.* from unnest(changes) c;

  insert into book_sum as s (brand_id, axis, key, currency, cost_currency, shard, lines, orders, customers, units, value, cost)
  select p_brand, axis, key, currency, cost_currency, case when own then 0 else own_shard end, sum(lines), sum(orders),
    sum(customers), sum(units), sum(value), sum(cost)
  from (
    select a.axis, a.key, c.currency, c.cost_currency, a.own, a.lines, 0 as orders, 0 as customers, a.units, a.value, a.cost
    from unnest(changes) c, lateral book_axes(c) a
    union all
    select a.axis, a.key, c.currency, c.cost_currency, a.own, -a.lines, 0, 0, -a.units, -a.value, -a.cost
    from unnest(olds) c, lateral book_axes(c) a
    union all
    select m.axis, m.key, c.currency, c.cost_currency, false, 0, c.orders, c.customers, 0, 0, 0
    from unnest(changes) c, lateral (values ('all', ''), ('channel', c.channel_id::text), ('class', c.class)) as m(axis, key)
    where c.orders <> 0 or c.customers <> 0
  ) x
  group by axis, key, currency, cost_currency, own
  having (sum(lines), sum(orders), sum(customers), sum(units), sum(value), sum(cost)) <> (0, 0, 0, 0, 0, 0)
  order by axis, key, currency, cost_currency, own
  on conflict (brand_id, axis, key, currency, cost_currency, shard) do update set lines = s.lines + excluded.lines,
    orders = s.orders + excluded.orders, customers = s.customers + excluded.customers, units = s.units + excluded.units,
    value = s.value + excluded.value, cost = s.cost + excluded.cost;

  insert into book_day as d (brand_id, day, kind, by, channel_id, currency, cost_currency, shard, lines, orders, customers,
    units, value, cost)
  select p_brand, x.day, x.kind, x.by, x.channel_id, x.currency, x.cost_currency, own_shard, sum(x.lines), sum(x.orders),
    sum(x.customers), sum(x.units), sum(x.value), sum(x.cost)
  from (
    select c.day, c.kind, c.by, c.channel_id, c.currency, c.cost_currency,
      (c.units > 0)::int - (c.was_units > 0)::int as lines, c.orders, c.customers, c.units - c.was_units as units,
      c.value - c.was_value as value, c.cost - case when c.was_cost_currency = c.cost_currency then c.was_cost else 0 end as cost
    from unnest(changes) c
    union all
    -- What it cost before was in another currency.
    select c.day, c.kind, c.by, c.channel_id, c.currency, c.was_cost_currency, 0, 0, 0, 0, 0, -c.was_cost
    from unnest(changes) c where c.was_cost_currency <> c.cost_currency and c.was_cost <> 0
  ) x
  group by x.day, x.kind, x.by, x.channel_id, x.currency, x.cost_currency
  having (sum(x.lines), sum(x.orders), sum(x.customers), sum(x.units), sum(x.value), sum(x.cost)) <> (0, 0, 0, 0, 0, 0)
  order by x.day, x.kind, x.by, x.channel_id, x.currency, x.cost_currency
  on conflict (brand_id, day, kind, by, channel_id, currency, cost_currency, shard) do update set
    lines = d.lines + excluded.lines, orders = d.orders + excluded.orders, customers = d.customers + excluded.customers,
    units = d.units + excluded.units, value = d.value + excluded.value, cost = d.cost + excluded.cost;
end $$;

/** When a transaction commits: all that it touched, at once. The first of its rows does the work, the others find none. */
create function book_touched() returns trigger language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
as $$
declare
  touched record;
  orders bigint[] := '{}';
  lines int[] := '{}';
  events bigint[] := '{}';
  fresh boolean[] := '{}';
  happened timestamptz;
  more record;
begin
  for touched in
    delete from book_touch t where t.brand_id = new.brand_id and t.transaction = pg_current_xact_id() returning t.*
  loop
    happened := greatest(happened, touched.at);
    orders := orders || touched.orders;
    lines := lines || touched.lines;
    events := events || touched.events;
    fresh := fresh || touched.fresh;
    if touched.supply_id is not null then
      for more in select c.order_id, c.line from commitment c
        where c.brand_id = new.brand_id and c.item_id = touched.item_id and c.kind = 1 and c.source = touched.supply_id
      loop
        orders := orders || more.order_id;
        lines := lines || more.line;
        events := events || null::bigint;
        fresh := fresh || false;
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
    perform refresh_book(new.brand_id, orders, lines, events, fresh, coalesce(happened, now()));
  end if;
  return null;
end $$;
create constraint trigger touched after insert on book_touch deferrable initially deferred
  for each row execute function book_touched();

/** Time alone moves the planned day of a late supply, and with it the days of lines that nothing else touched. */
create function note_planned_day() returns trigger language plpgsql as $$
begin
  insert into book_touch (brand_id, item_id, supply_id) values (new.brand_id, new.item_id, new.supply_id);
  return null;
end $$;
create trigger planned after update on supply for each row
  when (old.planned_on is distinct from new.planned_on and new.pegged > 0) execute function note_planned_day();

-- What is on backorder already opens the book.
do $$
declare one record;
begin
  for one in select b.brand_id, b.created_at from brand b loop
    perform set_config('app.brand', one.brand_id::text, true);
    perform refresh_book(one.brand_id, array_agg(c.order_id), array_agg(c.line), null, null, now())
    from (select distinct order_id, line from commitment where brand_id = one.brand_id and kind <> 0) c
    having count(*) > 0;
  end loop;
  perform set_config('app.brand', '', true);
end $$;
