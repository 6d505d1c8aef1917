import { type Commitment, type ItemState, NO_DAY, type StockPosition } from '@kept/engine';
import type pg from 'pg';
import { booleans, days, ints, texts, timestamps } from '../platform/columns.ts';
import type { Cause } from './cause.ts';

export async function saveItems(
  client: pg.PoolClient,
  brandId: number,
  states: readonly ItemState[],
): Promise<void> {
  if (states.length === 0) return;
  await client.query({
    name: 'save-items',
    text: `update item set next_supply = n.next_supply, backordered = n.backordered
           from (select unnest($2::int[]) as item_id, unnest($3::int[]) as next_supply, unnest($4::int[]) as backordered) n
           where item.brand_id = $1 and item.item_id = n.item_id
             and (item.next_supply <> n.next_supply or item.backordered <> n.backordered)`,
    values: [
      brandId,
      ints(states, (state) => state.position.item),
      ints(states, (state) => state.position.nextSupply),
      ints(states, (state) => state.position.backordered),
    ],
  });
}

export async function saveStock(
  client: pg.PoolClient,
  brandId: number,
  states: readonly ItemState[],
): Promise<void> {
  const rows: { item: number; stock: StockPosition }[] = [];
  const moved: typeof rows = [];
  for (const state of states)
    for (const stock of state.touchedStock)
      (state.movements.length > 0 ? moved : rows).push({ item: state.position.item, stock });
  await Promise.all([saveReserved(client, brandId, rows), saveUnits(client, brandId, moved)]);
}

