import type pg from 'pg';
import { texts } from '../platform/columns.ts';

/** An order's change that was made in Kept, and that the system it is from has still to be asked for, or is being asked. */
export interface OwnChange {
  readonly order: number;
  /** Out of the log, where nobody has asked for it yet: its data, JSON; null: it is asked for. */
  readonly event: string | null;
}

/** What of a connection's orders was cancelled or switched in Kept and is not over there; mostly nothing. */
export async function ownChanges(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
): Promise<OwnChange[]> {
  const { rows } = await client.query({
    name: 'own-changes-of-connection',
    text: `select order_id as "order", null as event from connection_action
           where brand_id = $1 and connection = $2 and kind in ('cancel', 'switch') and state in ('waiting', 'pending')
             and order_id is not null
           union all
           select null, e.data from event_reader r
           join event e on e.brand_id = r.brand_id and (e.transaction, e.event_id) > (r.transaction, r.event_id)
             and e.kind in ('order.cancelled', 'order.changed') and e.actor is distinct from 'connection:' || $2
           where r.brand_id = $1 and r.reader = 'connections'`,
    values: [brandId, connection],
  });
  return rows;
}

interface Named {
  readonly channel: string;
  readonly ref: string;
  readonly externalId: string;
}

/** What became of the last change that was asked of orders, by their external ids: done, refused or withdrawn. */
export async function lastChanges(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  named: readonly Named[],
): Promise<Map<string, string>> {
  const { rows } = await client.query<{ externalId: string; state: string }>(
    `select distinct on (n.external_id) n.external_id as "externalId", a.state
     from unnest($3::text[], $4::text[], $5::text[]) as n(channel, ref, external_id)
     join channel c on c.brand_id = $1 and c.code = n.channel
     join customer_order o on o.brand_id = $1 and o.channel_id = c.channel_id and o.ref = n.ref
     join connection_action a on a.brand_id = $1 and a.order_id = o.order_id and a.connection = $2
       and a.kind in ('cancel', 'switch')
     order by n.external_id, a.created_at desc`,
    [
      brandId,
      connection,
      texts(named, (one) => one.channel),
      texts(named, (one) => one.ref),
      texts(named, (one) => one.externalId),
    ],
  );
  return new Map(rows.map((row) => [row.externalId, row.state]));
}

/** Of orders by channel and ref, those that are among Kept's ids: their external ids there. */
export async function amongOrders(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
  named: readonly Named[],
): Promise<Set<string>> {
  const { rows } = await client.query<{ externalId: string }>(
    `select n.external_id as "externalId"
     from unnest($3::text[], $4::text[], $5::text[]) as n(channel, ref, external_id)
     join channel c on c.brand_id = $1 and c.code = n.channel
     join customer_order o on o.brand_id = $1 and o.channel_id = c.channel_id and o.ref = n.ref
     where o.order_id = any($2::bigint[])`,
    [
      brandId,
      [...orders],
      texts(named, (one) => one.channel),
      texts(named, (one) => one.ref),
      texts(named, (one) => one.externalId),
    ],
  );
  return new Set(rows.map((row) => row.externalId));
}
