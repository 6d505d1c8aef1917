/**
 * The demo brand as it stands today, in sample days: the simulated months, with the stories laid over them.
 *
 * The state is consistent by construction: shipped lines have left the shelves already; what is open and was set aside
 * lies on a shelf; what waits has no unit there. A story replaces its item's shelves, queue and open purchases; the
 * item's past purchases stay the simulation's.
 */
import { shareOf } from './chance.ts';
import { type Shift, sampleDay, shiftTo, workdayAfter } from './dates.ts';
import { asKnownOn, type LocationName, type Purchase, receivedOf } from './purchases.ts';
import {
  readItems,
  readOrders,
  readSlips,
  type SampleItem,
  type SampleLine,
  type SampleOrder,
  type SlipTable,
} from './sample.ts';
import { type Shelf, simulate, type Wanted } from './simulate.ts';
import { SHIP_COMPLETE_ORDERS, STORIES, WINDOWS } from './stories.ts';
import type { Story } from './story.ts';
import { storyPurchases, unitsOf } from './story-purchases.ts';
import { SUPPLIERS, supplierOf } from './suppliers.ts';

export interface WorldLine extends SampleLine {
  line: number;
  /** The day its units were set aside; null: they wait. */
  servedOn: number | null;
  shipped: boolean;
}
export interface WorldOrder extends Omit<SampleOrder, 'lines'> {
  lines: WorldLine[];
  shipComplete: boolean;
  window?: { notBefore: number; cancelAfter: number };
}
export interface WorldShelf {
  sellable: number;
  qualityHold: number;
  returned: number;
  damaged: number;
}
export interface World {
  shift: Shift;
  items: SampleItem[];
  /** By the time they were placed; those of today are all open. */
  orders: WorldOrder[];
  /** By SKU and location. */
  shelves: Map<string, Record<LocationName, WorldShelf>>;
  /** As known this morning, by the day they were placed. */
  purchases: Purchase[];
}

const storyOf = new Map(STORIES.map((story) => [story.sku, story]));
const locationOf = (order: { channel: string }): LocationName =>
  order.channel === 'amazon' ? 'fba' : 'warehouse';
const componentsOf = (sku: string): { sku: string; quantity: number }[] =>
  storyOf.get(sku)?.item?.components ?? [{ sku, quantity: 1 }];
/** One in six wholesale customers wants each order in one shipment. */
const wantsOneShipment = (order: SampleOrder): boolean =>
  order.channel === 'wholesale' && shareOf('one shipment', order.customer) < 1 / 6;

/** @param today 'YYYY-MM-DD' in the brand's time zone */
export function worldOf(today: string): World {
  const shift = shiftTo(today);
  const items = readItems();
  const orders = ordersUntil(shift.today);
  const simulated = simulateAll(items, orders, shift.today);
  const shelves = new Map(
    items.map(({ sku }) => {
      const shelf = simulated.shelves.get(sku);
      return [sku, { warehouse: shelfOf(shelf?.warehouse), fba: shelfOf(shelf?.fba) }];
    }),
  );
  for (const story of STORIES) layQueue(story, orders, shift.today);
  for (const story of STORIES)
    layShelves(story, waitingUnits(story.sku, orders, shift.today), shelves.get(story.sku)!);
  const purchases = [
    ...withoutOpenStories(simulated.purchases),
    ...STORIES.flatMap((story) =>
      storyPurchases(story, items, waitingUnits(story.sku, orders, shift.today), shift.today),
    ),
  ].sort((one, other) => one.placed - other.placed || one.ref.localeCompare(other.ref));
  for (const order of mixedOrders(orders, shift.today)) order.shipComplete = true;
  ship(orders, shelves, shift.today);
  return { shift, items, orders, shelves, purchases };
}

function ordersUntil(today: number): WorldOrder[] {
  const orders: WorldOrder[] = [];
  for (const order of readOrders()) {
    if (order.day > today) break;
    const lines = order.lines.filter(
      (line) => order.channel !== 'amazon' || !storyOf.get(line.sku)?.notOnAmazon,
    );
    if (lines.length === 0) continue;
    const window = WINDOWS[order.ref];
    orders.push({
      ...order,
      lines: lines.map((line, index) => ({ ...line, line: index + 1, servedOn: null, shipped: false })),
      shipComplete: wantsOneShipment(order),
      ...(window ? { window } : {}),
    });
  }
  return orders;
}

