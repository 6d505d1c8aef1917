import { type SlipTable, slipTableFrom } from '@kept/engine';
import type pg from 'pg';

/** Days, as 'YYYY-MM-DD'. */
export interface Standing {
  readonly kind: 'purchase_order' | 'transfer' | 'hold_release' | 'production';
  readonly supplier: string | null;
  readonly freight: string | null;
  readonly place: number;
  readonly stage: string;
  readonly expectedOn: string;
  readonly receivedOn: string;
  /** The share of the receipt's units that could be promised from this date: by how long it stood. */
  readonly weight: number;
  /** Work that an order started: its item, and the day it began. */
  readonly made: string | null;
  readonly startedOn: string | null;
}

/** When a brand last learnt, and from how many receipts; null: never. */
export async function readLearning(
  client: pg.PoolClient,
  brandId: number,
): Promise<{ learntOn: string; receipts: number } | null> {
  const { rows } = await client.query(
    'select learnt_on, receipts, learnt from slip_learning where brand_id = $1',
    [brandId],
  );
  const [row] = rows;
  // What an earlier version learnt in other steps is as good as nothing.
  if (row === undefined || (row.learnt !== null && slipTableFrom(row.learnt) === null)) return null;
  return { learntOn: row.learnt_on, receipts: row.receipts };
}

/** What was learnt, as JSON; null: nothing was yet. */
export async function readLearntSlips(client: pg.PoolClient, brandId: number): Promise<string | null> {
  const { rows } = await client.query('select learnt from slip_learning where brand_id = $1', [brandId]);
  return rows[0]?.learnt ?? null;
}

/** Mean days from the order to the first day promised, of lines that waited and were ordered in the last year; null: none was. */
export async function readPromisedWait(
  client: pg.PoolClient,
  brandId: number,
  now: string,
  timeZone: string,
): Promise<number | null> {
  const { rows } = await client.query(
    `select avg(p.ship_by - (o.placed_at at time zone $3)::date)::float8 as days
     from customer_order o
     join order_line l on l.brand_id = o.brand_id and l.order_id = o.order_id and l.waiting_since is not null
     join promise p on p.brand_id = l.brand_id and p.order_id = l.order_id and p.line = l.line and p.version = 1
     where o.brand_id = $1 and o.placed_at > $2::timestamptz - interval '365 days' and p.ship_by is not null`,
    [brandId, now, timeZone],
  );
  return rows[0].days;
}

export async function countReceipts(client: pg.PoolClient, brandId: number): Promise<number> {
  const { rows } = await client.query(
    'select count(*)::int as receipts from supply_receipt where brand_id = $1',
    [brandId],
  );
  return rows[0].receipts;
}

/**
 * The latest receipts, each against every date that stood for its supply in a stage that could be promised from. A receipt
 * counts by its part of all that came of the supply, a date by its part of the time.
 */
export async function readStandings(
  client: pg.PoolClient,
  brandId: number,
  timeZone: string,
  most: number,
): Promise<Standing[]> {
  const { rows } = await client.query(
    `with receipt as (
       select r.item_id, r.supply_id, r.event_id, r.happened_at, r.location_id,
         r.quantity::float8 / sum(r.quantity) over (partition by r.item_id, r.supply_id) as share
       from (select * from supply_receipt where brand_id = $1 and quantity > 0 and condition <> 'damaged'
             order by happened_at desc limit $3) r),
     stood as (
       select v.item_id, v.supply_id, v.stage, v.expected_on, v.happened_at as since,
         lead(v.happened_at, 1, 'infinity') over (partition by v.item_id, v.supply_id order by v.revision) as until
       from supply_revision v
       where v.brand_id = $1 and (v.item_id, v.supply_id) in (select item_id, supply_id from receipt)),
     dated as (
       select r.*, s.stage, s.expected_on,
         extract(epoch from least(s.until, r.happened_at) - s.since) + 3600 as seconds
       from receipt r join stood s using (item_id, supply_id)
       where s.since <= r.happened_at and s.expected_on is not null and s.stage not in ('draft', 'cancelled'))
     select u.kind, p.supplier, p.freight_mode, w.sku as made, (w.since at time zone $2)::date as started_on, d.location_id, d.stage, d.expected_on,
       (d.happened_at at time zone $2)::date as received_on,
       d.share * d.seconds / sum(d.seconds) over (partition by d.item_id, d.supply_id, d.event_id) as weight
     from dated d
     join supply u on u.brand_id = $1 and u.item_id = d.item_id and u.supply_id = d.supply_id
     left join lateral (
       select i.sku, (select min(v.happened_at) from supply_revision v
         where v.brand_id = $1 and v.item_id = u.item_id and v.supply_id = u.supply_id) as since
       from item i where i.brand_id = $1 and i.item_id = u.item_id
         and u.kind = 'production' and u.ref = i.sku || '-made-' || u.supply_id) w on true
     left join purchase_order p on p.brand_id = $1 and u.kind = 'purchase_order' and p.ref = u.ref
     order by d.happened_at, d.item_id, d.supply_id, d.event_id, d.expected_on, d.stage`,
    [brandId, timeZone, most],
  );
  return rows.map((row) => ({
    kind: row.kind,
    supplier: row.supplier,
    freight: row.freight_mode,
    place: row.location_id,
    stage: row.stage,
    expectedOn: row.expected_on,
    receivedOn: row.received_on,
    weight: Number(row.weight),
    made: row.made,
    startedOn: row.started_on,
  }));
}

export async function saveLearning(
  client: pg.PoolClient,
  brandId: number,
  learntOn: string,
  receipts: number,
  learnt: SlipTable | null,
): Promise<void> {
  await client.query(
    `insert into slip_learning (brand_id, learnt_on, receipts, learnt) values ($1, $2, $3, $4)
     on conflict (brand_id) do update set learnt_on = excluded.learnt_on, receipts = excluded.receipts,
       learnt = excluded.learnt`,
    [brandId, learntOn, receipts, learnt === null ? null : JSON.stringify(learnt)],
  );
}
