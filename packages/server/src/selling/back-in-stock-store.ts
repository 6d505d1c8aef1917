import type pg from 'pg';

export interface SubscriptionRow {
  readonly id: string;
  readonly item: number;
  readonly sku: string;
  readonly channel: string;
  readonly email: string;
  readonly quantity: number;
  readonly locale: string | null;
  readonly askedAt: string;
  readonly confirmedAt: string | null;
  readonly toldAt: string | null;
}

const SUBSCRIPTION = `
  select b.subscription_id as id, b.item_id as item, i.sku, c.code as channel, b.email, b.quantity, b.locale,
    b.asked_at as "askedAt", b.confirmed_at as "confirmedAt", b.told_at as "toldAt"
  from back_in_stock b
  join item i on i.brand_id = b.brand_id and i.item_id = b.item_id
  join channel c on c.brand_id = b.brand_id and c.channel_id = b.channel_id`;

/**
 * Asking again changes the quantity; who was confirmed stays so, in the same place. Who was not is sent another mail, with a
 * new token, unless the last one was called for a moment ago.
 */
export async function upsertSubscription(
  client: pg.PoolClient,
  brandId: number,
  row: {
    readonly id: string;
    readonly item: number;
    readonly channelId: number;
    readonly email: string;
    readonly quantity: number;
    readonly locale: string | null;
    readonly tokenDigest: string;
    readonly at: string;
    readonly mailedBefore: string;
  },
): Promise<{ id: string; toConfirm: boolean }> {
  const { rows } = await client.query(
    `insert into back_in_stock as b (brand_id, subscription_id, item_id, channel_id, email, quantity, locale, token_digest,
       asked_at, mailed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
     on conflict (brand_id, item_id, channel_id, email) where told_at is null
       do update set quantity = excluded.quantity, locale = excluded.locale,
         token_digest = case when b.confirmed_at is null and coalesce(b.mailed_at, b.asked_at) < $10
           then excluded.token_digest else b.token_digest end,
         mailed_at = case when b.confirmed_at is null and coalesce(b.mailed_at, b.asked_at) < $10
           then excluded.mailed_at else b.mailed_at end
     returning subscription_id, token_digest = $8 as fresh`,
    [
      ...[brandId, row.id, row.item, row.channelId, row.email, row.quantity, row.locale, row.tokenDigest],
      ...[row.at, row.mailedBefore],
    ],
  );
  return { id: rows[0].subscription_id, toConfirm: rows[0].fresh };
}

export async function findSubscription(
  client: pg.PoolClient,
  brandId: number,
  tokenDigest: string,
): Promise<(SubscriptionRow & { readonly title: string }) | null> {
  const { rows } = await client.query(
    `select s.*, d.title from (${SUBSCRIPTION} where b.brand_id = $1 and b.token_digest = $2) s
     join item_detail d on d.brand_id = $1 and d.item_id = s.item`,
    [brandId, tokenDigest],
  );
  return rows[0] ?? null;
}

export async function confirmSubscription(
  client: pg.PoolClient,
  brandId: number,
  tokenDigest: string,
  at: string,
): Promise<SubscriptionRow | null> {
  const { rows } = await client.query(
    `with confirmed as (update back_in_stock set confirmed_at = coalesce(confirmed_at, $3)
       where brand_id = $1 and token_digest = $2 returning subscription_id)
     select subscription_id from confirmed`,
    [brandId, tokenDigest, at],
  );
  return rows[0] === undefined ? null : readSubscription(client, brandId, rows[0].subscription_id);
}

export async function readSubscription(
  client: pg.PoolClient,
  brandId: number,
  id: string,
): Promise<SubscriptionRow | null> {
  const { rows } = await client.query(`${SUBSCRIPTION} where b.brand_id = $1 and b.subscription_id = $2`, [
    brandId,
    id,
  ]);
  return rows[0] ?? null;
}

/** Oldest first, after one of them. */
export async function listSubscriptions(
  client: pg.PoolClient,
  brandId: number,
  query: {
    readonly sku: string | null;
    readonly after: readonly [string, string] | null;
    readonly limit: number;
  },
): Promise<SubscriptionRow[]> {
  const { rows } = await client.query(
    `${SUBSCRIPTION} where b.brand_id = $1 and ($2::text is null or i.sku = $2)
       and ($3::timestamptz is null or (b.asked_at, b.subscription_id) > ($3, $4))
     order by b.asked_at, b.subscription_id limit $5`,
    [brandId, query.sku, query.after?.[0] ?? null, query.after?.[1] ?? null, query.limit + 1],
  );
  return rows;
}

/** Who waits to be told, in the order of asking, and how many units were told of lately, by item and channel. */
export async function waitingToBeTold(
  client: pg.PoolClient,
  brandId: number,
  since: string,
): Promise<{ waiting: SubscriptionRow[]; told: { item: number; channel: string; units: number }[] }> {
  const waiting = await client.query(
    `${SUBSCRIPTION} where b.brand_id = $1 and b.confirmed_at is not null and b.told_at is null
     order by b.asked_at, b.subscription_id limit 10000`,
    [brandId],
  );
  const told = await client.query(
    `select b.item_id as item, c.code as channel, sum(b.quantity)::int as units from back_in_stock b
     join channel c on c.brand_id = b.brand_id and c.channel_id = b.channel_id
     where b.brand_id = $1 and b.told_at >= $2 group by b.item_id, c.code`,
    [brandId, since],
  );
  return { waiting: waiting.rows, told: told.rows };
}

/** @returns those that nobody else has told meanwhile */
export async function markTold(
  client: pg.PoolClient,
  brandId: number,
  ids: readonly string[],
  at: string,
): Promise<Set<string>> {
  const { rows } = await client.query(
    `update back_in_stock set told_at = $3 where brand_id = $1 and subscription_id = any($2) and told_at is null
     returning subscription_id`,
    [brandId, ids, at],
  );
  return new Set(rows.map((row) => row.subscription_id));
}
