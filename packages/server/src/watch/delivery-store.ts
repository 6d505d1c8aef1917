import type pg from 'pg';

export async function newestSettings(
  client: pg.PoolClient,
  brandId: number,
): Promise<{ version: number; settings: string; actor: string; at: string } | null> {
  const { rows } = await client.query({
    name: 'signal-settings',
    text: 'select version, settings, actor, at from signal_settings where brand_id = $1 order by version desc limit 1',
    values: [brandId],
  });
  return rows[0] ?? null;
}

export async function insertSettings(
  client: pg.PoolClient,
  brandId: number,
  row: { readonly version: number; readonly settings: string; readonly actor: string; readonly at: string },
): Promise<void> {
  await client.query(
    'insert into signal_settings (brand_id, version, settings, actor, at) values ($1, $2, $3, $4, $5)',
    [brandId, row.version, row.settings, row.actor, row.at],
  );
}

export interface Delivery {
  readonly cause: string;
  /** A webhook's address, or mailto: and one. */
  readonly target: string;
  readonly payload: string;
}

/** Puts on their way what is not yet; one that is there already stays as it is. */
export async function insertDeliveries(
  client: pg.PoolClient,
  brandId: number,
  at: string,
  deliveries: readonly (Delivery & { readonly done?: boolean })[],
): Promise<void> {
  if (deliveries.length === 0) return;
  await client.query(
    `insert into signal_delivery (brand_id, cause, target, payload, try_at, done_at)
     select $1, cause, target, payload, $2, case when done then $2::timestamptz end
     from unnest($3::text[], $4::text[], $5::text[], $6::boolean[]) as n(cause, target, payload, done)
     on conflict do nothing`,
    [
      brandId,
      at,
      deliveries.map((one) => one.cause),
      deliveries.map((one) => one.target),
      deliveries.map((one) => one.payload),
      deliveries.map((one) => one.done === true),
    ],
  );
}

export async function countDeliveries(
  client: pg.PoolClient,
  brandId: number,
  cause: string,
): Promise<number> {
  const { rows } = await client.query({
    name: 'count-deliveries',
    text: 'select count(*)::int as count from signal_delivery where brand_id = $1 and cause = $2',
    values: [brandId, cause],
  });
  return rows[0].count;
}

/** Takes what is due for this process, for so many seconds by the database's clock. */
export async function claimDeliveries(
  client: pg.PoolClient,
  brandId: number,
  now: string,
  limit: number,
  leaseSeconds: number,
): Promise<(Delivery & { attempts: number })[]> {
  const { rows } = await client.query({
    name: 'claim-deliveries',
    text: `update signal_delivery d set attempts = attempts + 1, claimed_until = clock_timestamp() + make_interval(secs => $4)
           where d.brand_id = $1 and (d.cause, d.target) in (
             select cause, target from signal_delivery
             where brand_id = $1 and done_at is null and attempts < 8 and try_at <= $2
               and (claimed_until is null or claimed_until < clock_timestamp())
             order by try_at limit $3 for update skip locked)
           returning cause, target, payload, attempts`,
    values: [brandId, now, limit, leaseSeconds],
  });
  return rows;
}

/** What came of it: done, or to be tried again at an instant. */
export async function recordDelivery(
  client: pg.PoolClient,
  brandId: number,
  { cause, target }: Delivery,
  outcome: { readonly doneAt: string | null; readonly tryAt: string; readonly trouble: string | null },
): Promise<void> {
  await client.query(
    `update signal_delivery set done_at = $4, try_at = $5, trouble = $6, claimed_until = null
     where brand_id = $1 and cause = $2 and target = $3`,
    [brandId, cause, target, outcome.doneAt, outcome.tryAt, outcome.trouble],
  );
}
