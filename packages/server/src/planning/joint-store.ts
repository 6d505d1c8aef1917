import type { PriceBreak } from '@kept/engine';
import type pg from 'pg';

export async function replacePriceBreaks(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  breaks: readonly PriceBreak[],
): Promise<void> {
  await client.query('delete from price_break where brand_id = $1 and item_id = $2', [brandId, item]);
  for (const { from, unitCost } of breaks)
    await client.query(
      'insert into price_break (brand_id, item_id, from_quantity, unit_cost) values ($1, $2, $3, $4)',
      [brandId, item, from, unitCost],
    );
}

/** Price breaks of items, the smallest quantity first. */
export async function readPriceBreaks(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
): Promise<Map<number, PriceBreak[]>> {
  const { rows } = await client.query(
    `select item_id, from_quantity, unit_cost from price_break where brand_id = $1 and item_id = any($2::int[])
     order by item_id, from_quantity`,
    [brandId, items],
  );
  const breaks = new Map<number, PriceBreak[]>();
  for (const row of rows)
    breaks.set(row.item_id, [
      ...(breaks.get(row.item_id) ?? []),
      { from: row.from_quantity, unitCost: row.unit_cost },
    ]);
  return breaks;
}

export interface OrderRow {
  readonly ref: string;
  readonly supplier: string;
  readonly placedOn: string;
  readonly stage: string;
  readonly line: string;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitCost: number | null;
  readonly currency: string | null;
  readonly expectedOn: string | null;
  readonly location: string;
}

/** A purchase order's deliveries, as they are sent to who is to place them. */
export async function readOrderRows(
  client: pg.PoolClient,
  brandId: number,
  ref: string,
): Promise<OrderRow[]> {
  const { rows } = await client.query(
    `select p.ref, p.supplier, p.placed_on as "placedOn", s.stage, s.line, i.sku, d.title, s.ordered as quantity,
       s.unit_cost as "unitCost", coalesce(s.currency, p.currency) as currency, s.expected_on as "expectedOn", l.code as location
     from purchase_order p
     join supply s on s.brand_id = $1 and s.kind = 'purchase_order' and s.ref = p.ref
     join item i on i.brand_id = $1 and i.item_id = s.item_id
     join item_detail d on d.brand_id = $1 and d.item_id = s.item_id
     join location l on l.brand_id = $1 and l.location_id = s.location_id
     where p.brand_id = $1 and p.ref = $2 order by s.line, s.schedule`,
    [brandId, ref],
  );
  return rows;
}
