import {
  type Commitment,
  type Decision,
  dayText,
  type ItemPosition,
  type ItemState,
  type LinePosition,
  MAXIMUM_SUM,
  NO_DAY,
  PROMISE_RULES,
  type PromiseChanged,
  type StockPosition,
} from '@kept/engine';
import type pg from 'pg';
import { bigints, booleans, days, ints, smallints, texts, timestamps } from '../platform/columns.ts';
import { KeptError } from '../platform/errors.ts';
import { COMMITMENT_KINDS } from './line-store.ts';
import { saveWorkBegun } from './work-store.ts';

/** Which event caused a promise or a movement. */
export interface Cause {
  /** The event of an order that was placed by the decision, else the event of the decision itself. */
  eventOf(order: number): number;
  readonly event: number;
  /** ISO 8601, when it happened and when it was recorded. */
  readonly happenedAt: string;
  readonly recordedAt: string;
  /** The version of the brand's settings by which it was decided. */
  readonly settings: number;
  /** The first of as many movement ids as the decision has movements. */
  readonly firstMovement: number;
}

/**
 * Writes what a decision changed, with one statement per table. The items are locked, so that whole values are written and
 * nothing is read again. All statements travel together.
 * @throws KeptError `invalid_input` where an item's quantities would come to more than is counted; nothing is written then
 */
export async function saveDecision(
  client: pg.PoolClient,
  brandId: number,
  decision: Decision,
  cause: Cause,
): Promise<void> {
  for (const state of decision.states.values()) refuseTooMuch(state.position);
  const states = [...decision.states.values()].filter(
    (state) => state.touched || state.touchedStock.size > 0,
  );
  await Promise.all([
    saveItems(client, brandId, states),
    saveStock(client, brandId, states),
    saveWorkBegun(client, brandId, states, cause),
    saveSupplies(client, brandId, states),
    saveLimits(client, brandId, states),
    saveHolds(client, brandId, states),
    saveMovements(client, brandId, states, cause),
    saveCommitments(client, brandId, states),
    // Before the promises, which take longest to be made ready: PostgreSQL writes the lines meanwhile.
    saveLines(client, brandId, states, decision.promises, cause),
    savePromises(client, brandId, decision.promises, cause),
  ]);
}

const STOCK_SUMS = ['sellable', 'quality_hold', 'returned', 'damaged', 'reserved', 'held'] as const;
const SUPPLY_SUMS = ['open', 'received', 'pegged', 'held'] as const;

function refuseTooMuch({ sku, backordered, stock, supplies, limits }: ItemPosition): void {
  refuseSum(sku, backordered, 'on backorder');
  for (const what of STOCK_SUMS) {
    let units = 0;
    for (const one of stock) units += one[what];
    refuseSum(sku, units, 'in stock', what);
  }
  for (const what of SUPPLY_SUMS) {
    let units = 0;
    for (const one of supplies) units += one[what];
    refuseSum(sku, units, 'on supplies', what);
  }
  for (const limit of limits) refuseSum(sku, limit.committed, 'committed to one channel');
}

function refuseSum(sku: string, units: number, where: string, what?: string): void {
  if (Math.abs(units) <= MAXIMUM_SUM) return;
  const whole = what === undefined ? where : `${what.replace('_', ' ')} ${where}`;
  throw new KeptError(
    'invalid_input',
    `${sku} would have ${units} units ${whole}; at most ${MAXIMUM_SUM} are counted.`,
    { errors: [{ path: '', message: `expected at most ${MAXIMUM_SUM} units of ${sku} ${whole}` }] },
  );
}

export function movementCount(decision: Decision): number {
  let count = 0;
  for (const state of decision.states.values()) count += state.movements.length;
  return count;
}

