import type pg from 'pg';

/** The clock of days in these tables. */
const EPOCH = `'1970-01-01'::date`;

/**
 * Units asked for by item, channel and day of the order in the brand's zone ($2): what was ordered and what was refused. What a
 * customer or channel cancelled was no demand; what the brand or the law cancelled was. Replacements are none; a kit's units are its
 * components'. $3: these items; null: all.
 */
const DEMAND = `
  select item_id, channel_id, array_agg(day order by day) as days, array_agg(units order by day) as units,
    array_agg(largest order by day) as largest
  from (
    select coalesce(c.item_id, l.item_id) as item_id, o.channel_id, (o.placed_at at time zone $2)::date - ${EPOCH} as day,
      sum(greatest(0, l.ordered - l.cancelled + l.refused + coalesce(x.units, 0)) * coalesce(c.per, 1))::int as units,
      max(greatest(0, l.ordered - l.cancelled + l.refused + coalesce(x.units, 0)) * coalesce(c.per, 1))::int as largest
    from order_line l
    join customer_order o on o.brand_id = l.brand_id and o.order_id = l.order_id
    left join order_line_component c on c.brand_id = l.brand_id and c.order_id = l.order_id and c.line = l.line
    left join (
      select order_id, line, sum(quantity)::int as units from cancellation
      where brand_id = $1 and by in ('brand', 'law') group by 1, 2
    ) x on x.order_id = l.order_id and x.line = l.line
    where l.brand_id = $1 and o.brand_id = $1 and l.kind <> 'replacement'
      and ($3::int[] is null or coalesce(c.item_id, l.item_id) = any($3))
    group by 1, 2, 3
  ) d
  where units > 0
  group by 1, 2`;

/**
 * What changed an item's standing, by day. A supply counts from the revision that made it one to promise from, less what was received
 * of it. What was asked for and could not be had: confirmed wishes to be told when it is back.
 */
const STANDING = `
  select item_id, array_agg(day order by day) as days, array_agg(stock order by day) as stock,
    array_agg(supply order by day) as supply, array_agg(unmet order by day) as unmet
  from (
    select item_id, (at at time zone $2)::date - ${EPOCH} as day, sum(stock)::int as stock, sum(supply)::int as supply,
      sum(unmet)::int as unmet
    from (
      select item_id, happened_at as at, delta as stock, 0 as supply, 0 as unmet from stock_movement
      where brand_id = $1 and condition = 'sellable' and reason <> 'shipped' and ($3::int[] is null or item_id = any($3))
      union all
      select item_id, happened_at, 0, promisable - lag(promisable, 1, 0) over (partition by item_id, supply_id order by revision), 0
      from (
        select item_id, supply_id, revision, happened_at,
          case when stage in ('draft', 'cancelled') or expected_on is null then 0 else ordered end as promisable
        from supply_revision where brand_id = $1 and ($3::int[] is null or item_id = any($3))
      ) r
      union all
      select item_id, happened_at, 0, -quantity, 0 from supply_receipt
      where brand_id = $1 and ($3::int[] is null or item_id = any($3))
      union all
      select item_id, asked_at, 0, 0, quantity from back_in_stock
      where brand_id = $1 and confirmed_at is not null and ($3::int[] is null or item_id = any($3))
    ) c
    group by 1, 2
  ) d
  where stock <> 0 or supply <> 0 or unmet <> 0
  group by 1`;

/** Demand of an item in a channel: days since 1970-01-01, and beside them what was taken. */
export interface ChannelDemand {
  readonly item: number;
  readonly channel: number;
  readonly days: readonly number[];
  readonly units: readonly number[];
  readonly largest: readonly number[];
}

export interface StandingChanges {
  readonly item: number;
  readonly days: readonly number[];
  readonly stock: readonly number[];
  readonly supply: readonly number[];
  readonly unmet: readonly number[];
}

/** Gathers the history of all items into its tables, in the place of what was there. */
export async function gatherHistory(client: pg.PoolClient, brandId: number, timeZone: string): Promise<void> {
  await client.query('delete from demand_history where brand_id = $1', [brandId]);
  await client.query('delete from standing_history where brand_id = $1', [brandId]);
  const values = [brandId, timeZone, null];
  await client.query(
    `insert into demand_history (brand_id, item_id, channel_id, days, units, largest) select $1, d.* from (${DEMAND}) d`,
    values,
  );
  await client.query(
    `insert into standing_history (brand_id, item_id, days, stock, supply, unmet) select $1, s.* from (${STANDING}) s`,
    values,
  );
}

/** What was gathered, of some items. */
export async function readGathered(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
): Promise<{ demand: ChannelDemand[]; standing: StandingChanges[] }> {
  const demand = await client.query(
    `select item_id as item, channel_id as channel, days, units, largest from demand_history
     where brand_id = $1 and item_id = any($2::int[]) order by item_id, channel_id`,
    [brandId, items],
  );
  const standing = await client.query(
    `select item_id as item, days, stock, supply, unmet from standing_history
     where brand_id = $1 and item_id = any($2::int[])`,
    [brandId, items],
  );
  return { demand: demand.rows, standing: standing.rows };
}

