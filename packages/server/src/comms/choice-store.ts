import type pg from 'pg';

export interface NewChoice {
  readonly line: number;
  readonly kind: 'wait' | 'cancel' | 'switch' | 'additional_period';
  readonly quantity: number | null;
  readonly until: string | null;
  readonly sku: string | null;
  readonly reason: string | null;
}

/** Keeps what a customer chose, line by line, and who wrote it down. */
export async function insertChoices(
  client: pg.PoolClient,
  brandId: number,
  event: number,
  order: number,
  choices: readonly NewChoice[],
  actor: string,
  at: string,
): Promise<void> {
  for (const one of choices)
    await client.query(
      `insert into customer_choice (brand_id, event_id, order_id, line, kind, quantity, until_on, sku, reason, actor, happened_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [brandId, event, order, one.line, one.kind, one.quantity, one.until, one.sku, one.reason, actor, at],
    );
}
