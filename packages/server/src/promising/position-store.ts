import {
  type ChannelLimit,
  type Commitment,
  dayNumber,
  dayText,
  defaultPolicy,
  type HoldPosition,
  type ItemPosition,
  type Lifecycle,
  type LinePosition,
  madeRef,
  type StockPosition,
  type SupplyPosition,
  type World,
} from '@kept/engine';
import type pg from 'pg';
import { ints } from '../platform/columns.ts';
import { loadLines } from './line-store.ts';
import type { Settings } from './world-store.ts';

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
  for (const row of rows.supplies) {
    const position = positions.get(row.item_id);
    position?.supplies.push(supplyFrom(row, settings, position.sku));
  }
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

const supplyFrom = (row: Row, settings: Settings, sku: string): SupplyPosition => ({
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
  made: row.kind === 'production' && row.ref === madeRef(sku, row.supply_id) ? sku : null,
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
