import type pg from 'pg';

export interface AlternativeRow {
  sku: string;
  title: string;
  price: number;
  currency: string;
}

export async function readAlternatives(
  client: pg.PoolClient,
  brandId: number,
  skus: readonly string[],
): Promise<AlternativeRow[]> {
  if (skus.length === 0) return [];
  const { rows } = await client.query(
    `select i.sku, d.title, d.price, d.currency from item i
     join item_detail d on d.brand_id = i.brand_id and d.item_id = i.item_id
     where i.brand_id = $1 and i.sku = any($2) and i.lifecycle = 'active' order by i.sku`,
    [brandId, skus],
  );
  return rows;
}

export interface PromiseRow {
  line: number;
  version: number;
  ship_by: string | null;
  made_at: string;
  change: string;
  /** JSON. */
  reasons: string;
}

/** Every promise that was made for an order's lines, in the order in which they were made. */
export async function promiseHistory(
  client: pg.PoolClient,
  brandId: number,
  order: number,
): Promise<PromiseRow[]> {
  const { rows } = await client.query(
    `select line, version, ship_by, made_at, change, reasons from promise where brand_id = $1 and order_id = $2
     order by made_at, line, version`,
    [brandId, order],
  );
  return rows;
}

/** Units of the same items that are served before an order's lines; a kit's line counts its longest queue. */
export async function unitsAhead(
  client: pg.PoolClient,
  brandId: number,
  order: number,
): Promise<Map<number, number>> {
  const { rows } = await client.query(
    `select own.line, max(ahead.units)::int as units
     from (select distinct line, item_id, rank from commitment where brand_id = $1 and order_id = $2 and kind <> 0) own
     cross join lateral (
       select coalesce(sum(c.quantity), 0) as units from commitment c
       where c.brand_id = $1 and c.item_id = own.item_id and c.kind <> 0 and (c.rank, c.order_id) < (own.rank, $2)
     ) ahead
     group by own.line`,
    [brandId, order],
  );
  return new Map(rows.map((row) => [row.line, row.units]));
}
