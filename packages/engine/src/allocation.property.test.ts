import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ReallocatedLine, type Reallocation, STRATEGIES, type Strategy } from './allocation.ts';
import { dayText } from './day.ts';
import { ItemState, openUnits, sameCommitments } from './item-state.ts';
import type { Commitment, LinePosition } from './position.ts';
import { compareSteps } from './steps.ts';
import { swapsOf } from './swaps.ts';
import { MONDAY, Shop } from './testing/shop.ts';

/** Queues of one item: some of it here, some on its way, some nowhere; three classes of customers, some lines locked. */

const day = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((days) => dayText(MONDAY + days));

const order = fc.record({
  quantity: fc.integer({ min: 1, max: 6 }),
  class: fc.constantFrom('vip', 'trade', null),
  channel: fc.nat(2),
  locked: fc.boolean().chain((one) => fc.boolean().map((other) => one && other)),
  notBefore: fc.oneof({ arbitrary: fc.constant(null), weight: 4 }, { arbitrary: day(1, 20), weight: 1 }),
});
const story = fc.record({
  stock: fc.tuple(fc.nat(8), fc.nat(6)),
  supplies: fc.array(fc.record({ quantity: fc.nat(9), on: day(0, 30), place: fc.nat(1) }), {
    minLength: 1,
    maxLength: 4,
  }),
  orders: fc.array(order, { minLength: 1, maxLength: 9 }),
  slip: fc.record({ supply: fc.nat(3), on: day(0, 50) }),
  protectedUnits: fc.nat(3),
});
const strategies = fc.record({
  vip: fc.constantFrom(...STRATEGIES),
  trade: fc.constantFrom(...STRATEGIES),
  otherwise: fc.constantFrom(...STRATEGIES),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

function tell({ stock, supplies, orders, slip, protectedUnits }: Story): Shop {
  const shop = new Shop({
    items: [
      {
        stock,
        supplies,
        policy: { classes: ['vip', 'trade'] },
        limits: [{ channel: 2, protected: protectedUnits }],
      },
    ],
    locations: [{}, {}],
    channels: [{}, {}, {}],
    sees: [[0, 1], [0], [1]],
  });
  for (const [index, { locked, notBefore, quantity, ...rest }] of orders.entries()) {
    shop.place({ ...rest, mode: 'placed', lines: [{ item: 1, quantity, notBefore }] });
    if (locked) shop.lock(index + 1);
  }
  const supply = supplies[slip.supply % supplies.length]!;
  shop.supply({ ...supply, id: supplies.indexOf(supply) + 1, on: slip.on });
  return shop;
}

const strategyOf = (
  line: LinePosition,
  { vip, trade, otherwise }: Record<'vip' | 'trade' | 'otherwise', Strategy>,
) => (line.class === 'vip' ? vip : line.class === 'trade' ? trade : otherwise);
const waiting = (commitments: readonly Commitment[]) =>
  commitments.reduce((units, one) => units + (one.kind === 'waiting' ? one.quantity : 0), 0);
const proposed = (shop: Shop, own: Record<'vip' | 'trade' | 'otherwise', Strategy>): Reallocation =>
  shop.propose({ strategies: { vip: own.vip, trade: own.trade }, otherwise: own.otherwise });

describe('an approved re-allocation', () => {
  test('keeps the definition of every strategy', () => {
    fc.assert(
      fc.property(story, strategies, (told, own) => {
        const shop = tell(told);
        const { lines, exceptions } = proposed(shop, own);
        const changed = new Map<LinePosition, ReallocatedLine>(lines.map((one) => [one.line, one]));
        const wins = shop.item().lines.some((line) => !line.locked && strategyOf(line, own) === 'win');
        for (const line of shop.item().lines) {
          const one = changed.get(line);
          const strategy = strategyOf(line, own);
          const failed = exceptions.some((exception) => exception.line === line);
          if (line.locked) {
            expect(one).toBeUndefined();
            continue;
          }
          const after = one?.after ?? line.commitments;
          const [gains, loses] = [one?.gains ?? 0, one?.loses ?? 0];
          if (strategy === 'win') {
            expect(failed || waiting(after) === 0).toBe(true);
            const promised = line.promise?.parts.at(-1)?.shipBy;
            const state = new ItemState(structuredClone(shop.item()), shop.world);
            const last = Math.max(
              0,
              ...after.filter((c) => c.kind !== 'waiting').map((c) => state.sources.day[state.indexOf(c)]!),
            );
            if (!failed && promised !== undefined) expect(last).toBeLessThanOrEqual(promised);
          } else expect(failed).toBe(false);
          if (strategy === 'gain') expect(loses).toBe(0);
          if (strategy === 'improve' && !wins) expect(loses).toBe(0);
          if (strategy === 'fill') expect(gains).toBe(0);
          if (strategy === 'lose') expect(waiting(after)).toBe(openUnits(line));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('happens as it was proposed, conserves every unit, and names whoever loses one', () => {
    fc.assert(
      fc.property(story, strategies, (told, own) => {
        const shop = tell(told);
        const proposal = proposed(shop, own);
        const losers = new Set(proposal.transfers.flatMap(({ from }) => (from === null ? [] : [from.order])));
        for (const one of proposal.lines) if (one.loses > 0) expect(losers).toContain(one.line.order);
        const expected = new Map(proposal.lines.map((one) => [one.line.order, one.after]));
        const before = structuredClone(shop.item().lines);
        // The shop checks that units are conserved, promises backed and locked lines left alone.
        expect(shop.approve(proposal)).toEqual({ kind: 'done' });
        for (const line of before) {
          const now = shop.legs(line.order)[0]!;
          expect(sameCommitments(now.commitments, expected.get(line.order) ?? line.commitments)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('is refused, and changes nothing, where anything of the item is another than when it was proposed', () => {
    fc.assert(
      fc.property(story, strategies, fc.nat(3), (told, own, what) => {
        const shop = tell(told);
        const proposal = proposed(shop, own);
        if (what === 0) shop.stock({ sellable: 1 });
        else if (what === 1) shop.place({ quantity: 1, mode: 'placed' });
        else if (what === 2) shop.lock(1, shop.legs(1)[0]!.locked !== true);
        else shop.move(1, { end: 'last' });
        const moved = what !== 3 || proposed(shop, own).digest !== proposal.digest;
        const before = structuredClone(shop.item());
        const outcome = shop.approve(proposal);
        if (!moved) return;
        expect(outcome).toEqual({ kind: 'outdated' });
        expect(shop.item()).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  test('is the only way in which units that back a promise change hands: re-planning and ranking take none', () => {
    fc.assert(
      fc.property(story, fc.nat(), fc.boolean(), (told, which, first) => {
        const shop = tell(told);
        const before = structuredClone(shop.item());
        const { order } = before.lines[which % before.lines.length]!;
        shop.move(order, { end: first ? 'first' : 'last' });
        shop.replan();
        const [was, now] = [before, shop.item()].map(
          (item) => new ItemState(structuredClone(item), shop.world),
        );
        for (const line of before.lines) {
          const same = now!.position.lines.find((one) => one.order === line.order)!;
          expect(compareSteps(was!.legOf(line).promisable, now!.legOf(same).promisable).later).toBe(0);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('by swaps keeps more promises and breaks none', () => {
    fc.assert(
      fc.property(story, (told) => {
        const shop = tell(told);
        const requested = new Map(
          [...shop.promises].map(
            ([key, [first]]) => [key, first!.promise.parts.at(-1)?.shipBy ?? 0] as const,
          ),
        );
        const kept = () => {
          const state = new ItemState(structuredClone(shop.item()), shop.world);
          let units = 0;
          for (const line of state.position.lines) {
            const day = requested.get(`${line.order}:1`);
            for (const one of line.commitments) {
              if (one.kind === 'waiting' || day === undefined) continue;
              if (Math.max(state.plannedDay(state.indexOf(one)), line.notBefore ?? 0) <= day)
                units += one.quantity;
            }
          }
          return units;
        };
        // Promises of one part, so that a line's units all have one day.
        if (
          [...shop.promises.values()].some((versions) =>
            versions.some((one) => one.promise.parts.length !== 1),
          )
        )
          return;
        const before = kept();
        const swaps = swapsOf(shop.world, shop.item(), requested);
        const versions = [...shop.promises.values()].map((all) => all.length);
        expect(shop.approve(swaps)).toEqual({ kind: 'done' });
        expect(kept() - before).toBe(swaps.kept);
        expect([...shop.promises.values()].map((all) => all.length)).toEqual(versions);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a locked line', () => {
  test('loses units of a short supply only when nobody else has any of it, whatever its rank', () => {
    fc.assert(
      fc.property(story, fc.nat(3), fc.nat(8), fc.nat(), (told, which, left, moved) => {
        const shop = tell(told);
        const { id } = shop.item().supplies[which % shop.item().supplies.length]!;
        shop.move(shop.item().lines[moved % shop.item().lines.length]!.order, { end: 'last' });
        const on = (locked: boolean) =>
          shop
            .item()
            .lines.filter((line) => (line.locked === true) === locked)
            .flatMap((line) => line.commitments)
            .reduce(
              (units, one) => units + (one.kind === 'pegged' && one.source === id ? one.quantity : 0),
              0,
            );
        const before = on(true);
        shop.supply({ id, quantity: left });
        if (on(true) < before) expect(on(false)).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  test('stays where it is when something better becomes free', () => {
    fc.assert(
      fc.property(story, fc.integer({ min: 1, max: 9 }), (told, found) => {
        const shop = tell(told);
        const locked = structuredClone(shop.item().lines.filter((line) => line.locked === true));
        shop.stock({ sellable: found });
        for (const line of locked) {
          const now = shop.legs(line.order)[0]!.commitments;
          for (const one of line.commitments)
            if (one.kind !== 'waiting')
              expect(
                now.find((c) => c.kind === one.kind && c.source === one.source)?.quantity ?? 0,
              ).toBeGreaterThanOrEqual(one.quantity);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('keeps every unit however the queue is ranked again', () => {
    // Whatever rules there are, they come to a rank for each line.
    const ranks = fc.array(fc.nat(20), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(story, ranks, (told, ranked) => {
        const shop = tell(told);
        const locked = structuredClone(shop.item().lines.filter((line) => line.locked === true));
        const fresh = shop.item().lines.map(({ order, line }, index) => ({
          order,
          line,
          rank: ranked[index]!,
          addedRank: null,
          moved: false,
        }));
        const cause = { code: 'queue_ranked' };
        shop.decide([{ kind: 'rank', ranks: fresh, cause }], [1]);
        shop.replan();
        for (const line of locked) {
          const [now] = shop.legs(line.order);
          for (const one of line.commitments)
            if (one.kind !== 'waiting')
              expect(
                now!.commitments.find((c) => c.kind === one.kind && c.source === one.source)?.quantity ?? 0,
              ).toBeGreaterThanOrEqual(one.quantity);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
