import { type DayNumber, NO_DAY } from './day.ts';
import { deliverBy, promisableUnits, type SupplyDays, stockDay, supplyDays } from './lead-time.ts';
import { pin } from './lock.ts';
import { type Guard, type LineColumns, Pegs, rebalance, type SourceColumns, waterfall } from './pegging.ts';
import type {
  Commitment,
  Condition,
  HoldPosition,
  ItemPosition,
  LinePosition,
  StockPosition,
  SupplyPosition,
  World,
} from './position.ts';
import type { Leg, Step } from './promise.ts';

/** How far a request may reach: what the policy and the channel allow it to be promised. */
export interface Reach {
  /** The most units that may come from supply; 0: stock only. */
  readonly supplyUnits: number;
  /** The most units in all: the channel's own maximum. */
  readonly units: number;
  /** Units that the channel has to leave, at the earliest sources. */
  readonly buffer: number;
  /** No promise after this day. */
  readonly latest: DayNumber;
}

/** A fact: it is recorded whatever it does. Only drafts, dates and locations limit what may back it. */
export const BOUNDLESS: Reach = {
  supplyUnits: Number.MAX_SAFE_INTEGER,
  units: Number.MAX_SAFE_INTEGER,
  buffer: 0,
  latest: NO_DAY - 1,
};

/** Made-to-order work, and the line that started it. */
export interface StartedWork {
  readonly supply: SupplyPosition;
  readonly order: number;
  readonly line: number;
  readonly options: readonly string[];
}

/**
 * One item while it is being decided: its position, the kernel's columns of it, and what a decision has touched. The columns'
 * `free` is the truth between `build` and `settle`; facts that change stock or supply go through `changeSources`.
 */
export class ItemState {
  readonly position: ItemPosition;
  /** Units on backorder when the decision began. */
  readonly backorderedBefore: number;
  readonly world: World;
  sources!: SourceColumns;
  count = 0;
  /** Planned day per source, beside the promisable one in the columns. */
  private planned!: Int32Array;
  /** Days per supply, as they were reckoned for the columns. */
  private days = new Map<SupplyPosition, SupplyDays>();
  /** Per source: the supply, or null for stock. */
  private supplies: (SupplyPosition | null)[] = [];
  private stocks: (StockPosition | null)[] = [];
  readonly touchedStock = new Set<StockPosition>();
  readonly touchedSupplies = new Set<SupplyPosition>();
  readonly touchedLines = new Map<LinePosition, Commitment[]>();
  /** Lines that were placed by this decision. */
  readonly placed = new Set<LinePosition>();
  readonly touchedHolds = new Set<HoldPosition>();
  /** Work that orders of this decision start. */
  readonly started: StartedWork[] = [];
  /** What stock did, for its ledger. */
  readonly movements: { place: number; condition: Condition; delta: number; reason: string }[] = [];
  touched = false;

  private overdrawn = false;
  private rebalanced = false;
  /** What stands on each source without being loaded, and what waits so; and what was free when the decision began. */
  private readonly began: readonly SourceBefore[];
  private readonly waitingOutside: number;

  constructor(position: ItemPosition, world: World) {
    this.position = position;
    this.backorderedBefore = position.backordered;
    this.world = world;
    this.build();
    const began: SourceBefore[] = [];
    let waiting = position.backordered;
    for (let s = 0; s < this.count; s++) {
      const stock = this.stocks[s];
      const given = stock ? stock.reserved : this.supplies[s]!.pegged;
      if (!stock) waiting -= given;
      began.push({ name: this.nameOf(s), free: this.sources.free[s]!, beyond: given });
    }
    this.began = began;
    for (const line of position.lines)
      for (const one of line.commitments) {
        if (one.kind === 'waiting') waiting -= one.quantity;
        else this.before(this.indexOf(one))!.beyond -= one.quantity;
      }
    this.waitingOutside = waiting;
  }

  /** A source by a name that outlives a new layout of the columns: a supply's id, a place below zero. */
  private nameOf(source: number): number {
    const stock = this.stocks[source];
    return stock ? -1 - stock.place : this.supplies[source]!.id;
  }

  /** A source as it was when the decision began; undefined: it was not there. */
  private before(source: number): SourceBefore | undefined {
    const name = this.nameOf(source);
    const same = this.began[source];
    return same?.name === name ? same : this.began.find((one) => one.name === name);
  }

