import type pg from 'pg';

/** A date that stood for a supply that has come since; days since 1970-01-01. */
export interface ArrivalRow {
  readonly supplier: string | null;
  readonly freight: string | null;
  readonly stage: string;
  readonly at: number;
  readonly expected: number;
  readonly arrived: number;
  readonly weight: number;
}

/**
 * Supplies whose first units came in the two years before a day, the latest first, each against every date that stood for it before. Lines
 * of one purchase order that came on one day travelled together, and count as one.
 */
export async function readArrivals(
  client: pg.PoolClient,
  brandId: number,
  today: string,
  timeZone: string,
  most: number,
): Promise<ArrivalRow[]> {
  const { rows } = await client.query(
    `with came as (
       select item_id, supply_id, min(happened_at) as at, (min(happened_at) at time zone $3)::date as day from supply_receipt
       where brand_id = $1 and quantity > 0 and happened_at >= $2::date - 730 group by 1, 2
       order by 3 desc limit $4),
     journey as (
       select c.*, u.kind, p.supplier, p.freight_mode,
         count(*) over (partition by u.kind, u.ref, c.day) as lines
       from came c
       join supply u on u.brand_id = $1 and u.item_id = c.item_id and u.supply_id = c.supply_id
       left join purchase_order p on p.brand_id = $1 and u.kind = 'purchase_order' and p.ref = u.ref)
     select j.supplier, j.freight_mode as freight, v.stage, (v.happened_at at time zone $3)::date - '1970-01-01'::date as at,
       v.expected_on - '1970-01-01'::date as expected, j.day - '1970-01-01'::date as arrived,
       1.0::float8 / (j.lines * count(*) over (partition by j.item_id, j.supply_id)) as weight
     from journey j
     join supply_revision v on v.brand_id = $1 and v.item_id = j.item_id and v.supply_id = j.supply_id
     where v.happened_at < j.at and v.expected_on is not null and v.stage not in ('draft', 'cancelled')`,
    [brandId, today, timeZone, most],
  );
  return rows;
}
