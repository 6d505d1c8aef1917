import type pg from 'pg';

/** What became of an interchange: taken, though maybe with faults; the same again; another under a known number; or refused. */
export type Verdict = 'taken' | 'duplicate' | 'conflict' | 'rejected' | 'unreadable';

export interface InterchangeRow {
  readonly id: string;
  readonly connection: string;
  readonly file: string;
  readonly body: Uint8Array;
  readonly content: string;
  readonly standard: string | null;
  readonly partner: string | null;
  readonly control: string | null;
  readonly at: string;
  readonly verdict: Verdict;
  readonly faults: string;
}

/** What was taken under a partner's control number before: its digest. Null: nothing. */
export async function findTaken(
  client: pg.PoolClient,
  brandId: number,
  key: {
    readonly connection: string;
    readonly partner: string;
    readonly standard: string;
    readonly control: string;
  },
): Promise<string | null> {
  // One at a time, so that of two processes that read the same file the second sees what the first has taken.
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `edi:${brandId}:${key.connection}:${key.partner}:${key.standard}:${key.control}`,
  ]);
  const { rows } = await client.query(
    `select content from edi_interchange where brand_id = $1 and connection = $2 and partner = $3 and standard = $4
     and control = $5 and verdict in ('taken', 'rejected')`,
    [brandId, key.connection, key.partner, key.standard, key.control],
  );
  return rows[0]?.content ?? null;
}

/** Whether this very file was kept before under no control number: one that cannot be read has none. */
export async function knowsContent(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  content: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'select 1 from edi_interchange where brand_id = $1 and connection = $2 and content = $3 limit 1',
    [brandId, connection, content],
  );
  return rowCount !== 0;
}

export async function insertInterchange(
  client: pg.PoolClient,
  brandId: number,
  row: InterchangeRow,
): Promise<void> {
  await client.query(
    `insert into edi_interchange (brand_id, interchange_id, connection, file, body, content, standard, partner, control,
       received_at, verdict, faults)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      brandId,
      row.id,
      row.connection,
      row.file,
      row.body,
      row.content,
      row.standard,
      row.partner,
      row.control,
      row.at,
      row.verdict,
      row.faults,
    ],
  );
}

export interface MessageRow {
  readonly id: string;
  readonly interchange: string;
  readonly partner: string;
  readonly type: string;
  readonly control: string;
  readonly number: string | null;
  readonly document: string | null;
  readonly faults: string;
  readonly state: 'received' | 'done' | 'task' | 'rejected' | 'set_aside';
  readonly trouble: string | null;
  readonly at: string;
}

export async function insertMessages(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly MessageRow[],
): Promise<void> {
  for (const row of rows)
    await client.query(
      `insert into edi_message (brand_id, message_id, interchange_id, partner, type, control, number, document, faults,
         state, trouble, received_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        brandId,
        row.id,
        row.interchange,
        row.partner,
        row.type,
        row.control,
        row.number,
        row.document,
        row.faults,
        row.state,
        row.trouble,
        row.at,
      ],
    );
}

export interface OpenMessage {
  readonly message_id: string;
  readonly partner: string;
  readonly type: string;
  readonly document: string;
  readonly received_at: string;
  readonly state: 'received' | 'done';
}

/** Messages after a place, and those that are still to be done wherever they stand, in the order in which they came. */
export async function messagesAfter(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  after: { readonly at: string; readonly id: string } | null,
  limit: number,
): Promise<OpenMessage[]> {
  const { rows } = await client.query(
    `select m.message_id, m.partner, m.type, m.document, m.received_at, m.state
     from edi_message m join edi_interchange i on i.brand_id = m.brand_id and i.interchange_id = m.interchange_id
     where m.brand_id = $1 and i.connection = $2 and m.document is not null
       and (m.state = 'received' or (m.state = 'done' and m.type not in ('997', 'TA1', 'CONTRL')
         and ($3::timestamptz is null or (m.received_at, m.message_id) > ($3, $4))))
     order by m.received_at, m.message_id limit $5`,
    [brandId, connection, after?.at ?? null, after?.id ?? null, limit],
  );
  return rows;
}