  /**
   * Whether lines that were not loaded could have a part in what was decided: a source gave away more than it has, or has
   * units free that it had not, while somebody who was not looked at stands on a later one or waits. Then the decision has
   * to be made again with the whole queue.
   */
  needsQueue(): boolean {
    if (this.overdrawn || (this.rebalanced && this.isSelective() && this.hasOutside())) return true;
    let later = this.waitingOutside > 0;
    for (let s = this.count - 1; s >= 0; s--) {
      const before = this.before(s)?.free;
      const dated = this.sources.day[s]! < NO_DAY;
      if (dated && later && this.sources.free[s]! > Math.max(before ?? 0, 0)) return true;
      later ||= this.beyond(s) > 0;
    }
    return false;
  }

  private hasOutside(): boolean {
    if (this.waitingOutside > 0) return true;
    for (let s = 0; s < this.count; s++) if (this.beyond(s) > 0) return true;
    return false;
  }

  /**
   * Whether a line may have to pass over units that the next one can use: for its location, its days, its lock, or another's
   * protected share. Then who is first on a source need not be who takes what becomes free.
   */
  private isSelective(): boolean {
    const { limits, lines } = this.position;
    if (limits.some((limit) => limit.protected > 0)) return true;
    if (lines.some((line) => line.notBefore !== null || line.cancelAfter !== null || line.locked === true))
      return true;
    const { places, sees } = this.world.sight;
    const seenBy = (channel: number, source: number) => sees[channel * places + this.sources.place[source]!];
    const channels = [...this.world.channels.keys()].filter((channel) => this.world.channels[channel]);
    for (let s = 0; s < this.count; s++)
      if (channels.some((channel) => seenBy(channel, s) !== seenBy(channels[0]!, s))) return true;
    return false;
  }

  /** Units on a source that belong to lines that were not loaded. */
  private beyond(source: number): number {
    return this.before(source)?.beyond ?? 0;
  }

  /** Lays the position out in columns: stock, then supply, each by day, then by id. */
  private build(): void {
    const { stock, supplies, policy, lifecycle, launchDay } = this.position;
    // A preorder leaves on its launch, however early its units are here.
    const launch = lifecycle === 'upcoming' ? (launchDay ?? 0) : 0;
    const count = stock.length + supplies.length;
    const day = new Int32Array(count);
    const free = new Int32Array(count);
    const place = new Int32Array(count);
    const planned = new Int32Array(count);
    const stocks: (StockPosition | null)[] = [];
    const rest: (SupplyPosition | null)[] = [];
    let at = 0;
    const stockDays = stock.map((row) => Math.max(stockDay(row.place, policy, this.world), launch));
    for (const index of orderOf(stockDays, (one) => stock[one]!.place)) {
      const row = stock[index]!;
      day[at] = stockDays[index]!;
      planned[at] = stockDays[index]!;
      free[at] = row.sellable - row.reserved - row.held;
      place[at++] = row.place;
      stocks.push(row);
      rest.push(null);
    }
    const days = supplies.map((supply) => supplyDays(supply, policy, this.world));
    this.days.clear();
    for (const [index, supply] of supplies.entries()) this.days.set(supply, days[index]!);
    const promisable = days.map((one) => Math.max(one.promisable, launch));
    for (const index of orderOf(promisable, (one) => supplies[one]!.id)) {
      const supply = supplies[index]!;
      day[at] = promisable[index]!;
      planned[at] = Math.max(days[index]!.planned, launch);
      free[at] = promisableUnits(supply, policy) - supply.pegged - supply.held;
      place[at++] = supply.place;
      stocks.push(null);
      rest.push(supply);
    }
    this.count = count;
    this.sources = { day, free, place };
    this.planned = planned;
    this.stocks = stocks;
    this.supplies = rest;
  }

  /** Writes the columns back into the position: what is reserved and pegged follows from what is free. */
  settle(): void {
    const { policy } = this.position;
    for (let index = 0; index < this.count; index++) {
      const stock = this.stocks[index];
      if (stock) {
        const reserved = stock.sellable - stock.held - this.sources.free[index]!;
        if (reserved !== stock.reserved) {
          stock.reserved = reserved;
          this.touchedStock.add(stock);
        }
        continue;
      }
      const supply = this.supplies[index]!;
      const pegged = promisableUnits(supply, policy) - supply.held - this.sources.free[index]!;
      if (pegged !== supply.pegged) {
        supply.pegged = pegged;
        this.touchedSupplies.add(supply);
      }
    }
  }

