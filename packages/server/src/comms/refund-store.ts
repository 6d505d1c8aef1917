import type pg from 'pg';

export interface RefundRow {
  order_id: number;
  event_id: number;
  regime: string;
  basis: 'delay' | 'withdrawal' | 'agreement';
  kind: 'refund' | 'statement' | 'confirm';
  amount: number;
  currency: string;
  arose_on: string;
  due_on: string;
  done_at: string | null;
}

export async function readRefunds(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
): Promise<RefundRow[]> {
  const { rows } = await client.query({
    name: 'read-refunds',
    text: `select order_id, event_id, regime, basis, kind, amount, currency, arose_on, due_on, done_at from refund_due
           where brand_id = $1 and order_id = any($2::bigint[]) order by event_id`,
    values: [brandId, orders],
  });
  return rows;
}

/** Once per cancellation: what is recorded stays. */
export async function insertRefunds(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly Omit<RefundRow, 'done_at'>[],
): Promise<void> {
  for (const row of rows)
    await client.query({
      name: 'insert-refund',
      text: `insert into refund_due (brand_id, event_id, order_id, regime, basis, kind, amount, currency, arose_on, due_on)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
      values: [
        brandId,
        row.event_id,
        row.order_id,
        row.regime,
        row.basis,
        row.kind,
        row.amount,
        row.currency,
        row.arose_on,
        row.due_on,
      ],
    });
}

export async function refundsDone(
  client: pg.PoolClient,
  brandId: number,
  events: readonly number[],
  at: string,
): Promise<void> {
  if (events.length === 0) return;
  await client.query(
    'update refund_due set done_at = $3 where brand_id = $1 and event_id = any($2::bigint[]) and done_at is null',
    [brandId, events, at],
  );
}

/** What is owed, the earliest due first; all, or one order's. */
export async function listRefunds(
  client: pg.PoolClient,
  brandId: number,
  filter: { order?: number | undefined; open?: boolean },
  limit: number,
  after: readonly [dueOn: string, event: number] | null,
): Promise<(RefundRow & { order: string })[]> {
  const { rows } = await client.query(
    `select r.*, c.code || ':' || o.ref as "order" from refund_due r
     join customer_order o on o.brand_id = r.brand_id and o.order_id = r.order_id
     join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id
     where r.brand_id = $1 and ($2::bigint is null or r.order_id = $2) and (not $3::boolean or r.done_at is null)
       and ($4::date is null or (r.due_on, r.event_id) > ($4::date, $5::bigint))
     order by r.due_on, r.event_id limit $6`,
    [brandId, filter.order ?? null, filter.open ?? false, ...(after ?? [null, null]), limit],
  );
  return rows;
}
