import type pg from 'pg';
import type { LineKey } from './line-store.ts';

/** Locks or lets go of a line; answers whether that changed anything. */
export async function writeLock(
  client: pg.PoolClient,
  brandId: number,
  { order, line }: LineKey,
  locked: boolean,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'update order_line set locked = $4 where brand_id = $1 and order_id = $2 and line = $3 and locked <> $4',
    [brandId, order, line, locked],
  );
  return rowCount === 1;
}

/** Who did it and why: one row each time. */
export async function insertLock(
  client: pg.PoolClient,
  brandId: number,
  { order, line }: LineKey,
  entry: { event: number; locked: boolean; reason: string; actor: string; at: string },
): Promise<void> {
  await client.query(
    `insert into line_lock (brand_id, order_id, line, event_id, locked, reason, actor, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [brandId, order, line, entry.event, entry.locked, entry.reason, entry.actor, entry.at],
  );
}
