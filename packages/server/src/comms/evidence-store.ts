import type pg from 'pg';

/** Rows of an order as they stand in the ledgers, oldest first. Times and days are as they were recorded. */
export interface EvidenceRows {
  readonly promises: readonly {
    line: number;
    version: number;
    quantity: number;
    ship_by: string | null;
    deliver_by: string | null;
    change: string;
    reasons: string;
    made_at: string;
  }[];
  readonly messages: readonly {
    message_id: number;
    kind: string;
    cause: string;
    /** JSON. */
    lines: string;
    state: string;
    due_at: string;
    legal_by: string | null;
    written_at: string;
    sent_at: string | null;
    sent_by: string | null;
    recipient: string | null;
    attempts: number;
    trouble: string | null;
    language: string | null;
    template_version: number | null;
    subject: string | null;
    body_text: string | null;
  }[];
}

export async function readEvidence(
  client: pg.PoolClient,
  brandId: number,
  order: number,
): Promise<EvidenceRows> {
  const [promises, messages] = await Promise.all([
    client.query(
      `select line, version, quantity, ship_by, deliver_by, change, reasons, made_at from promise
       where brand_id = $1 and order_id = $2 order by made_at, line, version`,
      [brandId, order],
    ),
    client.query(
      `select message_id, kind, cause, lines, state, due_at, legal_by, written_at, sent_at, sent_by, recipient, attempts, trouble,
         language, template_version, subject, body_text
       from message where brand_id = $1 and order_id = $2 order by message_id`,
      [brandId, order],
    ),
  ]);
  return { promises: promises.rows, messages: messages.rows };
}