  /** Changes stock or supply under the columns, then lays them out anew. */
  changeSources(change: (position: ItemPosition) => void): void {
    this.settle();
    change(this.position);
    this.touched = true;
    this.build();
  }

  stockAt(place: number): StockPosition {
    let row = this.position.stock.find((stock) => stock.place === place);
    if (row === undefined) {
      row = { place, sellable: 0, quality_hold: 0, returned: 0, damaged: 0, reserved: 0, held: 0 };
      this.position.stock.push(row);
    }
    this.touchedStock.add(row);
    return row;
  }

  /**
   * Units of a condition come or go at a place, inside `changeSources`. Units that left without ever having been counted
   * were there all the same: they are found first, so that the ledger adds up and stock is never negative.
   */
  move(place: number, condition: Condition, delta: number, reason: string): void {
    const stock = this.stockAt(place);
    const uncounted = Math.max(0, -(stock[condition] + delta));
    if (uncounted > 0) this.movements.push({ place, condition, delta: uncounted, reason: 'found' });
    if (delta !== 0) this.movements.push({ place, condition, delta, reason });
    stock[condition] += uncounted + delta;
  }

  /** Units of a source go into a hold (or out of it, where negative). */
  moveHeld(commitment: Commitment, units: number): void {
    const index = this.indexOf(commitment);
    const stock = this.stocks[index];
    const supply = this.supplies[index];
    this.sources.free[index]! -= units;
    if (stock) {
      stock.held += units;
      this.touchedStock.add(stock);
    } else if (supply) {
      supply.held += units;
      this.touchedSupplies.add(supply);
    }
  }

  /** Units that were just taken from the columns are a cart's from now on. */
  startHold(hold: HoldPosition): void {
    for (const one of hold.commitments) {
      this.sources.free[this.indexOf(one)]! += one.quantity;
      this.moveHeld(one, one.quantity);
    }
    this.position.holds.push(hold);
    this.touchedHolds.add(hold);
    this.touched = true;
  }

  /** A hold ends: what it still kept is free. */
  endHold(hold: HoldPosition): void {
    for (const one of hold.commitments) if (one.quantity > 0) this.moveHeld(one, -one.quantity);
    hold.commitments = [];
    this.touchedHolds.add(hold);
    this.touched = true;
  }

  /** Whether this decision has ended a hold. One that had lost all its units before has not ended by that. */
  hasEnded(hold: HoldPosition): boolean {
    return hold.commitments.length === 0 && this.touchedHolds.has(hold);
  }

  /**
   * A cart is not yet an order: where units are gone, or can no longer be promised to its channel, holds give way before
   * lines do, the latest hold first.
   */
  private shedHolds(): void {
    for (let h = this.position.holds.length - 1; h >= 0; h--) {
      const hold = this.position.holds[h]!;
      for (const one of hold.commitments) {
        if (one.quantity === 0) continue;
        const index = this.indexOf(one);
        const units = this.serves(index, hold.channel)
          ? Math.min(one.quantity, -this.sources.free[index]!)
          : one.quantity;
        if (units <= 0) continue;
        one.quantity -= units;
        this.moveHeld(one, -units);
        this.touchedHolds.add(hold);
      }
    }
  }

  /** Whether units of a source can be promised to a channel at all. */
  serves(source: number, channel: number): boolean {
    const { sight } = this.world;
    return (
      this.sources.day[source]! < NO_DAY &&
      sight.sees[channel * sight.places + this.sources.place[source]!] === 1
    );
  }

  /** How the days of one of the item's supplies come about. */
  daysOf(supply: SupplyPosition): SupplyDays {
    return this.days.get(supply)!;
  }

  /** The day on which a source's units leave if it comes when expected. */
  plannedDay(source: number): DayNumber {
    return this.planned[source]!;
  }

  isStock(source: number): boolean {
    return this.stocks[source] !== null;
  }

  supplyOf(source: number): SupplyPosition | null {
    return this.supplies[source] ?? null;
  }

