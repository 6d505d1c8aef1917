import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import type { Fact } from './fact.ts';
import { defaultPolicy } from './policy.ts';
import type { ItemPosition, LinePosition, World } from './position.ts';

const TODAY = 20_500;
const WORLD: World = {
  today: TODAY,
  now: TODAY * 86_400_000,
  locations: [undefined, location('north'), location('south')],
  channels: [
    undefined,
    { code: 'web', maximumPromiseDays: null },
    { code: 'shop', maximumPromiseDays: null },
  ],
  // web sees both places, the shop only the south
  sight: { places: 3, sees: Uint8Array.from([0, 0, 0, 0, 1, 1, 0, 0, 1]) },
  transitDays: { domestic: 3, abroad: 7 },
};

function location(code: string) {
  const calendar = { workdays: new Set([1, 2, 3, 4, 5, 6, 7]), holidays: new Set<number>() };
  return { code, calendar, closed: false, shipDay: TODAY, country: null };
}

/** The same with both channels seeing everything. */
const OPEN_WORLD: World = {
  ...WORLD,
  sight: { places: 3, sees: Uint8Array.from([0, 0, 0, 0, 1, 1, 0, 1, 1]) },
};

const units = fc.integer({ min: 1, max: 9 });
const queue = fc.record({
  stock: fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 })),
  supplies: fc.array(
    fc.record({ open: units, days: fc.integer({ min: 1, max: 60 }), place: fc.constantFrom(1, 2) }),
    { maxLength: 4 },
  ),
  orders: fc.array(
    fc.record({ quantity: units, channel: fc.constantFrom(1, 2), at: fc.integer({ min: 0, max: 50 }) }),
    { minLength: 2, maxLength: 25 },
  ),
});

/** An item on which orders were placed one after the other. */
function given(
  world: World,
  { stock, supplies, orders }: typeof queue extends fc.Arbitrary<infer Queue> ? Queue : never,
): ItemPosition {
  const position: ItemPosition = {
    item: 1,
    sku: 'LAMP',
    lifecycle: 'active',
    policy: defaultPolicy('backorder'),
    leadTimeDays: null,
    launchDay: null,
    nextSupply: supplies.length + 1,
    backordered: 0,
    stock: stock.map((sellable, index) => ({
      place: index + 1,
      sellable,
      quality_hold: 0,
      returned: 0,
      damaged: 0,
      reserved: 0,
      held: 0,
    })),
    supplies: supplies.map(({ open, days, place }, index) => ({
      id: index + 1,
      kind: 'purchase_order',
      place,
      stage: 'in_transit',
      open,
      received: 0,
      pegged: 0,
      held: 0,
      expected: TODAY + days,
      ref: `PO-${index}`,
      line: null,
    })),
    limits: [],
    holds: [],
    lines: [],
  };
  const facts = orders.map(
    ({ quantity, channel, at }, index): Fact => ({
      kind: 'place',
      order: index + 1,
      channel,
      mode: 'placed',
      placedAt: WORLD.now - at * 1000,
      class: null,
      country: 'US',
      shipComplete: false,
      allowPartial: false,
      acceptBackorder: true,
      lines: [
        {
          line: 1,
          legs: [{ item: 1, per: 1 }],
          quantity,
          shipped: 0,
          cancelled: 0,
          hold: null,
          notBefore: null,
          cancelAfter: null,
        },
      ],
    }),
  );
  decide(world, [position], facts);
  return position;
}

/** What the store loads for a fact that leaves so many units: the order, and the first lines on each supply and among those who wait. */
function heads(position: ItemPosition, order: number, count: number): ItemPosition {
  const ranked = [...position.lines].sort((a, b) => a.rank - b.rank || a.order - b.order);
  const picked = new Set<LinePosition>(ranked.filter((line) => line.order === order));
  const standing = (holds: (line: LinePosition) => boolean) => {
    for (const line of ranked.filter(holds).slice(0, count)) picked.add(line);
  };
  for (const { id } of position.supplies)
    standing((line) => line.commitments.some((one) => one.kind === 'pegged' && one.source === id));
  standing((line) => line.commitments.some((one) => one.kind === 'waiting'));
  return { ...position, lines: position.lines.filter((line) => picked.has(line)) };
}

const backing = (position: ItemPosition) =>
  new Map(position.lines.map((line) => [line.order, JSON.stringify(line.commitments)]));

test('the heads of the queues decide like the whole queue, or say that they do not suffice', () => {
  let sufficed = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(WORLD, OPEN_WORLD, OPEN_WORLD),
      queue,
      fc.nat(),
      units,
      fc.constantFrom('cancel' as const, 'ship' as const),
      (world, one, which, asked, kind) => {
        const whole = given(world, one);
        const open = whole.lines.filter((line) => line.commitments.length > 0);
        fc.pre(open.length > 0);
        const line = open[which % open.length]!;
        const quantity = Math.min(asked, line.ordered);
        const part = structuredClone(heads(whole, line.order, quantity));
        const before = backing(whole);
        const fact: Fact =
          kind === 'cancel'
            ? { kind, order: line.order, line: 1, quantity, cause: { code: 'cancelled' } }
            : { kind, order: line.order, line: 1, quantity, place: null, cause: { code: 'shipped' } };
        decide(world, [whole], [fact]);
        const decision = decide(world, [part], [fact]);
        if (decision.needsQueue) return;
        sufficed++;
        const expected = backing(whole);
        const seen = backing(part);
        for (const [order, commitments] of expected)
          expect(seen.get(order) ?? before.get(order)).toBe(commitments);
        expect(part.stock).toEqual(whole.stock);
        expect(part.supplies).toEqual(whole.supplies);
        expect(part.backordered).toBe(whole.backordered);
      },
    ),
    { numRuns: 4000 },
  );
  // It would prove nothing if the heads hardly ever sufficed.
  expect(sufficed).toBeGreaterThan(1000);
});
