import type pg from 'pg';
import { texts } from '../platform/columns.ts';

export interface StreamRow {
  readonly stream: string;
  readonly phase: 'back_fill' | 'following';
  readonly cursor: string | null;
  readonly fromAt: string | null;
  readonly again: boolean;
  readonly progress: number | null;
  readonly facts: number;
  readonly lastReadAt: string | null;
  readonly readAt: string;
  readonly attempts: number;
  readonly trouble: string | null;
  /** Moves with every reader: who finds another is no longer the one. */
  readonly claim: number;
}

const COLUMNS = `stream, phase, cursor, from_at as "fromAt", again, progress, facts, last_read_at as "lastReadAt",
  read_at as "readAt", attempts, trouble, claim`;

/** Begins the streams that a connection has not begun yet. */
export async function beginStreams(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  streams: readonly string[],
  now: Date,
): Promise<void> {
  await client.query(
    `insert into connection_stream (brand_id, connection, stream, read_at)
     select $1, $2, stream, $4 from unnest($3::text[]) as s(stream) on conflict do nothing`,
    [brandId, connection, texts(streams, (one) => one), now],
  );
}

export async function readStreams(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
): Promise<StreamRow[]> {
  const { rows } = await client.query({
    name: 'read-streams',
    text: `select ${COLUMNS} from connection_stream where brand_id = $1 and connection = $2`,
    values: [brandId, connection],
  });
  return rows;
}

/** Takes a stream to be read, for so many seconds by the database's clock; null: it is not due, or another process reads it. */
export async function claimStream(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  stream: string,
  now: Date,
  leaseSeconds: number,
): Promise<StreamRow | null> {
  const { rows } = await client.query({
    name: 'claim-stream',
    text: `update connection_stream
           set claim = claim + 1, claimed_until = clock_timestamp() + make_interval(secs => $5)
           where brand_id = $1 and connection = $2 and stream = $3 and read_at <= $4
             and (claimed_until is null or claimed_until < clock_timestamp())
           returning ${COLUMNS}`,
    values: [brandId, connection, stream, now, leaseSeconds],
  });
  return rows[0] ?? null;
}

/** Keeps how far a stream was read, and the claim. @returns false where another process reads it now */
export async function moveCursor(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  { stream, claim }: Pick<StreamRow, 'stream' | 'claim'>,
  page: { readonly cursor: string; readonly progress: number | null; readonly facts: number },
  leaseSeconds: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'move-cursor',
    text: `update connection_stream set cursor = $5, progress = coalesce($6, progress), facts = facts + $7,
             claimed_until = clock_timestamp() + make_interval(secs => $8)
           where brand_id = $1 and connection = $2 and stream = $3 and claim = $4`,
    values: [brandId, connection, stream, claim, page.cursor, page.progress, page.facts, leaseSeconds],
  });
  return rowCount === 1;
}

export async function renewClaim(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  { stream, claim }: Pick<StreamRow, 'stream' | 'claim'>,
  leaseSeconds: number,
): Promise<void> {
  await client.query(
    `update connection_stream set claimed_until = clock_timestamp() + make_interval(secs => $5)
     where brand_id = $1 and connection = $2 and stream = $3 and claim = $4`,
    [brandId, connection, stream, claim, leaseSeconds],
  );
}

/** Gives a stream back: `ended`, it was read to its end for now; else it is to be read again from where it is. */
export async function releaseStream(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  { stream, claim }: Pick<StreamRow, 'stream' | 'claim'>,
  outcome: {
    readonly ended: boolean;
    readonly now: Date;
    readonly readAt: Date;
    readonly attempts: number;
    readonly trouble: string | null;
  },
): Promise<void> {
  await client.query(
    `update connection_stream set claimed_until = null, read_at = $6, attempts = $7, trouble = $8,
       last_read_at = case when $9 then $5::timestamptz else last_read_at end,
       phase = case when $9 then 'following' else phase end,
       again = again and not $9, from_at = case when $9 then null else from_at end,
       progress = case when $9 then null else progress end
     where brand_id = $1 and connection = $2 and stream = $3 and claim = $4`,
    [
      brandId,
      connection,
      stream,
      claim,
      outcome.now,
      outcome.readAt,
      outcome.attempts,
      outcome.trouble?.slice(0, 1000) ?? null,
      outcome.ended,
    ],
  );
}

/** Reads streams again, from a date or from the beginning: whoever reads one at this moment loses it. */
export async function restartStreams(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  streams: readonly string[] | null,
  from: Date | null,
  now: Date,
): Promise<void> {
  await client.query(
    `update connection_stream set phase = 'back_fill', cursor = null, from_at = $4, again = true, progress = 0, attempts = 0,
       trouble = null, read_at = $5, claim = claim + 1, claimed_until = null
     where brand_id = $1 and connection = $2 and ($3::text[] is null or stream = any($3))`,
    [brandId, connection, streams === null ? null : [...streams], from, now],
  );
}

/** Has streams read at once, whatever they wait for. */
export async function wakeStreams(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  now: Date,
): Promise<void> {
  await client.query(
    'update connection_stream set read_at = least(read_at, $3), attempts = 0 where brand_id = $1 and connection = $2',
    [brandId, connection, now],
  );
}
