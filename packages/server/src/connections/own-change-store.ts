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
           select null, data from event
           where brand_id = $1 and kind in ('order.cancelled', 'order.changed')
             and actor is distinct from 'connection:' || $2
             and (transaction, event_id) > (
               (select transaction from event_reader where brand_id = $1 and reader = 'connections'),
               (select event_id from event_reader where brand_id = $1 and reader = 'connections'))`,
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

/** Of orders by channel and ref, those of which something was cancelled, with Kept's ids. Each is looked up by itself, however the tables have grown. */
export async function cancelledAmong(
  client: pg.PoolClient,
  brandId: number,
  named: readonly Named[],
): Promise<{ order: number; externalId: string }[]> {
  const { rows } = await client.query({
    name: 'cancelled-among-told',
    text: `select o.order_id as "order", n.external_id as "externalId"
           from unnest($2::text[], $3::text[], $4::text[]) as n(channel, ref, external_id)
           join channel c on c.brand_id = $1 and c.code = n.channel
           cross join lateral (
             select order_id from customer_order
             where brand_id = $1 and channel_id = c.channel_id and ref = n.ref limit 1) o
           cross join lateral (
             select from order_line where brand_id = $1 and order_id = o.order_id and cancelled > 0 limit 1) l`,
    values: [
      brandId,
      texts(named, (one) => one.channel),
      texts(named, (one) => one.ref),
      texts(named, (one) => one.externalId),
    ],
  });
  return rows;
}
