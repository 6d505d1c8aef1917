import type pg from 'pg';
import type { Known } from './records.ts';

/** What the brand has, by name. */
export async function readKnown(
  client: pg.PoolClient,
  brandId: number,
): Promise<Pick<Known, 'skus' | 'locations' | 'channels' | 'suppliers'>> {
  const [items, locations, channels, suppliers] = await Promise.all([
    client.query(
      `select i.sku, d.uoms from item i join item_detail d on d.brand_id = i.brand_id and d.item_id = i.item_id
       where i.brand_id = $1`,
      [brandId],
    ),
    client.query('select code, title from location where brand_id = $1', [brandId]),
    client.query('select code, title, kind from channel where brand_id = $1', [brandId]),
    client.query('select code, title from supplier where brand_id = $1', [brandId]),
  ]);
  return {
    skus: new Map(items.rows.map((row) => [row.sku, { uoms: JSON.parse(row.uoms) }])),
    locations: new Map(locations.rows.map((row) => [row.code, { title: row.title }])),
    channels: new Map(channels.rows.map((row) => [row.code, { title: row.title, kind: row.kind }])),
    suppliers: new Map(suppliers.rows.map((row) => [row.code, { title: row.title }])),
  };
}

/** Purchase orders by their names, then items by SKU. */
export async function lockAll(client: pg.PoolClient, brandId: number): Promise<void> {
  await client.query('select from purchase_order where brand_id = $1 order by ref for update', [brandId]);
  await client.query('select from item where brand_id = $1 order by sku for update', [brandId]);
}

/** Has the tables' statistics made anew, the caller's own rows included: what reads them next is planned by what is there. */
export async function countAnew(client: pg.PoolClient): Promise<void> {
  await client.query('select count_anew()');
}
