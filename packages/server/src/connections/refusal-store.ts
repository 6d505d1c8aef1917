import type pg from 'pg';
import { texts } from '../platform/columns.ts';

export interface RefusalRow {
  readonly kind: string;
  readonly externalId: string;
  /** JSON. */
  readonly fact: string;
  readonly code: string;
  readonly words: string;
  readonly attempts: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** Refused facts by kind and external id, after a place in that order. */
export async function readRefused(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  only: { readonly kind: string; readonly externalId: string } | null,
  after: readonly [string, string] | null,
  limit: number,
): Promise<RefusalRow[]> {
  const { rows } = await client.query(
    `select kind, external_id as "externalId", fact, code, words, attempts, first_at as "firstAt", last_at as "lastAt"
     from connection_refusal
     where brand_id = $1 and connection = $2 and ($3::text is null or (kind, external_id) = ($3, $4))
       and ($5::text is null or (kind, external_id) > ($5, $6))
     order by kind, external_id limit $7`,
    [
      brandId,
      connection,
      only?.kind ?? null,
      only?.externalId ?? null,
      after?.[0] ?? null,
      after?.[1] ?? null,
      limit,
    ],
  );
  return rows;
}

/** Those that waited for what has perhaps come since, the longest first. */
export async function takeWaitingRefused(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  codes: readonly string[],
  mostAttempts: number,
  limit: number,
): Promise<string[]> {
  const { rows } = await client.query({
    name: 'waiting-refused-facts',
    text: `select fact from connection_refusal
           where brand_id = $1 and connection = $2 and code = any($3) and attempts < $4
           order by first_at limit $5`,
    values: [brandId, connection, [...codes], mostAttempts, limit],
  });
  return rows.map((row) => row.fact);
}

/** Refused orders of one code, the longest first. */
export async function readRefusedFor(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  code: string,
  limit: number,
): Promise<Pick<RefusalRow, 'fact' | 'attempts' | 'lastAt'>[]> {
  const { rows } = await client.query({
    name: 'refused-orders-for',
    text: `select fact, attempts, last_at as "lastAt" from connection_refusal
           where brand_id = $1 and connection = $2 and kind = 'order' and code = $3 order by first_at limit $4`,
    values: [brandId, connection, code, limit],
  });
  return rows;
}

/** Notes that refused facts are tried now: each time it is longer until the next. */
export async function triedRefused(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  kind: string,
  externalIds: readonly string[],
  now: Date,
): Promise<void> {
  if (externalIds.length === 0) return;
  await client.query(
    `update connection_refusal set attempts = attempts + 1, last_at = $5
     where brand_id = $1 and connection = $2 and kind = $3 and external_id = any($4)`,
    [brandId, connection, kind, texts(externalIds, (one) => one), now],
  );
}

/** A person says that a fact is not to be applied. @returns false where there is none */
export async function deleteRefused(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  kind: string,
  externalId: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'delete from connection_refusal where brand_id = $1 and connection = $2 and kind = $3 and external_id = $4',
    [brandId, connection, kind, externalId],
  );
  return rowCount === 1;
}

/** What was refused is kept with what it said, and so with who it was about: of an address, or of everybody that was told. */
export async function forgetRefusedOf(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  whose: string | null,
): Promise<void> {
  if (whose === null) return;
  await client.query(
    `delete from connection_refusal where brand_id = $1 and connection = $2
       and case when $3 = 'everybody' then kind = 'order' else strpos(lower(fact), lower($3)) > 0 end`,
    [brandId, connection, whose],
  );
}