export async function settleMessage(
  client: pg.PoolClient,
  brandId: number,
  id: string,
  settled: {
    readonly state: MessageRow['state'];
    readonly trouble: string | null;
    readonly at: string;
  },
): Promise<void> {
  await client.query(
    `update edi_message set state = $3, trouble = $4, done_at = $5 where brand_id = $1 and message_id = $2`,
    [brandId, id, settled.state, settled.trouble, settled.at],
  );
}

/** Puts a message back among those to be done. @returns whether it was one that a person may try again */
export async function reopenMessage(client: pg.PoolClient, brandId: number, id: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `update edi_message set state = 'received', done_at = null
     where brand_id = $1 and message_id = $2 and state = 'task' and document is not null`,
    [brandId, id],
  );
  return rowCount === 1;
}

export interface EdiOrderRow {
  readonly ref: string;
  readonly connection: string;
  readonly partner: string;
  readonly number: string;
  readonly release: string | null;
  readonly ordered_on: string;
  readonly known: string;
  readonly ship_to: string | null;
  readonly change: string | null;
  readonly told: string | null;
}

const EDI_ORDER = 'ref, connection, partner, number, release, ordered_on, known, ship_to, change, told';

/** Locks it: two that tell the partner of it at once tell it one after the other. */
export async function readEdiOrder(
  client: pg.PoolClient,
  brandId: number,
  ref: string,
): Promise<EdiOrderRow | null> {
  const { rows } = await client.query(
    `select ${EDI_ORDER} from edi_order where brand_id = $1 and ref = $2 for update`,
    [brandId, ref],
  );
  return rows[0] ?? null;
}

export async function saveEdiOrder(client: pg.PoolClient, brandId: number, row: EdiOrderRow): Promise<void> {
  await client.query(
    `insert into edi_order (brand_id, ${EDI_ORDER}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (brand_id, ref) do update set known = excluded.known, ship_to = excluded.ship_to,
       change = excluded.change, told = excluded.told`,
    [
      brandId,
      row.ref,
      row.connection,
      row.partner,
      row.number,
      row.release,
      row.ordered_on,
      row.known,
      row.ship_to,
      row.change,
      row.told,
    ],
  );
}

/** @returns the next number, from 1 */
export async function takeControl(client: pg.PoolClient, brandId: number, partner: string): Promise<number> {
  const { rows } = await client.query(
    `insert into edi_control (brand_id, partner, kind, last) values ($1, $2, 'interchange', 1)
     on conflict (brand_id, partner, kind) do update set last = edi_control.last + 1 returning last`,
    [brandId, partner],
  );
  return Number(rows[0].last);
}

export interface SentRow {
  readonly cause: string;
  readonly connection: string;
  readonly partner: string;
  readonly type: string;
  readonly number: string | null;
  readonly control: string;
  readonly body: string;
  readonly at: string;
}

export async function hasSent(client: pg.PoolClient, brandId: number, cause: string): Promise<boolean> {
  const { rowCount } = await client.query('select 1 from edi_sent where brand_id = $1 and cause = $2', [
    brandId,
    cause,
  ]);
  return rowCount !== 0;
}

