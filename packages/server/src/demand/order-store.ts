import type pg from 'pg';
import { bigints, booleans, dates, ints, smallints, texts, timestamps } from '../platform/columns.ts';
import type { Order, OrderLineInput } from './order-input.ts';

export interface OrderIdentity {
  readonly order: number;
  readonly channel: number;
  readonly ref: string;
  readonly content: string;
  readonly sourceUpdatedAt: string | null;
}

/**
 * Orders by their channel's code and their ref: name by name, through the index of names. `offset 0` keeps PostgreSQL from
 * another plan, which is to read all orders of the brand while the table grows faster than its statistics. Planned anew each
 * time, for 0.1 ms: a plan that was kept from when there were few orders reads all of them for each name.
 */
export async function findOrders(
  client: pg.PoolClient,
  brandId: number,
  names: readonly { readonly channel: string; readonly ref: string }[],
): Promise<OrderIdentity[]> {
  const byChannel = Map.groupBy(names, (name) => name.channel);
  const found = await Promise.all(
    [...byChannel].map(([channel, own]) =>
      client.query({
        text: `select o.* from (select unnest($3::text[]) as ref) n cross join lateral (
                 select order_id, channel_id, ref, content, source_updated_at from customer_order
                 where brand_id = $1 and ref = n.ref
                   and channel_id = (select channel_id from channel where brand_id = $1 and code = $2) offset 0) o`,
        values: [brandId, channel, texts(own, (name) => name.ref)],
      }),
    ),
  );
  return found
    .flatMap(({ rows }) => rows)
    .map((row) => ({
      order: row.order_id,
      channel: row.channel_id,
      ref: row.ref,
      content: row.content,
      sourceUpdatedAt: row.source_updated_at,
    }));
}

export interface NewOrder {
  readonly order: number;
  readonly channel: number;
  readonly content: string;
  readonly recordedAt: string;
  readonly replaces: number | null;
  readonly input: Order;
}

export async function insertOrders(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly NewOrder[],
): Promise<void> {
  if (orders.length === 0) return;
  const inserted = client.query({
    name: 'insert-orders',
    text: `insert into customer_order (brand_id, order_id, channel_id, ref, mode, placed_at, recorded_at, source_updated_at,
             content, customer_name, customer_email, customer_class, locale, country, region, zip, business, ship_complete,
             allow_partial, accept_backorder, currency, shipping, shipping_tax, payment_due_at, replaces)
           select $1, unnest($2::bigint[]), unnest($3::int[]), unnest($4::text[]), unnest($5::smallint[]),
             unnest($6::timestamptz[]), unnest($7::timestamptz[]), unnest($8::timestamptz[]), unnest($9::text[]),
             unnest($10::text[]), unnest($11::text[]), unnest($12::text[]), unnest($13::text[]), unnest($14::text[]),
             unnest($15::text[]), unnest($16::text[]), unnest($17::boolean[]), unnest($18::boolean[]),
             unnest($19::boolean[]), unnest($20::boolean[]), unnest($21::text[]), unnest($22::bigint[]),
             unnest($23::bigint[]), unnest($24::timestamptz[]), unnest($25::bigint[])`,
    values: [
      brandId,
      bigints(orders, (one) => one.order),
      ints(orders, (one) => one.channel),
      texts(orders, (one) => one.input.ref),
      smallints(orders, (one) => (one.input.mode === 'placed' ? 1 : 0)),
      timestamps(orders, (one) => one.input.placedAt),
      timestamps(orders, (one) => one.recordedAt),
      timestamps(orders, (one) => one.input.sourceUpdatedAt),
      texts(orders, (one) => one.content),
      texts(orders, (one) => one.input.customer.name),
      texts(orders, (one) => one.input.customer.email),
      texts(orders, (one) => one.input.customer.class),
      texts(orders, (one) => one.input.customer.locale),
      texts(orders, (one) => one.input.shipTo.country),
      texts(orders, (one) => one.input.shipTo.region),
      texts(orders, (one) => one.input.shipTo.zip),
      booleans(orders, (one) => one.input.business),
      booleans(orders, (one) => one.input.shipComplete),
      booleans(orders, (one) => one.input.allowPartial),
      booleans(orders, (one) => one.input.acceptBackorder),
      texts(orders, (one) => one.input.lines[0]!.price.currency),
      bigints(orders, (one) => one.input.shipping?.amount),
      bigints(orders, (one) => one.input.shippingTax?.amount),
      timestamps(orders, (one) => one.input.paymentDueAt),
      bigints(orders, (one) => one.replaces),
    ],
  });
  // Sent behind it without waiting: whoever calls may send the commit right after this.
  const reached = orders.filter((one) => one.input.customer.phone !== undefined);
  const phones = reached.map((one) =>
    updateContact(client, brandId, one.order, { phone: one.input.customer.phone }),
  );
  const told = Promise.all(phones);
  told.catch(() => {}); // told below
  // Itself and not by way of all: where it fails, what was sent behind it fails too, and the cause must be heard first.
  await inserted;
  await told;
}

