import { dayNumber } from '@kept/engine';
import type pg from 'pg';
import type { FirstPromises } from './ranks.ts';

/** The last day of the first promise of each line that stands on some items. */
export async function readFirstPromises(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
): Promise<FirstPromises> {
  const { rows } = await client.query({
    name: 'first-promises',
    text: `select distinct p.order_id, p.line, p.ship_by from commitment c
           join promise p on p.brand_id = c.brand_id and p.order_id = c.order_id and p.line = c.line and p.version = 1
           where c.brand_id = $1 and c.item_id = any($2) and p.ship_by is not null`,
    values: [brandId, items],
  });
  return new Map(rows.map((row) => [`${row.order_id}:${row.line}`, dayNumber(row.ship_by)]));
}

/** Items with open lines. */
export async function readQueuedItems(client: pg.PoolClient, brandId: number): Promise<number[]> {
  const { rows } = await client.query(
    `select item_id from item i where brand_id = $1
       and exists (select from commitment c where c.brand_id = $1 and c.item_id = i.item_id) order by item_id`,
    [brandId],
  );
  return rows.map((row) => row.item_id);
}
