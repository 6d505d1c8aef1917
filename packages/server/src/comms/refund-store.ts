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

/**
 * Orders whose refund a provider is to be asked for now: it is owed, not seen to be paid, and the money came through a provider
 * that can give it back. The next time is set in the same statement, so that of two processes one asks.
 */
export async function takeRefundsToAsk(
  client: pg.PoolClient,
  brandId: number,
  now: string,
  limit: number,
): Promise<number[]> {
  const { rows } = await client.query(
    `update refund_due r set asks = r.asks + 1,
       ask_at = $2::timestamptz + make_interval(mins => (5 * power(2, least(r.asks, 8)))::int)
     from (
       select brand_id, event_id from refund_due d
       where d.brand_id = $1 and d.done_at is null and d.kind = 'refund' and coalesce(d.ask_at, $2) <= $2::timestamptz
         and exists (select from payment p where p.brand_id = d.brand_id and p.order_id = d.order_id
           and p.kind = 'captured' and p.provider <> 'manual')
       order by d.due_on, d.event_id limit $3 for update skip locked
     ) due
     where r.brand_id = due.brand_id and r.event_id = due.event_id returning r.order_id`,
    [brandId, now, limit],
  );
  return [...new Set(rows.map((row) => row.order_id as number))];
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