/** Where no units came or went, the row is there, and only what is spoken for has changed. */
async function saveReserved(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly { item: number; stock: StockPosition }[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query({
    name: 'save-reserved',
    text: `update stock set reserved = n.reserved, held = n.held
           from (select unnest($2::int[]) as item_id, unnest($3::int[]) as location_id, unnest($4::int[]) as reserved,
             unnest($5::int[]) as held) n
           where stock.brand_id = $1 and stock.item_id = n.item_id and stock.location_id = n.location_id`,
    values: [
      brandId,
      ints(rows, (row) => row.item),
      ints(rows, (row) => row.stock.place),
      ints(rows, (row) => row.stock.reserved),
      ints(rows, (row) => row.stock.held),
    ],
  });
}

async function saveUnits(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly { item: number; stock: StockPosition }[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query({
    name: 'save-stock',
    text: `insert into stock as s (brand_id, item_id, location_id, sellable, quality_hold, returned, damaged, reserved, held)
           select $1, * from unnest($2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[])
           on conflict (brand_id, item_id, location_id) do update set sellable = excluded.sellable,
             quality_hold = excluded.quality_hold, returned = excluded.returned, damaged = excluded.damaged,
             reserved = excluded.reserved, held = excluded.held`,
    values: [
      brandId,
      ints(rows, (row) => row.item),
      ints(rows, (row) => row.stock.place),
      ints(rows, (row) => row.stock.sellable),
      ints(rows, (row) => row.stock.quality_hold),
      ints(rows, (row) => row.stock.returned),
      ints(rows, (row) => row.stock.damaged),
      ints(rows, (row) => row.stock.reserved),
      ints(rows, (row) => row.stock.held),
    ],
  });
}

/** Every supply of the items, since time alone moves the days of a late one. */
export async function saveSupplies(
  client: pg.PoolClient,
  brandId: number,
  states: readonly ItemState[],
): Promise<void> {
  const rows = states.flatMap((state) =>
    state
      .supplyDaysByIndex()
      .filter(({ supply }) => state.touchedSupplies.has(supply))
      .map((days) => ({ item: state.position.item, ...days })),
  );
  if (rows.length === 0) return;
  const day = (number: number) => (number >= NO_DAY ? null : number);
  await client.query({
    name: 'save-supplies',
    text: `insert into supply as s (brand_id, item_id, supply_id, kind, ref, line, schedule, location_id, stage, ordered, open,
             received, pegged, held, expected_on, planned_on, promisable_on)
           select $1, item_id, supply_id, kind, ref, line, schedule, location_id, stage, open, open, received, pegged, held,
             expected_on, planned_on, promisable_on
           from unnest($2::int[], $3::int[], $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::int[],
             $10::int[], $11::int[], $12::int[], $13::date[], $14::date[], $15::date[], $16::text[])
             as n(item_id, supply_id, kind, ref, line, location_id, stage, open, received, pegged, held, expected_on,
               planned_on, promisable_on, schedule)
           on conflict (brand_id, item_id, supply_id) do update set location_id = excluded.location_id,
             stage = excluded.stage, open = excluded.open, received = excluded.received, pegged = excluded.pegged,
             held = excluded.held, expected_on = excluded.expected_on, planned_on = excluded.planned_on,
             promisable_on = excluded.promisable_on`,
    values: [
      brandId,
      ints(rows, (row) => row.item),
      ints(rows, (row) => row.supply.id),
      texts(rows, (row) => row.supply.kind),
      texts(rows, (row) => row.supply.ref),
      texts(rows, (row) => row.supply.line ?? ''),
      ints(rows, (row) => row.supply.place),
      texts(rows, (row) => row.supply.stage),
      ints(rows, (row) => row.supply.open),
      ints(rows, (row) => row.supply.received),
      ints(rows, (row) => row.supply.pegged),
      ints(rows, (row) => row.supply.held),
      days(rows, (row) => row.supply.expected),
      days(rows, (row) => day(row.planned)),
      days(rows, (row) => day(row.promisable)),
      texts(rows, (row) => row.supply.schedule ?? ''),
    ],
  });
}

export async function saveLimits(
  client: pg.PoolClient,
  brandId: number,
  states: readonly ItemState[],
): Promise<void> {
  const rows = states.flatMap((state) =>
    state.position.limits.map((limit) => ({ item: state.position.item, limit })),
  );
  if (rows.length === 0) return;
  await client.query({
    name: 'save-limits',
    text: `update item_channel c set committed = n.committed
           from unnest($2::int[], $3::int[], $4::int[]) as n(item_id, channel_id, committed)
           where c.brand_id = $1 and c.item_id = n.item_id and c.channel_id = n.channel_id`,
    values: [
      brandId,
      ints(rows, (row) => row.item),
      ints(rows, (row) => row.limit.channel),
      ints(rows, (row) => row.limit.committed),
    ],
  });
}

export async function saveHolds(
  client: pg.PoolClient,
  brandId: number,
  states: readonly ItemState[],
): Promise<void> {
  const rows = states.flatMap((state) =>
    [...state.touchedHolds].map((hold) => ({ item: state.position.item, hold })),
  );
  if (rows.length === 0) return;
  const units = (commitments: readonly Commitment[]) =>
    commitments.reduce((total, one) => total + one.quantity, 0);
  await client.query({
    name: 'save-holds',
    text: `insert into hold as h (brand_id, hold_id, item_id, channel_id, quantity, expires_at, open, commitments, used_by)
           select $1, * from unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::timestamptz[], $7::boolean[], $8::text[],
             $9::bigint[])
           on conflict (brand_id, hold_id) do update set open = excluded.open, commitments = excluded.commitments,
             used_by = excluded.used_by`,
    values: [
      brandId,
      texts(rows, (row) => row.hold.id),
      ints(rows, (row) => row.item),
      ints(rows, (row) => row.hold.channel),
      ints(rows, (row) => units(row.hold.commitments)),
      timestamps(rows, (row) => new Date(row.hold.expiresAt).toISOString()),
      booleans(rows, (row) => row.hold.commitments.length > 0),
      texts(rows, (row) => JSON.stringify(row.hold.commitments.filter((one) => one.quantity > 0))),
      rows.map((row) => row.hold.usedBy ?? null),
    ],
  });
}

export async function saveMovements(
  client: pg.PoolClient,
  brandId: number,
  states: readonly ItemState[],
  cause: Cause,
): Promise<void> {
  const rows = states.flatMap((state) =>
    state.movements.map((movement) => ({ item: state.position.item, ...movement })),
  );
  if (rows.length === 0) return;
  await client.query({
    name: 'save-movements',
    text: `insert into stock_movement (brand_id, movement_id, item_id, location_id, condition, delta, reason, event_id,
             happened_at, recorded_at)
           select $1, $2::bigint + n - 1, item_id, location_id, condition, delta, reason, $3, $4, $5
           from unnest($6::int[], $7::int[], $8::text[], $9::int[], $10::text[])
             with ordinality as m(item_id, location_id, condition, delta, reason, n)`,
    values: [
      brandId,
      cause.firstMovement,
      cause.event,
      cause.happenedAt,
      cause.recordedAt,
      ints(rows, (row) => row.item),
      ints(rows, (row) => row.place),
      texts(rows, (row) => row.condition),
      ints(rows, (row) => row.delta),
      texts(rows, (row) => row.reason),
    ],
  });
}