export async function insertSent(client: pg.PoolClient, brandId: number, row: SentRow): Promise<void> {
  await client.query(
    `insert into edi_sent (brand_id, cause, connection, partner, type, number, control, body, made_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    [brandId, row.cause, row.connection, row.partner, row.type, row.number, row.control, row.body, row.at],
  );
}

export interface Unsent {
  readonly cause: string;
  readonly partner: string;
  readonly type: string;
  readonly control: string;
  readonly body: string;
}

/** What is still to be put into the partners' mailboxes, in the order in which it was made. */
export async function unsent(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  limit: number,
): Promise<Unsent[]> {
  const { rows } = await client.query(
    `select cause, partner, type, control, body from edi_sent
     where brand_id = $1 and connection = $2 and sent_at is null order by made_at, control::bigint, cause limit $3
     for update skip locked`,
    [brandId, connection, limit],
  );
  return rows;
}

export async function markSent(
  client: pg.PoolClient,
  brandId: number,
  cause: string,
  at: string | null,
  trouble: string | null,
): Promise<void> {
  await client.query(
    `update edi_sent set sent_at = $3, trouble = $4, attempts = attempts + 1 where brand_id = $1 and cause = $2`,
    [brandId, cause, at, trouble],
  );
}

/** What the partner says of something that was sent. @returns what that was; null: nothing of that number was */
export async function recordAnswer(
  client: pg.PoolClient,
  brandId: number,
  answer: {
    readonly partner: string;
    readonly control: string;
    readonly verdict: string;
    readonly words: string;
    readonly at: string;
  },
): Promise<{ cause: string; type: string; number: string | null } | null> {
  const { rows } = await client.query(
    `update edi_sent set answered = $4, answered_at = $5, answer = $6
     where brand_id = $1 and partner = $2 and control = $3 returning cause, type, number`,
    [brandId, answer.partner, answer.control, answer.verdict, answer.at, answer.words],
  );
  return rows[0] ?? null;
}

/** Messages that a partner has not acknowledged since before an instant, by partner. */
export async function overdueAnswers(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  before: string,
): Promise<{ partner: string; count: number }[]> {
  const { rows } = await client.query(
    `select partner, count(*)::int as count from edi_sent
     where brand_id = $1 and connection = $2 and sent_at < $3 and answered is null and type not in ('997', 'TA1', 'CONTRL')
     group by partner order by partner`,
    [brandId, connection, before],
  );
  return rows;
}

export interface ListedMessage {
  readonly message_id: string;
  readonly connection: string;
  readonly partner: string;
  readonly type: string;
  readonly control: string;
  readonly number: string | null;
  readonly state: MessageRow['state'];
  readonly trouble: string | null;
  readonly faults: string;
  readonly file: string;
  readonly received_at: string;
}

const LISTED = `select m.message_id, i.connection, m.partner, m.type, m.control, m.number, m.state, m.trouble, m.faults, i.file,
    m.received_at from edi_message m
  join edi_interchange i on i.brand_id = m.brand_id and i.interchange_id = m.interchange_id`;

/** The newest first. */
export async function listMessages(
  client: pg.PoolClient,
  brandId: number,
  query: {
    readonly state: string | null;
    readonly partner: string | null;
    readonly after: { readonly at: string; readonly id: string } | null;
    readonly limit: number;
  },
): Promise<ListedMessage[]> {
  const { rows } = await client.query(
    `${LISTED} where m.brand_id = $1 and ($2::text is null or m.state = $2) and ($3::text is null or m.partner = $3)
       and ($4::timestamptz is null or (m.received_at, m.message_id) < ($4, $5))
     order by m.received_at desc, m.message_id desc limit $6`,
    [brandId, query.state, query.partner, query.after?.at ?? null, query.after?.id ?? null, query.limit + 1],
  );
  return rows;
}

export async function readMessage(
  client: pg.PoolClient,
  brandId: number,
  id: string,
): Promise<(ListedMessage & { readonly body: Buffer }) | null> {
  const { rows } = await client.query(
    `${LISTED.replace('m.received_at from', 'm.received_at, i.body from')} where m.brand_id = $1 and m.message_id = $2`,
    [brandId, id],
  );
  return rows[0] ?? null;
}

export interface ListedSent extends Omit<SentRow, 'body' | 'at'> {
  readonly made_at: string;
  readonly sent_at: string | null;
  readonly trouble: string | null;
  readonly answered: 'accepted' | 'accepted_with_errors' | 'rejected' | null;
  readonly answer: string | null;
}

/** The newest first. */
export async function listSent(
  client: pg.PoolClient,
  brandId: number,
  query: {
    readonly partner: string | null;
    readonly after: { readonly at: string; readonly cause: string } | null;
    readonly limit: number;
  },
): Promise<ListedSent[]> {
  const { rows } = await client.query(
    `select cause, connection, partner, type, number, control, made_at, sent_at, trouble, answered, answer from edi_sent
     where brand_id = $1 and ($2::text is null or partner = $2) and ($3::timestamptz is null or (made_at, cause) < ($3, $4))
     order by made_at desc, cause desc limit $5`,
    [brandId, query.partner, query.after?.at ?? null, query.after?.cause ?? null, query.limit + 1],
  );
  return rows;
}
