import type pg from 'pg';

export interface MoneyDue {
  readonly order: number;
  readonly what: 'collect' | 'refund';
  readonly attempts: number;
}

/** Notes orders whose money is to be looked at; to collect only where something was stated to be taken later. */
export async function noteMoneyDue(
  client: pg.PoolClient,
  brandId: number,
  what: MoneyDue['what'],
  orders: readonly number[],
  at: string,
): Promise<void> {
  if (orders.length === 0) return;
  await client.query(
    `insert into money_due (brand_id, order_id, what, try_at)
     select distinct $1::int, n, $3, $4::timestamptz from unnest($2::bigint[]) as n
     where $3 = 'refund' or exists (select from line_charge c where c.brand_id = $1 and c.order_id = n)
     on conflict (brand_id, order_id, what) do update set try_at = least(money_due.try_at, excluded.try_at)`,
    [brandId, [...new Set(orders)], what, at],
  );
}

/** Takes what is due for this process until `again`: a process that dies leaves it to others then. */
export async function takeMoneyDue(
  client: pg.PoolClient,
  brandId: number,
  now: string,
  again: string,
  limit: number,
): Promise<MoneyDue[]> {
  const { rows } = await client.query(
    `update money_due m set try_at = $3, attempts = m.attempts + 1
     from (select order_id, what from money_due where brand_id = $1 and try_at <= $2
           order by try_at, order_id limit $4 for update skip locked) due
     where m.brand_id = $1 and m.order_id = due.order_id and m.what = due.what
     returning m.order_id as "order", m.what, m.attempts`,
    [brandId, now, again, limit],
  );
  return rows;
}

/** It is seen to, or, with a time, tried again then. */
export async function settleMoneyDue(
  client: pg.PoolClient,
  brandId: number,
  { order, what }: Pick<MoneyDue, 'order' | 'what'>,
  tryAt: string | null,
): Promise<void> {
  if (tryAt === null)
    await client.query('delete from money_due where brand_id = $1 and order_id = $2 and what = $3', [
      brandId,
      order,
      what,
    ]);
  else
    await client.query(
      'update money_due set try_at = $4 where brand_id = $1 and order_id = $2 and what = $3',
      [brandId, order, what, tryAt],
    );
}

/** What a provider is asked for. */
export interface Collection {
  readonly number: number;
  readonly payment: string;
  readonly how: 'capture' | 'charge';
  readonly amount: number;
  readonly currency: string;
}

/** What was asked of a provider and not answered: a process died, or the provider could not be reached. */
export async function askedCollections(
  client: pg.PoolClient,
  brandId: number,
  order: number,
): Promise<Collection[]> {
  const { rows } = await client.query(
    `select number, payment_id as payment, how, amount, currency from collection
     where brand_id = $1 and order_id = $2 and state = 'asked' order by number`,
    [brandId, order],
  );
  return rows;
}

/** Writes down what is about to be asked; two who plan at once are one, since a number is there once. */
export async function insertCollections(
  client: pg.PoolClient,
  brandId: number,
  order: number,
  planned: readonly Omit<Collection, 'number'>[],
  at: string,
): Promise<void> {
  await client.query(
    `insert into collection (brand_id, order_id, number, payment_id, how, amount, currency, asked_at, state)
     select $1, $2, (select coalesce(max(number), 0) from collection where brand_id = $1 and order_id = $2) + n,
       payment, how, amount, currency, $3, 'asked'
     from unnest($4::text[], $5::text[], $6::bigint[], $7::text[]) with ordinality as p(payment, how, amount, currency, n)`,
    [
      brandId,
      order,
      at,
      planned.map((one) => one.payment),
      planned.map((one) => one.how),
      planned.map((one) => one.amount),
      planned.map((one) => one.currency),
    ],
  );
}

export async function answerCollection(
  client: pg.PoolClient,
  brandId: number,
  order: number,
  number: number,
  state: 'taken' | 'refused',
  reason: string | null,
): Promise<void> {
  await client.query(
    'update collection set state = $4, reason = $5 where brand_id = $1 and order_id = $2 and number = $3',
    [brandId, order, number, state, reason],
  );
}
