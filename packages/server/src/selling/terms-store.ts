import type { SellingTerms } from '@kept/engine';
import type pg from 'pg';

/** An item as selling sees it. */
export interface SoldItem {
  readonly item: number;
  readonly sku: string;
  readonly lifecycle: 'upcoming' | 'active' | 'discontinued';
  readonly policy: string;
  readonly leadTimeDays: number | null;
  readonly terms: SellingTerms | null;
}

/** Under the item's lock: terms are part of what is decided on. */
export async function lockSoldItem(
  client: pg.PoolClient,
  brandId: number,
  sku: string,
): Promise<SoldItem | null> {
  await client.query('select from item where brand_id = $1 and sku = $2 for update', [brandId, sku]);
  return readSoldItem(client, brandId, sku);
}

export async function readSoldItem(
  client: pg.PoolClient,
  brandId: number,
  sku: string,
): Promise<SoldItem | null> {
  const { rows } = await client.query(
    'select item_id, sku, lifecycle, policy, lead_time_days, terms from item where brand_id = $1 and sku = $2',
    [brandId, sku],
  );
  const [row] = rows;
  if (row === undefined) return null;
  return {
    item: row.item_id,
    sku: row.sku,
    lifecycle: row.lifecycle,
    policy: row.policy,
    leadTimeDays: row.lead_time_days,
    terms: row.terms === null ? null : JSON.parse(row.terms),
  };
}

export async function writeTerms(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  terms: SellingTerms | null,
): Promise<void> {
  await client.query('update item set terms = $3 where brand_id = $1 and item_id = $2', [
    brandId,
    item,
    terms === null ? null : JSON.stringify(terms),
  ]);
}

/** Preorders whose launch day has come, and whether sellable units are here. */
export async function launchesDue(
  client: pg.PoolClient,
  brandId: number,
  today: string,
): Promise<{ sku: string; launchOn: string | null; here: boolean }[]> {
  const { rows } = await client.query(
    `select i.sku, i.launch_on,
       exists (select from stock s where s.brand_id = i.brand_id and s.item_id = i.item_id and s.sellable > 0) as here
     from item i
     where i.brand_id = $1 and i.lifecycle = 'upcoming' and (i.launch_on is null or i.launch_on <= $2)
       and exists (select from policy p where p.brand_id = i.brand_id and p.name = i.policy and p.kind = 'preorder'
                   union all select where i.policy = 'preorder')`,
    [brandId, today],
  );
  return rows.map((row) => ({ sku: row.sku, launchOn: row.launch_on, here: row.here }));
}

export async function setLifecycle(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  lifecycle: SoldItem['lifecycle'],
): Promise<void> {
  await client.query('update item set lifecycle = $3 where brand_id = $1 and item_id = $2', [
    brandId,
    item,
    lifecycle,
  ]);
}
