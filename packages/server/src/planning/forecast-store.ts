import type pg from 'pg';
import { ints, texts } from '../platform/columns.ts';

/** A forecast as it was made; the first of its weeks begins on that day. */
export interface StoredForecast {
  readonly item: number;
  readonly madeOn: string;
  readonly mean: readonly number[];
  readonly deviation: number;
  readonly alike: number;
  readonly weekdays: readonly number[];
  /** JSON. */
  readonly basis: string;
}

const FORECAST = 'item_id as item, made_on as "madeOn", mean, deviation, alike, weekdays, basis';

export async function insertForecasts(
  client: pg.PoolClient,
  brandId: number,
  madeOn: string,
  rows: readonly StoredForecast[],
): Promise<void> {
  if (rows.length === 0) return;
  // Arrays of arrays would have to be of one length each: as text, they are what they are.
  const list = (values: readonly number[]) => `{${values.map((value) => Math.fround(value)).join(',')}}`;
  await client.query({
    name: 'insert-forecasts',
    text: `insert into item_forecast (brand_id, item_id, made_on, mean, deviation, alike, weekdays, basis)
           select $1, item_id, $2, mean::real[], deviation::real, alike::real, weekdays::real[], basis
           from unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
             as n(item_id, mean, deviation, alike, weekdays, basis)
           on conflict (brand_id, item_id, made_on) do update set mean = excluded.mean, deviation = excluded.deviation,
             alike = excluded.alike, weekdays = excluded.weekdays, basis = excluded.basis`,
    values: [
      brandId,
      madeOn,
      ints(rows, (one) => one.item),
      texts(rows, (one) => list(one.mean)),
      texts(rows, (one) => String(one.deviation)),
      texts(rows, (one) => String(one.alike)),
      texts(rows, (one) => list(one.weekdays)),
      texts(rows, (one) => one.basis),
    ],
  });
}

/** The latest forecast of each item that was made on one of the last `days` days. */
export async function readLatestForecasts(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
  today: string,
  days: number,
): Promise<StoredForecast[]> {
  const { rows } = await client.query(
    `select distinct on (item_id) ${FORECAST} from item_forecast
     where brand_id = $1 and item_id = any($2::int[]) and made_on <= $3::date and made_on > $3::date - $4::int
     order by item_id, made_on desc`,
    [brandId, items, today, days],
  );
  return rows;
}

/** Those of some items of which a forecast was made on one of the last `days` days. */
export async function readForecastItems(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
  today: string,
  days: number,
): Promise<Set<number>> {
  const { rows } = await client.query(
    `select distinct item_id from item_forecast
     where brand_id = $1 and item_id = any($2::int[]) and made_on <= $3::date and made_on > $3::date - $4::int`,
    [brandId, items, today, days],
  );
  return new Set(rows.map((row) => row.item_id));
}

/** All forecasts of an item, the oldest first. */
export async function readForecastsOf(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  since: string,
): Promise<StoredForecast[]> {
  const { rows } = await client.query(
    `select ${FORECAST} from item_forecast where brand_id = $1 and item_id = $2 and made_on >= $3 order by made_on`,
    [brandId, item, since],
  );
  return rows;
}

export interface Override {
  readonly item: number;
  readonly number: number;
  readonly fromOn: string;
  readonly untilOn: string;
  /** Units a week, or a multiple of the forecast: one of the two. */
  readonly weekly: number | null;
  readonly factor: number | null;
  readonly reason: string;
  readonly actor: string;
  readonly madeAt: string;
  readonly madeOn: string;
  readonly endedAt: string | null;
}

const OVERRIDE = `item_id as item, number, from_on as "fromOn", until_on as "untilOn", weekly, factor, reason, actor,
  made_at as "madeAt", made_on as "madeOn", ended_at as "endedAt"`;

/** Overrides of some items, in the order in which they were made; a later one wins where two cover a day. */
export async function readOverrides(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
): Promise<Override[]> {
  const { rows } = await client.query(
    `select ${OVERRIDE} from forecast_override where brand_id = $1 and item_id = any($2::int[]) order by item_id, number`,
    [brandId, items],
  );
  return rows;
}

/** The caller holds the item's row, so that two planners do not take one number. */
export async function insertOverride(
  client: pg.PoolClient,
  brandId: number,
  row: Omit<Override, 'number' | 'endedAt'>,
): Promise<Override> {
  const { rows } = await client.query(
    `insert into forecast_override (brand_id, item_id, number, from_on, until_on, weekly, factor, reason, actor, made_at, made_on)
     values ($1, $2, 1 + coalesce((select max(number) from forecast_override where brand_id = $1 and item_id = $2), 0),
       $3, $4, $5, $6, $7, $8, $9, $10)
     returning ${OVERRIDE}`,
    [
      brandId,
      row.item,
      row.fromOn,
      row.untilOn,
      row.weekly,
      row.factor,
      row.reason,
      row.actor,
      row.madeAt,
      row.madeOn,
    ],
  );
  return rows[0];
}

export async function endOverride(
  client: pg.PoolClient,
  brandId: number,
  item: number,
  number: number,
  at: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update forecast_override set ended_at = coalesce(ended_at, $4) where brand_id = $1 and item_id = $2 and number = $3`,
    [brandId, item, number, at],
  );
  return rowCount === 1;
}

export async function lockItem(client: pg.PoolClient, brandId: number, item: number): Promise<void> {
  await client.query('select from item where brand_id = $1 and item_id = $2 for no key update', [
    brandId,
    item,
  ]);
}

export interface ReorderState {
  readonly item: number;
  readonly position: number;
  readonly reorderPoint: number;
  readonly orderUpTo: number;
  readonly wanted: number;
  readonly quantity: number;
  readonly due: boolean;
}

/** How reordering stands; what has been due before stays due since then. */
export async function saveReorderStates(
  client: pg.PoolClient,
  brandId: number,
  today: string,
  rows: readonly ReorderState[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query({
    name: 'save-reorder-states',
    text: `insert into reorder_state (brand_id, item_id, looked_on, position, reorder_point, order_up_to, wanted, quantity, due_since)
           select $1, item_id, $2, position, reorder_point, order_up_to, wanted, quantity,
             case when due = 1 then $2::date end
           from unnest($3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[])
             as n(item_id, position, reorder_point, order_up_to, wanted, quantity, due)
           on conflict (brand_id, item_id) do update set looked_on = excluded.looked_on, position = excluded.position,
             reorder_point = excluded.reorder_point, order_up_to = excluded.order_up_to, wanted = excluded.wanted,
             quantity = excluded.quantity,
             due_since = case when excluded.due_since is not null then coalesce(reorder_state.due_since, excluded.due_since) end`,
    values: [
      brandId,
      today,
      ints(rows, (one) => one.item),
      ints(rows, (one) => one.position),
      ints(rows, (one) => one.reorderPoint),
      ints(rows, (one) => one.orderUpTo),
      ints(rows, (one) => one.wanted),
      ints(rows, (one) => one.quantity),
      ints(rows, (one) => (one.due ? 1 : 0)),
    ],
  });
}

/** Since when items have been due for reordering. */
export async function readDueSince(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
): Promise<Map<number, string>> {
  const { rows } = await client.query(
    `select item_id, due_since from reorder_state where brand_id = $1 and item_id = any($2::int[]) and due_since is not null`,
    [brandId, items],
  );
  return new Map(rows.map((row) => [row.item_id, row.due_since]));
}
