import type pg from 'pg';

export interface ReportedMessage {
  message_id: number;
  order_id: number;
  kind: string;
  state: string;
}

/** The message that a report is about, held for the caller's transaction. */
export async function lockReported(
  client: pg.PoolClient,
  brandId: number,
  { reference, message }: { readonly reference?: string | undefined; readonly message?: number | undefined },
): Promise<ReportedMessage | null> {
  const { rows } = await client.query(
    `select message_id, order_id, kind, state from message
     where brand_id = $1 and (reference = $2 or message_id = $3) for update`,
    [brandId, reference ?? null, message ?? null],
  );
  return rows[0] ?? null;
}

/** @returns false where the same was heard before */
export async function insertReport(
  client: pg.PoolClient,
  brandId: number,
  event: number,
  message: number,
  report: { readonly kind: string; readonly detail: string; readonly source: string; readonly at: string },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into message_report (brand_id, event_id, message_id, kind, detail, source, happened_at)
     select $1, $2, $3, $4, $5, $6, $7
     where not exists (select from message_report where brand_id = $1 and message_id = $3 and kind = $4 and detail = $5)`,
    [brandId, event, message, report.kind, report.detail, report.source, report.at],
  );
  return rowCount === 1;
}

export interface ReportRow {
  message_id: number;
  kind: string;
  detail: string;
  source: string;
  happened_at: string;
}

export async function readReports(
  client: pg.PoolClient,
  brandId: number,
  order: number,
): Promise<ReportRow[]> {
  const { rows } = await client.query(
    `select r.message_id, r.kind, r.detail, r.source, r.happened_at
     from message m join message_report r on r.brand_id = m.brand_id and r.message_id = m.message_id
     where m.brand_id = $1 and m.order_id = $2 order by r.happened_at, r.event_id`,
    [brandId, order],
  );
  return rows;
}
