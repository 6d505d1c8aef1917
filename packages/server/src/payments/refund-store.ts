import type pg from 'pg';

/** What a provider is asked to give back. */
export interface RefundAsked {
  readonly number: number;
  readonly payment: string;
  readonly amount: number;
  readonly currency: string;
}

/** Two who look after an order's money at once take turns. */
export async function lockMoney(client: pg.PoolClient, brandId: number, order: number): Promise<void> {
  await client.query('select from customer_order where brand_id = $1 and order_id = $2 for update', [
    brandId,
    order,
  ]);
}

/** What was asked and not answered: a process died, or the provider could not be reached. */
export async function refundsAsked(
  client: pg.PoolClient,
  brandId: number,
  order: number,
): Promise<RefundAsked[]> {
  const { rows } = await client.query(
    `select number, payment_id as payment, amount, currency from refund_asked
     where brand_id = $1 and order_id = $2 and state = 'asked' order by number`,
    [brandId, order],
  );
  return rows;
}

export async function insertRefundAsked(
  client: pg.PoolClient,
  brandId: number,
  order: number,
  { payment, amount, currency }: Omit<RefundAsked, 'number'>,
  at: string,
): Promise<void> {
  await client.query(
    `insert into refund_asked (brand_id, order_id, number, payment_id, amount, currency, asked_at, state)
     select $1, $2, 1 + coalesce(max(number), 0), $3, $4, $5, $6, 'asked' from refund_asked
     where brand_id = $1 and order_id = $2`,
    [brandId, order, payment, amount, currency, at],
  );
}

/** @returns false where somebody else has written the answer already */
export async function answerRefund(
  client: pg.PoolClient,
  brandId: number,
  order: number,
  number: number,
  state: 'given' | 'refused',
  reason: string | null,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update refund_asked set state = $4, reason = $5
     where brand_id = $1 and order_id = $2 and number = $3 and state = 'asked'`,
    [brandId, order, number, state, reason],
  );
  return rowCount === 1;
}
