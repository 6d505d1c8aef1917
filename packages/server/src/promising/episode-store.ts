import type pg from 'pg';

/** Items whose queues have changed, and what of them is not in the tables yet. */
export interface ChangedQueues {
  readonly items: readonly number[];
  /** Which of their pools may have a queue that began or ended; left out: all. */
  readonly looked?: readonly { readonly item: number; readonly pool: number }[];
  /** Those for which an episode may be opened. */
  readonly mayOpen: readonly number[];
  /** By channel. */
  readonly pools: Int32Array;
  /** Queues of orders that are being placed: they are written after this. */
  readonly begun: readonly { readonly item: number; readonly pool: number }[];
  /** ISO 8601. */
  readonly at: string;
}

/**
 * Opens an episode for each item and pool that has a queue and no open episode, and closes those whose queue is gone. The caller
 * holds the items' locks and has written their commitments.
 */
export async function saveEpisodes(
  client: pg.PoolClient,
  brandId: number,
  { items, pools, looked = everyPool(items, pools), mayOpen, begun, at }: ChangedQueues,
): Promise<void> {
  await client.query({
    name: 'save-episodes',
    text: `with pool as (select number::int - 1 as channel_id, pool from unnest($2::int[]) with ordinality as p(pool, number)),
           queue as (
             -- The first that is found suffices: nobody counts the others of a long queue.
             select p.item_id, p.pool
             from unnest($8::int[], $9::int[]) as p(item_id, pool)
             cross join lateral (
               select from commitment c
               join customer_order o on o.brand_id = c.brand_id and o.order_id = c.order_id
               where c.brand_id = $1 and c.item_id = p.item_id and c.kind in (1, 2)
                 and o.channel_id in (select channel_id from pool q where q.pool = p.pool)
               limit 1) waits
             union
             select item_id, pool from unnest($6::int[], $7::int[]) as b(item_id, pool)),
           closed as (
             update episode e set closed_at = greatest($5::timestamptz, e.opened_at)
             where e.brand_id = $1 and e.item_id = any($3) and e.closed_at is null
               and exists (select from unnest($8::int[], $9::int[]) as l(item_id, pool)
                 where l.item_id = e.item_id and l.pool = e.pool)
               and not exists (select from queue q where q.item_id = e.item_id and q.pool = e.pool))
           insert into episode (brand_id, item_id, pool, number, opened_at)
           select $1, q.item_id, q.pool, 1 + coalesce(last.number, 0), $5
           from queue q
           left join lateral (select number, closed_at from episode e
             where e.brand_id = $1 and e.item_id = q.item_id and e.pool = q.pool order by number desc limit 1) last on true
           where q.item_id = any($4) and (last.number is null or last.closed_at is not null)
           on conflict do nothing`,
    values: [
      brandId,
      [...pools],
      items,
      mayOpen,
      at,
      begun.map((one) => one.item),
      begun.map((one) => one.pool),
      looked.map((one) => one.item),
      looked.map((one) => one.pool),
    ],
  });
}

function everyPool(items: readonly number[], pools: Int32Array): { item: number; pool: number }[] {
  const distinct = [...new Set(pools)];
  return items.flatMap((item) => distinct.map((pool) => ({ item, pool })));
}

/** Items whose queue and episodes do not agree: queues of a launch, of another policy, or from before episodes were kept. */
export async function itemsToReconcile(
  client: pg.PoolClient,
  brandId: number,
): Promise<{ item: number; policy: string; lifecycle: string }[]> {
  const { rows } = await client.query(
    `select i.item_id as item, i.policy, i.lifecycle from item i
     where i.brand_id = $1 and not i.kit and ((i.backordered > 0) <> exists (
       select from episode e where e.brand_id = i.brand_id and e.item_id = i.item_id and e.closed_at is null))`,
    [brandId],
  );
  return rows;
}
