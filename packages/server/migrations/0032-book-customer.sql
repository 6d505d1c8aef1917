-- An order's customer is one customer in the book from its first line to its last, by whatever address they are reached meanwhile:
-- else one who changed theirs would come under one name and leave under another.

/** A line as it is now; units are null where it is not on backorder. */
create or replace function book_line(p_brand int, p_order bigint, p_line int, p_zone text)
returns table (item_id int, channel_id int, class text, currency text, customer text, kit boolean, placed_on date, units bigint,
  value bigint, cost bigint, cost_currency text, price bigint, discount bigint, waits boolean, planned_on date, first_on date,
  told_on date, latest_on date, source_items int[], source_supplies int[], source_units bigint[], source_values bigint[])
language sql stable as $$
  select l.item_id, o.channel_id, coalesce(o.customer_class, ''), o.currency,
    coalesce(
      (select b.customer from book_entry b where b.brand_id = p_brand and b.order_id between p_order and p_order
        order by b.order_id, b.line, b.version limit 1),
      lower(o.customer_email), 'name: ' || lower(o.customer_name)), c.kit, (o.placed_at at time zone p_zone)::date, c.units,
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
