import type pg from 'pg';

/** The newest order of an e-mail address up to an instant (ISO 8601), one that came into the book before any other. */
export async function findContactOrder(
  client: pg.PoolClient,
  brandId: number,
  email: string,
  at: string,
): Promise<number | null> {
  const { rows } = await client.query(
    `select o.order_id from customer_order o
     where o.brand_id = $1 and lower(o.customer_email) = lower($2) and o.placed_at <= $3::timestamptz
     order by exists (select from book_entry e where e.brand_id = $1 and e.order_id = o.order_id) desc, o.placed_at desc, o.order_id desc
     limit 1`,
    [brandId, email, at],
  );
  return rows[0]?.order_id ?? null;
}

export interface ContactRow {
  readonly ref: string;
  readonly order: number | null;
  readonly at: string;
  readonly topic: string | null;
}

/** @returns refs of those that were not there before */
export async function insertContacts(
  client: pg.PoolClient,
  brandId: number,
  source: string,
  contacts: readonly ContactRow[],
  now: string,
): Promise<string[]> {
  const { rows } = await client.query(
    `insert into contact (brand_id, source, ref, order_id, happened_at, topic, recorded_at)
     select $1, $2, ref, order_id, happened_at, topic, $7::timestamptz
     from unnest($3::text[], $4::bigint[], $5::timestamptz[], $6::text[]) as n(ref, order_id, happened_at, topic)
     on conflict do nothing returning ref`,
    [
      brandId,
      source,
      contacts.map(({ ref }) => ref),
      contacts.map(({ order }) => order),
      contacts.map(({ at }) => at),
      contacts.map(({ topic }) => topic),
      now,
    ],
  );
  return rows.map(({ ref }) => ref);
}
