-- The backorder book: what every backorder was worth at each moment, and the sums that a page asks for. Its rows are written when
-- a transaction that touched a backorder commits, from what it left; nobody else writes them. Sums are rows that were added up
-- already, and those that were not yet: whoever reads adds both (ADR 0060).

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
  primary key (brand_id, order_id, line, version)
);
create index book_entry_time on book_entry (brand_id, day, recorded_at);
create index book_entry_oldest on book_entry (brand_id, placed_on, order_id) where until_at is null;

-- Rows that were written and not added up yet, those of a transaction in one row of this.
create table book_pending (
  brand_id int not null,
  number bigint generated always as identity,
  orders bigint[] not null,
  lines int[] not null,
  versions int[] not null,
  primary key (brand_id, number)
);

-- Sums over the rows in force, by one thing at a time, as far as they were added up.
create table book_sum (
  brand_id int not null,
  axis text not null,
  key text not null,
  currency text not null,
  cost_currency text not null,
  lines bigint not null,
  orders bigint not null,
  customers bigint not null,
  units bigint not null,
  value bigint not null,
  cost bigint not null,
  primary key (brand_id, axis, key, currency, cost_currency)
) with (fillfactor = 70);

-- What moved the book, by the brand's day, as far as it was added up: up to a day it is the book at that day's end.
create table book_day (
  brand_id int not null,
  day date not null,
  kind text not null,
  by text not null,
  channel_id int not null,
  currency text not null,
  cost_currency text not null,
  lines bigint not null,
  orders bigint not null,
  customers bigint not null,
  units bigint not null,
  value bigint not null,
  cost bigint not null,
  primary key (brand_id, day, kind, by, channel_id, currency, cost_currency)
) with (fillfactor = 70);

-- How many lines of an order ('o') or a customer ('c') were added up: the first and the last make the difference.
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
  foreach name in array array['book_entry', 'book_pending', 'book_sum', 'book_day', 'book_member', 'book_touch', 'exchange_rate', 'book_settings']
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
grant delete on book_touch, book_pending to kept_app;

-- Rows are looked up one at a time, by their whole key: a join planned while the tables were empty reads all of them ever after,
-- and these are planned once per connection and run from the first order to the ten-millionth. `between x and x order by` leaves
-- no other index to go by than the one that is in that order: to an empty table all seem as good.

/** A whole shared out by weights, so that nothing is lost or gained. */
create function book_shares(whole bigint, weights bigint[]) returns bigint[] language sql immutable as $$
  select array_agg((div(whole::numeric * upto, entire) - div(whole::numeric * (upto - weight), entire))::bigint order by n)
  from (select n, weight, sum(weight) over (order by n rows unbounded preceding) as upto, sum(weight) over () as entire
    from unnest(weights) with ordinality as w(weight, n)) x
$$;

/** A kit's line counts in kits: as many as its scarcest component leaves without stock. */
create function book_kits(items int[], quantities bigint[], pers int[]) returns bigint language sql immutable as $$
  select max((quantity + per - 1) / per)::bigint
  from (select sum(quantity) as quantity, coalesce(max(per), 1) as per from unnest(items, quantities, pers) as c(item, quantity, per)
    group by item) x
$$;

/** A line as it is now; units are null where it is not on backorder. */
create function book_line(p_brand int, p_order bigint, p_line int, p_zone text)
returns table (item_id int, channel_id int, class text, currency text, customer text, kit boolean, placed_on date, units bigint,
  value bigint, cost bigint, cost_currency text, price bigint, discount bigint, waits boolean, planned_on date, first_on date,
  told_on date, latest_on date, source_items int[], source_supplies int[], source_units bigint[], source_values bigint[])
