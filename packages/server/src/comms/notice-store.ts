import type pg from 'pg';

export interface NewNotice {
  readonly id: number;
  readonly event: number;
  readonly kind: string;
  readonly to: string;
  readonly locale: string | null;
  readonly order: number | null;
  readonly sku: string | null;
  /** JSON. */
  readonly facts: string;
}

/** Writes notices, each once per event, kind and address. */
export async function insertNotices(
  client: pg.PoolClient,
  brandId: number,
  notices: readonly NewNotice[],
  at: string,
): Promise<void> {
  if (notices.length === 0) return;
  await client.query(
    `insert into notice (brand_id, notice_id, event_id, kind, recipient, locale, order_id, sku, facts, written_at, try_at)
     select $1, n.*, $2::timestamptz, $2::timestamptz
     from unnest($3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[], $10::text[]) as n
     on conflict do nothing`,
    [
      brandId,
      at,
      notices.map((one) => one.id),
      notices.map((one) => one.event),
      notices.map((one) => one.kind),
      notices.map((one) => one.to),
      notices.map((one) => one.locale),
      notices.map((one) => one.order),
      notices.map((one) => one.sku),
      notices.map((one) => one.facts),
    ],
  );
}

/** Whom an order's messages go to; orders whose channel tells its customers itself are left out. */
export async function recipientsOf(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
): Promise<Map<number, { to: string; locale: string | null }>> {
  if (orders.length === 0) return new Map();
  const { rows } = await client.query(
    `select o.order_id, o.customer_email, o.locale from customer_order o
     join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id
     where o.brand_id = $1 and o.order_id = any($2::bigint[]) and c.messages = 'email' and o.customer_email is not null`,
    [brandId, orders],
  );
  return new Map(rows.map((row) => [row.order_id, { to: row.customer_email, locale: row.locale }]));
}

export async function titlesOf(
  client: pg.PoolClient,
  brandId: number,
  skus: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await client.query(
    `select i.sku, d.title from item i join item_detail d on d.brand_id = i.brand_id and d.item_id = i.item_id
     where i.brand_id = $1 and i.sku = any($2)`,
    [brandId, skus],
  );
  return new Map(rows.map((row) => [row.sku, row.title]));
}

export interface NoticeRow {
  readonly notice_id: number;
  readonly event_id: number;
  readonly kind: string;
  readonly recipient: string;
  readonly locale: string | null;
  readonly order_id: number | null;
  readonly order_name: string | null;
  readonly sku: string | null;
  readonly facts: string;
  readonly state: string;
  readonly written_at: string;
  readonly attempts: number;
  readonly trouble: string | null;
  readonly sent_at: string | null;
  readonly subject: string | null;
  readonly body_text: string | null;
}

const NOTICE = `select n.notice_id, n.event_id, n.kind, n.recipient, n.locale, n.order_id, c.code || ':' || o.ref as order_name,
    n.sku, n.facts, n.state, n.written_at, n.attempts, n.trouble, n.sent_at, n.subject, n.body_text
  from notice n
  left join customer_order o on o.brand_id = n.brand_id and o.order_id = n.order_id
  left join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id`;

/** Newest first. */
export async function listNotices(
  client: pg.PoolClient,
  brandId: number,
  query: {
    readonly kind: string | null;
    readonly to: string | null;
    readonly sku: string | null;
    readonly after: number | null;
    readonly limit: number;
  },
): Promise<NoticeRow[]> {
  const { rows } = await client.query(
    `${NOTICE} where n.brand_id = $1 and ($2::text is null or n.kind = $2) and ($3::text is null or n.recipient = $3)
       and ($4::text is null or n.sku = $4) and ($5::bigint is null or n.notice_id < $5)
     order by n.notice_id desc limit $6`,
    [brandId, query.kind, query.to, query.sku, query.after, query.limit + 1],
  );
  return rows;
}

/** Takes notices that are due for this process, by the database's clock: a process that dies leaves them to others. */
export async function claimNotices(
  client: pg.PoolClient,
  brandId: number,
  now: string,
  limit: number,
  leaseSeconds: number,
): Promise<NoticeRow[]> {
  const { rows } = await client.query(
    `update notice n set state = 'sending', attempts = n.attempts + 1,
       claimed_until = clock_timestamp() + make_interval(secs => $4)
     from (select notice_id from notice
           where brand_id = $1 and state in ('waiting', 'sending') and try_at <= $2::timestamptz
             and (claimed_until is null or claimed_until < clock_timestamp())
           order by try_at, notice_id limit $3 for update skip locked) due
     where n.brand_id = $1 and n.notice_id = due.notice_id
     returning n.*, null as order_name`,
    [brandId, now, limit, leaseSeconds],
  );
  return rows;
}

export interface NoticeAnswer {
  readonly state: 'waiting' | 'sent' | 'failed' | 'skipped' | 'shadowed';
  readonly trouble: string | null;
  readonly tryAt: string | null;
  readonly sentAt: string | null;
  readonly sentBy: string | null;
  readonly content: { readonly subject: string; readonly text: string; readonly html: string } | null;
}

export async function answerNotice(
  client: pg.PoolClient,
  brandId: number,
  id: number,
  answer: NoticeAnswer,
): Promise<void> {
  await client.query(
    `update notice set state = $3, trouble = $4, try_at = coalesce($5::timestamptz, try_at), sent_at = $6, sent_by = $7,
       subject = coalesce($8, subject), body_text = coalesce($9, body_text), body_html = coalesce($10, body_html),
       claimed_until = null
     where brand_id = $1 and notice_id = $2`,
    [
      brandId,
      id,
      answer.state,
      answer.trouble,
      answer.tryAt,
      answer.sentAt,
      answer.sentBy,
      answer.content?.subject ?? null,
      answer.content?.text ?? null,
      answer.content?.html ?? null,
    ],
  );
}