  indexOf(commitment: Commitment): number {
    const { kind, source } = commitment;
    let index = this.count - 1;
    // An item has a handful of sources: looking is quicker than keeping a map of them.
    while (
      index >= 0 &&
      (kind === 'reserved' ? this.stocks[index]?.place : this.supplies[index]?.id) !== source
    )
      index--;
    if (index < 0) throw new Error(`${kind} ${source} of item ${this.position.sku} is not in its position`);
    return index;
  }

  commitmentOf(source: number, quantity: number): Commitment {
    const stock = this.stocks[source];
    return stock
      ? { kind: 'reserved', source: stock.place, quantity }
      : { kind: 'pegged', source: this.supplies[source]!.id, quantity };
  }

  /**
   * Units that must be left for other channels at each source: what is still unused of their protected minimums, kept at
   * the earliest sources that serve them (RULES 16), and the channel's own buffer. Null where there is neither.
   */
  guardFor = (channel: number, buffer = 0): Guard => {
    let guard: Int32Array | null = null;
    for (const limit of this.position.limits) {
      let rest = limit.channel === channel ? buffer : limit.protected - limit.committed;
      if (rest <= 0) continue;
      guard ??= new Int32Array(this.count);
      const row = limit.channel * this.world.sight.places;
      for (let s = 0; s < this.count && rest > 0; s++) {
        if (this.sources.day[s]! >= NO_DAY || this.world.sight.sees[row + this.sources.place[s]!] === 0)
          continue;
        const kept = Math.min(rest, this.sources.free[s]! - guard[s]!);
        if (kept <= 0) continue;
        guard[s]! += kept;
        rest -= kept;
      }
    }
    return guard;
  };

  /** Units that carts of a channel (of any, where null) keep: all, or of supply alone. */
  heldUnits(channel: number | null, ofSupply: boolean): number {
    let units = 0;
    for (const hold of this.position.holds) {
      if (channel !== null && hold.channel !== channel) continue;
      for (const one of hold.commitments) if (!ofSupply || one.kind === 'pegged') units += one.quantity;
    }
    return units;
  }

  private get guards(): ((channel: number) => Guard) | null {
    return this.position.limits.some((limit) => limit.protected > limit.committed) ? this.guardFor : null;
  }

  /** Takes up to `need` units within a reach, appending to `pegs`; answers how many found none. */
  take(
    channel: number,
    need: number,
    reach: Reach,
    notBefore: DayNumber | null,
    latest: DayNumber,
    pegs: Pegs,
  ): number {
    const guard = reach.buffer > 0 ? this.guardFor(channel, reach.buffer) : (this.guards?.(channel) ?? null);
    const until = Math.min(reach.latest, latest);
    const from = pegs.length;
    const wanted = Math.min(need, reach.units);
    let left = waterfall(
      this.sources,
      0,
      this.count,
      this.world.sight,
      channel,
      wanted,
      until,
      notBefore ?? 0,
      guard,
      pegs,
    );
    // Supply beyond the cap goes back, the latest first.
    let supplyUnits = 0;
    for (let p = from; p < pegs.length; p++)
      if (!this.isStock(pegs.source[p]!)) supplyUnits += pegs.quantity[p]!;
    for (let p = pegs.length - 1; p >= from && supplyUnits > reach.supplyUnits; p--) {
      if (this.isStock(pegs.source[p]!)) continue;
      const back = Math.min(pegs.quantity[p]!, supplyUnits - reach.supplyUnits);
      pegs.quantity[p]! -= back;
      this.sources.free[pegs.source[p]!]! += back;
      supplyUnits -= back;
      left += back;
    }
    // Stock that leaves a few days from now (a weekend, a holiday) is no backorder: neither wait nor cap bounds it.
    return this.takeStock(channel, left, latest, guard, pegs) + need - wanted;
  }

  private takeStock(channel: number, need: number, latest: DayNumber, guard: Guard, pegs: Pegs): number {
    let left = need;
    for (let s = 0; s < this.count && left > 0; s++) {
      if (!this.isStock(s) || this.sources.day[s]! > latest || !this.serves(s, channel)) continue;
      const units = Math.min(left, this.sources.free[s]! - (guard?.[s] ?? 0));
      if (units <= 0) continue;
      this.sources.free[s]! -= units;
      left -= units;
      pegs.push(s, units);
    }
    return left;
  }

  /** Remembers a line's commitments as they were before this decision, once; a line that it places had none. */
  touch(line: LinePosition): void {
    this.touched = true;
    if (!this.placed.has(line) && !this.touchedLines.has(line))
      this.touchedLines.set(
        line,
        line.commitments.map((one) => ({ ...one })),
      );
  }