language sql stable as $$
  select l.item_id, o.channel_id, coalesce(o.customer_class, ''), o.currency,
    coalesce(lower(o.customer_email), 'name: ' || lower(o.customer_name)), c.kit, (o.placed_at at time zone p_zone)::date, c.units,
    case when c.units is not null then v.value end, case when c.units is not null then v.cost end,
    case when d.cost is null then '' else coalesce(d.cost_currency, d.currency) end, l.price, l.discount, c.waits,
    case when not c.waits then greatest(c.planned_on, l.not_before) end, p.first_on, coalesce(p.told_on, p.latest_on), p.latest_on,
    c.items, c.supplies,
    case when cardinality(c.items) = 1 then array[c.units] else book_shares(c.units, c.quantities) end,
    case when cardinality(c.items) = 1 then array[v.value] else book_shares(v.value, c.quantities) end
  from (select * from order_line l where l.brand_id = p_brand and l.order_id = p_order and l.line = p_line offset 0) l
  cross join lateral (select * from customer_order o where o.brand_id = p_brand and o.order_id between p_order and p_order
    order by o.order_id limit 1) o
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
          and k.order_id = p_order and k.line = p_line and k.item_id = c.item_id) end as per,
        case when c.kind = 1 then (select s.planned_on from supply s where s.brand_id = p_brand
          and s.item_id between c.item_id and c.item_id and s.supply_id = c.source order by s.item_id, s.supply_id limit 1) end as planned_on
      from commitment c
      where c.brand_id = p_brand and c.order_id between p_order and p_order and c.line = p_line and c.kind <> 0
      order by c.order_id, c.line, c.item_id, c.kind, c.source offset 0
    ) q
  ) c
  cross join lateral (
    select greatest(-9007199254740991, least(9007199254740991,
        l.price::numeric * c.units - div(l.discount::numeric * c.units, greatest(l.ordered, 1))))::bigint as value,
      greatest(-9007199254740991, least(9007199254740991, coalesce(d.cost, 0)::numeric * c.units))::bigint as cost
    offset 0
  ) v
  cross join lateral (
    select max(p.ship_by) filter (where p.version = 1) as first_on,
      max(p.ship_by) filter (where p.version = l.promise_version) as latest_on,
      max(p.ship_by) filter (where p.version = l.told_version) as told_on
    from promise p where p.brand_id = p_brand and p.order_id = p_order and p.line = p_line
      and p.version in (1, l.promise_version, l.told_version)
  ) p
$$;

