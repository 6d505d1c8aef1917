import type pg from 'pg';

/** Everything by which a customer of an address is known, by table. */
export async function readCustomer(
  client: pg.PoolClient,
  brandId: number,
  email: string,
): Promise<Record<string, unknown[]>> {
  const by = async (text: string) => (await client.query(text, [brandId, email])).rows.map(({ row }) => row);
  const orders = `select order_id from customer_order where brand_id = $1 and lower(customer_email) = $2`;
  return {
    orders: await by(`select to_jsonb(o) - 'brand_id' - 'content' as row from customer_order o
      where brand_id = $1 and lower(customer_email) = $2 order by placed_at`),
    lines:
      await by(`select jsonb_build_object('order_id', l.order_id, 'line', l.line, 'sku', i.sku, 'ordered', l.ordered,
        'shipped', l.shipped, 'cancelled', l.cancelled) as row
      from order_line l join item i on i.brand_id = l.brand_id and i.item_id = l.item_id
      where l.brand_id = $1 and l.order_id in (${orders}) order by l.order_id, l.line`),
    promises: await by(`select to_jsonb(p) - 'brand_id' as row from promise p
      where brand_id = $1 and order_id in (${orders}) order by order_id, line, version`),
    payments: await by(
      `select to_jsonb(p) - 'brand_id' as row from payment p where brand_id = $1 and order_id in (${orders})`,
    ),
    messages:
      await by(`select jsonb_build_object('kind', kind, 'sent_at', sent_at, 'recipient', recipient, 'subject', subject,
        'body_text', body_text) as row
      from message where brand_id = $1 and order_id in (${orders}) order by message_id`),
    choices: await by(
      `select to_jsonb(c) - 'brand_id' as row from customer_choice c where brand_id = $1 and order_id in (${orders})`,
    ),
    back_in_stock: await by(`select to_jsonb(b) - 'brand_id' - 'token_digest' as row from back_in_stock b
      where brand_id = $1 and lower(email) = $2`),
    lists: await by(
      `select to_jsonb(e) - 'brand_id' as row from limited_release_entry e where brand_id = $1 and lower(email) = $2`,
    ),
  };
}

/** Whose orders: of an address in lower case, some by Kept's ids, or all of a channel. */
export type Whose =
  | { readonly email: string }
  | { readonly orders: readonly number[] }
  | { readonly channel: string };

const BY = {
  email: 'lower(customer_email) = $2',
  orders: 'order_id = any($2::bigint[])',
  channel: 'channel_id = (select c.channel_id from channel c where c.brand_id = $1 and c.code = $2)',
} as const;

function byWhose(whose: Whose): readonly [condition: string, value: unknown] {
  if ('email' in whose) return [BY.email, whose.email];
  return 'orders' in whose ? [BY.orders, whose.orders] : [BY.channel, whose.channel];
}

/** Orders that are over and whose customers are still known, at most `limit`. */
export async function ordersOver(
  client: pg.PoolClient,
  brandId: number,
  whose: Whose,
  limit: number,
): Promise<number[]> {
  const [condition, value] = byWhose(whose);
  const { rows } = await client.query<{ order_id: number }>(
    `select order_id from customer_order o
     where brand_id = $1 and ${condition} and ${IS_KNOWN} and not ${IS_OPEN} order by order_id limit $3 for update`,
    [brandId, value, limit],
  );
  return rows.map(({ order_id }) => order_id);
}

/** Those with open units. */
export async function ordersOpen(client: pg.PoolClient, brandId: number, whose: Whose): Promise<number[]> {
  const [condition, value] = byWhose(whose);
  const { rows } = await client.query<{ order_id: number }>(
    `select order_id from customer_order o
     where brand_id = $1 and ${condition} and ${IS_KNOWN} and ${IS_OPEN} order by order_id`,
    [brandId, value],
  );
  return rows.map(({ order_id }) => order_id);
}

