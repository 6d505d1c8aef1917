import type pg from 'pg';
import { bigints, dates, ints, texts, timestamps } from '../platform/columns.ts';
import { touchBook } from '../promising/index.ts';

export interface NewMessage {
  readonly id: number;
  readonly order: number;
  readonly kind: string;
  readonly cause: string;
  readonly state: 'waiting' | 'channel';
  /** JSON. */
  readonly lines: string;
  /** By which what comes back of it is known. */
  readonly reference: string;
  readonly dueAt: string;
  readonly legalBy: string | null;
}

/** Writes messages, each cause once: what another process wrote meanwhile stays as it is. */
export async function insertMessages(
  client: pg.PoolClient,
  brandId: number,
  messages: readonly NewMessage[],
  writtenAt: string,
): Promise<void> {
  if (messages.length === 0) return;
  await client.query({
    name: 'insert-messages',
    text: `insert into message (brand_id, message_id, order_id, kind, cause, state, lines, due_at, try_at, legal_by, written_at,
             reference)
           select $1, id, order_id, kind, cause, state, lines, due_at, due_at, legal_by, $10, reference
           from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
             $9::date[], $11::text[]) as n(id, order_id, kind, cause, state, lines, due_at, legal_by, reference)
           on conflict (brand_id, order_id, cause) do nothing`,
    values: [
      brandId,
      bigints(messages, (one) => one.id),
      bigints(messages, (one) => one.order),
      texts(messages, (one) => one.kind),
      texts(messages, (one) => one.cause),
      texts(messages, (one) => one.state),
      texts(messages, (one) => one.lines),
      timestamps(messages, (one) => one.dueAt),
      dates(messages, (one) => one.legalBy),
      writtenAt,
      texts(messages, (one) => one.reference),
    ],
  });
}

/** Messages that newer ones take the place of, unless they are on their way already. */
export async function supersede(
  client: pg.PoolClient,
  brandId: number,
  superseded: readonly { readonly order: number; readonly cause: string }[],
): Promise<void> {
  if (superseded.length === 0) return;
  await client.query({
    name: 'supersede-messages',
    text: `update message m set state = 'superseded'
           from unnest($2::bigint[], $3::text[]) as n(order_id, cause)
           where m.brand_id = $1 and m.order_id = n.order_id and m.cause = n.cause and m.state in ('waiting', 'failed', 'bounced')`,
    values: [brandId, bigints(superseded, (one) => one.order), texts(superseded, (one) => one.cause)],
  });
}

export interface Claimed {
  readonly message_id: number;
  readonly order_id: number;
  readonly kind: string;
  readonly cause: string;
  readonly lines: string;
  readonly legal_by: string | null;
  readonly attempts: number;
}

/**
 * Takes messages that are due, for this process alone until the lease is over. The lease is by the database's clock: it is
 * about processes, and goes on when the brand's time stands still.
 */
export async function claimMessages(
  client: pg.PoolClient,
  brandId: number,
  now: string,
  limit: number,
  leaseSeconds: number,
): Promise<Claimed[]> {
  const { rows } = await client.query({
    name: 'claim-messages',
    text: `update message m set state = 'sending', attempts = m.attempts + 1,
             claimed_until = clock_timestamp() + make_interval(secs => $4)
           from (
             select message_id from message
             where brand_id = $1 and state in ('waiting', 'sending') and try_at <= $2::timestamptz
               and (claimed_until is null or claimed_until < clock_timestamp())
             order by try_at, message_id limit $3 for update skip locked
           ) due
           where m.brand_id = $1 and m.message_id = due.message_id
           returning m.message_id, m.order_id, m.kind, m.cause, m.lines, m.legal_by, m.attempts`,
    values: [brandId, now, limit, leaseSeconds],
  });
  return rows;
}

/** Holds claims for another lease; what another process has taken over meanwhile stays that process's. */
export async function renewClaims(
  client: pg.PoolClient,
  brandId: number,
  claimed: readonly Pick<Claimed, 'message_id' | 'attempts'>[],
  leaseSeconds: number,
): Promise<void> {
  await client.query({
    name: 'renew-claims',
    text: `update message m set claimed_until = clock_timestamp() + make_interval(secs => $4)
           from unnest($2::bigint[], $3::int[]) as n(message_id, attempts)
           where m.brand_id = $1 and m.message_id = n.message_id and m.state = 'sending' and m.attempts = n.attempts`,
    values: [
      brandId,
      bigints(claimed, (one) => one.message_id),
      ints(claimed, (one) => one.attempts),
      leaseSeconds,
    ],
  });
}

