import { type Reallocation, type ReallocationTerms, reallocation } from '../allocation.ts';
import { type DayNumber, dayNumber, dayText } from '../day.ts';
import { type Decision, decide } from '../decide.ts';
import type { Fact, Outcome, PlaceOrder, PromiseChanged } from '../fact.ts';
import { type QueuePlace, ranksAt } from '../place-in-queue.ts';
import { defaultPolicy } from '../policy.ts';
import type {
  ChannelLimit,
  Condition,
  ItemPosition,
  Lifecycle,
  LinePosition,
  Location,
  Policy,
  PolicyKind,
  Reason,
  Stage,
  SupplyKind,
  World,
} from '../position.ts';
import { reviewTied } from '../tied.ts';
import { checkInvariants } from './invariants.ts';

/** A brand in memory: what the store is around `decide`, so that a test can tell a story and look at what came of it. */

export const MONDAY = dayNumber('2026-03-02');
export const EVERY_DAY = { workdays: new Set([1, 2, 3, 4, 5, 6, 7]), holidays: new Set<DayNumber>() };

export interface SupplySpec {
  id?: number;
  quantity: number;
  /** 'YYYY-MM-DD'; null: no date. */
  on: string | null;
  stage?: Stage;
  place?: number;
  kind?: SupplyKind;
  abandoned?: boolean;
}

export interface ItemSpec {
  item?: number;
  /** Sellable units, per location. */
  stock?: number | readonly number[];
  qualityHold?: number;
  supplies?: readonly SupplySpec[];
  policy?: Partial<Policy> & { kind?: PolicyKind };
  lifecycle?: Lifecycle;
  leadTimeDays?: number | null;
  limits?: readonly Partial<ChannelLimit>[];
}

export interface ShopSpec {
  items?: readonly ItemSpec[];
  locations?: readonly Partial<Location>[];
  channels?: readonly { maximumPromiseDays?: number }[];
  /** Which locations each channel is served by; all, unless told. */
  sees?: readonly (readonly number[])[];
}

export interface OrderSpec extends Partial<Omit<PlaceOrder, 'kind' | 'lines'>> {
  quantity?: number;
  item?: number;
  lines?: readonly LineSpec[];
}
export interface LineSpec {
  item?: number;
  /** A kit: [item, units per kit]. */
  kit?: readonly (readonly [number, number])[];
  quantity: number;
  shipped?: number;
  cancelled?: number;
  hold?: string | null;
  notBefore?: string | null;
  cancelAfter?: string | null;
}

const because = (code: string): { cause: Reason } => ({ cause: { code } });

export class Shop {
  world: World;
  readonly items = new Map<number, ItemPosition>();
  /** Every version of every promise, as it was made. */
  readonly promises = new Map<string, PromiseChanged[]>();
  /** What the movements say is there, by item, place and condition. */
  readonly ledger = new Map<string, number>();
  readonly shipComplete = new Map<number, boolean>();
  decisions = 0;
  private orders = 0;

  constructor(spec: ShopSpec) {
    const locations = (spec.locations ?? [{}]).map(
      (location, place): Location => ({
        code: `place-${place}`,
        calendar: EVERY_DAY,
        closed: false,
        shipDay: MONDAY,
        country: 'US',
        ...location,
      }),
    );
    const channels = (spec.channels ?? [{}]).map(({ maximumPromiseDays }, index) => ({
      code: `channel-${index}`,
      maximumPromiseDays: maximumPromiseDays ?? null,
    }));
    const sees = new Uint8Array(locations.length * channels.length);
    for (const channel of channels.keys())
      for (const place of spec.sees?.[channel] ?? locations.keys())
        sees[channel * locations.length + place] = 1;
    this.world = {
      today: MONDAY,
      now: MONDAY * 86_400_000,
      locations,
      channels,
      sight: { places: locations.length, sees },
      transitDays: { domestic: 2, abroad: 5 },
    };
    for (const [index, item] of (spec.items ?? [{}]).entries()) {
      const position = positionOf(item, item.item ?? index + 1);
      this.items.set(position.item, position);
      for (const stock of position.stock)
        for (const condition of ['sellable', 'quality_hold', 'returned', 'damaged'] as const)
          this.ledger.set(`${position.item}:${stock.place}:${condition}`, stock[condition]);
    }
  }

  item(item = 1): ItemPosition {
    return this.items.get(item)!;
  }

