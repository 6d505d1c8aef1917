import type pg from 'pg';

/** A supplier as it is stored; the calendar is JSON. Null where nothing was said. */
export interface SupplierRow {
  code: string;
  title: string;
  status: 'active' | 'abandoned';
  leadTimeDays: number | null;
  moq: number | null;
  paymentTerms: string | null;
  calendar: string | null;
}

/** Those with the codes given, else all; in order of their codes. */
export async function readSuppliers(
  client: pg.PoolClient,
  brandId: number,
  codes: readonly string[] | null = null,
): Promise<SupplierRow[]> {
  const { rows } = await client.query(
    `select code, title, status, lead_time_days, moq, payment_terms, calendar from supplier
     where brand_id = $1 and ($2::text[] is null or code = any($2)) order by code`,
    [brandId, codes],
  );
  return rows.map((row) => ({
    code: row.code,
    title: row.title,
    status: row.status,
    leadTimeDays: row.lead_time_days,
    moq: row.moq,
    paymentTerms: row.payment_terms,
    calendar: row.calendar,
  }));
}

export async function upsertSuppliers(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly SupplierRow[],
): Promise<void> {
  await client.query(
    `insert into supplier (brand_id, code, title, status, lead_time_days, moq, payment_terms, calendar)
     select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::int[], $7::text[], $8::text[])
     on conflict (brand_id, code) do update set title = excluded.title, status = excluded.status,
       lead_time_days = excluded.lead_time_days, moq = excluded.moq, payment_terms = excluded.payment_terms,
       calendar = excluded.calendar`,
    [
      brandId,
      rows.map((row) => row.code),
      rows.map((row) => row.title),
      rows.map((row) => row.status),
      rows.map((row) => row.leadTimeDays),
      rows.map((row) => row.moq),
      rows.map((row) => row.paymentTerms),
      rows.map((row) => row.calendar),
    ],
  );
}

/**
 * Makes suppliers that were only named, and tells the standing of each. They are held as they are until the transaction
 * ends: whoever abandons one meanwhile waits, and then sees the orders that were placed with it.
 */
export async function holdSuppliers(
  client: pg.PoolClient,
  brandId: number,
  codes: readonly string[],
): Promise<Map<string, SupplierRow['status']>> {
  await client.query(
    `insert into supplier (brand_id, code, title) select $1, code, code from unnest($2::text[]) as code order by code
     on conflict do nothing`,
    [brandId, codes],
  );
  const { rows } = await client.query(
    'select code, status from supplier where brand_id = $1 and code = any($2) order by code for share',
    [brandId, codes],
  );
  return new Map(rows.map((row) => [row.code, row.status]));
}
