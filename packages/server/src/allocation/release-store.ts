import { dayNumber, type PickableLine, type PickableOrder } from '@kept/engine';
import type pg from 'pg';

/** An order with open lines, as it is released. */
export interface StoredRelease extends PickableOrder {
  readonly order: number;
  readonly name: string;
  readonly channel: string;
  readonly customer: string;
  readonly class: string | null;
  readonly lines: readonly StoredReleaseLine[];
}
export interface StoredReleaseLine extends PickableLine {
  readonly ref: string | number;
  readonly sku: string;
  readonly policy: string;
  /** The earliest day promised of what is open. */
  readonly promised: string | null;
}

/** Orders with reserved units, those promised earliest first; one more than `limit`. */
export async function listReserved(
  client: pg.PoolClient,
  brandId: number,
  filter: { sku?: string | undefined; order?: number | undefined },
  after: readonly [shipBy: string, order: number] | null,
  limit: number,
): Promise<{ order: number; key: string }[]> {
  const { rows } = await client.query(
    `select * from (
       select c.order_id, coalesce(min(p.ship_by)::text, '9999-12-31') as key
       from commitment c
       join order_line l on l.brand_id = c.brand_id and l.order_id = c.order_id and l.line = c.line
       join item i on i.brand_id = c.brand_id and i.item_id = c.item_id
       left join promise p on p.brand_id = c.brand_id and p.order_id = c.order_id and p.line = c.line
         and p.version = l.promise_version
       where c.brand_id = $1 and c.kind = 0 and ($2::text is null or i.sku = $2)
         and ($3::bigint is null or c.order_id = $3)
       group by c.order_id) reserved
     where $4::text is null or (key, order_id) > ($4, $5::bigint)
     order by key, order_id limit $6`,
    [brandId, filter.sku ?? null, filter.order ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return rows.map((row) => ({ order: row.order_id, key: row.key }));
}

/** Orders whose open lines all follow some policies, with reserved units that nobody picks. */
export async function unreleasedOf(
  client: pg.PoolClient,
  brandId: number,
  policies: readonly string[],
): Promise<number[]> {
  const { rows } = await client.query(
    `select distinct c.order_id from commitment c
     join order_line l on l.brand_id = c.brand_id and l.order_id = c.order_id and l.line = c.line
     join item i on i.brand_id = l.brand_id and i.item_id = l.item_id
     where c.brand_id = $1 and c.kind = 0 and i.policy = any($2)
       and l.released < l.ordered - l.cancelled
     order by c.order_id`,
    [brandId, policies],
  );
  return rows.map((row) => row.order_id);
}

/** Orders with their open lines and what is reserved of them, in the order asked. */
export async function readReleases(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
): Promise<StoredRelease[]> {
  const [lines, reserved] = await Promise.all([
    client.query({
      name: 'release-lines',
      text: `select o.order_id, ch.code, o.ref, o.customer_name, o.customer_class, o.ship_complete,
               o.payment_due_at is not null as unpaid, l.line, l.line_ref, i.sku, i.policy, l.not_before,
               l.ordered - l.shipped - l.cancelled as open, greatest(0, l.released - l.shipped) as released, p.ship_by,
               coalesce((select json_agg(json_build_array(k.item_id, k.per) order by k.item_id) from order_line_component k
                 where k.brand_id = l.brand_id and k.order_id = l.order_id and k.line = l.line),
                 json_build_array(json_build_array(l.item_id, 1))) as legs
             from customer_order o
             join channel ch on ch.brand_id = o.brand_id and ch.channel_id = o.channel_id
             join order_line l on l.brand_id = o.brand_id and l.order_id = o.order_id
             join item i on i.brand_id = l.brand_id and i.item_id = l.item_id
             left join promise p on p.brand_id = l.brand_id and p.order_id = l.order_id and p.line = l.line
               and p.version = l.promise_version
             where o.brand_id = $1 and o.order_id = any($2) and l.ordered > l.shipped + l.cancelled
             order by o.order_id, l.line`,
      values: [brandId, orders],
    }),
    client.query({
      name: 'release-reservations',
      text: `select order_id, line, item_id, source, quantity from commitment
             where brand_id = $1 and order_id = any($2) and kind = 0 order by order_id, line, item_id, source`,
      values: [brandId, orders],
    }),
  ]);
  const places = Map.groupBy(reserved.rows, (row) => `${row.order_id}:${row.line}:${row.item_id}`);
  const byOrder = Map.groupBy(lines.rows, (row) => row.order_id as number);
  return orders.flatMap((order) => {
    const rows = byOrder.get(order);
    if (rows === undefined) return [];
    const [first] = rows;
    return {
      order,
      name: `${first.code}:${first.ref}`,
      channel: first.code,
      customer: first.customer_name,
      class: first.customer_class,
      shipComplete: first.ship_complete,
      unpaid: first.unpaid,
      lines: rows.map((row) => ({
        line: row.line,
        ref: JSON.parse(row.line_ref),
        sku: row.sku,
        policy: row.policy,
        open: row.open,
        released: row.released,
        notBefore: row.not_before === null ? null : dayNumber(row.not_before),
        promised: row.ship_by,
        legs: (row.legs as [number, number][]).map(([item, per]) => ({
          item,
          per,
          reserved: (places.get(`${order}:${row.line}:${item}`) ?? []).map((at) => ({
            place: at.source as number,
            quantity: at.quantity as number,
          })),
        })),
      })),
    };
  });
}

export interface ReleasedPick {
  readonly line: number;
  readonly item: number;
  readonly place: number;
  readonly quantity: number;
}

/** Records a release: what is picked where, and how much of each line is out of anybody's reach. */
export async function insertRelease(
  client: pg.PoolClient,
  brandId: number,
  order: number,
  lines: readonly { readonly line: number; readonly quantity: number }[],
  picks: readonly ReleasedPick[],
  { event, actor, at }: { event: number; actor: string; at: string },
): Promise<void> {
  await Promise.all([
    client.query(
      `update order_line l set released = greatest(l.released, l.shipped) + n.quantity
       from unnest($3::int[], $4::int[]) as n(line, quantity)
       where l.brand_id = $1 and l.order_id = $2 and l.line = n.line`,
      [brandId, order, lines.map((one) => one.line), lines.map((one) => one.quantity)],
    ),
    client.query(
      `insert into release_line (brand_id, event_id, number, order_id, line, item_id, location_id, quantity, actor, at)
       select $1, $2, n, $3, line, item_id, location_id, quantity, $4, $5
       from unnest($6::int[], $7::int[], $8::int[], $9::int[])
         with ordinality as p(line, item_id, location_id, quantity, n)`,
      [
        brandId,
        event,
        order,
        actor,
        at,
        picks.map((one) => one.line),
        picks.map((one) => one.item),
        picks.map((one) => one.place),
        picks.map((one) => one.quantity),
      ],
    ),
  ]);
}

export interface PickRow {
  readonly order: string;
  readonly orderId: number;
  readonly number: number;
  readonly line: string | number;
  readonly item: number;
  readonly sku: string;
  readonly title: string;
  readonly place: number;
  readonly quantity: number;
  /** Units of the item that are still being picked for the line: the newest rows are those. */
  readonly picking: number;
  readonly customer: string;
  readonly country: string;
  readonly shipBy: string | null;
  readonly releasedAt: string;
  readonly releasedBy: string;
}

/** What was released of lines of which something is not shipped yet, the newest first. */
export async function readPicks(client: pg.PoolClient, brandId: number): Promise<PickRow[]> {
  const { rows } = await client.query(
    `select ch.code, o.ref, r.order_id, r.line, l.line_ref, r.item_id, i.sku, d.title, r.location_id, r.quantity,
       least(l.released - l.shipped, l.ordered - l.shipped - l.cancelled) * coalesce(k.per, 1) as picking,
       o.customer_name, o.country, p.ship_by, r.at, r.actor
     from order_line l
     join release_line r on r.brand_id = l.brand_id and r.order_id = l.order_id and r.line = l.line
     join customer_order o on o.brand_id = l.brand_id and o.order_id = l.order_id
     join channel ch on ch.brand_id = o.brand_id and ch.channel_id = o.channel_id
     join item i on i.brand_id = r.brand_id and i.item_id = r.item_id
     join item_detail d on d.brand_id = r.brand_id and d.item_id = r.item_id
     left join order_line_component k on k.brand_id = r.brand_id and k.order_id = r.order_id and k.line = r.line
       and k.item_id = r.item_id
     left join promise p on p.brand_id = l.brand_id and p.order_id = l.order_id and p.line = l.line
       and p.version = l.promise_version
     where l.brand_id = $1 and l.released > l.shipped and l.ordered > l.shipped + l.cancelled
     order by r.order_id, r.line, r.item_id, r.event_id desc, r.number desc`,
    [brandId],
  );
  return rows.map((row) => ({
    order: `${row.code}:${row.ref}`,
    orderId: row.order_id,
    number: row.line,
    line: JSON.parse(row.line_ref),
    item: row.item_id,
    sku: row.sku,
    title: row.title,
    place: row.location_id,
    quantity: row.quantity,
    picking: row.picking,
    customer: row.customer_name,
    country: row.country,
    shipBy: row.ship_by,
    releasedAt: row.at,
    releasedBy: row.actor,
  }));
}
