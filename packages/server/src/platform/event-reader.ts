import type pg from 'pg';

/** A fact as it stands in the log. */
export interface LoggedEvent {
  readonly id: number;
  readonly kind: string;
  // biome-ignore lint/suspicious/noExplicitAny: each kind has data of its own
  readonly data: any;
  /** Who did it, as the audit trail names them. */
  readonly actor: string | null;
  /** ISO 8601, when it was recorded. */
  readonly at: string;
}

/**
 * The next events for a reader, in the order in which their transactions began, and the reader's place moved past them: all
 * in the caller's transaction, so that what comes of them and the place are committed together. Events of transactions that
 * still run, or began after one of this database that does, are left for later: a slow writer is never passed over, and what
 * runs in the server's other databases holds nobody up (ADR 0051). Null: another process reads for the same reader at this
 * moment.
 */
export async function takeEvents(
  client: pg.PoolClient,
  brandId: number,
  reader: string,
  limit: number,
): Promise<LoggedEvent[] | null> {
  await client.query({
    name: 'event-reader-begin',
    text: 'insert into event_reader (brand_id, reader) values ($1, $2) on conflict do nothing',
    values: [brandId, reader],
  });
  const place = await client.query({
    name: 'event-reader-place',
    text: `select transaction::text, event_id from event_reader where brand_id = $1 and reader = $2
           for update skip locked`,
    values: [brandId, reader],
  });
  const at = place.rows[0];
  if (at === undefined) return null;
  // A statement of its own, before the one that reads: what is settled by now, the next one sees.
  const settled = await client.query({
    name: 'event-reader-settled',
    text: 'select settled_transaction()::text as below',
  });
  const { rows } = await client.query({
    name: 'event-reader-take',
    text: `select event_id, kind, data, actor, at, transaction::text from event
           where brand_id = $1 and (transaction, event_id) > ($2::xid8, $3::bigint) and transaction < $4::xid8
           order by transaction, event_id limit $5`,
    values: [brandId, at.transaction, at.event_id, settled.rows[0].below, limit],
  });
  const last = rows.at(-1);
  if (last === undefined) return [];
  await client.query({
    name: 'event-reader-move',
    text: 'update event_reader set transaction = $3::xid8, event_id = $4 where brand_id = $1 and reader = $2',
    values: [brandId, reader, last.transaction, last.event_id],
  });
  return rows.map((row) => ({
    id: row.event_id,
    kind: row.kind,
    data: JSON.parse(row.data),
    actor: row.actor,
    at: row.at,
  }));
}