/** The history of some items as it is now, without gathering it. */
export async function readHistory(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
  timeZone: string,
): Promise<{ demand: ChannelDemand[]; standing: StandingChanges[] }> {
  const values = [brandId, timeZone, items];
  const demand = await client.query(`${DEMAND} order by 1, 2`, values);
  const standing = await client.query(STANDING, values);
  const named = <Row extends { item_id: number; channel_id?: number }>(row: Row) => ({
    ...row,
    item: row.item_id,
    channel: row.channel_id,
  });
  return {
    demand: demand.rows.map(named) as unknown as ChannelDemand[],
    standing: standing.rows.map(named) as unknown as StandingChanges[],
  };
}

/** Demand of all items by day of the week, Monday first, averaging 1, over the year before a day. */
export async function readWeekdays(client: pg.PoolClient, brandId: number, today: string): Promise<number[]> {
  const { rows } = await client.query(
    `select (d.day + 3) % 7 as weekday, sum(d.units)::float8 as units
     from demand_history h, unnest(h.days, h.units) as d(day, units)
     where h.brand_id = $1 and d.day >= $2::date - ${EPOCH} - 364 and d.day < $2::date - ${EPOCH} group by 1`,
    [brandId, today],
  );
  const weekdays = new Array<number>(7).fill(0);
  for (const { weekday, units } of rows) weekdays[weekday] = units;
  const total = weekdays.reduce((sum, units) => sum + units, 0);
  return weekdays.map((units) => (total > 0 ? (7 * units) / total : 1));
}

/** Units by item and week of up to so many items, the latest week last; they end the day before. */
export async function readWeeklies(
  client: pg.PoolClient,
  brandId: number,
  today: string,
  weeks: number,
  most: number,
): Promise<Float64Array[]> {
  const { rows } = await client.query(
    `select h.item_id, ($2::date - ${EPOCH} - 1 - d.day) / 7 as back, sum(d.units)::float8 as units
     from (select item_id, days, units from demand_history where brand_id = $1
           and item_id in (select distinct item_id from demand_history where brand_id = $1 order by item_id limit $4)) h,
       unnest(h.days, h.units) as d(day, units)
     where d.day < $2::date - ${EPOCH} and d.day >= $2::date - ${EPOCH} - 7 * $3::int
     group by 1, 2`,
    [brandId, today, weeks, most],
  );
  const weeklies = new Map<number, Float64Array>();
  for (const { item_id: item, back, units } of rows) {
    if (!weeklies.has(item)) weeklies.set(item, new Float64Array(weeks));
    weeklies.get(item)![weeks - 1 - back] = units;
  }
  return [...weeklies.values()];
}

export interface LookAlikes {
  readonly item: number;
  readonly alike: number;
}

/**
 * Items that some are thought to sell like: those a planner named; else items of the same supplier at about the same price, the nearest
 * in price first.
 */
export async function readLookAlikes(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
  most: number,
): Promise<LookAlikes[]> {
  const { rows } = await client.query(
    `select w.item_id as item, a.item_id as alike
     from unnest($2::int[]) as w(item_id)
     join item_detail d on d.brand_id = $1 and d.item_id = w.item_id
     cross join lateral (
       select l.like_item_id as item_id from look_alike l where l.brand_id = $1 and l.item_id = w.item_id
       union all
       (select o.item_id from item_detail o join item i on i.brand_id = $1 and i.item_id = o.item_id
        where o.brand_id = $1 and o.supplier = d.supplier and o.item_id <> w.item_id and not i.kit
          and o.price between 0.7 * d.price and 1.4 * d.price
          and not exists (select from look_alike l where l.brand_id = $1 and l.item_id = w.item_id)
        order by abs(o.price - d.price), o.item_id limit $3)
     ) a
     order by 1, 2`,
    [brandId, items, most],
  );
  return rows;
}

export async function replaceLookAlikes(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  alikes: readonly number[],
): Promise<void> {
  await client.query('delete from look_alike where brand_id = $1 and item_id = $2', [brandId, item]);
  await client.query(
    'insert into look_alike (brand_id, item_id, like_item_id) select $1, $2, unnest($3::int[])',
    [brandId, item, alikes],
  );
}

/** What was kept apart from an item's demand: units that customers and channels cancelled, and units that came back. */
export async function readKeptApart(
  client: pg.PoolClient,
  brandId: number,
  item: number,
): Promise<{ cancelledUnits: number; returnedUnits: number }> {
  const { rows } = await client.query(
    `select (select coalesce(sum(l.cancelled), 0)::int from order_line l where l.brand_id = $1 and l.item_id = $2)
         - (select coalesce(sum(x.quantity), 0)::int from cancellation x
            join order_line l on l.brand_id = $1 and l.order_id = x.order_id and l.line = x.line
            where x.brand_id = $1 and l.item_id = $2 and x.by in ('brand', 'law')) as cancelled,
       (select coalesce(sum(delta), 0)::int from stock_movement
        where brand_id = $1 and item_id = $2 and condition = 'returned' and delta > 0) as returned`,
    [brandId, item],
  );
  return { cancelledUnits: rows[0].cancelled, returnedUnits: rows[0].returned };
}
