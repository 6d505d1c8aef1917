import type pg from 'pg';

export interface WaitingLine {
  readonly order: number;
  readonly name: string;
  readonly line: number;
  readonly ref: string | number;
  readonly customer: string;
  /** Units of the line (of a kit: kits) that nothing backs. */
  readonly waiting: number;
  readonly price: number;
  readonly currency: string;
}

/** What an open signal is about; null: there is none of that id. */
export async function openSignal(
  client: pg.PoolClient,
  brandId: number,
  id: string,
): Promise<{ kind: string; sku: string | null } | null> {
  const { rows } = await client.query(
    'select kind, sku from signal where brand_id = $1 and signal_id = $2 and settled_at is null',
    [brandId, id],
  );
  return rows[0] ?? null;
}

/** Lines with units of an item that nothing backs, in the order of their queue; `queue`: every line that waits for it, backed or not. */
export async function waitingLines(
  client: pg.PoolClient,
  brandId: number,
  sku: string,
): Promise<WaitingLine[]> {
  const { rows } = await client.query(
    `select m.order_id, c.code || ':' || o.ref as name, m.line, l.line_ref, o.customer_name, o.currency, l.price,
       ceil(sum(m.quantity)::numeric / coalesce(max(k.per), 1))::int as waiting
     from item i
     join commitment m on m.brand_id = i.brand_id and m.item_id = i.item_id and m.kind = 2 and m.source = 0
     join order_line l on l.brand_id = m.brand_id and l.order_id = m.order_id and l.line = m.line
     join customer_order o on o.brand_id = m.brand_id and o.order_id = m.order_id
     join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id
     left join order_line_component k on k.brand_id = m.brand_id and k.order_id = m.order_id and k.line = m.line
       and k.item_id = m.item_id
     where i.brand_id = $1 and i.sku = $2 group by m.order_id, name, m.line, l.line_ref, o.customer_name, o.currency, l.price, l.rank
     order by l.rank, m.order_id, m.line`,
    [brandId, sku],
  );
  return rows.map((row) => ({
    order: row.order_id,
    name: row.name,
    line: row.line,
    ref: JSON.parse(row.line_ref),
    customer: row.customer_name,
    waiting: row.waiting,
    price: row.price,
    currency: row.currency,
  }));
}

/** Named first among an item's alternatives, where it is not one of them yet. */
export async function addAlternative(
  client: pg.PoolClient,
  brandId: number,
  sku: string,
  other: string,
): Promise<void> {
  await client.query(
    `update item_detail d set alternatives = array_prepend($3, d.alternatives) from item i
     where i.brand_id = $1 and i.sku = $2 and d.brand_id = i.brand_id and d.item_id = i.item_id
       and not $3 = any(d.alternatives)`,
    [brandId, sku, other],
  );
}
