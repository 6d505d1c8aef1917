import type pg from 'pg';
import { lockSettings } from '../promising/index.ts';

/** A purchase order's header; its lines are supplies. */
export interface HeaderRow {
  ref: string;
  supplier: string;
  placedOn: string;
  stage: string;
  freightMode: string | null;
  currency: string | null;
}

const HEADER = 'select ref, supplier, placed_on, stage, freight_mode, currency from purchase_order';

/** Makes the headers that are not there. Of two that make the same one, the second waits. Answers the refs it made. */
export async function insertHeaders(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly HeaderRow[],
): Promise<Set<string>> {
  const inserted = await client.query(
    `insert into purchase_order (brand_id, ref, supplier, placed_on, stage, freight_mode, currency)
     select $1, * from unnest($2::text[], $3::text[], $4::date[], $5::text[], $6::text[], $7::text[])
       as n(ref, supplier, placed_on, stage, freight_mode, currency) order by n.ref
     on conflict do nothing returning ref`,
    [brandId, ...columns(rows)],
  );
  return new Set(inserted.rows.map((row) => row.ref));
}

export async function updateHeaders(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly HeaderRow[],
): Promise<void> {
  await client.query(
    `update purchase_order p set supplier = n.supplier, placed_on = n.placed_on, stage = n.stage,
       freight_mode = n.freight_mode, currency = n.currency
     from unnest($2::text[], $3::text[], $4::date[], $5::text[], $6::text[], $7::text[])
       as n(ref, supplier, placed_on, stage, freight_mode, currency)
     where p.brand_id = $1 and p.ref = n.ref`,
    [brandId, ...columns(rows)],
  );
}

const columns = (rows: readonly HeaderRow[]) => [
  rows.map((row) => row.ref),
  rows.map((row) => row.supplier),
  rows.map((row) => row.placedOn),
  rows.map((row) => row.stage),
  rows.map((row) => row.freightMode),
  rows.map((row) => row.currency),
];

/** Headers under their lock, which everything that changes an order or its lines takes before any item's. */
export async function lockHeaders(
  client: pg.PoolClient,
  brandId: number,
  refs: readonly string[],
): Promise<Map<string, HeaderRow>> {
  await lockSettings(client, brandId, 'shared'); // before all that a decision will lock: it takes it, too
  const { rows } = await client.query(
    `${HEADER} where brand_id = $1 and ref = any($2) order by ref for update`,
    [brandId, refs],
  );
  return new Map(rows.map((row) => [row.ref as string, headerFrom(row)]));
}

export async function readHeaders(
  client: pg.PoolClient,
  brandId: number,
  refs: readonly string[],
): Promise<HeaderRow[]> {
  const { rows } = await client.query(`${HEADER} where brand_id = $1 and ref = any($2)`, [brandId, refs]);
  return rows.map(headerFrom);
}

/** By reference, after one; one more than `limit`, to tell whether there is a next page. */
export async function listHeaders(
  client: pg.PoolClient,
  brandId: number,
  after: string | null,
  limit: number,
): Promise<HeaderRow[]> {
  const { rows } = await client.query(
    `${HEADER} where brand_id = $1 and ($2::text is null or ref > $2) order by ref limit $3`,
    [brandId, after, limit + 1],
  );
  return rows.map(headerFrom);
}

// biome-ignore lint/suspicious/noExplicitAny: rows of the statement above, column by column
function headerFrom(row: any): HeaderRow {
  return {
    ref: row.ref,
    supplier: row.supplier,
    placedOn: row.placed_on,
    stage: row.stage,
    freightMode: row.freight_mode,
    currency: row.currency,
  };
}
