import type pg from 'pg';

/** Items in whose queue or carts something can move at all; in SKU order, the order in which items are locked. */
const WITH_QUEUE = `
  (exists (select from commitment c where c.brand_id = i.brand_id and c.item_id = i.item_id)
   or exists (select from hold h where h.brand_id = i.brand_id and h.item_id = i.item_id and h.open))`;

async function itemsWhere(client: pg.PoolClient, condition: string, values: unknown[]): Promise<number[]> {
  const { rows } = await client.query(
    `select i.item_id from item i where i.brand_id = $1 and ${WITH_QUEUE} and ${condition} order by i.sku`,
    values,
  );
  return rows.map((row) => row.item_id);
}

export function queuedAmong(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
): Promise<number[]> {
  return itemsWhere(client, 'i.item_id = any($2)', [brandId, items]);
}

export function allQueued(client: pg.PoolClient, brandId: number): Promise<number[]> {
  return itemsWhere(client, 'true', [brandId]);
}

export function queuedOfPolicy(client: pg.PoolClient, brandId: number, policy: string): Promise<number[]> {
  return itemsWhere(client, 'i.policy = $2', [brandId, policy]);
}

/** With stock at the location, or supply on its way there. */
export function queuedAtLocations(
  client: pg.PoolClient,
  brandId: number,
  locations: readonly number[],
): Promise<number[]> {
  return itemsWhere(
    client,
    `(exists (select from stock s where s.brand_id = i.brand_id and s.item_id = i.item_id and s.location_id = any($2) and s.sellable > 0)
      or exists (select from supply s where s.brand_id = i.brand_id and s.item_id = i.item_id and s.open > 0 and s.location_id = any($2)))`,
    [brandId, locations],
  );
}

/** With units still to come from the suppliers. */
export function queuedOfSuppliers(
  client: pg.PoolClient,
  brandId: number,
  suppliers: readonly string[],
): Promise<number[]> {
  return itemsWhere(
    client,
    `exists (select from supply s join purchase_order p on p.brand_id = s.brand_id and p.ref = s.ref
             where s.brand_id = i.brand_id and s.item_id = i.item_id and s.open > 0 and s.kind = 'purchase_order'
               and p.supplier = any($2))`,
    [brandId, suppliers],
  );
}
