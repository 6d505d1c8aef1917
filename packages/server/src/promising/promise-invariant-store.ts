import type { Invariant } from './invariant.ts';

/** Promises: backed, whole, and none without a reason (DESIGN section 3, 4, 5 and 8). */
export const PROMISE_INVARIANTS: readonly Invariant[] = [
  {
    name: 'promises_are_backed',
    sentence:
      'what is still promised of a line is backed; of a line that leaves in parts, all that is backed is promised',
    text: `select format('order %s line %s: %s promised in version %s, %s backed', order_id, line, promised, version, backed) as fault
           from (
             select l.order_id, l.line, p.version, o.ship_complete, l.open - coalesce(w.units, 0) as backed,
               case when p.version is null then 0
                 else least(l.open, greatest(0, p.quantity - (l.shipped - p.shipped_before))) end as promised
             from (select *, ordered - shipped - cancelled as open from order_line where brand_id = $1) l
             join customer_order o on o.brand_id = l.brand_id and o.order_id = l.order_id
             left join promise p on p.brand_id = l.brand_id and p.order_id = l.order_id and p.line = l.line
               and p.version = l.promise_version
             left join (select order_id, line, item_id, sum(quantity)::bigint as units from commitment
               where brand_id = $1 and kind = 2 group by 1, 2, 3) w
               on w.order_id = l.order_id and w.line = l.line and w.item_id = l.item_id
             where not exists (select from order_line_component k
               where k.brand_id = l.brand_id and k.order_id = l.order_id and k.line = l.line)) line
           where promised > backed or (promised < backed and not ship_complete)`,
  },
  {
    name: 'promise_versions_are_whole',
    sentence: 'a line’s promise versions are 1, 2, 3 …, and the line names the last',
    text: `select format('order %s line %s names version %s of %s', l.order_id, l.line, l.promise_version, p.versions) as fault
           from order_line l left join (select order_id, line, count(*)::int as versions, max(version) as last from promise
             where brand_id = $1 group by 1, 2) p on p.order_id = l.order_id and p.line = l.line
           where l.brand_id = $1 and (coalesce(p.versions, 0) <> l.promise_version or coalesce(p.last, 0) <> l.promise_version)`,
  },
  {
    name: 'promise_parts_add_up',
    sentence: 'a promise is for the units of its parts, by the day of the last of them',
    text: `select format('promise %s of order %s line %s: for %s by %s, its parts are %s', p.version, p.order_id, p.line,
             p.quantity, p.ship_by, p.parts) as fault
           from promise p, lateral (
             select coalesce(sum((part ->> 0)::bigint), 0) as units, max((part ->> 1)::date) as last
             from json_array_elements(p.parts::json) as part) parts
           where p.brand_id = $1 and (parts.units <> p.quantity or parts.last is distinct from p.ship_by)`,
  },
  {
    name: 'promises_have_reason_and_event',
    sentence: 'every version of a promise has its line, its reasons and the event that made it',
    text: `select format('promise %s of order %s line %s has no %s', p.version, p.order_id, p.line,
             case when l.order_id is null then 'line' when e.event_id is null then 'event' else 'reason' end) as fault
           from promise p
           left join event e on e.brand_id = p.brand_id and e.event_id = p.event_id
           left join order_line l on l.brand_id = p.brand_id and l.order_id = p.order_id and l.line = p.line
           where p.brand_id = $1 and (e.event_id is null or l.order_id is null or p.reasons = '[]')`,
  },
];
