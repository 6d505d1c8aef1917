import type { Payment } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import type { ChangeCause, OrderPlan } from './order-plan.ts';

export async function insertCancellations(
  client: pg.PoolClient,
  brandId: number,
  event: number,
  order: number,
  lines: OrderPlan['cancel'],
  cause: ChangeCause,
): Promise<void> {
  if (lines.length === 0) return;
  await client.query(
    `insert into cancellation (brand_id, event_id, order_id, line, quantity, by, reason, happened_at)
     select $1, $2, $3, *, $6, $7, $8 from unnest($4::int[], $5::int[])`,
    [
      brandId,
      event,
      order,
      lines.map((one) => one.line.line),
      lines.map((one) => one.quantity),
      cause.by ?? 'channel',
      cause.words ?? cause.reason.code,
      cause.happenedAt.toISOString(),
    ],
  );
}

export async function insertShipments(
  client: pg.PoolClient,
  brandId: number,
  event: number,
  order: number,
  lines: OrderPlan['ship'],
  placeOf: ReadonlyMap<string, number>,
  cause: ChangeCause,
): Promise<void> {
  if (lines.length === 0) return;
  await client.query(
    `insert into shipment (brand_id, event_id, order_id, number, line, quantity, location_id, carrier, tracking, shipped_at,
       delivered_on)
     select $1, $2, $3, n, line, quantity, location_id, $7, $8, $9, $10
     from unnest($4::int[], $5::int[], $6::int[]) with ordinality as s(line, quantity, location_id, n)`,
    [
      brandId,
      event,
      order,
      lines.map((one) => one.line.line),
      lines.map((one) => one.quantity),
      lines.map((one) => (one.location === null ? null : (placeOf.get(one.location) ?? null))),
      cause.shipment?.carrier ?? null,
      cause.shipment?.tracking ?? null,
      cause.happenedAt.toISOString(),
      cause.shipment?.deliveredOn ?? null,
    ],
  );
}

export async function insertPayment(
  client: pg.PoolClient,
  brandId: number,
  event: number,
  order: number,
  payment: z.output<typeof Payment>,
): Promise<void> {
  await client.query(
    `insert into payment (brand_id, order_id, payment_id, kind, amount, currency, happened_at, capture_before, event_id,
       provider, reference, network, of_payment)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      brandId,
      order,
      payment.id,
      payment.kind,
      payment.amount.amount,
      payment.amount.currency,
      payment.at,
      payment.captureBefore ?? null,
      event,
      payment.provider ?? 'manual',
      payment.reference ?? null,
      payment.network ?? null,
      payment.of ?? null,
    ],
  );
}

/** Captures of many orders by name ('channel:ref'), the first under event `first`; those whose order is there are answered. */
export async function insertCaptures(
  client: pg.PoolClient,
  brandId: number,
  first: number,
  captures: readonly {
    readonly order: string;
    readonly id: string;
    readonly amount: number;
    readonly at: string;
  }[],
): Promise<{ event: number; order: number; currency: string }[]> {
  const colon = (name: string) => name.indexOf(':');
  const { rows } = await client.query(
    `insert into payment (brand_id, order_id, payment_id, kind, amount, currency, happened_at, event_id, provider)
     select $1, o.order_id, n.id, 'captured', n.amount, o.currency, n.at, $2::bigint + n.place - 1, 'manual'
     from unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[])
       with ordinality as n(channel, ref, id, amount, at, place)
     join channel c on c.brand_id = $1 and c.code = n.channel
     join customer_order o on o.brand_id = $1 and o.channel_id = c.channel_id and o.ref = n.ref
     returning event_id as event, order_id as order, currency`,
    [
      brandId,
      first,
      captures.map(({ order }) => order.slice(0, colon(order))),
      captures.map(({ order }) => order.slice(colon(order) + 1)),
      captures.map(({ id }) => id),
      captures.map(({ amount }) => amount),
      captures.map(({ at }) => at),
    ],
  );
  return rows;
}

/** Locks the order, so that two who record the same payment take turns. */
export async function hasPayment(
  client: pg.PoolClient,
  brandId: number,
  order: number,
  payment: string,
): Promise<boolean> {
  await client.query('select from customer_order where brand_id = $1 and order_id = $2 for update', [
    brandId,
    order,
  ]);
  const { rowCount } = await client.query(
    'select from payment where brand_id = $1 and order_id = $2 and payment_id = $3',
    [brandId, order, payment],
  );
  return rowCount === 1;
}

export interface ShippedLine {
  readonly event: number;
  readonly line: string | number;
  readonly sku: string;
  readonly quantity: number;
  readonly location: string | null;
  readonly carrier: string | null;
  readonly tracking: string | null;
  /** ISO 8601. */
  readonly shippedAt: string;
}

/** What left, by the events that recorded it. */
export async function readShipments(
  client: pg.PoolClient,
  brandId: number,
  events: readonly { readonly event: number; readonly order: number }[],
): Promise<ShippedLine[]> {
  if (events.length === 0) return [];
  const { rows } = await client.query(
    `select s.event_id as event, l.line_ref, i.sku, s.quantity, p.code as location, s.carrier, s.tracking,
       s.shipped_at as "shippedAt"
     from unnest($2::bigint[], $3::bigint[]) as e(event_id, order_id)
     join shipment s on s.brand_id = $1 and s.event_id = e.event_id and s.order_id = e.order_id
     join order_line l on l.brand_id = s.brand_id and l.order_id = s.order_id and l.line = s.line
     join item i on i.brand_id = l.brand_id and i.item_id = l.item_id
     left join location p on p.brand_id = s.brand_id and p.location_id = s.location_id
     order by s.event_id, s.number`,
    [brandId, events.map((one) => one.event), events.map((one) => one.order)],
  );
  return rows.map(({ line_ref, ...row }) => ({ ...row, line: JSON.parse(line_ref) }));
}