async function saveItems(
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

async function saveStock(
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
async function saveSupplies(
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

async function saveLimits(
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

async function saveHolds(
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

async function saveMovements(
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

/** Lines that were there lose their old commitments; then all commitments of touched and new lines are written. */
async function saveCommitments(
  client: pg.PoolClient,
  brandId: number,
  states: readonly ItemState[],
): Promise<void> {
  const touched: LinePosition[] = [];
  const written: LinePosition[] = [];
  for (const state of states) {
    for (const line of state.touchedLines.keys()) {
      touched.push(line);
      written.push(line);
    }
    for (const line of state.placed) written.push(line);
  }
  const jobs: Promise<unknown>[] = [];
  if (touched.length > 0)
    jobs.push(
      client.query({
        name: 'drop-commitments',
        text: `delete from commitment c using unnest($2::bigint[], $3::int[], $4::int[]) as n(order_id, line, item_id)
               where c.brand_id = $1 and c.order_id = n.order_id and c.line = n.line and c.item_id = n.item_id`,
        values: [
          brandId,
          bigints(touched, (line) => line.order),
          ints(touched, (line) => line.line),
          ints(touched, (line) => line.item),
        ],
      }),
    );
  const rows = written.flatMap((line) => line.commitments.map((one) => ({ line, one })));
  if (rows.length > 0)
    jobs.push(
      client.query({
        name: 'save-commitments',
        text: `insert into commitment (brand_id, item_id, kind, source, rank, order_id, line, quantity)
               select $1, unnest($2::int[]), unnest($3::smallint[]), unnest($4::int[]), unnest($5::bigint[]),
                 unnest($6::bigint[]), unnest($7::int[]), unnest($8::int[])`,
        values: [
          brandId,
          ints(rows, (row) => row.line.item),
          smallints(rows, (row) => COMMITMENT_KINDS.indexOf(row.one.kind)),
          ints(rows, (row) => row.one.source),
          bigints(rows, (row) => row.line.rank),
          bigints(rows, (row) => row.line.order),
          ints(rows, (row) => row.line.line),
          ints(rows, (row) => row.one.quantity),
        ],
      }),
    );
  await Promise.all(jobs);
}

/** As their tables' keys go: a page that was read for one line serves the next. */
const byLine = (one: LineName, other: LineName) => one.order - other.order || one.line - other.line;
type LineName = { readonly order: number; readonly line: number };

export async function savePromises(
  client: pg.PoolClient,
  brandId: number,
  unordered: readonly PromiseChanged[],
  cause: Cause,
): Promise<void> {
  if (unordered.length === 0) return;
  const promises = unordered.toSorted(byLine);
  const latestDelivery = ({ promise: { parts } }: PromiseChanged) => {
    let latest: number | null = null;
    for (const part of parts) if (latest === null || part.deliverBy > latest) latest = part.deliverBy;
    return latest;
  };
  await client.query({
    name: 'save-promises',
    text: `insert into promise (brand_id, order_id, line, version, quantity, ship_by, deliver_by, parts, shipped_before,
             change, reasons, event_id, made_at, rules, settings)
           select $1, unnest($2::bigint[]), unnest($3::int[]), unnest($4::int[]), unnest($5::int[]), unnest($6::date[]),
             unnest($7::date[]), unnest($8::text[]), unnest($9::int[]), unnest($10::text[]), unnest($11::text[]),
             unnest($12::bigint[]), $13::timestamptz, $14, $15`,
    values: [
      brandId,
      bigints(promises, (one) => one.order),
      ints(promises, (one) => one.line),
      ints(promises, (one) => one.promise.version),
      ints(promises, (one) => one.promise.parts.reduce((units, part) => units + part.quantity, 0)),
      days(promises, (one) => one.promise.parts.at(-1)?.shipBy),
      days(promises, latestDelivery),
      texts(promises, (one) =>
        JSON.stringify(
          one.promise.parts.map((part) => [part.quantity, dayText(part.shipBy), dayText(part.deliverBy)]),
        ),
      ),
      ints(promises, (one) => one.promise.shippedBefore),
      texts(promises, (one) => one.promise.change),
      texts(promises, (one) => JSON.stringify(one.reasons)),
      bigints(promises, (one) => cause.eventOf(one.order)),
      cause.recordedAt,
      PROMISE_RULES,
      cause.settings,
    ],
  });
}

/** The lines that were there: their newest promise, the rank a first promise gives, and since when they wait. */
async function saveLines(
  client: pg.PoolClient,
  brandId: number,
  states: readonly ItemState[],
  promises: readonly PromiseChanged[],
  cause: Cause,
): Promise<void> {
  // A batch of new orders has nothing to change in lines that were there.
  const placed = placedLines(states);
  const isPlaced = (one: PromiseChanged) => placed.get(one.order)?.includes(one.line) === true;
  if (states.every((state) => state.touchedLines.size === 0) && promises.every(isPlaced)) return;
  const changed = new Map<
    number,
    // Whether it waits now; null: nothing of what backs it has changed.
    { order: number; line: number; version: number; rank: number | null; waits: boolean | null }
  >();
  const changing = (order: number, line: number) => {
    const key = order * 2 ** 20 + line; // as the engine's desk tells lines apart
    let known = changed.get(key);
    if (known === undefined) {
      known = { order, line, version: 0, rank: null, waits: null };
      changed.set(key, known);
    }
    return known;
  };
  for (const state of states)
    for (const line of state.touchedLines.keys()) {
      const known = changing(line.order, line.line);
      known.waits = known.waits === true || line.commitments.some((one) => one.kind !== 'reserved');
    }
  for (const one of promises) {
    if (isPlaced(one)) continue;
    const known = changing(one.order, one.line);
    known.version = Math.max(known.version, one.promise.version);
    known.rank = one.rank ?? known.rank;
  }
  const rows = [...changed.values()].sort(byLine);
  if (rows.length === 0) return;
  await client.query({
    name: 'save-lines',
    text: `update order_line l set promise_version = greatest(l.promise_version, n.version), rank = coalesce(n.rank, l.rank),
             waiting_since = case when n.waits then coalesce(l.waiting_since, $2::timestamptz) else l.waiting_since end,
             waited_until = case when n.waits then null when n.waits is null then l.waited_until
               when l.waiting_since is not null then coalesce(l.waited_until, $2::timestamptz) end
           from unnest($3::bigint[], $4::int[], $5::int[], $6::bigint[], $7::boolean[]) as n(order_id, line, version, rank, waits)
           where l.brand_id = $1 and l.order_id = n.order_id and l.line = n.line`,
    values: [
      brandId,
      cause.recordedAt,
      bigints(rows, (row) => row.order),
      ints(rows, (row) => row.line),
      ints(rows, (row) => row.version),
      bigints(rows, (row) => row.rank),
      booleans(rows, (row) => row.waits),
    ],
  });
}

/** The lines that the decision itself placed, by order. */
function placedLines(states: readonly ItemState[]): Map<number, number[]> {
  const placed = new Map<number, number[]>();
  for (const state of states)
    for (const { order, line } of state.placed) {
      const lines = placed.get(order);
      if (lines === undefined) placed.set(order, [line]);
      else lines.push(line);
    }
  return placed;
}

/** Tied orders' newest promises on their lines. */
export async function saveTiedLines(
  client: pg.PoolClient,
  brandId: number,
  promises: readonly PromiseChanged[],
  cause: Cause,
): Promise<void> {
  await Promise.all([
    savePromises(client, brandId, promises, cause),
    saveLines(client, brandId, [], promises, cause),
  ]);
}