/** Where a state of a line counts: one row per axis and key of it. Its fields are taken out of it once. */
create function book_axes(e book_entry)
returns table (axis text, key text, lines bigint, units bigint, value bigint, cost bigint)
language sql immutable as $$
  select a.axis, a.key, 1::bigint, a.units, a.value, a.cost
  from (select e.channel_id, e.class, e.cause, e.item_id, e.waits, e.planned_on, e.told_on, e.placed_on, e.first_on, e.latest_on,
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
        ('state', case when x.waits then 'unbacked' when x.planned_on > x.told_on then 'late'
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

/**
 * Rows that were not added up yet, up to one of the pending: each with the state it ended, and the orders and customers that came
 * into the book with it or left it (1, 0, -1), by the first and the last of their lines.
 */
create function book_moves(p_brand int, p_upto bigint) returns table (e book_entry, w book_entry, orders int, customers int)
language sql stable as $$
  with pending as materialized (
    select u.order_id, u.line, u.version, q.number
    from book_pending q, lateral unnest(q.orders, q.lines, q.versions) as u(order_id, line, version)
    where q.brand_id = p_brand and q.number <= p_upto),
  state as materialized (
    select e.e, w.w, (e.units > 0)::int - (e.was_units > 0)::int as joined, e.day, e.recorded_at, e.order_id, e.customer, p.number
    from pending p
    cross join lateral (select e, e.units, e.was_units, e.day, e.recorded_at, e.order_id, e.customer from book_entry e
      where e.brand_id = p_brand and e.order_id = p.order_id and e.line = p.line and e.version between p.version and p.version
      order by e.version limit 1) e
    left join lateral (select w from book_entry w where e.was_units > 0
      and w.brand_id = p_brand and w.order_id = p.order_id and w.line = p.line and w.version between p.version - 1 and p.version - 1
      order by w.version limit 1) w on true),
  counted as (
    select s.*, coalesce(o.lines, 0) + sum(s.joined) over (partition by s.order_id order by s.day, s.recorded_at, s.joined desc, s.number
        rows unbounded preceding) as of_order,
      coalesce(c.lines, 0) + sum(s.joined) over (partition by s.customer order by s.day, s.recorded_at, s.joined desc, s.number
        rows unbounded preceding) as of_customer
    from state s
    left join lateral (select m.lines from book_member m where s.joined <> 0
      and m.brand_id = p_brand and m.kind = 'o' and m.key = s.order_id::text offset 0) o on true
    left join lateral (select m.lines from book_member m where s.joined <> 0
      and m.brand_id = p_brand and m.kind = 'c' and m.key = s.customer offset 0) c on true)
  select e, w, case when joined = 0 then 0 else (of_order > 0)::int - (of_order - joined > 0)::int end,
    case when joined = 0 then 0 else (of_customer > 0)::int - (of_customer - joined > 0)::int end
  from counted
$$;

/** What a row changes in the sums. */
create function book_move_sums(e book_entry, w book_entry, p_orders int, p_customers int)
returns table (axis text, key text, currency text, cost_currency text, lines bigint, orders bigint, customers bigint, units bigint,
  value bigint, cost bigint)
language sql immutable as $$
  select a.axis, a.key, e.currency, e.cost_currency, a.lines, 0::bigint, 0::bigint, a.units, a.value, a.cost from book_axes(e) a
  union all
  select a.axis, a.key, w.currency, w.cost_currency, -a.lines, 0, 0, -a.units, -a.value, -a.cost from book_axes(w) a
  union all
  select m.axis, m.key, e.currency, e.cost_currency, 0, p_orders, p_customers, 0, 0, 0
  from (values ('all', ''), ('channel', e.channel_id::text), ('class', e.class)) as m(axis, key)
  where p_orders <> 0 or p_customers <> 0
$$;

/** What a row says of its day. */
create function book_move_days(e book_entry, p_orders int, p_customers int)
returns table (day date, kind text, by text, channel_id int, currency text, cost_currency text, lines bigint, orders bigint,
  customers bigint, units bigint, value bigint, cost bigint)
language sql immutable as $$
  select e.day, e.kind, e.by, e.channel_id, e.currency, e.cost_currency, ((e.units > 0)::int - (e.was_units > 0)::int)::bigint,
    p_orders::bigint, p_customers::bigint, e.units - e.was_units, e.value - e.was_value,
    e.cost - case when e.was_cost_currency = e.cost_currency then e.was_cost else 0 end
  union all
  -- What it cost before was in another currency.
  select e.day, e.kind, e.by, e.channel_id, e.currency, e.was_cost_currency, 0, 0, 0, 0, 0, -e.was_cost
  where e.was_cost_currency <> e.cost_currency and e.was_cost <> 0
$$;

/** The sums of now, not added up: those that were, and what each pending row changes. */
create function book_sums(p_brand int)
returns table (axis text, key text, currency text, cost_currency text, lines bigint, orders bigint, customers bigint, units bigint,
  value bigint, cost bigint)
language sql stable as $$
  select axis, key, currency, cost_currency, lines, orders, customers, units, value, cost from book_sum where brand_id = p_brand
  union all
  select s.* from book_moves(p_brand, 9223372036854775807) m, lateral book_move_sums(m.e, m.w, m.orders, m.customers) s
$$;

/** What moved the book by day, not added up: what was, and each pending row. */
create function book_days(p_brand int)
returns table (day date, kind text, by text, channel_id int, currency text, cost_currency text, lines bigint, orders bigint,
  customers bigint, units bigint, value bigint, cost bigint)
language sql stable as $$
  select day, kind, by, channel_id, currency, cost_currency, lines, orders, customers, units, value, cost from book_day
  where brand_id = p_brand
  union all
  select d.* from book_moves(p_brand, 9223372036854775807) m, lateral book_move_days(m.e, m.orders, m.customers) d
$$;

/**
 * Adds pending rows up, of so many transactions at most, the oldest first: by one at a time for a brand.
 * @returns transactions that were added up
 */
create function fold_book(p_brand int, p_most int) returns int language plpgsql
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
    insert into book_day as d (brand_id, day, kind, by, channel_id, currency, cost_currency, lines, orders, customers, units, value,
      cost)
    select p_brand, d.day, d.kind, d.by, d.channel_id, d.currency, d.cost_currency, sum(d.lines), sum(d.orders), sum(d.customers),
      sum(d.units), sum(d.value), sum(d.cost)
    from moves m, lateral book_move_days(m.e, m.orders, m.customers) d
    group by d.day, d.kind, d.by, d.channel_id, d.currency, d.cost_currency
    having (sum(d.lines), sum(d.orders), sum(d.customers), sum(d.units), sum(d.value), sum(d.cost)) <> (0, 0, 0, 0, 0, 0)
    on conflict (brand_id, day, kind, by, channel_id, currency, cost_currency) do update set lines = d.lines + excluded.lines,
      orders = d.orders + excluded.orders, customers = d.customers + excluded.customers, units = d.units + excluded.units,
      value = d.value + excluded.value, cost = d.cost + excluded.cost)
  select count(*) into folded from gone;
  return folded;
end $$;

/**
 * Brings the book up to what the named lines are now, with one statement whatever their number. `p_events` says under which event
 * each was touched (null: the book is being opened), `p_fresh` whether a customer asked for units with it.
 */
create function refresh_book(p_brand int, p_orders bigint[], p_lines int[], p_events bigint[], p_fresh boolean[], p_at timestamptz)
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
        else 'moved' end as kind,
      coalesce(x.whose, '') as whose, coalesce(w.cause, '') as cause, s.placed_on,
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
          s.source_items, s.source_supplies, s.source_units, s.source_values, s.price, s.discount)
        is distinct from (w.units, w.value, w.cost, w.cost_currency, w.waits, w.planned_on, w.first_on, w.told_on, w.latest_on,
          w.source_items, w.source_supplies, w.source_units, w.source_values, w.price, w.discount)
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
    perform fold_book(one.brand_id, 2147483647);
  end loop;
  perform set_config('app.brand', '', true);
end $$;
