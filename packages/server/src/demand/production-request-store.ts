import type { StartedWork } from '@kept/engine';
import type pg from 'pg';

export async function insertProductionRequests(
  client: pg.PoolClient,
  brandId: number,
  started: readonly (StartedWork & { readonly item: number })[],
  at: string,
): Promise<void> {
  await client.query(
    `insert into production_request (brand_id, ref, item_id, order_id, line, quantity, options, requested_at)
     select $1, ref, item_id, order_id, line, quantity, array(select jsonb_array_elements_text(options::jsonb)), $2
     from unnest($3::text[], $4::int[], $5::bigint[], $6::int[], $7::int[], $8::text[])
       as n(ref, item_id, order_id, line, quantity, options)`,
    [
      brandId,
      at,
      started.map((one) => one.supply.ref),
      started.map((one) => one.item),
      started.map((one) => one.order),
      started.map((one) => one.line),
      started.map((one) => one.supply.open),
      started.map((one) => JSON.stringify(one.options)),
    ],
  );
}

export async function insertOptions(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly { readonly order: number; readonly line: number; readonly options: readonly string[] }[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `insert into line_option (brand_id, order_id, line, options)
     select $1, order_id, line, array(select jsonb_array_elements_text(options::jsonb))
     from unnest($2::bigint[], $3::int[], $4::text[]) as n(order_id, line, options)`,
    [
      brandId,
      rows.map((one) => one.order),
      rows.map((one) => one.line),
      rows.map((one) => JSON.stringify(one.options)),
    ],
  );
}

/** By line. */
export async function readOptions(
  client: pg.PoolClient,
  brandId: number,
  order: number,
): Promise<Map<number, string[]>> {
  const { rows } = await client.query(
    'select line, options from line_option where brand_id = $1 and order_id = $2',
    [brandId, order],
  );
  return new Map(rows.map((row) => [row.line, row.options]));
}
