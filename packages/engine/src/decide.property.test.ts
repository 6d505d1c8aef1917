import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STRATEGIES } from './allocation.ts';
import { dayText, NO_DAY } from './day.ts';
import { decide } from './decide.ts';
import type { PlaceOrder } from './fact.ts';
import { ItemState } from './item-state.ts';
import { supplyDays } from './lead-time.ts';
import type { Commitment, Condition, ItemPosition, Stage, StockPosition } from './position.ts';
import { sum } from './quantity.ts';
import { type ItemSpec, type LineSpec, MONDAY, Shop } from './testing/shop.ts';

/** Random lives of a small brand. Every fact that is told goes through `Shop`, which checks all invariants after it. */

const KIT = [
  [1, 1],
  [2, 2],
] as const;
const stages: readonly Stage[] = [
  'draft',
  'placed',
  'confirmed',
  'in_production',
  'in_transit',
  'arrived',
  'cancelled',
];

const day = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((days) => dayText(MONDAY + days));
const maybe = <T>(arbitrary: fc.Arbitrary<T>, weight = 3) =>
  fc.oneof({ arbitrary: fc.constant(null), weight }, { arbitrary, weight: 1 });

const supply = fc.record({
  quantity: fc.nat(12),
  on: fc.oneof({ arbitrary: day(-3, 40), weight: 9 }, { arbitrary: fc.constant(null), weight: 1 }),
  stage: fc.constantFrom(...stages),
  place: fc.nat(1),
  kind: fc.constantFrom('purchase_order' as const, 'transfer' as const, 'hold_release' as const),
});

const itemSpec: fc.Arbitrary<ItemSpec> = fc.record({
  stock: fc.tuple(fc.nat(8), fc.nat(5)),
  qualityHold: fc.nat(4),
  supplies: fc.array(supply, { maxLength: 3 }),
  lifecycle: fc.constantFrom(
    'active' as const,
    'active' as const,
    'discontinued' as const,
    'upcoming' as const,
  ),
  leadTimeDays: fc.constant(10),
  policy: fc.record({
    kind: fc.constantFrom(
      'backorder' as const,
      'backorder' as const,
      'preorder' as const,
      'made_to_order' as const,
      'out_of_stock' as const,
    ),
    cap: maybe(fc.nat(10)),
    longestWaitDays: fc.constantFrom(10, 30, 70),
    handlingDays: fc.nat(2),
    bufferDays: fc.constantFrom(
      { placed: 0, confirmed: 0, in_production: 0, in_transit: 0, arrived: 0 },
      { placed: 14, confirmed: 10, in_production: 10, in_transit: 5, arrived: 1 },
    ),
    promisablePercent: fc.constantFrom(
      { placed: 100, confirmed: 100, in_production: 100, in_transit: 100, arrived: 100 },
      { placed: 50, confirmed: 80, in_production: 90, in_transit: 100, arrived: 100 },
    ),
    improveByDays: maybe(fc.nat(5)),
    classes: fc.constant(['vip', 'trade']),
    ranking: fc.constantFrom(
      ['class' as const, 'promise_date' as const, 'order_time' as const],
      ['order_time' as const],
    ),
  }),
  limits: fc.oneof(
    { arbitrary: fc.constant([]), weight: 2 },
    {
      arbitrary: fc.tuple(fc.nat(3), maybe(fc.nat(9), 1), fc.nat(2)).map(([units, maximum, buffer]) => [
        { channel: 0, protected: units, buffer },
        { channel: 1, maximum, protected: 0 },
      ]),
      weight: 1,
    },
  ),
});

const shops = fc.record({
  items: fc.tuple(itemSpec, itemSpec, itemSpec),
  wait: maybe(fc.integer({ min: 3, max: 20 })),
});

const lineSpec = fc.record({
  target: fc.nat(3),
  quantity: fc.integer({ min: 1, max: 9 }),
  hold: maybe(fc.nat(9), 2),
  notBefore: maybe(day(1, 20), 5),
  cancelAfter: maybe(day(21, 40), 5),
  shipped: fc.oneof({ arbitrary: fc.constant(0), weight: 5 }, { arbitrary: fc.nat(3), weight: 1 }),
});

type Step = (shop: Shop) => void;

