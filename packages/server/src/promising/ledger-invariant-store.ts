import type { Invariant } from './invariant.ts';

/** Ledgers and what refers to what: whole facts, and nobody else's rows (DESIGN section 3, 3, 7 and 9). */
export const LEDGER_INVARIANTS: readonly Invariant[] = [
  {
    name: 'stock_is_its_movements',
    sentence: 'stock = Σ its movements',
    text: `with moved as (
             select item_id, location_id, condition, sum(delta)::bigint as units from stock_movement
             where brand_id = $1 group by 1, 2, 3),
           counted as (
             select s.item_id, s.location_id, v.condition, v.units from stock s,
               lateral (values ('sellable', s.sellable), ('quality_hold', s.quality_hold), ('returned', s.returned),
                 ('damaged', s.damaged)) as v(condition, units)
             where s.brand_id = $1)
           select format('item %s location %s %s: %s in stock, %s moved', coalesce(c.item_id, m.item_id),
             coalesce(c.location_id, m.location_id), coalesce(c.condition, m.condition), c.units, m.units) as fault
           from counted c full join moved m
             on m.item_id = c.item_id and m.location_id = c.location_id and m.condition = c.condition
           where coalesce(c.units, 0) <> coalesce(m.units, 0)`,
  },
  {
    name: 'orders_are_whole',
    sentence: 'every line has its order, every order a line and the event that placed it',
    text: `select format('line %s of order %s has no order', l.line, l.order_id) as fault from order_line l
           where l.brand_id = $1 and not exists (select from customer_order o
             where o.brand_id = l.brand_id and o.order_id = l.order_id)
           union all
           select format('order %s has no line', o.order_id) from customer_order o
           where o.brand_id = $1 and not exists (select from order_line l
             where l.brand_id = o.brand_id and l.order_id = o.order_id)
           union all
           select format('order %s was placed by %s events', o.order_id, coalesce(e.times, 0)) from customer_order o
           left join (select (data::json ->> 'order')::bigint as order_id, count(*) as times from event
             where brand_id = $1 and kind = 'order.placed' group by 1) e on e.order_id = o.order_id
           where o.brand_id = $1 and coalesce(e.times, 0) <> 1
           union all
           select format('event %s placed order %s, which is not there', e.event_id, e.data::json ->> 'order') from event e
           where e.brand_id = $1 and e.kind = 'order.placed' and not exists (select from customer_order o
             where o.brand_id = e.brand_id and o.order_id = (e.data::json ->> 'order')::bigint)`,
  },
  {
    name: 'references_hold',
    sentence: 'lines, components and commitments name items that are there, orders their channel',
    text: `select format('line %s of order %s names item %s, which is not there', l.line, l.order_id, l.item_id) as fault
           from order_line l where l.brand_id = $1 and not exists (select from item i
             where i.brand_id = l.brand_id and i.item_id = l.item_id)
           union all
           select format('a component of order %s line %s has no line', k.order_id, k.line) from order_line_component k
           where k.brand_id = $1 and not exists (select from order_line l
             where l.brand_id = k.brand_id and l.order_id = k.order_id and l.line = k.line)
           union all
           select format('a commitment of order %s line %s is of item %s, which is not the line’s', c.order_id, c.line, c.item_id)
           from commitment c join order_line l on l.brand_id = c.brand_id and l.order_id = c.order_id and l.line = c.line
           where c.brand_id = $1 and case
             when exists (select from order_line_component k
               where k.brand_id = c.brand_id and k.order_id = c.order_id and k.line = c.line)
             then not exists (select from order_line_component k where k.brand_id = c.brand_id and k.order_id = c.order_id
               and k.line = c.line and k.item_id = c.item_id)
             else c.item_id <> l.item_id end
           union all
           select format('order %s names channel %s, which is not there', o.order_id, o.channel_id) from customer_order o
           where o.brand_id = $1 and not exists (select from channel c
             where c.brand_id = o.brand_id and c.channel_id = o.channel_id)`,
  },
  {
    name: 'counts_agree_with_ledgers',
    sentence:
      'what a line has shipped and cancelled, and a supply received, is at least what the ledgers say',
    // More where it came, left or ended before Kept knew of it.
    text: `select format('order %s line %s: %s shipped and %s cancelled, the ledgers say %s and %s', l.order_id, l.line,
             l.shipped, l.cancelled, coalesce(s.units, 0), coalesce(c.units, 0)) as fault
           from order_line l
           left join (select order_id, line, sum(quantity)::bigint as units from shipment where brand_id = $1 group by 1, 2) s
             on s.order_id = l.order_id and s.line = l.line
           left join (select order_id, line, sum(quantity)::bigint as units from cancellation where brand_id = $1 group by 1, 2) c
             on c.order_id = l.order_id and c.line = l.line
           where l.brand_id = $1 and (l.shipped < coalesce(s.units, 0) or l.cancelled < coalesce(c.units, 0))
           union all
           select format('item %s supply %s: %s received, the ledger says %s', s.item_id, s.supply_id, s.received, r.units)
           from supply s join (select item_id, supply_id, sum(quantity)::bigint as units from supply_receipt
             where brand_id = $1 group by 1, 2) r on r.item_id = s.item_id and r.supply_id = s.supply_id
           where s.brand_id = $1 and s.received < r.units`,
  },
  {
    name: 'ledgers_have_events',
    sentence: 'every row of a ledger belongs to an event that is there',
    text: `select format('a %s names event %s, which is not there', ledger, event_id) as fault from (
             select 'stock movement' as ledger, event_id from stock_movement where brand_id = $1
             union all select 'supply revision', event_id from supply_revision where brand_id = $1
             union all select 'receipt', event_id from supply_receipt where brand_id = $1
             union all select 'shipment', event_id from shipment where brand_id = $1
             union all select 'cancellation', event_id from cancellation where brand_id = $1
             union all select 'payment', event_id from payment where brand_id = $1) row
           where not exists (select from event e where e.brand_id = $1 and e.event_id = row.event_id)`,
  },
  {
    name: 'facts_are_answered',
    sentence: 'every fact that was taken in under a name has its answer',
    text: `select format('%s of %s was taken in and not answered', external_id, source) as fault from inbox
           where brand_id = $1 and answer = ''`,
  },
  {
    name: 'ledgers_are_append_only',
    sentence: 'the role that serves can neither change nor delete what was recorded',
    text: `select format('kept_app may %s rows of %s', lower(privilege), ledger) as fault
           from unnest(array['stock_movement', 'supply_revision', 'supply_receipt', 'promise', 'shipment', 'cancellation',
             'event']) as ledger, unnest(array['UPDATE', 'DELETE']) as privilege
           where has_table_privilege('kept_app', ledger, privilege) and $1::int is not null`,
  },
  {
    name: 'brands_are_apart',
    sentence: 'every table with a brand’s rows has row-level security, also for its owner, and a policy',
    text: `select format('%s: row-level security is %s', c.relname, case when not c.relrowsecurity then 'off'
             when not c.relforcerowsecurity then 'not forced on its owner' else 'without a policy' end) as fault
           from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'brand_id' and not a.attisdropped
           where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and $1::int is not null
             and not (c.relrowsecurity and c.relforcerowsecurity
               and exists (select from pg_policy p where p.polrelid = c.oid))`,
  },
];