export interface SentContent {
  readonly recipient: string | null;
  readonly reference: string;
  readonly language: string;
  readonly templateVersion: number;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * Records that a message went out, with what it said; and that the customer now knows the promises that it told. What came
 * back before this was recorded stays as what came back.
 * @returns false where it is recorded already
 */
export async function recordSent(
  client: pg.PoolClient,
  brandId: number,
  message: { readonly id: number; readonly order: number },
  told: readonly { readonly line: number; readonly version: number }[],
  content: SentContent,
  sentAt: string,
  sentBy: string,
): Promise<boolean> {
  const [{ rowCount }] = await Promise.all([
    client.query({
      name: 'message-sent',
      text: `update message set
               state = case when state = 'bounced' and claimed_until is not null then 'bounced' else 'sent' end, sent_at = $3, sent_by = $4, recipient = $5, language = $6, template_version = $7,
               subject = $8, body_text = $9, body_html = $10, reference = $11, trouble = null, claimed_until = null
             where brand_id = $1 and message_id = $2 and state <> 'sent'`,
      values: [
        brandId,
        message.id,
        sentAt,
        sentBy,
        content.recipient,
        content.language,
        content.templateVersion,
        content.subject,
        content.text,
        content.html,
        content.reference,
      ],
    }),
    client.query({
      name: 'promises-told',
      text: `update order_line l set told_version = greatest(l.told_version, n.version)
             from unnest($3::int[], $4::int[]) as n(line, version)
             where l.brand_id = $1 and l.order_id = $2 and l.line = n.line and l.told_version < n.version`,
      values: [brandId, message.order, ints(told, (one) => one.line), ints(told, (one) => one.version)],
    }),
    touchBook(
      client,
      brandId,
      {
        lines: told.map(({ line }) => ({
          order: message.order,
          line,
          event: null,
          fresh: false,
          moved: true,
        })),
        always: false,
      },
      sentAt,
    ),
  ]);
  return rowCount === 1;
}

/** Keeps what a message would have said, of one that is written and not sent. */
export async function recordWritten(
  client: pg.PoolClient,
  brandId: number,
  id: number,
  content: SentContent,
): Promise<void> {
  await client.query(
    `update message set recipient = $3, language = $4, template_version = $5, subject = $6, body_text = $7, body_html = $8
     where brand_id = $1 and message_id = $2`,
    [
      brandId,
      id,
      content.recipient,
      content.language,
      content.templateVersion,
      content.subject,
      content.text,
      content.html,
    ],
  );
}

/**
 * What became of an attempt that did not succeed, or of a message that is not to go out. Of an attempt, only while it is the
 * newest: a process that stood still for longer than its lease does not undo what another has done meanwhile.
 * @returns whether it was recorded
 */
export async function recordState(
  client: pg.PoolClient,
  brandId: number,
  id: number,
  state: 'waiting' | 'failed' | 'skipped' | 'shadowed' | 'superseded' | 'bounced',
  trouble: string | null,
  { tryAt = null, attempt = null }: { readonly tryAt?: string | null; readonly attempt?: number | null } = {},
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'message-state',
    text: `update message set state = $3, trouble = $4, try_at = coalesce($5::timestamptz, try_at),
             claimed_until = case when $3 = 'bounced' and state = 'sending' then claimed_until end
           where brand_id = $1 and message_id = $2 and ($6::int is null or (state = 'sending' and attempts = $6))`,
    values: [brandId, id, state, trouble, tryAt, attempt],
  });
  return rowCount === 1;
}

export interface ListedMessage {
  message_id: number;
  order_id: number;
  order: string;
  customer: string;
  email: string | null;
  phone: string | null;
  kind: string;
  cause: string;
  state: string;
  lines: string;
  line_refs: string[];
  due_at: string;
  try_at: string;
  legal_by: string | null;
  sent_at: string | null;
  attempts: number;
  trouble: string | null;
  subject: string | null;
  body_text: string | null;
  body_html: string | null;
  language: string | null;
  template_version: number | null;
  reasons: string | null;
}

