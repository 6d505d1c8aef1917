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
create index book_entry_until on book_entry (brand_id, until_at) where units > 0;
create index book_entry_item on book_entry (brand_id, item_id) where until_at is null;
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

do $$
declare name text;
begin
  foreach name in array array['book_entry', 'book_sum', 'book_day', 'book_member', 'book_touch', 'exchange_rate']
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
grant update on book_sum, book_day, book_member to kept_app;
grant delete on book_member, book_touch to kept_app;

/** Lines as they are in the book now, of those named: no row where none of a line's units is on backorder. */
create function book_lines(p_brand int, p_orders bigint[], p_lines int[])
returns table (order_id bigint, line int, item_id int, channel_id int, class text, currency text, customer text, kit boolean,
  placed_on date, units bigint, value bigint, cost bigint, cost_currency text, price bigint, discount bigint, waits boolean,
  planned_on date, first_on date, told_on date, latest_on date, source_items int[], source_supplies int[],
  source_units bigint[], source_values bigint[])
language sql stable as $$
  select l.order_id, l.line, l.item_id, o.channel_id, coalesce(o.customer_class, ''), o.currency,
    coalesce(lower(o.customer_email), 'name: ' || lower(o.customer_name)), w.kit,
    (o.placed_at at time zone b.time_zone)::date, w.units, v.value,
    coalesce(d.cost, 0) * w.units, case when d.cost is null then '' else coalesce(d.cost_currency, d.currency) end,
    l.price, l.discount, w.waits,
    case when w.waits then null else greatest(w.planned_on, l.not_before) end,
    f.ship_by, coalesce(t.ship_by, p.ship_by), p.ship_by,
    s.items, s.supplies, s.units, s.shares
  from unnest(p_orders, p_lines) as n(order_id, line)
  join order_line l on l.brand_id = p_brand and l.order_id = n.order_id and l.line = n.line
  join customer_order o on o.brand_id = p_brand and o.order_id = n.order_id
  join brand b on b.brand_id = p_brand
  join item_detail d on d.brand_id = p_brand and d.item_id = l.item_id
  cross join lateral (
    -- A kit's line counts in kits: as many as its scarcest component leaves without stock.
    select max(c.units)::bigint as units, bool_or(c.waits) as waits, max(c.planned_on) as planned_on, bool_or(c.kit) as kit
    from (
      select (sum(c.quantity) + coalesce(max(k.per), 1) - 1) / coalesce(max(k.per), 1) as units,
        bool_or(c.kind = 2) as waits, max(s.planned_on) as planned_on, bool_or(k.per is not null) as kit
      from commitment c
      left join order_line_component k
        on k.brand_id = c.brand_id and k.order_id = c.order_id and k.line = c.line and k.item_id = c.item_id
      left join supply s on c.kind = 1 and s.brand_id = c.brand_id and s.item_id = c.item_id and s.supply_id = c.source
      where c.brand_id = p_brand and c.order_id = l.order_id and c.line = l.line and c.kind <> 0
      group by c.item_id
    ) c
    having count(*) > 0
  ) w
  cross join lateral (
    select greatest(-9007199254740991, least(9007199254740991,
      l.price::numeric * w.units - div(l.discount::numeric * w.units, greatest(l.ordered, 1))))::bigint as value
  ) v
  cross join lateral (
    -- Units and value shared out over what the units wait for, so that nothing is lost or gained.
    select array_agg(x.item_id order by x.n) as items, array_agg(x.supply order by x.n) as supplies,
      array_agg(div(w.units::numeric * x.upto, x.whole)::bigint - div(w.units::numeric * x.below, x.whole)::bigint order by x.n) as units,
      array_agg(div(v.value::numeric * x.upto, x.whole)::bigint - div(v.value::numeric * x.below, x.whole)::bigint order by x.n) as shares
    from (
      select c.item_id, case when c.kind = 1 then c.source else 0 end as supply,
        row_number() over byorder as n, sum(c.quantity) over byorder as upto,
        sum(c.quantity) over byorder - c.quantity as below, sum(c.quantity) over () as whole
      from commitment c where c.brand_id = p_brand and c.order_id = l.order_id and c.line = l.line and c.kind <> 0
      window byorder as (order by c.kind, c.item_id, c.source rows unbounded preceding)
    ) x
  ) s
  left join promise p on p.brand_id = p_brand and p.order_id = l.order_id and p.line = l.line and p.version = l.promise_version
  left join promise t on t.brand_id = p_brand and t.order_id = l.order_id and t.line = l.line and t.version = l.told_version
  left join promise f on f.brand_id = p_brand and f.order_id = l.order_id and f.line = l.line and f.version = 1