  /** Decides facts as the store would: with the positions of their items, then the orders that are tied to others. */
  decide(facts: readonly Fact[], items: readonly number[]): Decision {
    const positions = [...new Set(items)].sort((a, b) => a - b).map((item) => this.item(item));
    const before = structuredClone(positions);
    const twin = structuredClone(positions);
    const decision = decide(this.world, positions, facts);
    const again = decide(this.world, twin, facts);
    if (
      JSON.stringify([positions, decision.outcomes, decision.promises]) !==
      JSON.stringify([twin, again.outcomes, again.promises])
    )
      throw new Error('the same facts on the same positions were decided differently');
    this.decisions++;
    for (const { position, movements } of decision.states.values())
      for (const { place, condition, delta } of movements) {
        const key = `${position.item}:${place}:${condition}`;
        this.ledger.set(key, (this.ledger.get(key) ?? 0) + delta);
      }
    for (const promise of decision.promises) this.remember(promise);
    this.reviewTied(decision, facts);
    for (const position of positions) {
      position.lines = position.lines.filter(
        (line) => line.ordered - line.shipped - line.cancelled > 0 || line.commitments.length > 0,
      );
      position.lines.sort((a, b) => a.rank - b.rank || a.order - b.order || a.line - b.line);
      position.holds = position.holds.filter((hold) => hold.commitments.some((one) => one.quantity > 0));
    }
    checkInvariants(this, positions, before, facts, decision);
    return decision;
  }

  private reviewTied(decision: Decision, facts: readonly Fact[]): void {
    const last = facts.at(-1)!;
    for (const order of decision.tied) {
      const positions = [...this.items.values()]
        .map((position) => ({ ...position, lines: position.lines.filter((line) => line.order === order) }))
        .filter((position) => position.lines.length > 0);
      const tied = { order, shipComplete: this.shipComplete.get(order) ?? false, improveByDays: null };
      const changed = reviewTied(this.world, positions, [tied], 'cause' in last ? last.cause : null);
      for (const one of changed) {
        this.remember(one);
        for (const leg of this.legs(one.order, one.line)) {
          leg.promise = one.promise;
          leg.rank = one.rank ?? leg.rank;
        }
      }
    }
  }

  private remember(changed: PromiseChanged): void {
    const key = `${changed.order}:${changed.line}`;
    const versions = this.promises.get(key) ?? [];
    this.promises.set(key, [...versions, structuredClone(changed)]);
    if (changed.promise.version !== versions.length + 1)
      throw new Error(`promise ${key} went from version ${versions.length} to ${changed.promise.version}`);
  }

  private fact(item: number | readonly number[], fact: Fact): Outcome {
    return this.decide([fact], typeof item === 'number' ? [item] : item).outcomes[0]!;
  }

  /** An order; answers what it came to. Orders are numbered from 1, in the order in which they are told. */
  place(spec: OrderSpec): Outcome {
    const { lines, quantity, item, ...order } = spec;
    const id = order.order ?? ++this.orders;
    const legs = (line: LineSpec) =>
      line.kit?.map(([component, per]) => ({ item: component, per })) ?? [{ item: line.item ?? 1, per: 1 }];
    const fact: PlaceOrder = {
      kind: 'place',
      order: id,
      channel: 0,
      mode: 'request',
      placedAt: this.world.now + id * 60_000,
      class: null,
      country: 'US',
      shipComplete: false,
      allowPartial: false,
      acceptBackorder: true,
      ...order,
      lines: (lines ?? [{ item: item ?? 1, quantity: quantity ?? 1 }]).map((line, index) => ({
        line: index + 1,
        legs: legs(line),
        quantity: line.quantity,
        shipped: line.shipped ?? 0,
        cancelled: line.cancelled ?? 0,
        hold: line.hold ?? null,
        notBefore: dayOrNull(line.notBefore),
        cancelAfter: dayOrNull(line.cancelAfter),
      })),
    };
    this.shipComplete.set(id, fact.shipComplete);
    const items = fact.lines.flatMap((line) => line.legs.map((leg) => leg.item));
    return this.fact(items, fact);
  }