  /** Gives the line's units at a source back to it. */
  release(commitment: Commitment, quantity: number): void {
    if (commitment.kind === 'waiting') return;
    this.sources.free[this.indexOf(commitment)]! += quantity;
  }

  /** Units added to a line queue where they were added, and not where the line stands (RULES 2): its first units have the best. */
  rowsOf(line: LinePosition): Row[] {
    const need = openUnits(line);
    const tail = line.added === null ? 0 : Math.min(line.added.quantity * line.per, need);
    if (tail === 0) return [{ line, need, rank: line.rank, commitments: line.commitments }];
    const at = (one: Commitment) => (one.kind === 'waiting' ? this.count : this.indexOf(one));
    const head: Commitment[] = [];
    const rest: Commitment[] = [];
    let room = need - tail;
    for (const commitment of [...line.commitments].sort((a, b) => at(a) - at(b))) {
      const own = commitment.kind === 'waiting' ? 0 : Math.min(room, commitment.quantity);
      room -= own;
      if (own > 0) head.push({ ...commitment, quantity: own });
      if (own < commitment.quantity) rest.push({ ...commitment, quantity: commitment.quantity - own });
    }
    return [
      { line, need: need - tail, rank: line.rank, commitments: head },
      { line, need: tail, rank: line.added!.rank, commitments: rest },
    ];
  }

  /** Re-decides every loaded line in rank order; nobody loses units to anybody, short units are lost by the lowest-ranked. */
  rebalance(): void {
    this.rebalanced = true;
    this.shedHolds();
    // Who gives way is the lowest-ranked of all, and they may not be here.
    for (let s = 0; s < this.count; s++)
      if (this.sources.free[s]! < 0 && this.beyond(s) > 0) this.overdrawn = true;
    const open: Row[] = [];
    for (const line of this.position.lines)
      if (openUnits(line) > 0 || line.commitments.length > 0) open.push(...this.rowsOf(line));
    if (open.length === 0) return;
    open.sort((a, b) => a.rank - b.rank || a.line.order - b.line.order || a.line.line - b.line.line);
    const pinned = pin(this, open);
    const count = open.length;
    const columns: LineColumns = {
      need: new Int32Array(count),
      channel: new Int32Array(count),
      latest: new Int32Array(count),
      notBefore: new Int32Array(count),
    };
    const before = new Pegs(count);
    for (const [index, { line, need, commitments }] of open.entries()) {
      const stays = pinned.get(open[index]!);
      columns.need[index] = stays === undefined ? need : Math.max(0, need - unitsOf(stays));
      columns.channel[index] = line.channel;
      columns.latest[index] = line.cancelAfter ?? NO_DAY - 1;
      columns.notBefore[index] = line.notBefore ?? 0;
      before.at[index] = before.length;
      if (stays !== undefined) continue;
      for (const commitment of commitments)
        if (commitment.kind !== 'waiting') before.push(this.indexOf(commitment), commitment.quantity);
    }
    before.at[count] = before.length;
    const after = new Pegs(count, before.length + count);
    rebalance(this.sources, 0, this.count, columns, 0, count, this.world.sight, this.guards, before, after);
    const outcome = new Map<LinePosition, Commitment[]>();
    for (const [index, row] of open.entries()) {
      const { line } = row;
      const given = this.commitmentsOf(after, after.at[index]!, after.at[index + 1]!, columns.need[index]!);
      const stays = pinned.get(row);
      const commitments = stays === undefined ? given : joinCommitments(stays, given);
      const head = outcome.get(line);
      outcome.set(line, head === undefined ? commitments : joinCommitments(head, commitments));
    }
    for (const [line, commitments] of outcome) {
      if (!sameCommitments(line.commitments, commitments)) this.setCommitments(line, commitments);
    }
  }

  setCommitments(line: LinePosition, commitments: Commitment[]): void {
    this.touch(line);
    this.position.backordered += backordered(commitments) - backordered(line.commitments);
    line.commitments = commitments;
  }

