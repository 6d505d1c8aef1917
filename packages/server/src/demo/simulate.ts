/**
 * The brand's months of buying: the real demand runs day by day against a buyer who reviews each supplier every week or
 * few, orders up to what the forecast says for lead time, review and safety, and gets it as late as real deliveries were.
 * Orders that meet no stock wait, first come first served, and go out when goods arrive.
 *
 * The buyer's forecast is the demand that really came, times an error of the item (0.85 to 1.35: some are bought too low
 * all year) and of the review (0.9 to 1.1); beyond the sample it is the last six weeks' rate.
 */
import { shareOf, wholeOf } from './chance.ts';
import { onWorkday, weekdayOf } from './dates.ts';
import type { LocationName, Purchase, PurchaseLine, Receipt } from './purchases.ts';
import type { SampleItem, SlipTable } from './sample.ts';
import { journeyOf, slipAt } from './slips.ts';
import { type DemoSupplier, orderSizeOf } from './suppliers.ts';

/** Units a customer wants on a day. A kit's line is wanted once per component. */
export interface Wanted {
  day: number;
  sku: string;
  quantity: number;
  location: LocationName;
  /** The day its last unit was set aside; null while it waits. */
  servedOn: number | null;
}
export interface Shelf {
  onHand: number;
  damaged: number;
}
export interface Simulation {
  purchases: Purchase[];
  shelves: Map<string, Record<LocationName, Shelf>>;
}

interface Bin extends Shelf {
  queue: { wanted: Wanted; left: number }[];
}
interface ItemState {
  item: SampleItem;
  warehouse: Bin;
  fba: Bin;
  byDay: Wanted[][];
  /** Units wanted by day, all locations. */
  demand: number[];
  onOrder: number;
}

const SAFETY_DAYS = 20;
const RATE_DAYS = 42;
/** Units at Amazon: the last weeks' sales there, topped up from the warehouse every Tuesday. */
const FBA_COVER_DAYS = 49;

/**
 * @param until the first day that is not simulated: today
 * @param wanted everything ordered before `until`; its `servedOn` is filled in
 */
export function simulate(
  supplier: DemoSupplier,
  items: SampleItem[],
  wanted: Wanted[],
  slips: SlipTable,
  until: number,
): Simulation {
  const states = items.map((item) => stateOf(item, wanted, until));
  const bySku = new Map(states.map((state) => [state.item.sku, state]));
  const purchases: Purchase[] = [];
  const arrivals = new Map<number, { line: PurchaseLine; receipt: Receipt }[]>();
  const reach = supplier.leadTimeDays + supplier.reviewDays + SAFETY_DAYS;
  // A working day of one of the weeks between two reviews.
  const phase =
    7 * wholeOf(0, supplier.reviewDays / 7 - 1, 'week', supplier.code) +
    wholeOf(0, 4, 'weekday', supplier.code);

  for (let day = -reach - supplier.reviewDays; day < until; day++) {
    for (const { line, receipt } of arrivals.get(day) ?? []) receive(bySku.get(line.sku)!, receipt);
    for (const state of states) {
      for (const line of state.byDay[day] ?? [])
        state[line.location].queue.push({ wanted: line, left: line.quantity });
      serve(state.warehouse, day);
      if (weekdayOf(day) === 1) topUp(state, day);
      serve(state.fba, day);
    }
    if ((day - phase) % supplier.reviewDays !== 0) continue;
    const lines = states.flatMap((state) => reorder(state, supplier, day, reach));
    if (lines.length === 0) continue;
    const purchase = place(supplier, day, lines, slips);
    purchases.push(purchase);
    for (const line of purchase.lines)
      for (const receipt of line.receipts)
        arrivals.set(receipt.day, [...(arrivals.get(receipt.day) ?? []), { line, receipt }]);
  }
  return { purchases, shelves: new Map(states.map((state) => [state.item.sku, shelvesOf(state)])) };
}

const emptyBin = (): Bin => ({ onHand: 0, damaged: 0, queue: [] });

function stateOf(item: SampleItem, wanted: Wanted[], until: number): ItemState {
  const state: ItemState = {
    item,
    warehouse: emptyBin(),
    fba: emptyBin(),
    byDay: [],
    demand: new Array(until).fill(0),
    onOrder: 0,
  };
  for (const line of wanted)
    if (line.sku === item.sku) {
      (state.byDay[line.day] ??= []).push(line);
      state.demand[line.day]! += line.quantity;
    }
  // Amazon's shelf starts full: its first top-up would otherwise wait for the first delivery.
  state.fba.onHand = fbaTarget(state, RATE_DAYS);
  return state;
}

function serve(bin: Bin, day: number): void {
  while (bin.onHand > 0 && bin.queue.length > 0) {
    const head = bin.queue[0]!;
    const taken = Math.min(bin.onHand, head.left);
    bin.onHand -= taken;
    head.left -= taken;
    if (head.left > 0) return;
    head.wanted.servedOn = day;
    bin.queue.shift();
  }
}

