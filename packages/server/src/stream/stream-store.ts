import type pg from 'pg';

/** A place in the log: events are in the order of their transactions, then of their ids (ADR 0051). */
export interface Place {
  readonly transaction: string;
  readonly event: number;
}
export interface StreamedEvent extends Place {
  readonly kind: string;
  /** Kept's id of the order it is about, where it is about one. */
  readonly order: number | null;
}

/** What is below every transaction that still runs: nothing is recorded there any more. */
export async function readSettled(client: pg.PoolClient): Promise<string> {
  const { rows } = await client.query({
    name: 'stream-settled',
    text: 'select settled_transaction()::text as below',
  });
  return rows[0].below;
}

/** How much of each kind was recorded since an instant (ISO 8601). */
export async function countEventsSince(
  client: pg.PoolClient,
  brandId: number,
  since: string,
): Promise<{ kind: string; count: number }[]> {
  const { rows } = await client.query({
    name: 'events-since',
    text: `select kind, count(*)::int as count from event where brand_id = $1 and at > $2::timestamptz
           group by kind order by count(*) desc, kind`,
    values: [brandId, since],
  });
  return rows;
}

/** The events of a brand after a place and below a settled transaction. */
export async function readEventsAfter(
  client: pg.PoolClient,
  brandId: number,
  after: Place,
  below: string,
  limit: number,
): Promise<StreamedEvent[]> {
  const { rows } = await client.query({
    name: 'stream-events',
    text: `select event_id, kind, data, transaction::text from event
           where brand_id = $1 and (transaction, event_id) > ($2::xid8, $3::bigint) and transaction < $4::xid8
           order by transaction, event_id limit $5`,
    values: [brandId, after.transaction, after.event, below, limit],
  });
  return rows.map(({ event_id, kind, data, transaction }) => {
    const { order } = (JSON.parse(data) ?? {}) as { order?: unknown };
    return { event: event_id, kind, transaction, order: typeof order === 'number' ? order : null };
  });
}
