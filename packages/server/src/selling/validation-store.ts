import type pg from 'pg';

export interface ValidationRow {
  readonly item: number;
  readonly sku: string;
  readonly number: number;
  readonly goal: number;
  readonly most: number;
  /** 'YYYY-MM-DD' */
  readonly until: string;
  readonly supplier: string;
  readonly location: string;
  readonly supplyRef: string;
  readonly state: 'open' | 'met' | 'missed' | 'ordered';
  /** When it was decided; while it is open, so far. */
  readonly units: number;
  readonly purchaseOrder: string | null;
  readonly decidedAt: string | null;
}

const VALIDATION = `
  select v.item_id, i.sku, v.number, v.goal, v.most, v.until_on, v.supplier, l.code as location, v.supply_ref, v.state,
    v.purchase_order, v.decided_at,
    case when v.state = 'open' then coalesce((select s.pegged from supply s where s.brand_id = v.brand_id
      and s.item_id = v.item_id and s.kind = 'production' and s.ref = v.supply_ref), 0) else v.units end as units
  from validation v
  join item i on i.brand_id = v.brand_id and i.item_id = v.item_id
  join location l on l.brand_id = v.brand_id and l.location_id = v.location_id`;

/** The latest campaign of an item. */
export async function readValidation(
  client: pg.PoolClient,
  brandId: number,
  sku: string,
): Promise<ValidationRow | null> {
  const { rows } = await client.query(
    `${VALIDATION} where v.brand_id = $1 and i.sku = $2 order by v.number desc limit 1`,
    [brandId, sku],
  );
  return rows[0] === undefined ? null : from(rows[0]);
}

/** Campaigns that are decided: their goal is reached, or their last day is over. */
export async function validationsDue(
  client: pg.PoolClient,
  brandId: number,
  today: string,
): Promise<ValidationRow[]> {
  const { rows } = await client.query(
    `select * from (${VALIDATION} where v.brand_id = $1 and v.state = 'open') as v
     where v.units >= v.goal or v.until_on < $2::date order by v.sku`,
    [brandId, today],
  );
  return rows.map(from);
}

export async function insertValidation(
  client: pg.PoolClient,
  brandId: number,
  row: Pick<ValidationRow, 'item' | 'number' | 'goal' | 'most' | 'until' | 'supplier' | 'supplyRef'> & {
    readonly place: number;
  },
): Promise<void> {
  await client.query(
    `insert into validation (brand_id, item_id, number, goal, most, until_on, supplier, location_id, supply_ref, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open')`,
    [brandId, row.item, row.number, row.goal, row.most, row.until, row.supplier, row.place, row.supplyRef],
  );
}

export async function decideValidation(
  client: pg.PoolClient,
  brandId: number,
  row: Pick<ValidationRow, 'item' | 'number' | 'state' | 'units' | 'purchaseOrder'>,
  at: string,
): Promise<void> {
  await client.query(
    `update validation set state = $4, units = $5, purchase_order = $6, decided_at = coalesce(decided_at, $7)
     where brand_id = $1 and item_id = $2 and number = $3`,
    [brandId, row.item, row.number, row.state, row.units, row.purchaseOrder, at],
  );
}

/** The number that the item calls its supply by. */
export async function supplyNumber(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  ref: string,
): Promise<number> {
  const { rows } = await client.query(
    `select supply_id from supply where brand_id = $1 and item_id = $2 and kind = 'production' and ref = $3`,
    [brandId, item, ref],
  );
  return rows[0].supply_id;
}

/** Orders with open lines of an item. */
export async function ordersOf(
  client: pg.PoolClient,
  brandId: number,
  item: number,
): Promise<{ order: number; name: string; lines: number[] }[]> {
  const { rows } = await client.query(
    `select m.order_id, c.code || ':' || o.ref as name, array_agg(distinct m.line order by m.line) as lines
     from commitment m
     join customer_order o on o.brand_id = m.brand_id and o.order_id = m.order_id
     join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id
     where m.brand_id = $1 and m.item_id = $2 group by m.order_id, c.code, o.ref order by m.order_id`,
    [brandId, item],
  );
  return rows.map((row) => ({ order: row.order_id, name: row.name, lines: row.lines }));
}

// biome-ignore lint/suspicious/noExplicitAny: rows of the statement above, column by column
function from(row: any): ValidationRow {
  return {
    item: row.item_id,
    sku: row.sku,
    number: row.number,
    goal: row.goal,
    most: row.most,
    until: row.until_on,
    supplier: row.supplier,
    location: row.location,
    supplyRef: row.supply_ref,
    state: row.state,
    units: row.units,
    purchaseOrder: row.purchase_order,
    decidedAt: row.decided_at,
  };
}
