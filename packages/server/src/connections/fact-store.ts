import type pg from 'pg';
import { texts } from '../platform/columns.ts';
import type { FactKind } from './connector.ts';

/** What is kept of a fact, so that it counts once. */
export interface FactName {
  readonly externalId: string;
  /** ISO 8601; null: it was not told. */
  readonly sourceUpdatedAt: string | null;
  readonly content: string;
}

export interface RefusedFact {
  readonly kind: FactKind;
  readonly externalId: string;
  /** JSON. */
  readonly fact: string;
  readonly code: string;
  readonly words: string;
}

/**
 * Takes facts of one kind, each name once, in the caller's transaction: whoever comes with the same name at once waits for
 * it. States are taken where they say something else and are not older than what is known; happenings once.
 * @param again states are taken though they say the same
 * @returns the external ids of those that are to be applied
 */
export async function takeFacts(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  kind: FactKind,
  facts: readonly FactName[],
  { happening, again, at }: { readonly happening: boolean; readonly again: boolean; readonly at: Date },
): Promise<Set<string>> {
  // In order, so that two with names in common wait for each other and never both.
  const sorted = [...facts].sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
  const { rows } = await client.query({
    name: happening ? 'take-happenings' : 'take-states',
    text: `insert into connection_fact as known (brand_id, connection, kind, external_id, source_updated_at, content, at)
           select $1, $2, $3, f.external_id, f.updated_at::timestamptz, f.content, $7
           from unnest($4::text[], $5::text[], $6::text[]) as f(external_id, updated_at, content)
           ${
             happening
               ? 'on conflict do nothing'
               : `on conflict (brand_id, connection, kind, external_id) do update
                  set source_updated_at = excluded.source_updated_at, content = excluded.content, at = excluded.at
                  where (known.source_updated_at is null or excluded.source_updated_at is null
                      or excluded.source_updated_at >= known.source_updated_at)
                    and ($8 or excluded.content <> known.content)`
           }
           returning external_id`,
    values: [
      brandId,
      connection,
      kind,
      texts(sorted, (one) => one.externalId),
      texts(sorted, (one) => one.sourceUpdatedAt),
      texts(sorted, (one) => one.content),
      at,
      ...(happening ? [] : [again]),
    ],
  });
  return new Set(rows.map((row) => row.external_id));
}

/** Facts that were taken and could not be applied: told again they are tried again. */
export async function giveBack(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  kind: FactKind,
  externalIds: readonly string[],
  happening: boolean,
): Promise<void> {
  if (externalIds.length === 0) return;
  await client.query(
    `${happening ? 'delete from connection_fact' : "update connection_fact set content = ''"}
     where brand_id = $1 and connection = $2 and kind = $3 and external_id = any($4)`,
    [brandId, connection, kind, texts(externalIds, (id) => id)],
  );
}

/** Keeps what could not be applied, whole, with the reason; told again it takes the place of what it said before. */
export async function keepRefused(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  refused: readonly RefusedFact[],
  at: Date,
): Promise<void> {
  if (refused.length === 0) return;
  await client.query(
    `insert into connection_refusal as known (brand_id, connection, kind, external_id, fact, code, words, first_at, last_at)
     select $1, $2, kind, external_id, fact, code, words, $8, $8
     from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) as f(kind, external_id, fact, code, words)
     on conflict (brand_id, connection, kind, external_id) do update
     set fact = excluded.fact, code = excluded.code, words = excluded.words, last_at = excluded.last_at,
         attempts = known.attempts + 1`,
    [
      brandId,
      connection,
      texts(refused, (one) => one.kind),
      texts(refused, (one) => one.externalId),
      texts(refused, (one) => one.fact),
      texts(refused, (one) => one.code),
      texts(refused, (one) => one.words),
      at,
    ],
  );
}

/** What is applied is refused no more. */
export async function forgetRefused(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  kind: FactKind,
  externalIds: readonly string[],
): Promise<void> {
  await client.query({
    name: 'forget-refused-facts',
    text: `delete from connection_refusal where brand_id = $1 and connection = $2 and kind = $3 and external_id = any($4)`,
    values: [brandId, connection, kind, texts(externalIds, (id) => id)],
  });
}
