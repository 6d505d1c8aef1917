import type pg from 'pg';
import { TOLD_VERSIONS } from './told-store.ts';

export interface AccuracyFilter {
  readonly by: 'month' | 'supplier' | 'channel';
  readonly channel?: string | undefined;
  readonly supplier?: string | undefined;
  /** Days promised, 'YYYY-MM-DD'. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface AccuracyRow {
  readonly group: string | null;
  readonly first_promises: number;
  readonly first_kept: number;
  readonly latest_promises: number;
  readonly latest_kept: number;
  readonly told_promises: number;
  readonly told_kept: number;
}

const GROUPS = { month: "to_char(ship_by, 'YYYY-MM')", supplier: 'supplier', channel: 'channel' } as const;

/**
 * How many first and latest promises were kept, and the latest that customers were told of, by group. A promise is judged when its day is over, or once all its units
 * have left; units cancelled after it was made are nobody's to keep.
 * @param today the brand's, 'YYYY-MM-DD'
 */
export async function readAccuracy(
  client: pg.PoolClient,
  brandId: number,
  filter: AccuracyFilter,
  { today, timeZone }: { today: string; timeZone: string },
): Promise<AccuracyRow[]> {
  const { rows } = await client.query(
    `with told as (${TOLD_VERSIONS}),
     version as (
       select p.order_id, p.line, p.ship_by, p.quantity, p.shipped_before, p.made_at, p.reasons, c.code as channel,
         row_number() over (partition by p.order_id, p.line order by p.version) = 1 as first,
         row_number() over (partition by p.order_id, p.line order by p.version desc) = 1 as latest,
         t.version is not null and row_number() over (
           partition by p.order_id, p.line order by t.version desc nulls last) = 1 as told
       from promise p
       left join told t on t.order_id = p.order_id and t.line = p.line and t.version = p.version
       join customer_order o on o.brand_id = p.brand_id and o.order_id = p.order_id
       join channel c on c.brand_id = p.brand_id and c.channel_id = o.channel_id
       where p.brand_id = $1 and p.ship_by is not null and ($4::text is null or c.code = $4)),
     counted as (
       select v.*,
         v.quantity - coalesce((select sum(x.quantity) from cancellation x
           where x.brand_id = $1 and x.order_id = v.order_id and x.line = v.line and x.happened_at >= v.made_at), 0) as due,
         coalesce((select sum(s.quantity) from shipment s
           where s.brand_id = $1 and s.order_id = v.order_id and s.line = v.line
             and (s.shipped_at at time zone $3)::date <= v.ship_by), 0) - v.shipped_before as shipped,
         (select po.supplier from jsonb_array_elements(v.reasons::jsonb) reason
           join purchase_order po on po.brand_id = $1 and po.ref = reason ->> 'purchaseOrder'
           where reason ->> 'code' = 'pegged_to_supply' order by reason ->> 'shipBy' desc limit 1) as supplier
       from version v
       where (v.first or v.latest or v.told) and ($6::date is null or v.ship_by >= $6) and ($7::date is null or v.ship_by <= $7)),
     judged as (
       select *, shipped >= due as kept from counted
       where due > 0 and (ship_by < $2 or shipped >= due) and ($5::text is null or supplier = $5))
     select ${GROUPS[filter.by]} as "group",
       count(*) filter (where first)::int as first_promises, count(*) filter (where first and kept)::int as first_kept,
       count(*) filter (where latest)::int as latest_promises, count(*) filter (where latest and kept)::int as latest_kept,
       count(*) filter (where told)::int as told_promises, count(*) filter (where told and kept)::int as told_kept
     from judged group by 1 order by 1 nulls first`,
    [
      brandId,
      today,
      timeZone,
      filter.channel ?? null,
      filter.supplier ?? null,
      filter.from ?? null,
      filter.to ?? null,
    ],
  );
  return rows;
}