/** Where a customer is reached: what is left out stays, null takes it away. */
export async function updateContact(
  client: pg.PoolClient,
  brandId: number,
  order: number,
  {
    email,
    phone,
  }: { readonly email?: string | null | undefined; readonly phone?: string | null | undefined },
): Promise<void> {
  await client.query(
    `update customer_order set customer_email = case when $3 then $4 else customer_email end,
       customer_phone = case when $5 then $6 else customer_phone end
     where brand_id = $1 and order_id = $2`,
    [brandId, order, email !== undefined, email ?? null, phone !== undefined, phone ?? null],
  );
}

export interface NewLine {
  readonly order: number;
  readonly line: number;
  readonly item: number;
  readonly ordered: number;
  readonly shipped: number;
  readonly cancelled: number;
  readonly refused: number;
  readonly rank: number;
  readonly promiseVersion: number;
  readonly waitingSince: string | null;
  /** Minor units per stock unit, and off the whole line. */
  readonly price: number;
  readonly discount: number;
  readonly input: OrderLineInput;
}

/**
 * A line's price per stock unit. A price per case that does not divide is rounded up, and what that is too much goes off
 * the line as discount, so that the line's value stays exact.
 */
export function unitPrice(line: OrderLineInput, factor: number): { price: number; discount: number } {
  const discount = line.discount?.amount ?? 0;
  if (factor === 1) return { price: line.price.amount, discount };
  const price = Math.ceil(line.price.amount / factor);
  return { price, discount: discount + (price * factor - line.price.amount) * line.quantity };
}

export async function insertLines(
  client: pg.PoolClient,
  brandId: number,
  lines: readonly NewLine[],
): Promise<void> {
  if (lines.length === 0) return;
  await client.query({
    name: 'insert-lines',
    text: `insert into order_line (brand_id, order_id, line, line_ref, item_id, ordered, shipped, cancelled, refused, price,
             discount, tax, kind, rank, promise_version, told_version, waiting_since, not_before, cancel_after,
             stated_ship_by, stated_deliver_by)
           select $1, unnest($2::bigint[]), unnest($3::int[]), unnest($4::text[]), unnest($5::int[]), unnest($6::int[]),
             unnest($7::int[]), unnest($8::int[]), unnest($9::int[]), unnest($10::bigint[]), unnest($11::bigint[]),
             unnest($12::bigint[]), unnest($13::text[]), unnest($14::bigint[]), unnest($15::int[]),
             least(unnest($15::int[]), 1), unnest($16::timestamptz[]), unnest($17::date[]), unnest($18::date[]),
             unnest($19::date[]), unnest($20::date[])`,
    values: [
      brandId,
      bigints(lines, (one) => one.order),
      ints(lines, (one) => one.line),
      texts(lines, (one) => JSON.stringify(one.input.line)),
      ints(lines, (one) => one.item),
      ints(lines, (one) => one.ordered),
      ints(lines, (one) => one.shipped),
      ints(lines, (one) => one.cancelled),
      ints(lines, (one) => one.refused),
      bigints(lines, (one) => one.price),
      bigints(lines, (one) => one.discount),
      bigints(lines, (one) => one.input.tax?.amount ?? 0),
      texts(lines, (one) => one.input.kind),
      bigints(lines, (one) => one.rank),
      ints(lines, (one) => one.promiseVersion),
      timestamps(lines, (one) => one.waitingSince),
      dates(lines, (one) => one.input.notBefore),
      dates(lines, (one) => one.input.cancelAfter),
      dates(lines, (one) => one.input.statedShipBy),
      dates(lines, (one) => one.input.statedDeliverBy),
    ],
  });
}

