import type pg from 'pg';

/** A run of forecasts, and how far it is. */
export interface RunState {
  readonly madeOn: string;
  readonly startedAt: string;
  readonly items: number;
  readonly itemsDone: number;
  readonly parts: number;
  readonly partsDone: number;
  readonly doneAt: string | null;
  /** Of parts that were tried too often. */
  readonly troubles: readonly string[];
}

export interface ClaimedPart {
  readonly madeOn: string;
  readonly part: number;
  readonly items: readonly number[];
  readonly horizonWeeks: number;
  readonly weekdays: readonly number[] | null;
  readonly levelSpread: number | null;
}

/** The same as the index's condition. */
const MOST_ATTEMPTS = 3;

/** Starts the day's run, unless it is there: two who start it share it. */
export async function insertRun(
  client: pg.PoolClient,
  brandId: number,
  madeOn: string,
  at: string,
  horizonWeeks: number,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into forecast_run (brand_id, made_on, started_at, horizon_weeks) values ($1, $2, $3, $4) on conflict do nothing`,
    [brandId, madeOn, at, horizonWeeks],
  );
  if (rowCount === 0) return false;
  await client.query(`insert into forecast_part (brand_id, made_on, part, items) values ($1, $2, 0, '{}')`, [
    brandId,
    madeOn,
  ]);
  return true;
}

/** A run that is over is begun again. */
export async function restartRun(
  client: pg.PoolClient,
  brandId: number,
  madeOn: string,
  at: string,
): Promise<void> {
  await client.query('select from forecast_run where brand_id = $1 and made_on = $2 for update', [
    brandId,
    madeOn,
  ]);
  const open = await client.query(
    `select from forecast_part where brand_id = $1 and made_on = $2 and done_at is null and attempts < ${MOST_ATTEMPTS}`,
    [brandId, madeOn],
  );
  if (open.rowCount !== 0) return;
  await client.query('delete from forecast_part where brand_id = $1 and made_on = $2', [brandId, madeOn]);
  await client.query(
    'update forecast_run set started_at = $3, items = 0 where brand_id = $1 and made_on = $2',
    [brandId, madeOn, at],
  );
  await client.query(`insert into forecast_part (brand_id, made_on, part, items) values ($1, $2, 0, '{}')`, [
    brandId,
    madeOn,
  ]);
}

/** The day of the latest run; null: none was made. */
export async function latestRun(client: pg.PoolClient, brandId: number): Promise<string | null> {
  const { rows } = await client.query('select max(made_on) as day from forecast_run where brand_id = $1', [
    brandId,
  ]);
  return rows[0].day;
}

/**
 * Takes the next part of the latest run for this process alone until the lease is over, by the database's clock. Null: nothing is left
 * to take, though others may still be working.
 */
export async function claimPart(
  client: pg.PoolClient,
  brandId: number,
  leaseSeconds: number,
): Promise<ClaimedPart | null> {
  const { rows } = await client.query({
    name: 'claim-forecast-part',
    text: `update forecast_part p set claimed_until = clock_timestamp() + make_interval(secs => $2), attempts = p.attempts + 1
           from (
             select t.made_on, t.part, r.horizon_weeks, r.weekdays, r.level_spread from forecast_part t
             join forecast_run r on r.brand_id = $1 and r.made_on = t.made_on
             where t.brand_id = $1 and t.done_at is null and t.attempts < ${MOST_ATTEMPTS}
               and (t.claimed_until is null or t.claimed_until < clock_timestamp())
               and t.made_on = (select max(made_on) from forecast_run where brand_id = $1)
             order by t.part limit 1 for update of t skip locked
           ) n
           where p.brand_id = $1 and p.made_on = n.made_on and p.part = n.part
           returning p.made_on as "madeOn", p.part, p.items, n.horizon_weeks as "horizonWeeks", n.weekdays,
             n.level_spread as "levelSpread"`,
    values: [brandId, leaseSeconds],
  });
  return rows[0] ?? null;
}

/** Records that a part is done; false: somebody else did it meanwhile, and what was made is to be thrown away. */
export async function finishPart(
  client: pg.PoolClient,
  brandId: number,
  { madeOn, part }: Pick<ClaimedPart, 'madeOn' | 'part'>,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'finish-forecast-part',
    text: `update forecast_part set done_at = clock_timestamp(), trouble = null
           where brand_id = $1 and made_on = $2 and part = $3 and done_at is null`,
    values: [brandId, madeOn, part],
  });
  return rowCount === 1;
}

/** Gives a part back that failed, with what was wrong. */
export async function failPart(
  client: pg.PoolClient,
  brandId: number,
  { madeOn, part }: Pick<ClaimedPart, 'madeOn' | 'part'>,
  trouble: string,
): Promise<void> {
  await client.query(
    `update forecast_part set claimed_until = null, trouble = $4
     where brand_id = $1 and made_on = $2 and part = $3 and done_at is null`,
    [brandId, madeOn, part, trouble],
  );
}

/** Cuts the items that are to be forecast into parts; kits have no demand of their own. */
export async function insertParts(
  client: pg.PoolClient,
  brandId: number,
  madeOn: string,
  size: number,
  weekdays: readonly number[],
  levelSpread: number,
): Promise<number> {
  const { rows } = await client.query(
    `with part as (
       insert into forecast_part (brand_id, made_on, part, items)
       select $1::int, $2::date, 1 + n / $3::int, array_agg(item_id order by item_id)
       from (
         select item_id, row_number() over (order by item_id)::int - 1 as n from item
         where brand_id = $1 and not kit and lifecycle <> 'discontinued'
       ) i group by 3
       returning cardinality(items) as items)
     update forecast_run set items = (select coalesce(sum(items), 0) from part), weekdays = $4::real[],
       level_spread = $5
     where brand_id = $1 and made_on = $2 returning items`,
    [brandId, madeOn, size, weekdays, levelSpread],
  );
  return rows[0].items;
}

export async function readRuns(client: pg.PoolClient, brandId: number, limit: number): Promise<RunState[]> {
  const { rows } = await client.query(
    `select r.made_on as "madeOn", r.started_at as "startedAt", r.items, count(p.part)::int as parts,
       count(p.done_at)::int as "partsDone",
       coalesce(sum(cardinality(p.items)) filter (where p.done_at is not null), 0)::int as "itemsDone",
       case when bool_and(p.done_at is not null or p.attempts >= ${MOST_ATTEMPTS} and coalesce(p.claimed_until < clock_timestamp(), true))
         then max(p.done_at) end as "doneAt",
       coalesce(array_agg(p.trouble) filter (where p.trouble is not null and p.done_at is null), '{}') as troubles
     from forecast_run r left join forecast_part p on p.brand_id = $1 and p.made_on = r.made_on
     where r.brand_id = $1 group by r.made_on, r.started_at, r.items order by r.made_on desc limit $2`,
    [brandId, limit],
  );
  return rows;
}
