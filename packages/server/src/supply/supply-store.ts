import type { Stage, SupplyKind } from '@kept/engine';
import type pg from 'pg';
import { lockSettings } from '../promising/index.ts';

/** A supply as it is stored. `line` and `schedule` are JSON, '' where there is none; days are 'YYYY-MM-DD'. */
export interface StoredSupply {
  readonly item: number;
  readonly sku: string;
  readonly policy: string;
  readonly supply: number;
  readonly kind: SupplyKind;
  readonly ref: string;
  readonly line: string;
  readonly schedule: string;
  readonly place: number;
  readonly stage: Stage;
  /** All units, those that came included. */
  readonly ordered: number;
  readonly open: number;
  readonly received: number;
  readonly pegged: number;
  readonly held: number;
  readonly expectedOn: string | null;
  /** Minor units per stock unit. */
  readonly unitCost: number | null;
  readonly currency: string | null;
  /** A transfer's origin. */
  readonly from: number | null;
  /** A receipt said that no more will come. */
  readonly closed: boolean;
}

/** What a line was before it became another item's: its key is free for that one, its ledgers stay. */
const RETIRED = 'retired:';

/** All supplies under some references, lines that became another item's left out. */
export async function readSupplies(
  client: pg.PoolClient,
  brandId: number,
  kinds: readonly SupplyKind[],
  refs: readonly string[],
): Promise<StoredSupply[]> {
  const { rows } = await client.query(
    `select s.item_id, i.sku, i.policy, s.supply_id, s.kind, s.ref, s.line, s.schedule, s.location_id, s.stage, s.ordered,
       s.open, s.received, s.pegged, s.held, s.expected_on, s.unit_cost, s.currency, s.from_location_id,
       exists (select from supply_receipt r where r.brand_id = s.brand_id and r.item_id = s.item_id
               and r.supply_id = s.supply_id and r.closed) as closed
     from supply s join item i on i.brand_id = s.brand_id and i.item_id = s.item_id
     where s.brand_id = $1 and s.kind = any($2) and s.ref = any($3) and not starts_with(s.schedule, '${RETIRED}')
     order by s.ref, s.item_id, s.supply_id`,
    [brandId, kinds, refs],
  );
  return rows.map((row) => ({
    item: row.item_id,
    sku: row.sku,
    policy: row.policy,
    supply: row.supply_id,
    kind: row.kind,
    ref: row.ref,
    line: row.line,
    schedule: row.schedule,
    place: row.location_id,
    stage: row.stage,
    ordered: row.ordered,
    open: row.open,
    received: row.received,
    pegged: row.pegged,
    held: row.held,
    expectedOn: row.expected_on,
    unitCost: row.unit_cost,
    currency: row.currency,
    from: row.from_location_id,
    closed: row.closed,
  }));
}

interface SupplyKey {
  readonly item: number;
  readonly supply: number;
}

/** Frees the keys of supplies whose line is another item's from now on. Their items are locked first, as by every decision. */
export async function retireSupplies(
  client: pg.PoolClient,
  brandId: number,
  supplies: readonly SupplyKey[],
  items: readonly number[],
): Promise<void> {
  await lockSettings(client, brandId, 'shared');
  await client.query('select from item where brand_id = $1 and item_id = any($2) order by sku for update', [
    brandId,
    items,
  ]);
  await client.query(
    `update supply s set schedule = '${RETIRED}' || n.item_id || ':' || n.supply_id
     from unnest($2::int[], $3::int[]) as n(item_id, supply_id)
     where s.brand_id = $1 and s.item_id = n.item_id and s.supply_id = n.supply_id`,
    [brandId, supplies.map((one) => one.item), supplies.map((one) => one.supply)],
  );
}

/** What a decision does not need to know of a supply, and so does not write. */
export async function writeTerms(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly (SupplyKey & {
    ordered: number;
    unitCost: number | null;
    currency: string | null;
    from: number | null;
  })[],
): Promise<void> {
  await client.query(
    `update supply s set ordered = n.ordered, unit_cost = n.unit_cost, currency = n.currency,
       from_location_id = n.from_location_id
     from unnest($2::int[], $3::int[], $4::int[], $5::bigint[], $6::text[], $7::int[])
       as n(item_id, supply_id, ordered, unit_cost, currency, from_location_id)
     where s.brand_id = $1 and s.item_id = n.item_id and s.supply_id = n.supply_id`,
    [
      brandId,
      rows.map((row) => row.item),
      rows.map((row) => row.supply),
      rows.map((row) => row.ordered),
      rows.map((row) => row.unitCost),
      rows.map((row) => row.currency),
      rows.map((row) => row.from),
    ],
  );
}

/** When a fact happened and was recorded, ISO 8601, and its event. */
export interface Recorded {
  readonly event: number;
  readonly happenedAt: string;
  readonly recordedAt: string;
}

/** One revision more for each of the supplies, numbered after its last. */
export async function insertRevisions(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly (SupplyKey & {
    stage: string;
    ordered: number;
    open: number;
    expectedOn: string | null;
    reason: string;
    recorded: Recorded;
  })[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `insert into supply_revision (brand_id, item_id, supply_id, revision, stage, ordered, open, expected_on, reason,
       event_id, happened_at, recorded_at)
     select $1, n.item_id, n.supply_id,
       1 + coalesce((select max(r.revision) from supply_revision r
                     where r.brand_id = $1 and r.item_id = n.item_id and r.supply_id = n.supply_id), 0),
       n.stage, n.ordered, n.open, n.expected_on, n.reason, n.event_id, n.happened_at, n.recorded_at
     from unnest($2::int[], $3::int[], $4::text[], $5::int[], $6::int[], $7::date[], $8::text[], $9::bigint[],
         $10::timestamptz[], $11::timestamptz[])
       as n(item_id, supply_id, stage, ordered, open, expected_on, reason, event_id, happened_at, recorded_at)`,
    [
      brandId,
      rows.map((row) => row.item),
      rows.map((row) => row.supply),
      rows.map((row) => row.stage),
      rows.map((row) => row.ordered),
      rows.map((row) => row.open),
      rows.map((row) => row.expectedOn),
      rows.map((row) => row.reason),
      rows.map((row) => row.recorded.event),
      rows.map((row) => row.recorded.happenedAt),
      rows.map((row) => row.recorded.recordedAt),
    ],
  );
}

export async function insertReceipts(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly (SupplyKey & { quantity: number; condition: string; place: number; closed: boolean })[],
  { event, happenedAt, recordedAt }: Recorded,
): Promise<void> {
  await client.query(
    `insert into supply_receipt (brand_id, item_id, supply_id, event_id, quantity, condition, location_id, closed,
       happened_at, recorded_at)
     select $1, n.item_id, n.supply_id, $2, n.quantity, n.condition, n.location_id, n.closed, $3, $4
     from unnest($5::int[], $6::int[], $7::int[], $8::text[], $9::int[], $10::boolean[])
       as n(item_id, supply_id, quantity, condition, location_id, closed)`,
    [
      brandId,
      event,
      happenedAt,
      recordedAt,
      rows.map((row) => row.item),
      rows.map((row) => row.supply),
      rows.map((row) => row.quantity),
      rows.map((row) => row.condition),
      rows.map((row) => row.place),
      rows.map((row) => row.closed),
    ],
  );
}

/**
 * Keeps everybody else from a supply's reference until the transaction ends, whether or not it is there yet: what two make
 * at once is made once. (Purchase orders have a header row for that.)
 */
export async function lockSupplyRef(client: pg.PoolClient, brandId: number, ref: string): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1, hashtext($2))', [brandId, ref]);
}