function receive(state: ItemState, receipt: Receipt): void {
  state.onOrder -= receipt.quantity;
  if (receipt.condition === 'sellable') state.warehouse.onHand += receipt.quantity;
  else state.warehouse.damaged += receipt.quantity;
}

function topUp(state: ItemState, day: number): void {
  const waiting = state.fba.queue.reduce((sum, line) => sum + line.left, 0);
  const short = fbaTarget(state, day) + waiting - state.fba.onHand;
  const moved = Math.max(0, Math.min(short, state.warehouse.onHand));
  state.warehouse.onHand -= moved;
  state.fba.onHand += moved;
}

function fbaTarget(state: ItemState, day: number): number {
  let sold = 0;
  for (let past = Math.max(0, day - FBA_COVER_DAYS); past < day; past++)
    for (const line of state.byDay[past] ?? []) if (line.location === 'fba') sold += line.quantity;
  return sold;
}

/** Expected units over `days` from `day`, as the buyer sees them. */
function forecast(state: ItemState, day: number, days: number): number {
  const until = state.demand.length;
  let units = 0;
  for (let at = Math.max(0, day); at < Math.min(until, day + days); at++) units += state.demand[at]!;
  const beyond = Math.min(days, day + days - until);
  if (beyond > 0) {
    let recent = 0;
    for (let at = until - RATE_DAYS; at < until; at++) recent += state.demand[at]!;
    units += (recent / RATE_DAYS) * beyond;
  }
  const error = 0.85 + 0.5 * shareOf('bias', state.item.sku);
  return units * error * (0.9 + 0.2 * shareOf('noise', state.item.sku, day));
}

function reorder(
  state: ItemState,
  supplier: DemoSupplier,
  day: number,
  reach: number,
): { sku: string; quantity: number }[] {
  const waiting = [...state.warehouse.queue, ...state.fba.queue].reduce((sum, line) => sum + line.left, 0);
  // Amazon's shelf is a level to keep, not stock to plan with: the buyer would wait while the warehouse is empty.
  const position = state.warehouse.onHand + state.onOrder - waiting;
  if (position >= forecast(state, day, reach)) return [];
  const { moq, orderMultiple } = orderSizeOf(state.item);
  const needed = forecast(state, day, reach + 2 * supplier.reviewDays) - position;
  if (needed < 1) return [];
  const quantity = Math.ceil(Math.max(moq, needed) / orderMultiple) * orderMultiple;
  state.onOrder += quantity;
  return [{ sku: state.item.sku, quantity }];
}

/** One purchase order, one journey: all of its lines travel together. */
function place(
  supplier: DemoSupplier,
  day: number,
  lines: { sku: string; quantity: number }[],
  slips: SlipTable,
): Purchase {
  const seed = `${supplier.code} ${day}`;
  const expected = onWorkday(day + supplier.leadTimeDays + wholeOf(-2, 4, 'lead', seed));
  const slip = slipAt(slips, shareOf('slip', seed), supplier.lateness);
  const { revisions, arrival } = journeyOf(seed, supplier.mode, day, expected, slip);
  return {
    ref: seed,
    supplier,
    mode: supplier.mode,
    placed: day,
    lines: lines.map(({ sku, quantity }, index) => ({
      line: index + 1,
      sku,
      quantity,
      location: 'warehouse',
      firstExpected: expected,
      revisions,
      receipts: receiptsOf(`${seed} ${sku}`, quantity, arrival),
    })),
  };
}

/** Most lines come whole; one in twelve in two parts; in one of 25 a few units are broken. */
function receiptsOf(seed: string, quantity: number, arrival: number): Receipt[] {
  const chance = shareOf('receipt', seed);
  if (chance < 0.08) {
    const first = Math.round(quantity * (0.6 + 0.25 * shareOf('part', seed)));
    const rest = onWorkday(arrival + wholeOf(3, 9, 'rest', seed));
    return [
      { day: arrival, quantity: first, condition: 'sellable' },
      { day: rest, quantity: quantity - first, condition: 'sellable' },
    ];
  }
  if (chance < 0.12) {
    const broken = Math.max(1, Math.round(quantity * 0.06 * shareOf('broken', seed)));
    return [
      { day: arrival, quantity: quantity - broken, condition: 'sellable' },
      { day: arrival, quantity: broken, condition: 'damaged' },
    ];
  }
  return [{ day: arrival, quantity, condition: 'sellable' }];
}

/** What lies on the shelf now: free units, and those already set aside for lines that wait for their rest. */
function shelvesOf(state: ItemState): Record<LocationName, Shelf> {
  const shelf = (bin: Bin): Shelf => ({
    onHand: bin.onHand + bin.queue.reduce((sum, line) => sum + line.wanted.quantity - line.left, 0),
    damaged: bin.damaged,
  });
  return { warehouse: shelf(state.warehouse), fba: shelf(state.fba) };
}
