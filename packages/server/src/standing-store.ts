import type pg from 'pg';

/** How a brand stands, as whoever watches over Kept wants to be told. */
export interface Standing {
  /** Customers' messages that are due and not sent. */
  readonly messagesDue: number;
  /** How long the oldest of them is due, in seconds. */
  readonly messageAgeSeconds: number;
  /** Transactions of the log, from the oldest that some reader has not seen: its age in seconds. */
  readonly logAgeSeconds: number;
  /** Units of open orders that nothing backs. */
  readonly unbackedUnits: number;
  /** Backorders whose latest promise is over. */
  readonly latePromises: number;
}

export async function readStanding(client: pg.PoolClient, brandId: number, now: Date): Promise<Standing> {
  // A look must not become a load.
  await client.query(`set local statement_timeout = '5s'`);
  const { rows } = await client.query(
    `select
       (select count(*)::int from message where brand_id = $1 and state in ('waiting', 'sending') and due_at <= $2) as "messagesDue",
       (select coalesce(extract(epoch from $2::timestamptz - min(due_at)), 0)::float8 from message
        where brand_id = $1 and state in ('waiting', 'sending') and due_at <= $2) as "messageAgeSeconds",
       (select coalesce(extract(epoch from $2::timestamptz - min(e.at)), 0)::float8
        from event_reader r cross join lateral (select at from event e where e.brand_id = $1
          and (e.transaction, e.event_id) > (r.transaction, r.event_id) order by e.transaction, e.event_id limit 1) e
        where r.brand_id = $1 and r.reader <> 'audit_access') as "logAgeSeconds",
       (select coalesce(sum(quantity), 0)::float8 from commitment where brand_id = $1 and kind = $3) as "unbackedUnits",
       (select count(*)::int from order_line l where l.brand_id = $1 and l.ordered - l.shipped - l.cancelled > 0
          and l.promise_version > 0 and exists (select from promise p where p.brand_id = $1 and p.order_id = l.order_id
            and p.line = l.line and p.version = l.promise_version and p.ship_by < ($2::timestamptz)::date)) as "latePromises"`,
    [brandId, now, 2],
  );
  return rows[0];
}
