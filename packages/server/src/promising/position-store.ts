import {
  type ChannelLimit,
  type Commitment,
  type CommitmentKind,
  dayNumber,
  dayText,
  defaultPolicy,
  type HoldPosition,
  type ItemPosition,
  type Lifecycle,
  type LinePosition,
  type PromisePosition,
  type StockPosition,
  type SupplyPosition,
  type World,
} from '@kept/engine';
import type pg from 'pg';
import { ints } from '../platform/columns.ts';
import type { Settings } from './world-store.ts';

export const COMMITMENT_KINDS: readonly CommitmentKind[] = ['reserved', 'pegged', 'waiting'];

/** An item as the store knows it: its position, and what only people read. */
export interface LoadedItem extends ItemPosition {
  readonly kit: boolean;
}

const itself = (item: number) => item;

/** How much of the items' queues a decision needs. */
export interface LoadScope {
  /**
   * 'none': placing orders; 'queue': every open line of the items; or the lines of some orders, and with `units` also the
   * heads of the queues: on each source, and among those who wait, the first lines that could take so many units.
   */
  readonly lines: 'none' | 'queue' | { readonly orders: readonly number[]; readonly units?: number };
  /** Supplies to load although nothing of them is open: those that a fact is about. */
  readonly supplies?: readonly { readonly item: number; readonly supply: number }[];
}

/** Locks items in SKU order. The lock is a statement of its own: what is loaded after it is what the last holder left. */
export async function lockItems(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
): Promise<void> {
  await client.query({
    name: 'lock-items',
    text: 'select from item where brand_id = $1 and item_id = any($2) order by sku for update',
    values: [brandId, ints(items, itself)],
  });
}

/** What is stored of items' positions, as it was read: it takes the brand's settings to make positions of it. */
export interface PositionRows {
  readonly items: readonly ItemRow[];
  readonly stock: readonly Row[];
  readonly supplies: readonly Row[];
  readonly limits: readonly Row[];
  readonly holds: readonly Row[];
  readonly lines: readonly LinePosition[];
}

/** Reads items' positions. The statements travel together; nothing here waits for another's answer but what is asked for by name. */
export async function readPositions(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
  scope: LoadScope,
): Promise<PositionRows> {
  const values = [brandId, ints(items, itself)];
  const [itemRows, stock, supplies, limits, holds, lines] = await Promise.all([
    client.query<ItemRow>({
      name: 'load-items',
      text: `select item_id, sku, lifecycle, policy, lead_time_days, launch_on, next_supply, backordered, kit, terms from item
             where brand_id = $1 and item_id = any($2) order by sku`,
      values,
    }),
    client.query({
      name: 'load-stock',
      text: `select item_id, location_id, sellable, quality_hold, returned, damaged, reserved, held from stock
             where brand_id = $1 and item_id = any($2)`,
      values,
    }),
    client.query({
      name: 'load-supplies',
      text: `${SUPPLY} where s.brand_id = $1 and s.item_id = any($2) and s.open > 0`,
      values,
    }),
    client.query({
      name: 'load-limits',
      text: `select item_id, channel_id, protected, maximum, buffer, unit, committed, from_on, until_on from item_channel
             where brand_id = $1 and item_id = any($2)`,
      values,
    }),
    client.query({
      name: 'load-holds',
      text: `select hold_id, item_id, channel_id, expires_at, commitments from hold
             where brand_id = $1 and item_id = any($2) and open order by expires_at, hold_id`,
      values,
    }),
    scope.lines === 'none' ? [] : loadLines(client, brandId, items, scope.lines),
  ]);
  const closed = await loadClosedSupplies(client, brandId, scope.supplies ?? [], supplies.rows);
  return {
    items: itemRows.rows,
    stock: stock.rows,
    supplies: closed.length === 0 ? supplies.rows : [...supplies.rows, ...closed],
    limits: limits.rows,
    holds: holds.rows,
    lines,
  };
}

interface ItemRow {
  readonly item_id: number;
  readonly sku: string;
  readonly lifecycle: Lifecycle;
  readonly policy: string;
  readonly lead_time_days: number | null;
  readonly launch_on: string | null;
  /** JSON: see `SellingTerms`. */
  readonly terms: string | null;
  readonly next_supply: number;
  readonly backordered: number;
  readonly kit: boolean;
}