function simulateAll(items: SampleItem[], orders: WorldOrder[], today: number) {
  const wanted: Wanted[] = [];
  const own: { wanted: Wanted; line: WorldLine }[] = [];
  for (const order of orders)
    for (const line of order.lines) {
      if (order.day >= today || line.cancelled > 0) continue;
      for (const component of componentsOf(line.sku)) {
        const part: Wanted = {
          day: order.day,
          sku: component.sku,
          quantity: line.quantity * component.quantity,
          location: locationOf(order),
          servedOn: null,
        };
        wanted.push(part);
        if (component.sku === line.sku) own.push({ wanted: part, line });
      }
    }
  const slips: Map<string, SlipTable> = readSlips();
  const purchases: Purchase[] = [];
  const shelves = new Map<string, Record<LocationName, Shelf>>();
  for (const supplier of SUPPLIERS) {
    const made = items.filter((item) => supplierOf(item) === supplier && !storyOf.get(item.sku)?.noHistory);
    const of = new Set(made.map((item) => item.sku));
    const theirs = wanted.filter((line) => of.has(line.sku));
    const result = simulate(supplier, made, theirs, slips.get(supplier.mode)!, today);
    purchases.push(...result.purchases);
    for (const [sku, shelf] of result.shelves) shelves.set(sku, shelf);
  }
  for (const { wanted: part, line } of own) line.servedOn = part.servedOn;
  purchases.sort((one, other) => one.placed - other.placed || one.ref.localeCompare(other.ref));
  return {
    purchases: purchases.map((purchase, index) =>
      asKnownOn(today - 1, { ...purchase, ref: `PO-${1001 + index}` }),
    ),
    shelves,
  };
}

const shelfOf = (shelf: Shelf | undefined): WorldShelf => ({
  sellable: shelf?.onHand ?? 0,
  qualityHold: 0,
  returned: 0,
  damaged: shelf?.damaged ?? 0,
});

/** Decides which of a story's lines wait: the last ones before today, as if stock had run out with the one before. */
function layQueue(story: Story, orders: WorldOrder[], today: number): void {
  for (const location of ['warehouse', 'fba'] as const) {
    const lines = orders.flatMap((order) =>
      order.day < today && locationOf(order) === location
        ? order.lines
            .filter((line) => line.sku === story.sku && line.cancelled === 0)
            .map((line) => ({ line, day: order.day }))
        : [],
    );
    const from = firstWaiting(location === 'fba' ? story.amazonWaiting : story.waiting, lines);
    for (const [index, { line, day }] of lines.entries()) line.servedOn = index < from ? day : null;
  }
}

function firstWaiting(waiting: number | string | undefined, lines: { day: number }[]): number {
  if (waiting === 'all') return 0;
  if (typeof waiting === 'number') return Math.max(0, lines.length - waiting);
  const since = waiting === undefined ? Number.POSITIVE_INFINITY : sampleDay(waiting);
  const first = lines.findIndex((line) => line.day >= since);
  return first < 0 ? lines.length : first;
}

/** Units of an item that lines of before today wait for, those of waiting kits included. */
function waitingUnits(sku: string, orders: WorldOrder[], today: number): number {
  let units = 0;
  for (const order of orders)
    for (const line of order.lines) {
      if (order.day >= today || line.servedOn !== null || line.cancelled > 0) continue;
      for (const component of componentsOf(line.sku))
        if (component.sku === sku) units += line.quantity * component.quantity;
    }
  return units;
}

function layShelves(story: Story, waiting: number, shelves: Record<LocationName, WorldShelf>): void {
  shelves.warehouse = {
    sellable: unitsOf(story.sellable, waiting),
    qualityHold: unitsOf(story.qualityHold, waiting),
    returned: unitsOf(story.returned, waiting),
    damaged: unitsOf(story.damaged, waiting),
  };
  if (story.amazonWaiting || story.notOnAmazon) shelves.fba = shelfOf(undefined);
}

/** A story tells its item's open purchases itself; what came before stays. */
function withoutOpenStories(purchases: Purchase[]): Purchase[] {
  return purchases
    .map((purchase) => ({
      ...purchase,
      lines: purchase.lines.filter((line) => !storyOf.has(line.sku) || receivedOf(line) === line.quantity),
    }))
    .filter((purchase) => purchase.lines.length > 0);
}

/** The latest wholesale orders of before today with a line that waits and two that could go. */
function mixedOrders(orders: WorldOrder[], today: number): WorldOrder[] {
  const could = (order: WorldOrder) => order.lines.filter((line) => line.servedOn !== null).length;
  return orders
    .filter((order) => order.channel === 'wholesale' && order.day < today && !order.window)
    .filter((order) => could(order) >= 2 && could(order) < order.lines.length)
    .slice(-SHIP_COMPLETE_ORDERS);
}

/**
 * Ships what was set aside and could leave before today. What stays (set aside too late, its order waits for the rest,
 * or its window is not open) goes back onto its shelf.
 */
function ship(orders: WorldOrder[], shelves: World['shelves'], today: number): void {
  for (const order of orders) {
    const live = order.lines.filter((line) => line.cancelled === 0);
    const ready = live.filter((line) => line.servedOn !== null && workdayAfter(line.servedOn) < today);
    const together = order.shipComplete || order.window !== undefined;
    const leaves = order.window ? [] : together && ready.length < live.length ? [] : ready;
    for (const line of leaves) line.shipped = true;
    for (const line of live) {
      if (line.shipped || line.servedOn === null) continue;
      for (const component of componentsOf(line.sku))
        shelves.get(component.sku)![locationOf(order)].sellable += line.quantity * component.quantity;
    }
  }
}
