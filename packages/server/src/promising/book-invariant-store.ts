import type { Invariant } from './invariant.ts';

/** Lines whose latest state is captured and not taken up: the book speaks of the one before. */
const CAPTURED = `select u.order_id, u.line from book_capture c, unnest(c.captured) u where c.brand_id = $1
  union select u.order_id, u.line from book_moved m, unnest(m.orders, m.lines) as u(order_id, line) where m.brand_id = $1`;

/** The book is what the order lines are, to the cent, and its sums are what it is (DESIGN section 3, 7). */
export const BOOK_INVARIANTS: readonly Invariant[] = [
  {
    name: 'book_ties_to_order_lines',
    sentence:
      'the book’s rows in force are the lines on backorder: their units, value, cost, days and backing',
    text: `with captured as materialized (${CAPTURED}),
           line as (
             select n.order_id, n.line, b.*, book_asked($1, n.order_id, n.line) as asked from brand
             join (select distinct order_id, line from commitment where brand_id = $1 and kind <> 0) n on true
             cross join lateral book_line($1, n.order_id, n.line, brand.time_zone) b where brand.brand_id = $1),
           entry as (select * from book_entry where brand_id = $1 and until_at is null)
           select format('order %s line %s: %s units at %s cost %s by %s in the book, %s at %s cost %s by %s on the line',
             coalesce(e.order_id, l.order_id), coalesce(e.line, l.line), coalesce(e.units, 0), coalesce(e.value, 0),
             coalesce(e.cost, 0), e.latest_on, coalesce(l.units, 0), coalesce(l.value, 0), coalesce(l.cost, 0), l.latest_on) as fault
           from line l full join entry e on e.order_id = l.order_id and e.line = l.line
           where not exists (select from captured c where c.order_id = coalesce(e.order_id, l.order_id) and c.line = coalesce(e.line, l.line))
             and (l.item_id, l.channel_id, l.currency, l.units, l.value, l.cost, l.cost_currency, l.waits, l.asked, l.planned_on, l.first_on,
               l.told_on, l.latest_on, l.source_items, l.source_supplies, l.source_units, l.source_values)
             is distinct from (e.item_id, e.channel_id, e.currency, e.units, e.value, e.cost, e.cost_currency, e.waits, e.asked,
               e.planned_on, e.first_on, e.told_on, e.latest_on, e.source_items, e.source_supplies, e.source_units,
               e.source_values)`,
  },
  {
    name: 'book_is_its_changes',
    sentence: 'each row of the book begins where the one before ends, and speaks of what that one was',
    text: `select format('order %s line %s: row %s does not follow the one before', order_id, line, version) as fault
           from (select e.*, lag(version) over w as before, lag(until_at) over w as closed, lag(units) over w as units_before,
               lag(value) over w as value_before
             from book_entry e where brand_id = $1 window w as (partition by order_id, line order by version)) e
           where version <> coalesce(before, 0) + 1 or was_units <> coalesce(units_before, 0)
             or was_value <> coalesce(value_before, 0) or (before is not null and closed is distinct from recorded_at
               and units_before > 0) or (units = 0 and until_at is distinct from recorded_at)`,
  },
  {
    name: 'book_sums_add_up',
    sentence: 'the sums of the book, whichever way they are taken, are its rows added up',
    text: `with summed as (
             select a.axis, a.key, e.currency, e.cost_currency, sum(a.lines) as lines, sum(a.units) as units,
               sum(a.value) as value, sum(a.cost) as cost
             from book_entry e, lateral book_axes(e) a where e.brand_id = $1 and e.until_at is null group by 1, 2, 3, 4),
           kept as (
             select axis, key, currency, cost_currency, sum(lines) as lines, sum(units) as units, sum(value) as value,
               sum(cost) as cost
             from book_sums($1) group by 1, 2, 3, 4)
           select format('%s %s in %s: %s lines, %s units, %s; its rows are %s lines, %s units, %s', axis, key, currency,
             k.lines, k.units, k.value, s.lines, s.units, s.value) as fault
           from kept k full join summed s using (axis, key, currency, cost_currency)
           where (coalesce(k.lines, 0), coalesce(k.units, 0), coalesce(k.value, 0), coalesce(k.cost, 0))
             <> (coalesce(s.lines, 0), coalesce(s.units, 0), coalesce(s.value, 0), coalesce(s.cost, 0))
           union all
           select format('%s orders and %s customers are counted, %s and %s are there', k.orders, k.customers, e.orders, e.customers)
           from (select coalesce(sum(orders), 0) as orders, coalesce(sum(customers), 0) as customers from book_sums($1)
               where axis = 'all') k,
             (select count(distinct order_id) as orders, count(distinct customer) as customers from book_entry
               where brand_id = $1 and until_at is null) e
           where k.orders <> e.orders or k.customers <> e.customers`,
  },
  {
    name: 'book_days_add_up',
    sentence: 'what moved the book, day by day, adds up to what it is',
    text: `with day as (
             select day, kind, by, channel_id, currency, sum(lines) as lines, sum(units) as units, sum(value) as value
             from book_days($1) group by 1, 2, 3, 4, 5),
           entry as (
             select day, kind, by, channel_id, currency, sum((units > 0)::int - (was_units > 0)::int) as lines,
               sum(units - was_units) as units, sum(value - was_value) as value
             from book_entry where brand_id = $1 group by 1, 2, 3, 4, 5)
           select format('%s %s in %s: %s lines, %s units, %s; its rows say %s, %s, %s', day, kind, currency, d.lines,
             d.units, d.value, e.lines, e.units, e.value) as fault
           from day d full join entry e using (day, kind, by, channel_id, currency)
           where (coalesce(d.lines, 0), coalesce(d.units, 0), coalesce(d.value, 0))
             <> (coalesce(e.lines, 0), coalesce(e.units, 0), coalesce(e.value, 0))
           union all
           select format('%s orders and %s customers came and did not leave, %s and %s are there', d.orders, d.customers, s.orders, s.customers)
           from (select coalesce(sum(orders), 0) as orders, coalesce(sum(customers), 0) as customers from book_days($1)) d,
             (select coalesce(sum(orders), 0) as orders, coalesce(sum(customers), 0) as customers from book_sums($1)
               where axis = 'all') s
           where (d.orders, d.customers) <> (s.orders, s.customers)`,
  },
  {
    name: 'book_tells_causes',
    sentence: 'what waits counts under the cause that its episode tells, by day as by now',
    text: `select format('order %s line %s counts under %L, its episode says %s', e.order_id, e.line, e.cause, t.cause) as fault
           from book_entry e cross join lateral book_told_cause($1, e.order_id, e.line) t
           where e.brand_id = $1 and e.until_at is null and t.cause <> e.cause
             and not exists (select from (${CAPTURED}) c where c.order_id = e.order_id and c.line = e.line)
           union all
           select format('%L in %s: %s lines, %s units, %s came and did not leave; %s, %s, %s are there', cause, currency, d.lines,
             d.units, d.value, s.lines, s.units, s.value)
           from (select cause, currency, sum(lines) as lines, sum(units) as units, sum(value) as value from book_days($1)
               group by 1, 2) d
             full join (select key as cause, currency, sum(lines) as lines, sum(units) as units, sum(value) as value
               from book_sums($1) where axis = 'cause' group by 1, 2) s using (cause, currency)
           where (coalesce(d.lines, 0), coalesce(d.units, 0), coalesce(d.value, 0))
             <> (coalesce(s.lines, 0), coalesce(s.units, 0), coalesce(s.value, 0))`,
  },
  {
    name: 'book_is_done',
    sentence: 'nothing that was touched waits to be looked at',
    text: `select format('transaction %s left %s rows', transaction, count(*)) as fault from book_touch where brand_id = $1
           group by transaction`,
  },
];