  cancel(order: number, quantity: number, line = 1): void {
    this.fact(this.itemsOf(order, line), { kind: 'cancel', order, line, quantity, ...because('cancelled') });
  }
  add(order: number, quantity: number, mode: 'request' | 'placed' = 'placed', line = 1): Outcome {
    const at = this.world.now + ++this.orders * 60_000;
    return this.fact(this.itemsOf(order, line), {
      kind: 'add',
      order,
      line,
      quantity,
      at,
      mode,
      ...because('added'),
    });
  }
  ship(order: number, quantity: number, place: number | null = null, line = 1): void {
    this.fact(this.itemsOf(order, line), {
      kind: 'ship',
      order,
      line,
      quantity,
      place,
      ...because('shipped'),
    });
  }
  reschedule(order: number, notBefore: string | null, cancelAfter: string | null = null, line = 1): void {
    this.fact(this.itemsOf(order, line), {
      kind: 'reschedule',
      order,
      line,
      notBefore: dayOrNull(notBefore),
      cancelAfter: dayOrNull(cancelAfter),
      ...because('rescheduled'),
    });
  }
  stock(changes: Partial<Record<Condition, number>>, item = 1, place = 0): void {
    this.fact(item, {
      kind: 'stock',
      item,
      place,
      changes: Object.entries(changes).map(([condition, delta]) => ({
        condition: condition as Condition,
        delta,
      })),
      ...because('counted'),
    });
  }
  /** A supply appears or is another: what is not told stays. */
  supply(spec: Partial<SupplySpec> & { id: number }, item = 1): void {
    const known = this.item(item).supplies.find((supply) => supply.id === spec.id);
    this.item(item).nextSupply = Math.max(this.item(item).nextSupply, spec.id + 1);
    this.fact(item, {
      kind: 'supply',
      item,
      supply: {
        id: spec.id,
        kind: spec.kind ?? known?.kind ?? 'purchase_order',
        place: spec.place ?? known?.place ?? 0,
        stage: spec.stage ?? known?.stage ?? 'confirmed',
        open: spec.quantity ?? known?.open ?? 0,
        expected: spec.on === undefined ? (known?.expected ?? null) : dayOrNull(spec.on),
        ref: known?.ref ?? `PO-${spec.id}`,
        line: known?.line ?? '1',
        schedule: known?.schedule ?? null,
        ...(spec.abandoned === undefined ? {} : { abandoned: spec.abandoned }),
      },
      ...because('supplier_delay'),
    });
  }
  receive(
    supply: number,
    quantity: number,
    options: { item?: number; place?: number; condition?: Condition; close?: boolean } = {},
  ): void {
    const { item = 1, place = 0, condition = 'sellable', close = false } = options;
    this.fact(item, {
      kind: 'receive',
      item,
      supply,
      quantity,
      place,
      condition,
      close,
      ...because('received'),
    });
  }
  hold(id: string, quantity: number, channel = 0, item = 1): Outcome {
    return this.fact(item, {
      kind: 'hold',
      item,
      id,
      channel,
      quantity,
      expiresAt: this.world.now + 900_000,
    });
  }
  /** A planner locks what backs a line, or lets it go. */
  lock(order: number, locked = true, line = 1): void {
    for (const leg of this.legs(order, line)) leg.locked = locked;
  }
  /** A line is put elsewhere in an item's queue by hand. */
  move(order: number, place: QueuePlace, line = 1, item = 1): void {
    const ranks = ranksAt(this.item(item).lines, { order, line }, place);
    if (ranks === null) return;
    const items = new Set([item]);
    for (const one of ranks.keys()) for (const leg of this.legs(one.order, one.line)) items.add(leg.item);
    this.decide(
      [
        {
          kind: 'rank',
          ranks: [...ranks].map(([one, rank]) => ({
            order: one.order,
            line: one.line,
            rank,
            addedRank: null,
            moved: true,
          })),
          ...because('queue_moved'),
        },
      ],
      [...items],
    );
  }
  /** What would be given to whom, and the approval of it. */
  propose(terms: Partial<ReallocationTerms>, item = 1): Reallocation {
    return reallocation(this.world, this.item(item), {
      strategies: {},
      otherwise: 'gain',
      requested: new Map(),
      ...terms,
    });
  }
  approve({ digest, transfers }: Pick<Reallocation, 'digest' | 'transfers'>, item = 1): Outcome {
    return this.fact(item, { kind: 'reallocate', item, digest, transfers, ...because('reallocated') });
  }
  release(id: string, item = 1): void {
    this.fact(item, { kind: 'release', item, id, ...because('hold_expired') });
  }
  replan(item?: number): void {
    for (const one of item === undefined ? this.items.keys() : [item])
      this.fact(one, { kind: 'replan', item: one, ...because('replanned') });
  }

