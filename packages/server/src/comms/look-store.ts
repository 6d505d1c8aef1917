import type pg from 'pg';
import { bigints, timestamps } from '../platform/columns.ts';

export interface Look {
  readonly order: number;
  /** ISO 8601. */
  readonly at: string;
}

/** Orders are looked at by then at the latest; one that is to be looked at earlier stays so. */
export async function lookBy(client: pg.PoolClient, brandId: number, looks: readonly Look[]): Promise<void> {
  if (looks.length === 0) return;
  await client.query({
    name: 'look-by',
    text: `insert into order_look as o (brand_id, order_id, look_at)
           select $1, order_id, min(look_at) from unnest($2::bigint[], $3::timestamptz[]) as n(order_id, look_at)
           group by order_id order by order_id
           on conflict (brand_id, order_id) do update set look_at = least(o.look_at, excluded.look_at)`,
    values: [brandId, bigints(looks, (one) => one.order), timestamps(looks, (one) => one.at)],
  });
}

/** Orders with a line that waited, of those that were placed just now; the others are the shop's own to tell. */
export async function lookAtWaiting(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
  at: string,
): Promise<void> {
  if (orders.length === 0) return;
  await client.query({
    name: 'look-at-waiting',
    text: `insert into order_look as o (brand_id, order_id, look_at)
           select distinct $1::int, l.order_id, $3::timestamptz from order_line l
           where l.brand_id = $1 and l.order_id = any($2::bigint[]) and l.waiting_since is not null
           on conflict (brand_id, order_id) do update set look_at = least(o.look_at, excluded.look_at)`,
    values: [brandId, orders, at],
  });
}

/**
 * Passes on lines whose newest promise was not: their orders are to be looked at now. Lines that somebody else changes at
 * this moment are left for the next time, so that nobody waits for anybody.
 * @returns how many lines
 */
export async function passOnNews(
  client: pg.PoolClient,
  brandId: number,
  at: string,
  limit: number,
): Promise<number> {
  const { rows } = await client.query({
    name: 'pass-on-news',
    text: `with news as (
             select order_id, line from order_line
             where brand_id = $1 and promise_version > coalesce(noted_version, told_version)
             order by order_id limit $3 for update skip locked
           ), noted as (
             update order_line l set noted_version = l.promise_version from news n
             where l.brand_id = $1 and l.order_id = n.order_id and l.line = n.line returning l.order_id
           ), others as (
             -- Connections tell their own systems.
             insert into order_news (brand_id, order_id)
             select distinct $1::int, order_id from noted
             where exists (select from connection where brand_id = $1 and state <> 'disconnected')
             on conflict do nothing
           ), looks as (
             insert into order_look as o (brand_id, order_id, look_at)
             select distinct $1::int, order_id, $2::timestamptz from noted
             on conflict (brand_id, order_id) do update set look_at = least(o.look_at, excluded.look_at)
           )
           select count(*)::int as lines from noted`,
    values: [brandId, at, limit],
  });
  return rows[0].lines;
}

/** Orders to be looked at now, held for the caller's transaction. */
export async function takeLooks(
  client: pg.PoolClient,
  brandId: number,
  at: string,
  limit: number,
): Promise<number[]> {
  const { rows } = await client.query({
    name: 'take-looks',
    text: `select order_id from order_look where brand_id = $1 and look_at <= $2::timestamptz
           order by look_at, order_id limit $3 for update skip locked`,
    values: [brandId, at, limit],
  });
  return rows.map((row) => row.order_id);
}

/** What was looked at is looked at again when its next day comes, or not at all. */
export async function setLooks(
  client: pg.PoolClient,
  brandId: number,
  looked: readonly { readonly order: number; readonly at: string | null }[],
): Promise<void> {
  const over = looked.filter((one) => one.at === null).map((one) => one.order);
  const again = looked.filter((one) => one.at !== null);
  if (over.length > 0)
    await client.query({
      name: 'looks-over',
      text: 'delete from order_look where brand_id = $1 and order_id = any($2::bigint[])',
      values: [brandId, over],
    });
  if (again.length > 0)
    await client.query({
      name: 'looks-again',
      text: `update order_look o set look_at = n.look_at from unnest($2::bigint[], $3::timestamptz[]) as n(order_id, look_at)
             where o.brand_id = $1 and o.order_id = n.order_id`,
      values: [brandId, bigints(again, (one) => one.order), timestamps(again, (one) => one.at)],
    });
}