/** How many of them have open units: their customer must still be told and sent something. */
export async function countOpen(client: pg.PoolClient, brandId: number, whose: Whose): Promise<number> {
  const [condition, value] = byWhose(whose);
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from customer_order o
     where brand_id = $1 and ${condition} and ${IS_KNOWN} and ${IS_OPEN}`,
    [brandId, value],
  );
  return rows[0]!.count;
}

/** Orders that are over and were placed before an instant, whose customers are still known. */
export async function oldOrders(
  client: pg.PoolClient,
  brandId: number,
  before: Date,
  limit: number,
): Promise<number[]> {
  const { rows } = await client.query<{ order_id: number }>(
    `select order_id from customer_order o
     where brand_id = $1 and placed_at < $2 and ${IS_KNOWN} and not ${IS_OPEN}
     order by order_id limit $3 for update`,
    [brandId, before, limit],
  );
  return rows.map(({ order_id }) => order_id);
}

const IS_KNOWN = `customer_name not like 'erased %'`;
const IS_OPEN = `exists (select from order_line l where l.brand_id = o.brand_id and l.order_id = o.order_id
  and l.ordered - l.shipped - l.cancelled > 0)`;

export async function eraseOrders(client: pg.PoolClient, orders: readonly number[]): Promise<void> {
  if (orders.length > 0) await client.query('select erase_customers($1)', [orders]);
}

/** What somebody asked for without an order. */
export async function eraseRequests(client: pg.PoolClient, brandId: number, email: string): Promise<void> {
  await client.query('delete from back_in_stock where brand_id = $1 and lower(email) = $2', [brandId, email]);
  // Its place on the list stays, so that a draw can still be checked.
  await client.query(
    `update limited_release_entry set email = 'erased ' || entry_id, locale = null where brand_id = $1 and lower(email) = $2`,
    [brandId, email],
  );
  await client.query(
    `update notice set recipient = 'erased', subject = null, body_text = null, body_html = null, facts = '{}',
       state = case when state in ('waiting', 'sending') then 'skipped' else state end
     where brand_id = $1 and lower(recipient) = $2`,
    [brandId, email],
  );
}

/** What somebody asked for in a channel without an order. */
export async function eraseRequestsIn(
  client: pg.PoolClient,
  brandId: number,
  channel: string,
): Promise<void> {
  await client.query(`delete from back_in_stock where brand_id = $1 and ${BY.channel}`, [brandId, channel]);
}

export interface NewRequest {
  readonly id: string;
  readonly kind: 'erasure' | 'export';
  readonly whose: Whose;
  readonly by: string;
  readonly at: Date;
  readonly orders: number;
  readonly done: boolean;
}

/** Whose it is stays only for as long as something is to be done about it. */
export async function insertRequest(
  client: pg.PoolClient,
  brandId: number,
  { id, kind, whose, by, at, orders, done }: NewRequest,
): Promise<void> {
  await client.query(
    `insert into privacy_request (brand_id, request_id, kind, email, channel, orders_named, asked_by, asked_at, done_at, orders)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      brandId,
      id,
      kind,
      !done && 'email' in whose ? whose.email : null,
      'channel' in whose ? whose.channel : null,
      !done && 'orders' in whose ? whose.orders : null,
      by,
      at,
      done ? at : null,
      orders,
    ],
  );
}

/** Erasures that are not done, the oldest first. */
export async function waitingErasures(
  client: pg.PoolClient,
  brandId: number,
): Promise<{ id: string; whose: Whose }[]> {
  const { rows } = await client.query<{
    id: string;
    email: string | null;
    channel: string | null;
    orders: number[] | null;
  }>(
    `select request_id as id, email, channel, orders_named as orders from privacy_request
     where brand_id = $1 and done_at is null and kind = 'erasure' order by asked_at`,
    [brandId],
  );
  return rows.flatMap(({ id, email, channel, orders }): { id: string; whose: Whose }[] => {
    if (email !== null) return [{ id, whose: { email } }];
    if (channel !== null) return [{ id, whose: { channel } }];
    return orders === null ? [] : [{ id, whose: { orders } }];
  });
}

export async function noteErased(
  client: pg.PoolClient,
  brandId: number,
  id: string,
  erased: { orders: number; doneAt: Date | null },
): Promise<void> {
  await client.query(
    `update privacy_request set orders = orders + $3, done_at = $4, email = case when $4::timestamptz is null then email end,
       orders_named = case when $4::timestamptz is null then orders_named end
     where brand_id = $1 and request_id = $2 and done_at is null`,
    [brandId, id, erased.orders, erased.doneAt],
  );
}

/** What was asked for about an address was given. */
export async function noteExported(
  client: pg.PoolClient,
  brandId: number,
  email: string,
  at: Date,
): Promise<void> {
  await client.query(
    `update privacy_request set done_at = $3, email = null
     where brand_id = $1 and kind = 'export' and email = $2 and done_at is null`,
    [brandId, email, at],
  );
}

export interface RequestRow {
  readonly id: string;
  readonly kind: 'erasure' | 'export';
  readonly email: string | null;
  readonly channel: string | null;
  readonly by: string;
  readonly at: string;
  readonly doneAt: string | null;
  readonly orders: number;
}

/** Requests, the newest first. */
export async function listRequests(
  client: pg.PoolClient,
  brandId: number,
  before: readonly [string, string] | null,
  limit: number,
): Promise<RequestRow[]> {
  const { rows } = await client.query(
    `select request_id as id, kind, email, channel, asked_by as by, asked_at as at, done_at as "doneAt", orders
     from privacy_request
     where brand_id = $1 and ($2::timestamptz is null or (asked_at, request_id) < ($2, $3))
     order by asked_at desc, request_id desc limit $4`,
    [brandId, before?.[0] ?? null, before?.[1] ?? null, limit],
  );
  return rows;
}

export async function readEraseAfterDays(client: pg.PoolClient, brandId: number): Promise<number | null> {
  const { rows } = await client.query(
    'select erase_after_days as days from privacy_settings where brand_id = $1',
    [brandId],
  );
  return rows[0]?.days ?? null;
}

export async function writeEraseAfterDays(
  client: pg.PoolClient,
  brandId: number,
  days: number | null,
): Promise<void> {
  await client.query(
    `insert into privacy_settings (brand_id, erase_after_days) values ($1, $2)
     on conflict (brand_id) do update set erase_after_days = excluded.erase_after_days`,
    [brandId, days],
  );
}