  passDays(days: number): void {
    const today = this.world.today + days;
    const locations = this.world.locations.map((location) => location && { ...location, shipDay: today });
    this.world = { ...this.world, today, now: today * 86_400_000, locations };
    this.replan();
  }
  setClosed(place: number, closed: boolean): void {
    const locations = this.world.locations.map((location, index) =>
      location && index === place ? { ...location, closed } : location,
    );
    this.world = { ...this.world, locations };
    this.replan();
  }

  legs(order: number, line = 1): LinePosition[] {
    return [...this.items.values()].flatMap((item) =>
      item.lines.filter((one) => one.order === order && one.line === line),
    );
  }

  /** What backs a line, as words: '5 at place-0', '2 on PO-1', '1 waiting'. */
  backing(order: number, line = 1, item?: number): string[] {
    return this.legs(order, line)
      .filter((leg) => item === undefined || leg.item === item)
      .flatMap((leg) =>
        leg.commitments.map((one) => {
          if (one.kind === 'waiting') return `${one.quantity} waiting`;
          if (one.kind === 'reserved') return `${one.quantity} at ${this.world.locations[one.source]!.code}`;
          const supply = this.item(leg.item).supplies.find(({ id }) => id === one.source)!;
          return `${one.quantity} on ${supply.ref}`;
        }),
      );
  }

  /** The promise in force, as words: '5 by 2026-03-02'. */
  promised(order: number, line = 1): string[] {
    const promise = this.promises.get(`${order}:${line}`)?.at(-1)?.promise;
    return (promise?.parts ?? []).map((part) => `${part.quantity} by ${dayText(part.shipBy)}`);
  }

  /** How a line's promise came to be what it is. */
  history(order: number, line = 1): string[] {
    return (this.promises.get(`${order}:${line}`) ?? []).map(({ promise }) => promise.change);
  }

  private itemsOf(order: number, line: number): number[] {
    return this.legs(order, line).map((leg) => leg.item);
  }
}

/** A shop with one item, whose dates can be reckoned with a pencil: every day works, no buffers, nothing to handle. */
export function oneItem(item: ItemSpec, shop: Omit<ShopSpec, 'items'> = {}): Shop {
  return new Shop({ ...shop, items: [item] });
}

function positionOf(spec: ItemSpec, item: number): ItemPosition {
  const units = typeof spec.stock === 'number' ? [spec.stock] : (spec.stock ?? []);
  const supplies = (spec.supplies ?? []).map((supply, index) => ({
    id: supply.id ?? index + 1,
    kind: supply.kind ?? ('purchase_order' as const),
    place: supply.place ?? 0,
    stage: supply.stage ?? ('confirmed' as const),
    open: supply.quantity,
    received: 0,
    pegged: 0,
    held: 0,
    expected: dayOrNull(supply.on),
    ref: `PO-${supply.id ?? index + 1}`,
    line: '1',
    schedule: null,
    abandoned: supply.abandoned ?? false,
  }));
  return {
    item,
    sku: `SKU-${item}`,
    lifecycle: spec.lifecycle ?? 'active',
    policy: {
      ...defaultPolicy(spec.policy?.kind ?? 'backorder'),
      receivingDays: 0,
      bufferDays: { placed: 0, confirmed: 0, in_production: 0, in_transit: 0, arrived: 0 },
      ...spec.policy,
    },
    leadTimeDays: spec.leadTimeDays ?? null,
    launchDay: null,
    nextSupply: Math.max(0, ...supplies.map((supply) => supply.id)) + 1,
    backordered: 0,
    stock: units.map((sellable, place) => ({
      place,
      sellable,
      quality_hold: place === 0 ? (spec.qualityHold ?? 0) : 0,
      returned: 0,
      damaged: 0,
      reserved: 0,
      held: 0,
    })),
    supplies,
    limits: (spec.limits ?? []).map((limit) => ({
      channel: 0,
      protected: 0,
      maximum: null,
      buffer: 0,
      committed: 0,
      ...limit,
    })),
    holds: [],
    lines: [],
  };
}

function dayOrNull(text: string | null | undefined): DayNumber | null {
  return text === null || text === undefined ? null : dayNumber(text);
}
