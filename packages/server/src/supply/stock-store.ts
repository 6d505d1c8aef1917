import type { Condition } from '@kept/engine';
import type pg from 'pg';

export interface StockRow {
  readonly sku: string;
  readonly location: string;
  readonly sellable: number;
  readonly quality_hold: number;
  readonly returned: number;
  readonly damaged: number;
  readonly reserved: number;
  readonly held: number;
}

const STOCK = `
  select i.sku, l.code as location, s.sellable, s.quality_hold, s.returned, s.damaged, s.reserved, s.held
  from stock s
  join item i on i.brand_id = s.brand_id and i.item_id = s.item_id
  join location l on l.brand_id = s.brand_id and l.location_id = s.location_id`;

/** By SKU and location, after a pair of them; one more than `limit`, to tell whether there is a next page. */
export async function listStock(
  client: pg.PoolClient,
  brandId: number,
  filter: { sku?: string | undefined; location?: string | undefined },
  after: readonly [string, string] | null,
  limit: number,
): Promise<StockRow[]> {
  const { rows } = await client.query(
    `${STOCK} where s.brand_id = $1 and ($2::text is null or i.sku = $2) and ($3::text is null or l.code = $3)
       and ($4::text is null or (i.sku, l.code) > ($4, $5))
     order by i.sku, l.code limit $6`,
    [brandId, filter.sku ?? null, filter.location ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return rows;
}

/** Open units of items by the channel they were ordered in. */
export async function readOpenUnits(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
): Promise<{ item: number; channel: number; units: number }[]> {
  const { rows } = await client.query(
    `select c.item_id as item, o.channel_id as channel, sum(c.quantity)::bigint as units
     from commitment c join customer_order o on o.brand_id = c.brand_id and o.order_id = c.order_id
     where c.brand_id = $1 and c.item_id = any($2) group by c.item_id, o.channel_id`,
    [brandId, items],
  );
  return rows;
}

/** What is counted now of items, by item, place and condition; what was never counted is not there. */
export async function readLevels(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
): Promise<{ item: number; place: number; units: Record<Condition, number> }[]> {
  const { rows } = await client.query(
    `select item_id, location_id, sellable, quality_hold, returned, damaged from stock
     where brand_id = $1 and item_id = any($2)`,
    [brandId, items],
  );
  return rows.map(({ item_id, location_id, ...units }) => ({ item: item_id, place: location_id, units }));
}
