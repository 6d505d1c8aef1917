import type pg from 'pg';
import { bigints, texts, timestamps } from './columns.ts';

/** A fact as it is kept: the audit trail, and what is told to others. `data` is JSON. */
export interface EventRow {
  readonly id: number;
  readonly kind: string;
  readonly data: unknown;
  /** ISO 8601, when it was recorded. */
  readonly at: string;
  /** Who did it, as the audit trail names them; left out: whoever the transaction is for (`withBrand`), else Kept itself. */
  readonly actor?: string | undefined;
}

/**
 * Appends events in the transaction of what they tell. Two statements, since a column that is named, if only with nulls, does
 * not take its default, which is whoever the transaction is for.
 */
export async function recordEvents(
  client: pg.PoolClient,
  brandId: number,
  events: readonly EventRow[],
): Promise<void> {
  const named = events.filter((event) => event.actor !== undefined);
  const others = named.length === 0 ? events : events.filter((event) => event.actor === undefined);
  const columns = (rows: readonly EventRow[]) => [
    brandId,
    bigints(rows, (event) => event.id),
    texts(rows, (event) => event.kind),
    texts(rows, (event) => JSON.stringify(event.data)),
    timestamps(rows, (event) => event.at),
  ];
  await Promise.all([
    others.length > 0 &&
      client.query({
        name: 'record-events',
        text: `insert into event (brand_id, event_id, kind, data, at)
               select $1, unnest($2::bigint[]), unnest($3::text[]), unnest($4::text[]), unnest($5::timestamptz[])`,
        values: columns(others),
      }),
    named.length > 0 &&
      client.query({
        name: 'record-events-of',
        text: `insert into event (brand_id, event_id, kind, data, at, actor)
               select $1, unnest($2::bigint[]), unnest($3::text[]), unnest($4::text[]), unnest($5::timestamptz[]), unnest($6::text[])`,
        values: [...columns(named), texts(named, (event) => event.actor)],
      }),
  ]);
}