/** The positions of what was read, by SKU. */
export function positionsFrom(rows: PositionRows, settings: Settings, world: World): LoadedItem[] {
  const positions = new Map<number, LoadedItem>();
  for (const row of rows.items)
    positions.set(row.item_id, {
      item: row.item_id,
      sku: row.sku,
      kit: row.kit,
      lifecycle: row.lifecycle,
      policy: settings.policies.get(row.policy) ?? defaultPolicy('backorder', row.policy),
      leadTimeDays: row.lead_time_days,
      launchDay: row.launch_on === null ? null : dayNumber(row.launch_on),
      terms: row.terms === null ? null : JSON.parse(row.terms),
      nextSupply: row.next_supply,
      backordered: row.backordered,
      stock: [],
      supplies: [],
      limits: [],
      holds: [],
      lines: [],
    });
  for (const row of rows.stock) positions.get(row.item_id)?.stock.push(stockFrom(row));
  for (const row of rows.supplies) positions.get(row.item_id)?.supplies.push(supplyFrom(row, settings));
  for (const row of rows.holds) positions.get(row.item_id)?.holds.push(holdFrom(row));
  for (const line of rows.lines) positions.get(line.item)?.lines.push(line);
  const today = dayText(world.today);
  for (const row of rows.limits) {
    if ((row.from_on !== null && row.from_on > today) || (row.until_on !== null && row.until_on < today))
      continue;
    const position = positions.get(row.item_id);
    position?.limits.push(limitFrom(row, position));
  }
  return [...positions.values()];
}

/** Items' positions, by SKU, without those that do not exist. */
export async function loadPositions(
  client: pg.PoolClient,
  brandId: number,
  settings: Settings,
  world: World,
  items: readonly number[],
  scope: LoadScope,
): Promise<LoadedItem[]> {
  return positionsFrom(await readPositions(client, brandId, items, scope), settings, world);
}

const SUPPLY = `select s.item_id, s.supply_id, s.kind, s.location_id, s.stage, s.open, s.received, s.pegged, s.held,
    s.expected_on, s.ref, s.line, s.schedule, p.supplier, p.freight_mode from supply s
  left join purchase_order p on s.kind = 'purchase_order' and p.brand_id = s.brand_id and p.ref = s.ref`;

async function loadClosedSupplies(
  client: pg.PoolClient,
  brandId: number,
  wanted: readonly { item: number; supply: number }[],
  open: readonly { item_id: number; supply_id: number }[],
) {
  const missing = wanted.filter(
    ({ item, supply }) => !open.some((row) => row.item_id === item && row.supply_id === supply),
  );
  if (missing.length === 0) return [];
  const { rows } = await client.query(
    `${SUPPLY} where s.brand_id = $1 and (s.item_id, s.supply_id) in (select * from unnest($2::int[], $3::int[]))
     and s.open = 0`,
    [brandId, missing.map((one) => one.item), missing.map((one) => one.supply)],
  );
  return rows;
}

const LINES = `
  select c.item_id, c.order_id, c.line, c.kind, c.source, c.quantity,
    l.ordered, l.shipped, l.cancelled, l.rank, l.added, l.added_rank, l.not_before, l.cancel_after, l.item_id as line_item,
    o.channel_id, o.country, o.placed_at, o.customer_class, o.ship_complete,
    l.price, l.discount, l.locked or l.released > l.shipped as locked, l.moved, k.per, p.version, p.parts, p.shipped_before
  from commitment c
  join order_line l on l.brand_id = c.brand_id and l.order_id = c.order_id and l.line = c.line
  join customer_order o on o.brand_id = c.brand_id and o.order_id = c.order_id
  left join order_line_component k
    on k.brand_id = c.brand_id and k.order_id = c.order_id and k.line = c.line and k.item_id = c.item_id
  left join promise p
    on p.brand_id = c.brand_id and p.order_id = c.order_id and p.line = c.line and p.version = l.promise_version`;

/**
 * Who could take units that become free: on each supply, and among those who wait, the first lines by rank. A line takes at
 * least one unit, and no source gives up more units than became free, so that as many lines are enough.
 */
const HEADS = `
  with source as (
    select item_id, 1::smallint as kind, supply_id as source from supply
    where brand_id = $1 and item_id = any($2) and pegged > 0
    union all
    select unnest($2::int[]), 2::smallint, 0),
  picked as (
    select distinct h.order_id, h.line from source s cross join lateral (
      select order_id, line from commitment
      where brand_id = $1 and item_id = s.item_id and kind = s.kind and source = s.source
      order by rank, order_id, line limit $4) h
    union
    select order_id, line from commitment where brand_id = $1 and order_id = any($3))`;

