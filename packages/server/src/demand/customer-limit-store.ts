import type pg from 'pg';

export interface Purchaser {
  readonly item: number;
  /** Lower-case email. */
  readonly customer: string;
}

/**
 * Keeps customers' purchases of limited items as they are until the transaction ends: two orders of one customer that come
 * at once are counted one after the other. Taken in one order, and before any item's lock.
 */
export async function lockPurchasers(
  client: pg.PoolClient,
  brandId: number,
  purchasers: readonly Purchaser[],
): Promise<void> {
  await client.query(
    `select pg_advisory_xact_lock(hashtextextended($1 || ':' || key, 0))
     from unnest($2::text[]) as key order by hashtextextended($1 || ':' || key, 0)`,
    [String(brandId), purchasers.map(({ item, customer }) => `limited:${item}:${customer}`)],
  );
}

/** Units that each has: ordered and not cancelled, shipped ones too. In the order of `purchasers`. */
export async function unitsOf(
  client: pg.PoolClient,
  brandId: number,
  purchasers: readonly Purchaser[],
): Promise<number[]> {
  const { rows } = await client.query(
    `select w.place, coalesce(sum(l.ordered - l.cancelled), 0)::int as units
     from unnest($2::int[], $3::text[]) with ordinality as w(item_id, customer, place)
     left join limited_purchase p on p.brand_id = $1 and p.item_id = w.item_id and p.customer = w.customer
     left join order_line l on l.brand_id = p.brand_id and l.order_id = p.order_id and l.line = p.line
     group by w.place order by w.place`,
    [brandId, purchasers.map((one) => one.item), purchasers.map((one) => one.customer)],
  );
  return rows.map((row) => row.units);
}

export async function insertPurchases(
  client: pg.PoolClient,
  brandId: number,
  purchases: readonly (Purchaser & { readonly order: number; readonly line: number })[],
): Promise<void> {
  await client.query(
    `insert into limited_purchase (brand_id, item_id, customer, order_id, line)
     select $1, * from unnest($2::int[], $3::text[], $4::bigint[], $5::int[])`,
    [
      brandId,
      purchases.map((one) => one.item),
      purchases.map((one) => one.customer),
      purchases.map((one) => one.order),
      purchases.map((one) => one.line),
    ],
  );
}

/** Those of the items that limit their customers, with the customer of an order; none where it names no address. */
export async function purchasersOfOrder(
  client: pg.PoolClient,
  brandId: number,
  order: number,
  items: readonly number[],
): Promise<Purchaser[]> {
  const { rows } = await client.query(
    `select i.item_id as item, lower(trim(o.customer_email)) as customer
     from customer_order o join item i on i.brand_id = o.brand_id and i.item_id = any($3) and i.terms is not null
     where o.brand_id = $1 and o.order_id = $2 and trim(coalesce(o.customer_email, '')) <> ''
       and i.terms::json -> 'preorder' ->> 'perCustomer' is not null
     order by i.item_id`,
    [brandId, order, [...new Set(items)]],
  );
  return rows;
}

/** Lines of an order that count against a limit. */
export async function limitedLinesOf(
  client: pg.PoolClient,
  brandId: number,
  order: number,
): Promise<Set<number>> {
  const { rows } = await client.query(
    'select line from limited_purchase where brand_id = $1 and order_id = $2',
    [brandId, order],
  );
  return new Set(rows.map((row) => row.line));
}
