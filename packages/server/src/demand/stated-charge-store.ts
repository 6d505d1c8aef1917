import type pg from 'pg';
import { bigints, ints, texts } from '../platform/columns.ts';
import type { NewStated } from './stated-charges.ts';

export async function insertStated(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly NewStated[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query({
    name: 'insert-stated',
    text: `insert into line_charge (brand_id, order_id, line, terms, due_now, authorised, at_shipment, invoiced)
           select $1, * from unnest($2::bigint[], $3::int[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])`,
    values: [
      brandId,
      bigints(rows, (one) => one.order),
      ints(rows, (one) => one.line),
      texts(rows, (one) => one.terms),
      bigints(rows, (one) => one.dues.dueNow),
      bigints(rows, (one) => one.dues.authorised),
      bigints(rows, (one) => one.dues.atShipment),
      bigints(rows, (one) => one.dues.invoiced),
    ],
  });
}