/** Open lines of items in rank order, each once per item with all that backs it there. */
async function loadLines(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
  scope: Exclude<LoadScope['lines'], 'none'>,
): Promise<LinePosition[]> {
  const order = 'order by c.item_id, l.rank, c.order_id, c.line, c.kind, c.source';
  const { rows } =
    scope === 'queue'
      ? await client.query({
          name: 'load-queue',
          text: `${LINES} where c.brand_id = $1 and c.item_id = any($2) ${order}`,
          values: [brandId, items],
        })
      : scope.units !== undefined
        ? await client.query({
            name: 'load-heads',
            text: `${HEADS} ${LINES} join picked on picked.order_id = c.order_id and picked.line = c.line
                   where c.brand_id = $1 and c.item_id = any($2) ${order}`,
            values: [brandId, items, scope.orders, scope.units],
          })
        : await client.query({
            name: 'load-lines-of-orders',
            text: `${LINES} where c.brand_id = $1 and c.item_id = any($2) and c.order_id = any($3) ${order}`,
            values: [brandId, items, scope.orders],
          });
  const lines: LinePosition[] = [];
  let current: LinePosition | null = null;
  for (const row of rows) {
    if (
      current === null ||
      current.item !== row.item_id ||
      current.order !== row.order_id ||
      current.line !== row.line
    ) {
      current = lineFrom(row);
      lines.push(current);
    }
    current.commitments.push({
      kind: COMMITMENT_KINDS[row.kind]!,
      source: row.source,
      quantity: row.quantity,
    });
  }
  return lines;
}

// biome-ignore lint/suspicious/noExplicitAny: rows of the statement above, column by column
function lineFrom(row: any): LinePosition {
  return {
    order: row.order_id,
    line: row.line,
    item: row.item_id,
    per: row.per ?? 1,
    ordered: row.ordered,
    shipped: row.shipped,
    cancelled: row.cancelled,
    rank: row.rank,
    added: row.added > 0 ? { quantity: row.added, rank: row.added_rank } : null,
    channel: row.channel_id,
    country: row.country,
    placedAt: Date.parse(row.placed_at),
    class: row.customer_class,
    notBefore: row.not_before === null ? null : dayNumber(row.not_before),
    cancelAfter: row.cancel_after === null ? null : dayNumber(row.cancel_after),
    tied: row.ship_complete || row.line_item !== row.item_id,
    shipComplete: row.ship_complete,
    value: row.price * row.ordered - row.discount,
    locked: row.locked,
    moved: row.moved,
    promise: row.version === null ? null : promiseFrom(row),
    commitments: [],
  };
}

export function promiseFrom(row: {
  version: number;
  parts: string;
  shipped_before: number;
}): PromisePosition {
  const parts = JSON.parse(row.parts) as [number, string, string][];
  return {
    version: row.version,
    shippedBefore: row.shipped_before,
    parts: parts.map(([quantity, shipBy, deliverBy]) => ({
      quantity,
      shipBy: dayNumber(shipBy),
      deliverBy: dayNumber(deliverBy),
    })),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: rows of the statements above, column by column
type Row = any;

const stockFrom = (row: Row): StockPosition => ({
  place: row.location_id,
  sellable: row.sellable,
  quality_hold: row.quality_hold,
  returned: row.returned,
  damaged: row.damaged,
  reserved: row.reserved,
  held: row.held,
});

const supplyFrom = (row: Row, settings: Settings): SupplyPosition => ({
  id: row.supply_id,
  kind: row.kind,
  place: row.location_id,
  stage: row.stage,
  open: row.open,
  received: row.received,
  pegged: row.pegged,
  held: row.held,
  expected: row.expected_on === null ? null : dayNumber(row.expected_on),
  ref: row.ref,
  line: row.line === '' ? null : row.line,
  schedule: row.schedule === '' ? null : row.schedule,
  supplier: row.supplier,
  freight: row.freight_mode,
  abandoned: row.kind === 'purchase_order' && settings.abandonedOrders.has(row.ref),
});

const holdFrom = (row: Row): HoldPosition => ({
  id: row.hold_id,
  channel: row.channel_id,
  expiresAt: Date.parse(row.expires_at),
  commitments: JSON.parse(row.commitments) as Commitment[],
});

/** A share is of all the item has or is promised: sellable stock and open supply. */
function limitFrom(row: Row, position: ItemPosition): ChannelLimit {
  let units = 100;
  if (row.unit === 'share') {
    units = 0;
    for (const stock of position.stock) units += stock.sellable;
    for (const supply of position.supplies)
      if (supply.stage !== 'draft' && supply.stage !== 'cancelled') units += supply.open;
  }
  const inUnits = (limit: number) => (row.unit === 'share' ? Math.floor((units * limit) / 100) : limit);
  return {
    channel: row.channel_id,
    protected: inUnits(row.protected ?? 0),
    maximum: row.maximum === null ? null : inUnits(row.maximum),
    buffer: inUnits(row.buffer ?? 0),
    committed: row.committed,
  };
}
