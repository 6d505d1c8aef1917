import type { Invariant } from './invariant.ts';

/** Units: every one is there, once, and whoever has it is counted (DESIGN section 3, 1, 2 and 4). */
export const UNIT_INVARIANTS: readonly Invariant[] = [
  {
    name: 'commitments_cover_open_units',
    sentence: 'Σ commitments of a line = its open units',
    text: `select format('order %s line %s item %s: %s committed, %s open', l.order_id, l.line, leg.item_id,
             coalesce(c.units, 0), (l.ordered - l.shipped - l.cancelled) * leg.per) as fault
           from order_line l
           join lateral (
             select k.item_id, k.per from order_line_component k
             where k.brand_id = l.brand_id and k.order_id = l.order_id and k.line = l.line
             union all
             select l.item_id, 1 where not exists (select from order_line_component k
               where k.brand_id = l.brand_id and k.order_id = l.order_id and k.line = l.line)) leg on true
           left join lateral (select sum(quantity)::bigint as units from commitment c where c.brand_id = l.brand_id
             and c.order_id = l.order_id and c.line = l.line and c.item_id = leg.item_id) c on true
           where l.brand_id = $1 and coalesce(c.units, 0) <> (l.ordered - l.shipped - l.cancelled) * leg.per`,
  },
  {
    name: 'commitments_have_lines',
    sentence: 'every commitment belongs to a line that is there',
    text: `select format('a commitment names order %s line %s, which is not there', c.order_id, c.line) as fault
           from commitment c where c.brand_id = $1 and not exists (select from order_line l
             where l.brand_id = c.brand_id and l.order_id = c.order_id and l.line = c.line)`,
  },
  {
    name: 'reservations_match_stock',
    sentence: 'stock.reserved = Σ reservations, and reservations + holds ≤ sellable stock',
    text: `select format('item %s location %s: %s reserved, %s in commitments, %s sellable, %s held', coalesce(s.item_id, c.item_id),
             coalesce(s.location_id, c.source), s.reserved, c.units, s.sellable, s.held) as fault
           from (select * from stock where brand_id = $1) s
           full join (select item_id, source, sum(quantity)::bigint as units from commitment
             where brand_id = $1 and kind = 0 group by item_id, source) c
             on c.item_id = s.item_id and c.source = s.location_id
           where coalesce(s.reserved, 0) <> coalesce(c.units, 0) or s.reserved + s.held > s.sellable`,
  },
  {
    name: 'pegs_match_supply',
    sentence:
      'supply.pegged = Σ pegs, and pegs + holds ≤ what of the supply may be promised: of drafts and undated ones nothing',
    text: `select format('item %s supply %s (%s): %s pegged, %s in commitments, %s held, %s of %s open may be promised, stage %s',
             coalesce(s.item_id, c.item_id), coalesce(s.supply_id, c.source), s.ref, s.pegged, c.units, s.held, s.promisable,
             s.open, s.stage) as fault
           from (select s.*, case when s.stage in ('draft', 'cancelled') or s.expected_on is null then 0 else floor(s.open *
               coalesce((p.settings::json -> 'promisablePercent' ->> s.stage)::int, 100) / 100.0) end as promisable
             from supply s join item i on i.brand_id = s.brand_id and i.item_id = s.item_id
             left join policy p on p.brand_id = i.brand_id and p.name = i.policy
             where s.brand_id = $1) s
           full join (select item_id, source, sum(quantity)::bigint as units from commitment
             where brand_id = $1 and kind = 1 group by item_id, source) c
             on c.item_id = s.item_id and c.source = s.supply_id
           where coalesce(s.pegged, 0) <> coalesce(c.units, 0) or s.pegged + s.held > s.promisable`,
  },
  {
    name: 'holds_match',
    sentence: 'held units = Σ open holds',
    text: `with kept as (
             select h.item_id, c.kind, c.source, sum(c.quantity)::bigint as units
             from hold h, json_to_recordset(h.commitments::json) as c(kind text, source int, quantity int)
             where h.brand_id = $1 and h.open group by 1, 2, 3),
           counted as (
             select item_id, 'reserved' as kind, location_id as source, held from stock where brand_id = $1 and held > 0
             union all
             select item_id, 'pegged', supply_id, held from supply where brand_id = $1 and held > 0)
           select format('item %s %s %s: %s counted as held, %s in holds', coalesce(k.item_id, c.item_id),
             coalesce(k.kind, c.kind), coalesce(k.source, c.source), c.held, k.units) as fault
           from kept k full join counted c on c.item_id = k.item_id and c.kind = k.kind and c.source = k.source
           where coalesce(k.units, 0) <> coalesce(c.held, 0)`,
  },
  {
    name: 'backordered_matches',
    sentence: 'item.backordered = Σ pegs + waiting units',
    text: `select format('item %s: %s backordered, %s in commitments', i.sku, i.backordered, coalesce(c.units, 0)) as fault
           from item i left join (select item_id, sum(quantity)::bigint as units from commitment
             where brand_id = $1 and kind <> 0 group by item_id) c on c.item_id = i.item_id
           where i.brand_id = $1 and i.backordered <> coalesce(c.units, 0)`,
  },
  {
    name: 'nobody_waits_beside_free_stock',
    sentence:
      'no unit waits while stock that its line may have lies free: freed units went to the queue at once',
    // Not of items with limits, whose free units may be another channel's; nor of lines that end on a day, or of kits.
    text: `select format('item %s: order %s line %s waits for %s, and %s lie free at location %s', i.sku, c.order_id, c.line,
             c.quantity, s.sellable - s.reserved - s.held, s.location_id) as fault
           from commitment c
           join item i on i.brand_id = c.brand_id and i.item_id = c.item_id and not i.limited and i.lifecycle <> 'upcoming'
           join order_line l on l.brand_id = c.brand_id and l.order_id = c.order_id and l.line = c.line
             and l.item_id = c.item_id and l.cancel_after is null
           join customer_order o on o.brand_id = c.brand_id and o.order_id = c.order_id
           join channel h on h.brand_id = o.brand_id and h.channel_id = o.channel_id
           join stock s on s.brand_id = c.brand_id and s.item_id = c.item_id and s.sellable > s.reserved + s.held
           join location p on p.brand_id = s.brand_id and p.location_id = s.location_id and not p.closed
             and (p.channels is null or h.code = any(p.channels))
           where c.brand_id = $1 and c.kind = 2`,
  },
  {
    name: 'channels_count_what_they_took',
    sentence: 'what a channel has committed of an item = its open and shipped units of the period',
    text: `with took as (
             select o.channel_id, u.item_id, o.placed_at, u.units from customer_order o
             join (
               select l.order_id, l.item_id, l.ordered - l.cancelled as units from order_line l where l.brand_id = $1
               union all
               select l.order_id, k.item_id, (l.ordered - l.cancelled) * k.per from order_line_component k
               join order_line l on l.brand_id = k.brand_id and l.order_id = k.order_id and l.line = k.line
               where k.brand_id = $1) u on u.order_id = o.order_id
             where o.brand_id = $1)
           select format('item %s channel %s: %s committed, %s taken', c.item_id, c.channel_id, c.committed,
             coalesce(sum(t.units), 0)) as fault
           from item_channel c join brand b on b.brand_id = c.brand_id
           left join took t on t.item_id = c.item_id and t.channel_id = c.channel_id
             and (t.placed_at at time zone b.time_zone)::date
               between coalesce(c.from_on, '-infinity') and coalesce(c.until_on, 'infinity')
           where c.brand_id = $1 group by c.item_id, c.channel_id, c.committed
           having c.committed <> coalesce(sum(t.units), 0)`,
  },
];