const LISTED = `
  select m.message_id, m.order_id, c.code || ':' || o.ref as "order", o.customer_name as customer, o.customer_email as email, o.customer_phone as phone,
    m.kind, m.cause, m.state, m.lines, m.due_at, m.try_at, m.legal_by, m.sent_at, m.attempts, m.trouble, m.subject,
    m.body_text, m.body_html, m.language, m.template_version,
    (select array_agg(l.line_ref order by l.line) from json_array_elements(m.lines::json) t
     join order_line l on l.brand_id = m.brand_id and l.order_id = m.order_id and l.line = (t->>'line')::int) as line_refs,
    (select p.reasons from json_array_elements(m.lines::json) t
     join promise p on p.brand_id = m.brand_id and p.order_id = m.order_id and p.line = (t->>'line')::int
       and p.version = (t->>'version')::int limit 1) as reasons
  from message m
  join customer_order o on o.brand_id = m.brand_id and o.order_id = m.order_id
  join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id`;

/** Messages, newest first. */
export async function listMessages(
  client: pg.PoolClient,
  brandId: number,
  filter: { order?: number | undefined; state?: string | undefined; kind?: string | undefined },
  limit: number,
  after: number | null,
): Promise<ListedMessage[]> {
  const { rows } = await client.query(
    `${LISTED} where m.brand_id = $1 and ($2::bigint is null or m.order_id = $2) and ($3::text is null or m.state = $3)
       and ($4::text is null or m.kind = $4) and ($5::bigint is null or m.message_id < $5)
     order by m.message_id desc limit $6`,
    [brandId, filter.order ?? null, filter.state ?? null, filter.kind ?? null, after, limit],
  );
  return rows;
}

export async function readMessage(
  client: pg.PoolClient,
  brandId: number,
  id: number,
): Promise<ListedMessage | null> {
  const { rows } = await client.query(`${LISTED} where m.brand_id = $1 and m.message_id = $2`, [brandId, id]);
  return rows[0] ?? null;
}

/** Holds a message for the caller's transaction, so that it is sent or skipped once. Null: it is not there. */
export async function lockMessage(
  client: pg.PoolClient,
  brandId: number,
  id: number,
): Promise<(Claimed & { readonly state: string }) | null> {
  const { rows } = await client.query(
    `select message_id, order_id, kind, cause, lines, legal_by, attempts, state from message
     where brand_id = $1 and message_id = $2 for update`,
    [brandId, id],
  );
  return rows[0] ?? null;
}

/** Gives a message a new try now: a person asked for it. */
export async function tryNow(client: pg.PoolClient, brandId: number, id: number, now: string): Promise<void> {
  await client.query(
    `update message set state = 'waiting', try_at = $3, due_at = least(due_at, $3), attempts = 0, trouble = null,
       claimed_until = null
     where brand_id = $1 and message_id = $2`,
    [brandId, id, now],
  );
}

export interface MessageCount {
  state: string;
  messages: number;
}

/** Messages by state: how far a large sending has come. */
export async function countMessages(client: pg.PoolClient, brandId: number): Promise<MessageCount[]> {
  const { rows } = await client.query(
    'select state, count(*)::int as messages from message where brand_id = $1 group by state order by state',
    [brandId],
  );
  return rows;
}

/** Gives every message that failed or came back a new try, and settles what was said of it. @returns how many */
export async function retryAll(
  client: pg.PoolClient,
  brandId: number,
  { state, kind }: { readonly state: 'failed' | 'bounced'; readonly kind?: string | undefined },
  now: string,
): Promise<number> {
  const { rows } = await client.query(
    `with again as (
       update message set state = 'waiting', try_at = $4, attempts = 0, trouble = null, claimed_until = null
       where brand_id = $1 and state = $2 and ($3::text is null or kind = $3) returning message_id
     ), settled as (
       update signal s set settled_at = $4, settled_by = 'kept' from again a
       where s.brand_id = $1 and s.kind = 'message_' || $2 and s.subject = a.message_id::text and s.settled_at is null
     )
     select count(*)::int as messages from again`,
    [brandId, state, kind ?? null, now],
  );
  return rows[0].messages;
}
