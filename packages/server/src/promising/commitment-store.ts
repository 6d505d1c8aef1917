import type { Commitment } from '@kept/engine';
import type pg from 'pg';
import { COMMITMENT_KINDS } from './line-store.ts';
import type { SupplyFacts } from './views.ts';

export interface StoredCommitment {
  readonly commitment: Commitment;
  readonly supply: SupplyFacts | null;
  readonly item: number;
  readonly sku: string;
}

/** What backs the lines of orders, by 'order:line': stock first, then supply by its day, then what waits. */
export async function readCommitments(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
): Promise<Map<string, StoredCommitment[]>> {
  const { rows } = await client.query({
    name: 'read-commitments',
    text: `select c.order_id, c.line, c.item_id, i.sku, c.kind, c.source, c.quantity, s.kind as supply_kind, s.ref,
             s.line as supply_line, s.schedule, s.location_id, s.stage, s.expected_on, s.planned_on, s.promisable_on
           from commitment c
           join item i on i.brand_id = c.brand_id and i.item_id = c.item_id
           left join supply s on c.kind = 1 and s.brand_id = c.brand_id and s.item_id = c.item_id and s.supply_id = c.source
           where c.brand_id = $1 and c.order_id = any($2)
           order by c.order_id, c.line, c.kind, s.promisable_on, c.item_id, c.source`,
    values: [brandId, orders],
  });
  const byLine = new Map<string, StoredCommitment[]>();
  for (const row of rows) {
    const key = `${row.order_id}:${row.line}`;
    const list = byLine.get(key) ?? [];
    byLine.set(key, list);
    list.push({
      commitment: { kind: COMMITMENT_KINDS[row.kind]!, source: row.source, quantity: row.quantity },
      item: row.item_id,
      sku: row.sku,
      supply:
        row.supply_kind === null
          ? null
          : {
              kind: row.supply_kind,
              ref: row.ref,
              line: row.supply_line === '' ? null : row.supply_line,
              schedule: row.schedule === '' ? null : row.schedule,
              place: row.location_id,
              stage: row.stage,
              expectedOn: row.expected_on,
              plannedOn: row.planned_on,
              promisableOn: row.promisable_on,
            },
    });
  }
  return byLine;
}

/** What people call a line: its order as channel:ref, its own name there, its SKU. */
export async function readLineName(
  client: pg.PoolClient,
  brandId: number,
  order: number,
  line: number,
): Promise<{ order: string; line: string | number; sku: string }> {
  const { rows } = await client.query(
    `select c.code || ':' || o.ref as "order", l.line_ref, i.sku
     from order_line l join customer_order o on o.brand_id = l.brand_id and o.order_id = l.order_id
     join channel c on c.brand_id = l.brand_id and c.channel_id = o.channel_id
     join item i on i.brand_id = l.brand_id and i.item_id = l.item_id
     where l.brand_id = $1 and l.order_id = $2 and l.line = $3`,
    [brandId, order, line],
  );
  return { order: rows[0].order, line: JSON.parse(rows[0].line_ref), sku: rows[0].sku };
}
