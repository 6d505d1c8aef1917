import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DayNumber, dayNumber, dayText } from './day.ts';
import { supplyDays } from './lead-time.ts';
import type { ItemPosition, LinePosition } from './position.ts';
import { stillOpen } from './promise.ts';
import { MONDAY, Shop } from './testing/shop.ts';

/** A supply slips: whose promise changes, and whose must not. */

const day = fc.integer({ min: 1, max: 60 }).map((days) => dayText(MONDAY + days));
const story = fc.record({
  stock: fc.nat(6),
  supplies: fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 9 }), on: day }), {
    minLength: 1,
    maxLength: 4,
  }),
  bufferDays: fc.constantFrom(0, 3, 10),
  improveByDays: fc.constantFrom(null, 4),
  orders: fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 5 }), placed: fc.boolean() }), {
    minLength: 1,
    maxLength: 10,
  }),
  slips: fc.array(fc.record({ supply: fc.nat(3), days: fc.integer({ min: -20, max: 40 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
});
type Story = typeof story extends fc.Arbitrary<infer Told> ? Told : never;

function tell({ stock, supplies, bufferDays, improveByDays, orders }: Story): Shop {
  const days = { placed: 0, confirmed: bufferDays, in_production: 0, in_transit: 0, arrived: 0 };
  const shop = new Shop({ items: [{ stock, supplies, policy: { bufferDays: days, improveByDays } }] });
  for (const { quantity, placed } of orders)
    shop.place({ quantity, mode: placed ? 'placed' : 'request', allowPartial: true });
  return shop;
}

/** What backs a line, unit by unit: the day on which it leaves by the plan, none where it waits, earliest first. */
function plannedUnits(shop: Shop, item: ItemPosition, line: LinePosition): (DayNumber | null)[] {
  const units: (DayNumber | null)[] = [];
  for (const { kind, source, quantity } of line.commitments) {
    const supply = item.supplies.find((one) => one.id === source)!;
    const on =
      kind === 'waiting'
        ? null
        : kind === 'reserved'
          ? 0
          : supplyDays(supply, item.policy, shop.world).planned;
    for (let unit = 0; unit < quantity; unit++) units.push(on);
  }
  return units.sort((a, b) => (a ?? Number.MAX_SAFE_INTEGER) - (b ?? Number.MAX_SAFE_INTEGER));
}

/** The days that are promised, unit by unit, earliest first. */
function promisedUnits(line: LinePosition): DayNumber[] {
  if (line.promise === null) return [];
  const open = line.ordered - line.shipped - line.cancelled;
  return stillOpen(line.promise, { open, shipped: line.shipped }).flatMap(({ quantity, shipBy }) =>
    new Array<DayNumber>(quantity).fill(shipBy),
  );
}

function slip(shop: Shop, { supply: index, days }: Story['slips'][number]): void {
  const { supplies } = shop.item();
  const supply = supplies[index % supplies.length]!;
  const { pegged: _pegged, held: _held, received: _received, ...state } = supply;
  const expected = Math.max(MONDAY, supply.expected! + days);
  shop.decide([{ kind: 'supply', item: 1, supply: { ...state, expected }, cause: { code: 'slipped' } }], [1]);
}

test('only who can no longer be kept, or has more or better by policy, is promised anew', () => {
  fc.assert(
    fc.property(story, (told) => {
      const shop = tell(told);
      for (const one of told.slips) {
        const before = structuredClone(shop.item());
        slip(shop, one);
        const item = shop.item();
        for (const line of before.lines) {
          const now = item.lines.find((other) => other.order === line.order)!;
          const promised = promisedUnits(line);
          const planned = plannedUnits(shop, item, now);
          const kept = promised.every((shipBy, unit) => planned[unit] !== null && planned[unit]! <= shipBy);
          const backed = planned.filter((on) => on !== null).length;
          const anew = now.promise?.version !== line.promise?.version;
          // Who can be kept keeps the promise to the day, unless more units are backed now or the policy betters it.
          if (kept && backed === promised.length && told.improveByDays === null) {
            expect(anew).toBe(false);
            expect(now.promise).toEqual(line.promise);
          }
          if (anew && kept && backed === promised.length) {
            const last = promisedUnits(now).at(-1)!;
            expect(promised.at(-1)! - last).toBeGreaterThanOrEqual(told.improveByDays!);
          }
          // And whoever cannot be kept is told: no promise is left standing that the plan breaks.
          if (!kept) expect(anew).toBe(true);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('nobody loses a unit of a supply that did not slip', () => {
  fc.assert(
    fc.property(story, (told) => {
      const shop = tell(told);
      const [one] = told.slips;
      const before = structuredClone(shop.item());
      const moved = before.supplies[one!.supply % before.supplies.length]!.id;
      slip(shop, one!);
      for (const line of before.lines) {
        const now = shop.item().lines.find((other) => other.order === line.order)!;
        const units = (of: LinePosition, wanted: (kind: string, source: number) => boolean) =>
          of.commitments.reduce((sum, c) => sum + (wanted(c.kind, c.source) ? c.quantity : 0), 0);
        // What is reserved stays reserved, what is backed stays backed, and other supplies are left only for earlier ones.
        expect(units(now, (kind) => kind === 'reserved')).toBe(units(line, (kind) => kind === 'reserved'));
        expect(units(now, (kind) => kind === 'waiting')).toBeLessThanOrEqual(
          units(line, (kind) => kind === 'waiting'),
        );
        const days = new Map(
          shop
            .item()
            .supplies.map((supply) => [
              supply.id,
              supplyDays(supply, shop.item().policy, shop.world).promisable,
            ]),
        );
        for (const c of line.commitments) {
          if (c.kind !== 'pegged' || c.source === moved) continue;
          const lost = c.quantity - units(now, (kind, source) => kind === 'pegged' && source === c.source);
          const gained = now.commitments.reduce((sum, other) => {
            const had = units(line, (kind, source) => kind === other.kind && source === other.source);
            const earlier = other.kind === 'pegged' && days.get(other.source)! < days.get(c.source)!;
            return sum + (earlier ? Math.max(0, other.quantity - had) : 0);
          }, 0);
          expect(lost).toBeLessThanOrEqual(gained);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('a slip inside the buffer touches nobody', () => {
  const bufferDays = { placed: 0, confirmed: 10, in_production: 0, in_transit: 0, arrived: 0 };
  const shop = new Shop({
    items: [{ supplies: [{ quantity: 9, on: '2026-03-14' }], policy: { bufferDays } }],
  });
  shop.place({ quantity: 4 });
  const { pegged: _pegged, held: _held, received: _received, ...state } = shop.item().supplies[0]!;
  const expected = dayNumber('2026-03-20');
  const { promises } = shop.decide(
    [{ kind: 'supply', item: 1, supply: { ...state, expected }, cause: { code: 'slipped' } }],
    [1],
  );
  expect(promises).toEqual([]);
});
