import type pg from 'pg';

/** An order that money has moved for, or that waits: what its journal is made of. Instants ISO 8601, minor units. */
export interface MoneyOrder {
  readonly order_id: number;
  readonly name: string;
  readonly currency: string;
  readonly shipping: number;
  readonly shipping_tax: number;
  readonly lines: readonly MoneyLine[];
  readonly payments: readonly {
    readonly id: string;
    readonly kind: 'captured' | 'refunded';
    readonly amount: number;
    readonly at: string;
  }[];
  readonly shipments: readonly MoneyShipment[];
  readonly entries: readonly MoneyEntry[];
}
export interface MoneyLine {
  readonly line: number;
  readonly ordered: number;
  readonly shipped: number;
  readonly cancelled: number;
  readonly price: number;
  readonly discount: number;
  readonly tax: number;
}
export interface MoneyShipment {
  readonly line: number;
  readonly quantity: number;
  readonly at: string;
  readonly delivered: string | null;
  readonly event: string;
}
/** A line's row in the book, as it is now. */
export interface MoneyEntry {
  readonly line: number;
  readonly value: number;
  readonly units: number;
  readonly sources: readonly (readonly [item: number, supply: number, value: number])[];
}

/** Orders by id after one, so many at a time: with payments, with shipments, or in the book. */
export async function readMoneyOrders(
  client: pg.PoolClient,
  brandId: number,
  after: number,
  limit: number,
): Promise<MoneyOrder[]> {
  const { rows } = await client.query(
    `with chosen as (
       select order_id from (
         (select distinct order_id from payment where brand_id = $1 and order_id > $2 and kind in ('captured', 'refunded')
            order by order_id limit $3)
         union
         (select distinct order_id from shipment where brand_id = $1 and order_id > $2 order by order_id limit $3)
         union
         (select distinct order_id from book_entry where brand_id = $1 and order_id > $2 and until_at is null
            order by order_id limit $3)
       ) some_orders order by order_id limit $3)
     select o.order_id, c.code || ':' || o.ref as name, o.currency, coalesce(o.shipping, 0) as shipping,
       coalesce(o.shipping_tax, 0) as shipping_tax,
       (select json_agg(json_build_object('line', l.line, 'ordered', l.ordered, 'shipped', l.shipped, 'cancelled', l.cancelled,
          'price', l.price, 'discount', l.discount, 'tax', l.tax) order by l.line)
        from order_line l where l.brand_id = $1 and l.order_id = o.order_id) as lines,
       coalesce((select json_agg(json_build_object('id', p.payment_id, 'kind', p.kind, 'amount', p.amount, 'at', p.happened_at)
          order by p.happened_at, p.event_id)
        from payment p where p.brand_id = $1 and p.order_id = o.order_id and p.kind in ('captured', 'refunded')), '[]') as payments,
       coalesce((select json_agg(json_build_object('line', s.line, 'quantity', s.quantity, 'at', s.shipped_at,
          'delivered', s.delivered_on, 'event', s.event_id::text || '-' || s.number) order by s.shipped_at, s.event_id, s.number)
        from shipment s where s.brand_id = $1 and s.order_id = o.order_id), '[]') as shipments,
       coalesce((select json_agg(json_build_object('line', e.line, 'value', e.value, 'units', e.units, 'sources',
          (select json_agg(json_build_array(x.item, x.supply, x.value)) from unnest(e.source_items, e.source_supplies,
             e.source_values) as x(item, supply, value))))
        from book_entry e where e.brand_id = $1 and e.order_id = o.order_id and e.until_at is null), '[]') as entries
     from chosen n join customer_order o on o.brand_id = $1 and o.order_id = n.order_id
     join channel c on c.brand_id = $1 and c.channel_id = o.channel_id
     order by o.order_id`,
    [brandId, after, limit],
  );
  return rows;
}

export interface RefundRow {
  readonly order: string;
  readonly amount: number;
  readonly currency: string;
  readonly due_on: string;
  readonly basis: string;
}
/** Money that is owed back and was not sent yet, the first due first. */
export async function readRefundsOwed(client: pg.PoolClient, brandId: number): Promise<RefundRow[]> {
  const { rows } = await client.query(
    `select c.code || ':' || o.ref as "order", r.amount, r.currency, r.due_on, r.basis from refund_due r
     join customer_order o on o.brand_id = r.brand_id and o.order_id = r.order_id
     join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id
     where r.brand_id = $1 and r.done_at is null and r.kind <> 'statement' order by r.due_on, r.event_id limit 1000`,
    [brandId],
  );
  return rows;
}