  /** Entries of `pegs` as commitments: one per source, and what is missing of `need` as waiting. */
  commitmentsOf(pegs: Pegs, from: number, to: number, need: number): Commitment[] {
    const commitments: Commitment[] = [];
    let missing = need;
    for (let p = from; p < to; p++) {
      const quantity = pegs.quantity[p]!;
      if (quantity === 0) continue;
      missing -= quantity;
      const next = this.commitmentOf(pegs.source[p]!, quantity);
      const known = commitments.find((one) => one.kind === next.kind && one.source === next.source);
      if (known) known.quantity += quantity;
      else commitments.push(next);
    }
    if (missing > 0) commitments.push({ kind: 'waiting', source: 0, quantity: missing });
    return commitments;
  }

  /** How a line's units of this item leave, by the plan and by the promise. */
  legOf(line: Pick<LinePosition, 'per' | 'commitments' | 'notBefore' | 'country'>): Leg {
    const planned: Step[] = [];
    const promisable: Step[] = [];
    for (const commitment of line.commitments) {
      if (commitment.kind === 'waiting') continue;
      const index = this.indexOf(commitment);
      if (this.sources.day[index]! >= NO_DAY) continue;
      const place = this.sources.place[index]!;
      const step = (day: DayNumber): Step => {
        const shipBy = Math.max(day, line.notBefore ?? 0);
        return {
          quantity: commitment.quantity,
          shipBy,
          deliverBy: deliverBy(shipBy, place, line.country, this.world),
        };
      };
      // What is set aside is here: its promise is not broken by standing on the shelf, only by the day passing.
      planned.push(
        commitment.kind === 'reserved'
          ? { quantity: commitment.quantity, shipBy: 0, deliverBy: 0 }
          : step(this.planned[index]!),
      );
      promisable.push(step(this.sources.day[index]!));
    }
    planned.sort((a, b) => a.shipBy - b.shipBy);
    promisable.sort((a, b) => a.shipBy - b.shipBy);
    return { per: line.per, planned, promisable };
  }

  /** Each supply's days as the columns have them: the store keeps them beside the supply for those who only read. */
  supplyDaysByIndex(): { supply: SupplyPosition; planned: DayNumber; promisable: DayNumber }[] {
    const days: { supply: SupplyPosition; planned: DayNumber; promisable: DayNumber }[] = [];
    for (let index = 0; index < this.count; index++) {
      const supply = this.supplies[index];
      if (supply) days.push({ supply, planned: this.planned[index]!, promisable: this.sources.day[index]! });
    }
    return days;
  }
}

/** Places by their day, then by their tie: most lists are in order already. */
function orderOf(days: readonly DayNumber[], tie: (index: number) => number): number[] {
  const order = days.map((_, index) => index);
  return order.length < 2 ? order : order.sort((a, b) => days[a]! - days[b]! || tie(a) - tie(b));
}

/** A source as it was when the decision began. */
interface SourceBefore {
  readonly name: number;
  readonly free: number;
  /** Units that belong to lines which were not loaded. */
  beyond: number;
}

/** What the queue sees of a line: itself, or its first units and, with a rank of their own, those that were added later. */
export interface Row {
  line: LinePosition;
  need: number;
  rank: number;
  commitments: readonly Commitment[];
}

/** Two lists as one: one entry per source, what waits last. */
export function joinCommitments(a: readonly Commitment[], b: readonly Commitment[]): Commitment[] {
  const joined = a.map((one) => ({ ...one }));
  for (const one of b) {
    const known = joined.find((other) => other.kind === one.kind && other.source === one.source);
    if (known) known.quantity += one.quantity;
    else joined.push({ ...one });
  }
  return joined.sort((x, y) => Number(x.kind === 'waiting') - Number(y.kind === 'waiting'));
}

function unitsOf(commitments: readonly Commitment[]): number {
  let units = 0;
  for (const one of commitments) units += one.quantity;
  return units;
}

/** Units that no reservation backs. */
function backordered(commitments: readonly Commitment[]): number {
  let units = 0;
  for (const one of commitments) if (one.kind !== 'reserved') units += one.quantity;
  return units;
}

/** Units of the item that the line still needs. */
export function openUnits(line: LinePosition): number {
  return (line.ordered - line.shipped - line.cancelled) * line.per;
}

export function sameCommitments(a: readonly Commitment[], b: readonly Commitment[]): boolean {
  return (
    a.length === b.length &&
    a.every((one) =>
      b.some(
        (other) => other.kind === one.kind && other.source === one.source && other.quantity === one.quantity,
      ),
    )
  );
}