export interface NewComponent {
  readonly order: number;
  readonly line: number;
  readonly item: number;
  readonly per: number;
}

export async function insertComponents(
  client: pg.PoolClient,
  brandId: number,
  components: readonly NewComponent[],
): Promise<void> {
  if (components.length === 0) return;
  await client.query({
    name: 'insert-components',
    text: `insert into order_line_component (brand_id, order_id, line, item_id, per)
           select $1, unnest($2::bigint[]), unnest($3::int[]), unnest($4::int[]), unnest($5::int[])`,
    values: [
      brandId,
      bigints(components, (one) => one.order),
      ints(components, (one) => one.line),
      ints(components, (one) => one.item),
      ints(components, (one) => one.per),
    ],
  });
}

/** A stored line as facts about it need it. */
export interface StoredLine {
  readonly line: number;
  readonly ref: string | number;
  readonly sku: string;
  readonly item: number;
  readonly kit: boolean;
  readonly ordered: number;
  readonly shipped: number;
  readonly cancelled: number;
  readonly price: number;
  readonly notBefore: string | null;
  readonly cancelAfter: string | null;
  readonly rank: number;
  /** The newest version of its promise; 0: it has had none. */
  readonly promiseVersion: number;
  /** The items it stands on: its own, or a kit's components, with their units per unit of the line. */
  readonly legs: readonly { readonly item: number; readonly per: number }[];
}

export interface StoredOrder {
  readonly order: number;
  readonly channel: number;
  readonly ref: string;
  readonly mode: 'request' | 'placed';
  readonly content: string;
  readonly placedAt: string;
  readonly sourceUpdatedAt: string | null;
  readonly currency: string;
  readonly class: string | null;
  readonly country: string;
  readonly shipComplete: boolean;
  readonly acceptBackorder: boolean;
  readonly lines: readonly StoredLine[];
}

/** An order with its lines; null where there is none. Not locked: what a fact needs is read again under its items' locks. */
export async function readOrder(
  client: pg.PoolClient,
  brandId: number,
  order: number,
): Promise<StoredOrder | null> {
  const [orders, lines] = await Promise.all([
    client.query({
      name: 'read-order',
      text: `select order_id, channel_id, ref, mode, content, placed_at, source_updated_at, currency, customer_class, country,
               ship_complete, accept_backorder
             from customer_order where brand_id = $1 and order_id = $2`,
      values: [brandId, order],
    }),
    client.query({
      name: 'read-order-lines',
      text: `select l.line, l.line_ref, i.sku, l.item_id, l.ordered, l.shipped, l.cancelled, l.price, l.not_before,
               l.cancel_after, l.rank, l.promise_version,
               (select json_agg(json_build_array(k.item_id, k.per)) from order_line_component k
                where k.brand_id = l.brand_id and k.order_id = l.order_id and k.line = l.line) as components
             from order_line l join item i on i.brand_id = l.brand_id and i.item_id = l.item_id
             where l.brand_id = $1 and l.order_id = $2 order by l.line`,
      values: [brandId, order],
    }),
  ]);
  const [row] = orders.rows;
  if (row === undefined) return null;
  return {
    order: row.order_id,
    channel: row.channel_id,
    ref: row.ref,
    mode: row.mode === 1 ? 'placed' : 'request',
    content: row.content,
    placedAt: row.placed_at,
    sourceUpdatedAt: row.source_updated_at,
    currency: row.currency,
    class: row.customer_class,
    country: row.country,
    shipComplete: row.ship_complete,
    acceptBackorder: row.accept_backorder,
    lines: lines.rows.map((line) => ({
      line: line.line,
      ref: JSON.parse(line.line_ref),
      sku: line.sku,
      item: line.item_id,
      kit: line.components !== null,
      ordered: line.ordered,
      shipped: line.shipped,
      cancelled: line.cancelled,
      price: line.price,
      notBefore: line.not_before,
      cancelAfter: line.cancel_after,
      rank: line.rank,
      promiseVersion: line.promise_version,
      legs: (line.components ?? [[line.item_id, 1]]).map(([item, per]: [number, number]) => ({ item, per })),
    })),
  };
}

