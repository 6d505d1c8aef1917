import type { PromiseChange } from '@kept/engine';
import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';
import { TOLD_COLUMNS, TOLD_OF_VERSION, type ToldColumns } from './told-store.ts';

export interface PromiseRow extends ToldColumns {
  order_id: number;
  line: number;
  line_ref: string;
  sku: string;
  order: string;
  version: number;
  parts: string;
  shipped_before: number;
  reasons: string;
  change: PromiseChange;
  made_at: string;
}

/** Days as 'YYYY-MM-DD': on which versions were made, in UTC. */
export interface LedgerFilter {
  readonly order?: number | undefined;
  readonly line?: number | undefined;
  readonly sku?: string | undefined;
  readonly channel?: string | undefined;
  readonly supplier?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The promise ledger, newest first. */
export async function listPromises(
  client: pg.PoolClient,
  brandId: number,
  filter: LedgerFilter,
  limit: number,
  after: readonly [madeAt: string, order: number, line: number, version: number] | null,
): Promise<PromiseRow[]> {
  if (after !== null && !(/^[12]\d{3}-/.test(after[0]) && Date.parse(after[0]) > 0))
    throw new KeptError('invalid_input', 'cursor: expected the `next` of the page before, as it was given', {
      errors: [{ path: 'cursor', message: 'expected the `next` of the page before', in: 'querystring' }],
    });
  const { rows } = await client.query(
    `select p.order_id, p.line, l.line_ref, i.sku, c.code || ':' || o.ref as "order", p.version, p.parts, p.shipped_before,
       p.reasons, p.change, p.made_at, ${TOLD_COLUMNS}
     from promise p
     join order_line l on l.brand_id = p.brand_id and l.order_id = p.order_id and l.line = p.line
     join item i on i.brand_id = p.brand_id and i.item_id = l.item_id
     join customer_order o on o.brand_id = p.brand_id and o.order_id = p.order_id
     join channel c on c.brand_id = p.brand_id and c.channel_id = o.channel_id
     ${TOLD_OF_VERSION}
     where p.brand_id = $1 and ($2::bigint is null or p.order_id = $2) and ($3::int is null or p.line = $3)
       and ($4::text is null or i.sku = $4)
       and ($5::timestamptz is null
         or (p.made_at, p.order_id, p.line, p.version) < ($5::timestamptz, $6::bigint, $7::bigint, $8::bigint))
       and ($10::text is null or c.code = $10)
       and ($11::date is null or p.made_at >= $11::date::timestamp at time zone 'UTC')
       and ($12::date is null or p.made_at < ($12::date + 1)::timestamp at time zone 'UTC')
       and ($13::text is null or exists (
         select from jsonb_array_elements(p.reasons::jsonb) reason
         join purchase_order po on po.brand_id = p.brand_id and po.ref = reason ->> 'purchaseOrder'
         where reason ->> 'code' = 'pegged_to_supply' and po.supplier = $13))
     order by p.made_at desc, p.order_id desc, p.line desc, p.version desc limit $9`,
    [
      brandId,
      filter.order ?? null,
      filter.line ?? null,
      filter.sku ?? null,
      ...(after ?? [null, null, null, null]),
      limit,
      filter.channel ?? null,
      filter.from ?? null,
      filter.to ?? null,
      filter.supplier ?? null,
    ],
  );
  return rows;
}
