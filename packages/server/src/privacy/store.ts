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

/** Orders of an address, those with open units apart: their customer must still be told and sent something. */
export async function ordersOf(
  client: pg.PoolClient,
  brandId: number,
  email: string,
): Promise<{ over: number[]; open: number[] }> {
  const { rows } = await client.query<{ order_id: number; open: boolean }>(
    `select order_id, ${IS_OPEN} as open from customer_order o where brand_id = $1 and lower(customer_email) = $2
     order by order_id for update`,
    [brandId, email],
  );
  return {
    over: rows.filter(({ open }) => !open).map(({ order_id }) => order_id),
    open: rows.filter(({ open }) => open).map(({ order_id }) => order_id),
  };
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
     where brand_id = $1 and placed_at < $2 and customer_name not like 'erased %' and not ${IS_OPEN}
     order by order_id limit $3 for update`,
    [brandId, before, limit],
  );
  return rows.map(({ order_id }) => order_id);
}

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

export async function insertRequest(
  client: pg.PoolClient,
  brandId: number,
  request: { id: string; email: string | null; by: string; at: Date; orders: number },
): Promise<void> {
  await client.query(
    `insert into privacy_request (brand_id, request_id, email, asked_by, asked_at, done_at, orders)
     values ($1, $2, $3, $4, $5, case when $3::text is null then $5::timestamptz end, $6)`,
    [brandId, request.id, request.email, request.by, request.at, request.orders],
  );
}

export async function waitingRequests(
  client: pg.PoolClient,
  brandId: number,
): Promise<{ id: string; email: string }[]> {
  const { rows } = await client.query(
    `select request_id as id, email from privacy_request where brand_id = $1 and done_at is null order by asked_at for update`,
    [brandId],
  );
  return rows;
}

export async function noteErased(
  client: pg.PoolClient,
  brandId: number,
  id: string,
  erased: { orders: number; doneAt: Date | null },
): Promise<void> {
  await client.query(
    `update privacy_request set orders = orders + $3, done_at = $4, email = case when $4::timestamptz is null then email end
     where brand_id = $1 and request_id = $2`,
    [brandId, id, erased.orders, erased.doneAt],
  );
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
