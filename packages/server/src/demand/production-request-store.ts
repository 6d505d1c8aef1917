import type { ProductionRequest } from '@kept/contract';
import type { StartedWork } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';

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

type Row = z.output<typeof ProductionRequest> & { readonly total: number };

const REQUEST = `
  select r.ref, i.sku, c.code || ':' || o.ref as "order", l.line_ref, r.quantity, r.options, p.code as location,
    r.requested_at, s.expected_on, s.received, s.open + s.received as total, r.accepted_at, r.accepted_by, r.maker_ref,
    case when s.open = 0 and s.received > 0 then 'done'
         when s.stage = 'cancelled' or (s.pegged = 0 and s.received = 0) then 'not_needed'
         when r.accepted_at is not null then 'accepted' else 'requested' end as state
  from production_request r
  join item i on i.brand_id = r.brand_id and i.item_id = r.item_id
  join customer_order o on o.brand_id = r.brand_id and o.order_id = r.order_id
  join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id
  join order_line l on l.brand_id = r.brand_id and l.order_id = r.order_id and l.line = r.line
  join supply s on s.brand_id = r.brand_id and s.item_id = r.item_id and s.kind = 'production' and s.ref = r.ref
  join location p on p.brand_id = s.brand_id and p.location_id = s.location_id
  where r.brand_id = $1`;

/** Oldest first, after one of them. */
export async function listProduction(
  client: pg.PoolClient,
  brandId: number,
  query: {
    readonly sku: string | null;
    readonly state: string | null;
    readonly after: readonly [string, string] | null;
    readonly limit: number;
  },
): Promise<Row[]> {
  const { rows } = await client.query(
    `select * from (${REQUEST}) w where ($2::text is null or sku = $2) and ($3::text is null or state = $3)
       and ($4::timestamptz is null or (requested_at, ref) > ($4, $5))
     order by requested_at, ref limit $6`,
    [brandId, query.sku, query.state, query.after?.[0] ?? null, query.after?.[1] ?? null, query.limit + 1],
  );
  return rows.map(from);
}

export async function readProduction(
  client: pg.PoolClient,
  brandId: number,
  ref: string,
): Promise<Row | null> {
  const { rows } = await client.query(`${REQUEST} and r.ref = $2`, [brandId, ref]);
  return rows[0] === undefined ? null : from(rows[0]);
}

export async function acceptProduction(
  client: pg.PoolClient,
  brandId: number,
  ref: string,
  accepted: { readonly at: string; readonly by: string; readonly makerRef: string | null },
): Promise<void> {
  await client.query(
    `update production_request set accepted_at = $3, accepted_by = $4, maker_ref = coalesce($5, maker_ref)
     where brand_id = $1 and ref = $2`,
    [brandId, ref, accepted.at, accepted.by, accepted.makerRef],
  );
}

// biome-ignore lint/suspicious/noExplicitAny: rows of the statement above, column by column
function from(row: any): Row {
  return {
    ref: row.ref,
    sku: row.sku,
    order: row.order,
    line: JSON.parse(row.line_ref),
    quantity: row.quantity,
    options: row.options,
    location: row.location,
    requestedAt: row.requested_at,
    expectedOn: row.expected_on,
    state: row.state,
    acceptedAt: row.accepted_at,
    acceptedBy: row.accepted_by,
    makerRef: row.maker_ref,
    received: row.received,
    total: row.total,
  };
}
