import type pg from 'pg';
import { bigints, texts, timestamps } from './columns.ts';

/** A fact as it is kept: the audit trail, and what is told to others. `data` is JSON. */
export interface EventRow {
  readonly id: number;
  readonly kind: string;
  readonly data: unknown;
  /** ISO 8601, when it was recorded. */
  readonly at: string;
  /** Who did it, as the audit trail names them; left out: Kept itself, or whoever is named in the data. */
  readonly actor?: string;
}

/** Appends events in the transaction of what they tell. */
export async function recordEvents(
  client: pg.PoolClient,
  brandId: number,
  events: readonly EventRow[],
): Promise<void> {
  if (events.length === 0) return;
  await client.query({
    name: 'record-events',
    text: `insert into event (brand_id, event_id, kind, data, at, actor)
           select $1, unnest($2::bigint[]), unnest($3::text[]), unnest($4::text[]), unnest($5::timestamptz[]), unnest($6::text[])`,
    values: [
      brandId,
      bigints(events, (event) => event.id),
      texts(events, (event) => event.kind),
      texts(events, (event) => JSON.stringify(event.data)),
      timestamps(events, (event) => event.at),
      texts(events, (event) => event.actor),
    ],
  });
}
