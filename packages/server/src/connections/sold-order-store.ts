import type pg from 'pg';

/** One order as a channel judges a seller by it. Days 'YYYY-MM-DD', instants ISO 8601. */
export interface SoldOrderRow {
  readonly placed_at: string;
  readonly ship_by: string | null;
  readonly shipped_at: string | null;
  readonly planned_on: string | null;
  readonly cancelled_by: string | null;
  readonly unbacked: boolean;
}

/**
 * Orders of a channel that were placed since an instant: the last ship day that was stated, when the last unit left of those
 * that have left whole, the day that is promised for what is open, and who cancelled those of which nothing was shipped.
 */
export async function readSoldOrders(
  client: pg.PoolClient,
  brandId: number,
  channel: string,
  since: Date,
): Promise<SoldOrderRow[]> {
  const { rows } = await client.query<SoldOrderRow>({
    name: 'sold-orders',
    text: `
      with sold as (
        select o.order_id, o.placed_at
        from customer_order o
        join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id
        where o.brand_id = $1 and c.code = $2 and o.placed_at >= $3
      ), lines as (
        select s.order_id, min(s.placed_at) as placed_at, min(l.stated_ship_by) as ship_by,
          sum(l.ordered - l.shipped - l.cancelled) as open, sum(l.shipped) as shipped,
          max(p.ship_by) filter (where l.ordered > l.shipped + l.cancelled) as planned_on
        from sold s
        join order_line l on l.brand_id = $1 and l.order_id = s.order_id
        left join promise p on p.brand_id = $1 and p.order_id = l.order_id and p.line = l.line and p.version = l.promise_version
        group by s.order_id
      )
      select to_json(n.placed_at)#>>'{}' as placed_at, n.ship_by, n.planned_on,
        case when n.open = 0 and n.shipped > 0
          then (select to_json(max(h.shipped_at))#>>'{}' from shipment h where h.brand_id = $1 and h.order_id = n.order_id)
        end as shipped_at,
        case when n.open = 0 and n.shipped = 0
          then (select x.by from cancellation x where x.brand_id = $1 and x.order_id = n.order_id
                order by x.event_id desc, x.line limit 1)
        end as cancelled_by,
        n.open > 0 and exists (
          select from commitment w where w.brand_id = $1 and w.order_id = n.order_id and w.kind = 2
        ) as unbacked
      from lines n`,
    values: [brandId, channel, since],
  });
  return rows;
}