/** A fact that can be told at any moment, by what its arguments make of the shop as it is then. */
function told<T>(
  name: string,
  args: fc.Arbitrary<T>,
  tell: (shop: Shop, args: T) => void,
): fc.Arbitrary<Step> {
  return args.map((values) =>
    Object.assign((shop: Shop) => tell(shop, values), {
      [fc.toStringMethod]: () => `${name} ${JSON.stringify(values)}`,
    }),
  );
}

/** A line that is open, picked by any number. */
function pick(shop: Shop, number: number): { order: number; line: number; open: number } | null {
  const lines = [...shop.items.values()].flatMap((item) => item.lines);
  if (lines.length === 0) return null;
  const { order, line, ordered, shipped, cancelled } = lines[number % lines.length]!;
  return { order, line, open: ordered - shipped - cancelled };
}
function pickHold(shop: Shop, number: number): { id: string; item: number } | null {
  const holds = [...shop.items.values()].flatMap((item) =>
    item.holds.map((hold) => ({ id: hold.id, item: item.item })),
  );
  return holds.length === 0 ? null : holds[number % holds.length]!;
}

const anItem = fc.integer({ min: 1, max: 3 });

const place = told(
  'place',
  fc.record({
    mode: fc.constantFrom('request' as const, 'request' as const, 'placed' as const),
    channel: fc.nat(2),
    class: fc.constantFrom('vip', 'trade', null),
    shipComplete: fc.boolean(),
    allowPartial: fc.boolean(),
    acceptBackorder: fc.oneof(
      { arbitrary: fc.constant(true), weight: 3 },
      { arbitrary: fc.constant(false), weight: 1 },
    ),
    late: fc.nat(100_000),
    country: fc.constantFrom('US', 'DE'),
    lines: fc.array(lineSpec, { minLength: 1, maxLength: 3 }),
  }),
  (shop, { lines, late, ...order }) => {
    shop.place({
      ...order,
      placedAt: shop.world.now - late * 1000,
      lines: lines.map((line): LineSpec => {
        const hold = line.hold === null ? null : pickHold(shop, line.hold);
        const item = hold?.item ?? (line.target % 3) + 1;
        return {
          ...line,
          quantity: line.quantity + line.shipped,
          hold: hold?.id ?? null,
          ...(line.target === 3 && hold === null ? { kit: KIT } : { item }),
        };
      }),
    });
  },
);
const cancel = told(
  'cancel',
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: 9 })),
  (shop, [number, quantity]) => {
    const line = pick(shop, number);
    if (line) shop.cancel(line.order, Math.min(quantity, line.open), line.line);
  },
);
const add = told(
  'add',
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: 6 }), fc.constantFrom('request' as const, 'placed' as const)),
  (shop, [number, quantity, mode]) => {
    const line = pick(shop, number);
    if (line) shop.add(line.order, quantity, mode, line.line);
  },
);
const ship = told(
  'ship',
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: 9 }), maybe(fc.nat(1), 2)),
  (shop, [number, quantity, from]) => {
    const line = pick(shop, number);
    // Once in a while more is shipped than was open: a fact is never refused.
    if (line) shop.ship(line.order, quantity === 9 ? 9 : Math.min(quantity, line.open), from, line.line);
  },
);
const reschedule = told(
  'reschedule',
  fc.tuple(fc.nat(), maybe(day(1, 20), 1), maybe(day(21, 40), 1)),
  (shop, [number, notBefore, cancelAfter]) => {
    const line = pick(shop, number);
    if (line) shop.reschedule(line.order, notBefore, cancelAfter, line.line);
  },
);
const stock = told(
  'stock',
  fc.tuple(
    anItem,
    fc.nat(1),
    fc.integer({ min: -6, max: 8 }),
    fc.constantFrom<Condition>('sellable', 'quality_hold', 'returned', 'damaged'),
    fc.boolean(),
  ),
  (shop, [item, at, delta, condition, moves]) => {
    const moved = moves && condition !== 'sellable';
    shop.stock(moved ? { [condition]: delta, sellable: -delta } : { [condition]: delta }, item, at);
  },
);
const newSupply = told('new supply', fc.tuple(anItem, supply), (shop, [item, spec]) => {
  shop.supply({ ...spec, id: shop.item(item).nextSupply }, item);
});
const revise = told(
  'revise',
  fc.tuple(
    anItem,
    fc.nat(),
    fc.record(
      {
        quantity: fc.nat(12),
        on: fc.oneof({ arbitrary: day(-3, 40), weight: 9 }, { arbitrary: fc.constant(null), weight: 1 }),
        stage: fc.constantFrom(...stages),
        place: fc.nat(1),
        abandoned: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  ),
  (shop, [item, number, change]) => {
    const { supplies } = shop.item(item);
    if (supplies.length > 0) shop.supply({ ...change, id: supplies[number % supplies.length]!.id }, item);
  },
);
const receive = told(
  'receive',
  fc.tuple(
    anItem,
    fc.nat(),
    fc.nat(14),
    fc.nat(1),
    fc.constantFrom<Condition>('sellable', 'sellable', 'quality_hold', 'damaged'),
    fc.boolean(),
  ),
  (shop, [item, number, quantity, at, condition, close]) => {
    const { supplies } = shop.item(item);
    if (supplies.length === 0) return;
    const { id } = supplies[number % supplies.length]!;
    shop.receive(id, quantity, { item, place: at, condition, close });
  },
);
const hold = told(
  'hold',
  fc.tuple(anItem, fc.nat(2), fc.integer({ min: 1, max: 6 })),
  (shop, [item, channel, quantity]) => {
    shop.hold(`hold-${shop.decisions}`, quantity, channel, item);
  },
);
const release = told('release', fc.nat(), (shop, number) => {
  const found = pickHold(shop, number);
  if (found) shop.release(found.id, found.item);
});
const lock = told('lock', fc.tuple(fc.nat(), fc.boolean()), (shop, [number, locked]) => {
  const line = pick(shop, number);
  if (line) shop.lock(line.order, locked, line.line);
});
const move = told(
  'move',
  fc.tuple(fc.nat(), anItem, fc.constantFrom('first' as const, 'last' as const)),
  (shop, [number, item, end]) => {
    const { lines } = shop.item(item);
    if (lines.length === 0) return;
    const { order, line } = lines[number % lines.length]!;
    shop.move(order, { end }, line, item);
  },
);
const reallocate = told(
  'reallocate',
  fc.tuple(anItem, fc.array(fc.constantFrom(...STRATEGIES), { minLength: 3, maxLength: 3 })),
  (shop, [item, [vip, trade, otherwise]]) => {
    const proposal = shop.propose({ strategies: { vip: vip!, trade: trade! }, otherwise: otherwise! }, item);
    shop.approve(proposal, item);
  },
);
const replan = told('replan', anItem, (shop, item) => shop.replan(item));
const days = told('days', fc.integer({ min: 1, max: 6 }), (shop, count) => shop.passDays(count));
const close = told('close', fc.tuple(fc.nat(1), fc.boolean()), (shop, [at, closed]) =>
  shop.setClosed(at, closed),
);

const step = fc.oneof(
  { arbitrary: place, weight: 8 },
  { arbitrary: cancel, weight: 3 },
  { arbitrary: add, weight: 2 },
  { arbitrary: ship, weight: 3 },
  { arbitrary: reschedule, weight: 1 },
  { arbitrary: stock, weight: 3 },
  { arbitrary: newSupply, weight: 3 },
  { arbitrary: revise, weight: 3 },
  { arbitrary: receive, weight: 4 },
  { arbitrary: hold, weight: 2 },
  { arbitrary: release, weight: 1 },
  { arbitrary: lock, weight: 1 },
  { arbitrary: move, weight: 1 },
  { arbitrary: reallocate, weight: 1 },
  { arbitrary: replan, weight: 1 },
  { arbitrary: days, weight: 1 },
  { arbitrary: close, weight: 1 },
);
const life = fc.array(step, { maxLength: 25, size: 'max' });

function open({ items, wait }: { items: readonly ItemSpec[]; wait: number | null }): Shop {
  return new Shop({
    items,
    locations: [{}, { country: 'DE' }],
    channels: [{}, wait === null ? {} : { maximumPromiseDays: wait }, {}],
    // The first channel sees everything, the others a place each.
    sees: [[0, 1], [0], [1]],
  });
}

/** A request of one line, which no cart has prepared. */
const request: fc.Arbitrary<PlaceOrder> = fc
  .record({
    channel: fc.nat(2),
    allowPartial: fc.boolean(),
    acceptBackorder: fc.oneof(
      { arbitrary: fc.constant(true), weight: 4 },
      { arbitrary: fc.constant(false), weight: 1 },
    ),
    target: fc.nat(3),
    quantity: fc.integer({ min: 1, max: 12 }),
    cancelAfter: maybe(fc.integer({ min: 1, max: 40 }), 5),
  })
  .map(({ target, quantity, cancelAfter, ...order }) => ({
    kind: 'place',
    order: 1_000_000,
    mode: 'request',
    placedAt: MONDAY * 86_400_000,
    class: null,
    country: 'US',
    shipComplete: false,
    ...order,
    lines: [
      {
        line: 1,
        legs: target === 3 ? KIT.map(([item, per]) => ({ item, per })) : [{ item: target + 1, per: 1 }],
        quantity,
        shipped: 0,
        cancelled: 0,
        hold: null,
        notBefore: null,
        cancelAfter: cancelAfter === null ? null : MONDAY + cancelAfter,
      },
    ],
  }));

/** What an order would come to, on a copy. */
function tryOut(shop: Shop, fact: PlaceOrder) {
  const items = structuredClone([...shop.items.values()]);
  const { outcomes, promises } = decide(shop.world, items, [fact]);
  return { items, outcome: outcomes[0]!, promises };
}

function unitsHeld(item: ItemPosition, counts: (one: Commitment) => boolean): number {
  return sum(item.holds.flatMap((hold) => hold.commitments.filter(counts).map((one) => one.quantity)));
}
function unitsOn(item: ItemPosition, supplies: ReadonlySet<number>): number {
  return sum(item.supplies.filter(({ id }) => supplies.has(id)).map((supply) => supply.pegged));
}
/** What a channel could still be given of each source. */
function freeFor(position: ItemPosition, shop: Shop, channel: number): number[] {
  const { sources } = new ItemState(position, shop.world);
  const { places, sees } = shop.world.sight;
  return [...sources.free].map((free, index) =>
    sources.day[index]! < NO_DAY && sees[channel * places + sources.place[index]!] === 1 ? free : 0,
  );
}
const withoutTrace = ({ stock, ...item }: ItemPosition) => ({ ...item, stock: stock.filter(hasUnits) });
const hasUnits = ({ place: _, ...units }: StockPosition) => Object.values(units).some((count) => count !== 0);

describe('over any life of a brand', () => {
  test('every invariant holds after every fact', () => {
    fc.assert(
      fc.property(shops, life, (spec, steps) => {
        const shop = open(spec);
        for (const one of steps) one(shop);
      }),
      { numRuns: 1500 },
    );
  });

  test('a request is accepted only within stock, supply, cap, maximum and longest wait', () => {
    fc.assert(
      fc.property(shops, life, request, (spec, steps, fact) => {
        const shop = open(spec);
        for (const one of steps) one(shop);
        const { items, outcome } = tryOut(shop, fact);
        if (outcome.kind !== 'placed') return;
        for (const item of items) {
          const was = shop.item(item.item);
          const { policy } = item;
          const taken = item.lines
            .filter((line) => line.order === fact.order)
            .flatMap((line) => line.commitments);
          const supplies = taken.filter((one) => one.kind === 'pegged');
          const made = new Set(
            item.supplies.filter((supply) => supply.id >= was.nextSupply).map((supply) => supply.id),
          );
          const bought = supplies.filter((one) => !made.has(one.source));
          expect(taken.filter((one) => one.kind === 'waiting')).toEqual([]);
          const wait = shop.world.channels[fact.channel]!.maximumPromiseDays ?? policy.longestWaitDays;
          const latest = shop.world.today + Math.min(wait, policy.longestWaitDays);
          for (const one of bought) {
            const supply = item.supplies.find(({ id }) => id === one.source)!;
            expect(supplyDays(supply, policy, shop.world).promisable).toBeLessThanOrEqual(latest);
          }
          if (policy.cap !== null && bought.length > 0) {
            const held = unitsHeld(item, (one) => one.kind === 'pegged');
            expect(item.backordered + held - unitsOn(item, made)).toBeLessThanOrEqual(
              Math.max(policy.cap, was.backordered + held),
            );
          }
          const limit = item.limits.find((one) => one.channel === fact.channel);
          if (limit && limit.maximum !== null && taken.length > 0)
            expect(limit.committed).toBeLessThanOrEqual(limit.maximum);
          for (const other of was.limits) {
            const kept = Math.max(0, other.protected - other.committed);
            if (other.channel === fact.channel || kept === 0 || taken.length === 0) continue;
            const free = (position: ItemPosition) => sum(freeFor(position, shop, other.channel));
            expect(free(item)).toBeGreaterThanOrEqual(Math.min(kept, free(was)));
          }
          if (item.lifecycle === 'discontinued' || !fact.acceptBackorder) expect(supplies).toEqual([]);
          if (item.lifecycle === 'upcoming' && policy.kind !== 'preorder') expect(taken).toEqual([]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('a refusal names the most that would have been accepted', () => {
    fc.assert(
      fc.property(shops, life, request, (spec, steps, fact) => {
        const shop = open(spec);
        for (const one of steps) one(shop);
        const { outcome, items } = tryOut(shop, fact);
        if (outcome.kind !== 'refused') return;
        expect(items.map(withoutTrace)).toEqual([...shop.items.values()].map(withoutTrace));
        const { asked, available, by } = outcome.lines[0]!;
        expect(available).toBeLessThan(asked);
        expect(by === null).toBe(available === 0);
        const withQuantity = (quantity: number): PlaceOrder => ({
          ...fact,
          allowPartial: false,
          lines: [{ ...fact.lines[0]!, quantity }],
        });
        expect(tryOut(shop, withQuantity(available + 1)).outcome.kind).toBe('refused');
        if (available === 0) return;
        const accepted = tryOut(shop, withQuantity(available));
        expect(accepted.outcome.kind).toBe('placed');
        expect(accepted.promises[0]!.promise.parts.at(-1)!.shipBy).toBe(by);
      }),
      { numRuns: 1000 },
    );
  });

  test('an order is decided the same whoever else waits', () => {
    fc.assert(
      fc.property(shops, life, request, fc.boolean(), (spec, steps, asked, placed) => {
        const shop = open(spec);
        for (const one of steps) one(shop);
        const fact: PlaceOrder = { ...asked, mode: placed ? 'placed' : 'request' };
        const whole = structuredClone([...shop.items.values()]);
        const alone = structuredClone(whole).map((item) => ({ ...item, lines: [] }));
        const one = decide(shop.world, whole, [fact]);
        const other = decide(shop.world, alone, [fact]);
        expect(other.outcomes).toEqual(one.outcomes);
        expect(other.promises).toEqual(one.promises);
        const queueless = (item: ItemPosition) => ({ ...item, lines: [] });
        expect(alone.map(queueless)).toEqual(whole.map(queueless));
      }),
      { numRuns: 300 },
    );
  });

  test('orders that are decided together come to what they come to one by one', () => {
    fc.assert(
      fc.property(shops, life, fc.array(request, { maxLength: 5 }), (spec, steps, requests) => {
        const shop = open(spec);
        for (const one of steps) one(shop);
        const orders = requests.map((one, index) => ({ ...one, order: one.order + index }));
        const together = structuredClone([...shop.items.values()]);
        const singly = structuredClone(together);
        const all = decide(shop.world, together, orders);
        const each = orders.map((order) => decide(shop.world, singly, [order]));
        expect(all.outcomes).toEqual(each.flatMap((one) => one.outcomes));
        expect(all.promises).toEqual(each.flatMap((one) => one.promises));
        expect(together).toEqual(singly);
      }),
      { numRuns: 300 },
    );
  });

  test('deciding again at once changes nothing', () => {
    fc.assert(
      fc.property(shops, life, (spec, steps) => {
        const items = spec.items.map((item) => ({ ...item, limits: [] }));
        const shop = open({ ...spec, items });
        for (const one of steps) one(shop);
        shop.replan();
        const before = structuredClone([...shop.items.values()]);
        const { size } = shop.promises;
        shop.replan();
        expect([...shop.items.values()]).toEqual(before);
        expect(shop.promises.size).toBe(size);
      }),
      { numRuns: 300 },
    );
  });
});
