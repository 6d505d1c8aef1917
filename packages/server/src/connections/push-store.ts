import type pg from 'pg';
import { bigints, texts } from '../platform/columns.ts';

/** A push as it is kept until it is decided. */
export interface PushRow {
  readonly connection: string;
  readonly id: string;
  /** ISO 8601. */
  readonly receivedAt: string;
  /** JSON. */
  readonly headers: string;
  readonly query: string;
  readonly path: string;
  readonly body: Buffer;
}

/** Keeps pushes; one whose id was taken before is the same again, and changes nothing. */
export async function insertPushes(
  client: pg.PoolClient,
  brandId: number,
  pushes: readonly PushRow[],
): Promise<void> {
  // In order, so that two batches with names in common wait for each other and never both.
  const sorted = [...pushes].sort((a, b) => (a.id < b.id ? -1 : 1));
  await client.query({
    name: 'insert-pushes',
    text: `insert into connection_push (brand_id, connection, push_id, received_at, headers, query, path, body, try_at)
           select $1, connection, push_id, received_at::timestamptz, headers, query, path, body, received_at::timestamptz
           from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[])
             as p(connection, push_id, received_at, headers, query, path, body)
           on conflict do nothing`,
    values: [
      brandId,
      texts(sorted, (one) => one.connection),
      texts(sorted, (one) => one.id),
      texts(sorted, (one) => one.receivedAt),
      texts(sorted, (one) => one.headers),
      texts(sorted, (one) => one.query),
      texts(sorted, (one) => one.path),
      sorted.map((one) => one.body),
    ],
  });
}

export type ClaimedPush = PushRow & { readonly attempts: number };

/** Takes what is to be decided, the oldest first, for so many seconds by the database's clock. */
export async function claimPushes(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  now: Date,
  limit: number,
  leaseSeconds: number,
): Promise<ClaimedPush[]> {
  const { rows } = await client.query({
    name: 'claim-pushes',
    // By their places: however a plan that was made for an empty table would join them, it took seconds for a thousand.
    text: `update connection_push p set attempts = attempts + 1,
             claimed_until = clock_timestamp() + make_interval(secs => $5)
           where p.brand_id = $1 and p.ctid = any(array(
             select ctid from connection_push
             where brand_id = $1 and connection = $2 and done_at is null and try_at <= $3
               and (claimed_until is null or claimed_until < clock_timestamp())
             order by try_at limit $4 for update skip locked))
           returning p.push_id as id, connection, received_at as "receivedAt", headers, query, path, body, attempts`,
    values: [brandId, connection, now, limit, leaseSeconds],
  });
  return rows.sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : a.receivedAt > b.receivedAt ? 1 : 0));
}

/** What is decided is kept by its name alone, so that it is known when it comes again. */
export async function pushesDone(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  done: readonly { readonly id: string; readonly trouble: string | null }[],
  now: Date,
): Promise<void> {
  for (const [trouble, pushes] of Map.groupBy(done, (one) => one.trouble))
    await client.query(
      `update connection_push set done_at = $3, trouble = $5, body = '', headers = '{}', claimed_until = null
       where brand_id = $1 and connection = $2 and push_id = any($4)`,
      [brandId, connection, now, texts(pushes, (one) => one.id), trouble],
    );
}

/** To be decided again later. */
export async function pushesLater(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  later: readonly { readonly id: string; readonly tryAt: Date; readonly trouble: string }[],
): Promise<void> {
  if (later.length === 0) return;
  await client.query(
    `update connection_push p set claimed_until = null, trouble = l.trouble,
       try_at = to_timestamp(l.try_at / 1000.0)
     from unnest($3::text[], $4::bigint[], $5::text[]) as l(push_id, try_at, trouble)
     where p.brand_id = $1 and p.connection = $2 and p.push_id = l.push_id`,
    [
      brandId,
      connection,
      texts(later, (one) => one.id),
      bigints(later, (one) => one.tryAt.getTime()),
      texts(later, (one) => one.trouble.slice(0, 1000)),
    ],
  );
}

/** Forgets names of pushes that nobody will send again. */
export async function forgetOldPushes(client: pg.PoolClient, brandId: number, before: Date): Promise<void> {
  await client.query('delete from connection_push where brand_id = $1 and done_at < $2', [brandId, before]);
}