$$;

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

/**
 * Brings the book up to what the named lines are now. `p_events` says under which event each was touched. Sums are written in
 * the order of their keys, members before sums before days, so that two that meet on a shard wait and do not deadlock.
 */
create function refresh_book(p_brand int, p_orders bigint[], p_lines int[], p_events bigint[], p_at timestamptz)
returns void language plpgsql as $$
declare
  changes book_entry[];
  olds book_entry[];
  zone text;
  own_shard smallint := 1 + pg_backend_pid() % 63;
begin
  select time_zone into zone from brand where brand_id = p_brand;
  with key as (
    select n.order_id, n.line, max(n.event_id) as event_id from unnest(p_orders, p_lines, p_events) as n(order_id, line, event_id)
    group by n.order_id, n.line
  ), old as (
    select k.order_id, k.line, k.event_id, e.entry
    from key k left join lateral (
      select b as entry from book_entry b where b.brand_id = p_brand and b.order_id = k.order_id and b.line = k.line
      order by b.version desc limit 1
    ) e on true
  ), change as (
    select o.entry as old, o.event_id as by_event, n.*, o.order_id as key_order, o.line as key_line
    from old o left join (
      select b.* from (select array_agg(order_id) as orders, array_agg(line) as lines from key) all_keys,
        lateral book_lines(p_brand, all_keys.orders, all_keys.lines) b
    ) n on n.order_id = o.order_id and n.line = o.line
    where ((o.entry).order_id is not null or n.order_id is not null)
      and (n.order_id is not null or (o.entry).units > 0)
      and (n.order_id is null or (o.entry).order_id is null or (o.entry).units = 0
        or (n.units, n.value, n.cost, n.cost_currency, n.waits, n.planned_on, n.first_on, n.told_on, n.latest_on,
            n.source_items, n.source_supplies, n.source_units, n.source_values, n.price, n.discount)
          is distinct from ((o.entry).units, (o.entry).value, (o.entry).cost, (o.entry).cost_currency, (o.entry).waits,
            (o.entry).planned_on, (o.entry).first_on, (o.entry).told_on, (o.entry).latest_on, (o.entry).source_items,
            (o.entry).source_supplies, (o.entry).source_units, (o.entry).source_values, (o.entry).price, (o.entry).discount))
  ), timed as (
    select c.*, greatest(p_at, (c.old).recorded_at) as happened, coalesce(c.units, 0) as now_units, coalesce((c.old).units, 0) as old_units
    from change c
  ), told as (
    select t.*, coalesce(v.kind, '') as event_kind, x.by as cancelled_by, x.units as cancelled, s.units as shipped,
      exists (select from cancellation c where c.brand_id = p_brand and c.event_id = t.by_event and c.by = 'switch') as switch
    from timed t
    left join event v on v.brand_id = p_brand and v.event_id = t.by_event
    left join lateral (select max(c.by) as by, sum(c.quantity) as units from cancellation c
      where c.brand_id = p_brand and c.event_id = t.by_event and c.order_id = t.key_order and c.line = t.key_line) x on true
    left join lateral (select sum(c.quantity) as units from shipment c
      where c.brand_id = p_brand and c.event_id = t.by_event and c.order_id = t.key_order and c.line = t.key_line) s on true
  ), made as (
    select t.*, case
        when p_events is null then 'opening'
        when t.switch and t.now_units <> t.old_units and (t.cancelled > 0 or t.old_units = 0) then 'switched'
        when t.now_units > t.old_units then case when t.event_kind like 'order.%' then 'new' else 'reopened' end
        when t.now_units < t.old_units then case when t.cancelled > 0 then 'cancelled' when t.shipped > 0 then 'shipped' else 'filled' end
        when t.value <> (t.old).value then 'repriced'
        when t.cost <> (t.old).cost or t.cost_currency <> (t.old).cost_currency then 'recosted'
        else 'moved' end as what
    from told t
  )
  select array_agg(row(p_brand, key_order, key_line, coalesce((old).version, 0) + 1, happened,
      case when now_units = 0 then happened end, (happened at time zone zone)::date, what,
      case when what = 'cancelled' then coalesce(cancelled_by, '') else '' end, by_event,
      coalesce(item_id, (old).item_id), coalesce(channel_id, (old).channel_id), coalesce(class, (old).class),
      coalesce(currency, (old).currency), coalesce(customer, (old).customer), coalesce(kit, (old).kit),
      coalesce((old).cause, ''), coalesce(placed_on, (old).placed_on), now_units, coalesce(value, 0), coalesce(cost, 0),
      coalesce(cost_currency, (old).cost_currency), coalesce(price, (old).price), coalesce(discount, (old).discount),
      coalesce(waits, false), planned_on, first_on, told_on, latest_on, coalesce(source_items, '{}'),
      coalesce(source_supplies, '{}'), coalesce(source_units, '{}'), coalesce(source_values, '{}'), old_units,
      case when old_units > 0 then (old).value else 0 end, case when old_units > 0 then (old).cost else 0 end,
      case when old_units > 0 then (old).cost_currency else coalesce(cost_currency, '') end, 0::smallint,
      0::smallint)::book_entry order by key_order, key_line),
    array_agg(old order by key_order, key_line) filter (where old_units > 0)
  into changes, olds from made;
  if changes is null then return; end if;

  if exists (select from unnest(changes) c where (c.units > 0) <> (c.was_units > 0)) then
    with step as (
      select kind, key, sum(lines)::int as lines from (
        select 'o' as kind, c.order_id::text as key, (c.units > 0)::int - (c.was_units > 0)::int as lines from unnest(changes) c
        union all
        select 'c', c.customer, (c.units > 0)::int - (c.was_units > 0)::int from unnest(changes) c
      ) m group by kind, key having sum(lines) <> 0
    ), written as (
      insert into book_member as m (brand_id, kind, key, lines)
      select p_brand, kind, key, lines from step order by kind, key
      on conflict (brand_id, kind, key) do update set lines = m.lines + excluded.lines
      returning m.kind, m.key, m.lines
    ), turned as (
      select w.kind, w.key, case when w.lines > 0 and w.lines - s.lines = 0 then 1 when w.lines = 0 then -1 else 0 end as turn
      from written w join step s on s.kind = w.kind and s.key = w.key
    ), numbered as (
      select c, (row_number() over (partition by c.order_id order by c.line) = 1) as first_of_order,
        (row_number() over (partition by c.customer order by c.order_id, c.line) = 1) as first_of_customer
      from unnest(changes) c
    )
    select array_agg(row((c).brand_id, (c).order_id, (c).line, (c).version, (c).recorded_at, (c).until_at, (c).day, (c).kind, (c).by,
        (c).event_id, (c).item_id, (c).channel_id, (c).class, (c).currency, (c).customer, (c).kit, (c).cause, (c).placed_on,
        (c).units, (c).value, (c).cost, (c).cost_currency, (c).price, (c).discount, (c).waits, (c).planned_on, (c).first_on,
        (c).told_on, (c).latest_on, (c).source_items, (c).source_supplies, (c).source_units, (c).source_values, (c).was_units,
        (c).was_value, (c).was_cost, (c).was_cost_currency, case when first_of_order then coalesce(o.turn, 0) else 0 end,
        case when first_of_customer then coalesce(p.turn, 0) else 0 end)::book_entry order by (c).order_id, (c).line)
    into changes
    from numbered
    left join turned o on o.kind = 'o' and o.key = (c).order_id::text
    left join turned p on p.kind = 'c' and p.key = (c).customer;
    delete from book_member m using unnest(changes) c
    where m.brand_id = p_brand and m.lines = 0
      and ((c.orders < 0 and m.kind = 'o' and m.key = c.order_id::text)
        or (c.customers < 0 and m.kind = 'c' and m.key = c.customer));
  end if;

  update book_entry b set until_at = c.recorded_at from unnest(changes) c
  where c.version > 1 and b.brand_id = p_brand and b.order_id = c.order_id and b.line = c.line and b.version = c.version - 1
    and b.until_at is null;
  insert into book_entry select c.* from unnest(changes) c;

  insert into book_sum as s (brand_id, axis, key, currency, cost_currency, shard, lines, orders, customers, units, value, cost)
  select p_brand, axis, key, currency, cost_currency, shard, sum(lines), sum(orders), sum(customers), sum(units), sum(value), sum(cost)
  from (
    select a.axis, a.key, c.currency, c.cost_currency, case when a.own then 0 else own_shard end as shard, a.lines, 0 as orders,
      0 as customers, a.units, a.value, a.cost
    from unnest(changes) c, lateral book_axes(c) a
    union all
    select a.axis, a.key, c.currency, c.cost_currency, case when a.own then 0 else own_shard end, -a.lines, 0, 0, -a.units, -a.value, -a.cost
    from unnest(olds) c, lateral book_axes(c) a
    union all
    select m.axis, m.key, c.currency, c.cost_currency, own_shard, 0, c.orders, c.customers, 0, 0, 0
    from unnest(changes) c, lateral (values ('all', ''), ('channel', c.channel_id::text), ('class', c.class)) as m(axis, key)
    where c.orders <> 0 or c.customers <> 0
  ) x
  group by axis, key, currency, cost_currency, shard
  having (sum(lines), sum(orders), sum(customers), sum(units), sum(value), sum(cost)) <> (0, 0, 0, 0, 0, 0)
  order by axis, key, currency, cost_currency, shard
  on conflict (brand_id, axis, key, currency, cost_currency, shard) do update set lines = s.lines + excluded.lines,
    orders = s.orders + excluded.orders, customers = s.customers + excluded.customers, units = s.units + excluded.units,
    value = s.value + excluded.value, cost = s.cost + excluded.cost;

  insert into book_day as d (brand_id, day, kind, by, channel_id, currency, cost_currency, shard, lines, orders, customers, units, value, cost)
  select p_brand, day, kind, by, channel_id, currency, cost_currency, own_shard, sum(lines), sum(orders), sum(customers), sum(units), sum(value), sum(cost)
  from (
    select c.day, c.kind, c.by, c.channel_id, c.currency, c.cost_currency, (c.units > 0)::int - (c.was_units > 0)::int as lines,
      c.orders, c.customers, c.units - c.was_units as units, c.value - c.was_value as value,
      c.cost - case when c.was_cost_currency = c.cost_currency then c.was_cost else 0 end as cost
    from unnest(changes) c
    union all
    -- What it cost before was in another currency.
    select c.day, c.kind, c.by, c.channel_id, c.currency, c.was_cost_currency, 0, 0, 0, 0, 0, -c.was_cost
    from unnest(changes) c where c.was_cost_currency <> c.cost_currency and c.was_cost <> 0
  ) x
  group by day, kind, by, channel_id, currency, cost_currency
  having (sum(lines), sum(orders), sum(customers), sum(units), sum(value), sum(cost)) <> (0, 0, 0, 0, 0, 0)
  order by day, kind, by, channel_id, currency, cost_currency
  on conflict (brand_id, day, kind, by, channel_id, currency, cost_currency, shard) do update set
    lines = d.lines + excluded.lines, orders = d.orders + excluded.orders, customers = d.customers + excluded.customers,
    units = d.units + excluded.units, value = d.value + excluded.value, cost = d.cost + excluded.cost;