/** The counts of lines after facts about them. */
export async function updateLineCounts(
  client: pg.PoolClient,
  brandId: number,
  order: number,
  lines: readonly {
    line: number;
    ordered: number;
    shipped: number;
    cancelled: number;
    added: { quantity: number; rank: number } | null;
    notBefore: string | null;
    cancelAfter: string | null;
  }[],
): Promise<void> {
  if (lines.length === 0) return;
  await client.query({
    name: 'update-line-counts',
    text: `update order_line l set ordered = n.ordered, shipped = n.shipped, cancelled = n.cancelled, added = n.added,
             added_rank = n.added_rank, not_before = n.not_before, cancel_after = n.cancel_after
           from unnest($3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::bigint[], $9::date[], $10::date[])
             as n(line, ordered, shipped, cancelled, added, added_rank, not_before, cancel_after)
           where l.brand_id = $1 and l.order_id = $2 and l.line = n.line`,
    values: [
      brandId,
      order,
      lines.map((one) => one.line),
      lines.map((one) => one.ordered),
      lines.map((one) => one.shipped),
      lines.map((one) => one.cancelled),
      lines.map((one) => one.added?.quantity ?? 0),
      lines.map((one) => one.added?.rank ?? null),
      lines.map((one) => one.notBefore),
      lines.map((one) => one.cancelAfter),
    ],
  });
}

/**
 * What a channel now says of an order that it had told before. One that waited for its payment was not complete (RULES 5):
 * where it goes may be told only now.
 */
export async function updateContent(
  client: pg.PoolClient,
  brandId: number,
  order: number,
  told: {
    readonly content: string;
    readonly sourceUpdatedAt: string | null;
    readonly paymentDueAt: string | null;
    readonly shipTo: { readonly country: string; readonly region?: string; readonly zip?: string };
  },
): Promise<void> {
  await client.query(
    `update customer_order set content = $3, source_updated_at = coalesce($4::timestamptz, source_updated_at),
       payment_due_at = $5, country = case when payment_due_at is null then country else $6 end,
       region = case when payment_due_at is null then region else coalesce($7, region) end,
       zip = case when payment_due_at is null then zip else coalesce($8, zip) end
     where brand_id = $1 and order_id = $2`,
    [
      brandId,
      order,
      told.content,
      told.sourceUpdatedAt,
      told.paymentDueAt,
      told.shipTo.country,
      told.shipTo.region ?? null,
      told.shipTo.zip ?? null,
    ],
  );
}

/** Lines that were sold without a price, with the one they have. Amounts in minor units. */
export async function priceLines(
  client: pg.PoolClient,
  brandId: number,
  order: number,
  lines: readonly {
    readonly line: number;
    readonly price: number;
    readonly discount: number;
    readonly tax: number;
  }[],
): Promise<void> {
  if (lines.length === 0) return;
  await client.query(
    `update order_line l set price = n.price, discount = n.discount, tax = n.tax
     from unnest($3::int[], $4::bigint[], $5::bigint[], $6::bigint[]) as n(line, price, discount, tax)
     where l.brand_id = $1 and l.order_id = $2 and l.line = n.line`,
    [
      brandId,
      order,
      lines.map((one) => one.line),
      lines.map((one) => one.price),
      lines.map((one) => one.discount),
      lines.map((one) => one.tax),
    ],
  );
}

/** What an item costs; null where there is none. */
export async function itemPrice(
  client: pg.PoolClient,
  brandId: number,
  sku: string,
): Promise<{ amount: number; currency: string } | null> {
  const { rows } = await client.query(
    `select d.price as amount, d.currency from item i
     join item_detail d on d.brand_id = i.brand_id and d.item_id = i.item_id
     where i.brand_id = $1 and i.sku = $2`,
    [brandId, sku],
  );
  return rows[0] ?? null;
}
