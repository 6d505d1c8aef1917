import type pg from 'pg';

/** One of the things that are always true, and the statement that finds where it is not. $1 is the brand. */
interface Invariant {
  readonly name: string;
  readonly sentence: string;
  readonly text: string;
}

/** DESIGN section 3, over whole tables. Each statement answers what is wrong, a row each, in words. */
const INVARIANTS: readonly Invariant[] = [
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
      'supply.pegged = Σ pegs, and pegs + holds ≤ open units; drafts and undated supplies back nothing',
    text: `select format('item %s supply %s (%s): %s pegged, %s in commitments, %s open, %s held, stage %s', coalesce(s.item_id, c.item_id),
             coalesce(s.supply_id, c.source), s.ref, s.pegged, c.units, s.open, s.held, s.stage) as fault
           from (select * from supply where brand_id = $1) s
           full join (select item_id, source, sum(quantity)::bigint as units from commitment
             where brand_id = $1 and kind = 1 group by item_id, source) c
             on c.item_id = s.item_id and c.source = s.supply_id
           where coalesce(s.pegged, 0) <> coalesce(c.units, 0) or s.pegged + s.held > s.open
             or (s.pegged > 0 and (s.stage in ('draft', 'cancelled') or s.expected_on is null))`,
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
    name: 'requests_are_backed',
    sentence:
      'a promise speaks of backed units only: none is for more than the line’s open and shipped units',
    text: `select format('order %s line %s: %s promised in version %s, %s ordered, %s cancelled', l.order_id, l.line, p.quantity,
             p.version, l.ordered, l.cancelled) as fault
           from order_line l join promise p on p.brand_id = l.brand_id and p.order_id = l.order_id and p.line = l.line
             and p.version = l.promise_version
           where l.brand_id = $1 and p.quantity > l.ordered`,
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
    name: 'orders_are_whole',
    sentence: 'every line has its order, every order a line and its event',
    text: `select format('line %s of order %s has no order', l.line, l.order_id) as fault from order_line l
           where l.brand_id = $1 and not exists (select from customer_order o
             where o.brand_id = l.brand_id and o.order_id = l.order_id)
           union all
           select format('order %s has no line', o.order_id) from customer_order o
           where o.brand_id = $1 and not exists (select from order_line l
             where l.brand_id = o.brand_id and l.order_id = o.order_id)
           union all
           select format('promise %s of order %s line %s has no event', p.version, p.order_id, p.line) from promise p
           where p.brand_id = $1 and not exists (select from event e
             where e.brand_id = p.brand_id and e.event_id = p.event_id)`,
  },
  {
    name: 'channels_within_maximum',
    sentence: 'a channel’s committed units are counted: never below zero',
    text: `select format('item %s channel %s: %s committed', item_id, channel_id, committed) as fault
           from item_channel where brand_id = $1 and committed < 0`,
  },
];

export interface InvariantFinding {
  readonly name: string;
  readonly sentence: string;
  readonly faults: readonly string[];
}

/** Checks every invariant over whole tables, in one snapshot; at most `limit` faults are told of each. */
export async function checkInvariants(
  client: pg.PoolClient,
  brandId: number,
  limit = 20,
): Promise<InvariantFinding[]> {
  const findings: InvariantFinding[] = [];
  for (const { name, sentence, text } of INVARIANTS) {
    const { rows } = await client.query(`select fault from (${text}) faults limit ${limit}`, [brandId]);
    findings.push({ name, sentence, faults: rows.map((row) => row.fault) });
  }
  return findings;
}
