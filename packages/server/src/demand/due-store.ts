import type pg from 'pg';

/** Open lines whose last day is over, by order. */
export async function linesPastCancelAfter(
  client: pg.PoolClient,
  brandId: number,
  today: string,
): Promise<Map<number, number[]>> {
  const { rows } = await client.query(
    `select order_id, array_agg(line order by line) as lines from order_line
     where brand_id = $1 and cancel_after < $2::date and shipped + cancelled < ordered group by order_id`,
    [brandId, today],
  );
  return new Map(rows.map((row) => [row.order_id, row.lines]));
}

/** Orders past their payment deadline for which no money was authorised or taken, with something open. */
export async function unpaidOrders(client: pg.PoolClient, brandId: number, now: string): Promise<number[]> {
  const { rows } = await client.query(
    `select o.order_id from customer_order o
     where o.brand_id = $1 and o.payment_due_at <= $2::timestamptz
       and not exists (select from payment p where p.brand_id = $1 and p.order_id = o.order_id
         and p.kind in ('authorised', 'captured'))
       and exists (select from order_line l where l.brand_id = $1 and l.order_id = o.order_id
         and l.shipped + l.cancelled < l.ordered)`,
    [brandId, now],
  );
  return rows.map((row) => row.order_id);
}
