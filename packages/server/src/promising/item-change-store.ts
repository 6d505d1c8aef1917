import type pg from 'pg';
import { ints } from '../platform/columns.ts';

/** What has changed since a look, and how things stood at this one. */
export interface Look {
  /** PostgreSQL's snapshot: which transactions this look could see. */
  readonly snapshot: string;
  readonly settingsVersion: number;
  readonly items: readonly number[];
}

/**
 * Looks which items have changed since an earlier look: in every transaction that this one sees and that one did not,
 * whatever order they began and ended in. One statement, so that all of it is of one moment; it waits for nobody.
 * @param since null: nothing is known yet, and no item is told
 */
export async function lookForChanges(
  client: pg.PoolClient,
  brandId: number,
  since: string | null,
): Promise<Look> {
  const { rows } = await client.query({
    name: 'look-for-changes',
    text: `select pg_current_snapshot()::text as snapshot, settings_version,
             array(select distinct unnest(items) from item_change
                   where brand_id = $1 and transaction >= pg_snapshot_xmin($2::pg_snapshot)
                     and not pg_visible_in_snapshot(transaction, $2::pg_snapshot)) as items
           from brand where brand_id = $1`,
    values: [brandId, since],
  });
  const [row] = rows;
  return { snapshot: row.snapshot, settingsVersion: row.settings_version, items: row.items };
}

/**
 * Says that something of items was changed, beyond what triggers see: who stands where in a queue, what is locked, promises.
 * Whoever plans by a snapshot looks here before it writes.
 */
export async function noteChanges(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
): Promise<void> {
  await client.query({
    name: 'note-changes',
    text: 'insert into item_change (brand_id, items) values ($1, $2)',
    values: [brandId, ints(items, (item) => item)],
  });
}

/** Forgets changes that every process has long looked at. */
export async function forgetOldChanges(
  client: pg.PoolClient,
  brandId: number,
  seconds: number,
): Promise<void> {
  await client.query(
    `delete from item_change where brand_id = $1 and at < clock_timestamp() - make_interval(secs => $2)`,
    [brandId, seconds],
  );
}
