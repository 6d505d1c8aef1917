import type pg from 'pg';

/** A channel's limits for an item, as they are stored. */
export interface LimitRow {
  protected: number | null;
  maximum: number | null;
  buffer: number | null;
  unit: 'units' | 'share';
  from: string | null;
  until: string | null;
}
export type StoredLimit = LimitRow & { readonly committed: number };

export async function findItemAndChannel(
  client: pg.PoolClient,
  brandId: number,
  sku: string,
  channel: string,
): Promise<{ item: number | null; channel: number | null }> {
  const { rows } = await client.query(
    `select (select item_id from item where brand_id = $1 and sku = $2) as item,
       (select channel_id from channel where brand_id = $1 and code = $3) as channel`,
    [brandId, sku, channel],
  );
  return rows[0];
}

export async function lockItem(client: pg.PoolClient, brandId: number, item: number): Promise<void> {
  await client.query('select from item where brand_id = $1 and item_id = $2 for update', [brandId, item]);
}

export async function readLimit(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  channel: number,
): Promise<StoredLimit | null> {
  const { rows } = await client.query(
    `select protected, maximum, buffer, unit, from_on, until_on, committed from item_channel
     where brand_id = $1 and item_id = $2 and channel_id = $3`,
    [brandId, item, channel],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    protected: row.protected,
    maximum: row.maximum,
    buffer: row.buffer,
    unit: row.unit,
    from: row.from_on,
    until: row.until_on,
    committed: row.committed,
  };
}

/** The channel's open plus shipped units of the item, of orders placed in the period, by the days of a time zone; a kit's by its component's units. */
export async function countCommitted(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  channel: number,
  { from, until, timeZone }: { from: string | null; until: string | null; timeZone: string },
): Promise<number> {
  const { rows } = await client.query(
    `select coalesce(sum((l.ordered - l.cancelled) * l.per), 0)::bigint as units
     from customer_order o join (
       select order_id, ordered, cancelled, 1 as per from order_line where brand_id = $1 and item_id = $2
       union all
       select l.order_id, l.ordered, l.cancelled, c.per from order_line_component c
         join order_line l on l.brand_id = c.brand_id and l.order_id = c.order_id and l.line = c.line
       where c.brand_id = $1 and c.item_id = $2
     ) l on l.order_id = o.order_id
     where o.brand_id = $1 and o.channel_id = $3
       and (o.placed_at at time zone $6)::date between coalesce($4::date, '-infinity') and coalesce($5::date, 'infinity')`,
    [brandId, item, channel, from, until, timeZone],
  );
  return rows[0].units;
}

export async function upsertLimit(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  channel: number,
  limit: StoredLimit,
): Promise<void> {
  await client.query(
    `insert into item_channel (brand_id, item_id, channel_id, protected, maximum, unit, from_on, until_on, committed, buffer)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (brand_id, item_id, channel_id) do update set protected = excluded.protected, maximum = excluded.maximum,
       unit = excluded.unit, from_on = excluded.from_on, until_on = excluded.until_on, committed = excluded.committed,
       buffer = excluded.buffer`,
    [
      brandId,
      item,
      channel,
      limit.protected,
      limit.maximum,
      limit.unit,
      limit.from,
      limit.until,
      limit.committed,
      limit.buffer,
    ],
  );
  await client.query('update item set limited = true where brand_id = $1 and item_id = $2', [brandId, item]);
}