end $$;

/** When a transaction commits: all that it touched, at once. The first of its rows does the work, the others find none. */
create function book_touched() returns trigger language plpgsql as $$
declare
  orders bigint[];
  lines int[];
  events bigint[];
  happened timestamptz;
  event_of_all bigint;
begin
  with gone as (
    delete from book_touch where brand_id = new.brand_id and transaction = pg_current_xact_id() returning *
  ), named as (
    select n.order_id, n.line, n.event_id from gone g, lateral unnest(g.orders, g.lines, g.events) as n(order_id, line, event_id)
    union all
    select c.order_id, c.line, null from gone g join commitment c
      on c.brand_id = g.brand_id and c.item_id = g.item_id and c.kind = 1 and c.source = g.supply_id
    union all
    select e.order_id, e.line, null from gone g join book_entry e
      on e.brand_id = g.brand_id and e.item_id = g.item_id and e.until_at is null
    where g.item_id is not null and g.supply_id is null
  )
  select (select max(at) from gone), array_agg(order_id order by order_id, line), array_agg(line order by order_id, line),
    array_agg(event_id order by order_id, line), max(event_id)
  into happened, orders, lines, events, event_of_all from named;
  if orders is not null then
    perform refresh_book(new.brand_id, orders, lines, events, coalesce(happened, now()));
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
    perform refresh_book(one.brand_id, array_agg(c.order_id), array_agg(c.line), null, now())
    from (select distinct order_id, line from commitment where brand_id = one.brand_id and kind <> 0) c
    having count(*) > 0;
  end loop;
  perform set_config('app.brand', '', true);
end $$;
