import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayText } from './day.ts';
import type { Fact } from './fact.ts';
import { stillOpen } from './promise.ts';
import { MONDAY, Shop } from './testing/shop.ts';
import { Supposition } from './what-if.ts';

const day = fc.integer({ min: 0, max: 40 }).map((days) => dayText(MONDAY + days));
const story = fc.record({
  stock: fc.nat(8),
  supplies: fc.array(fc.record({ quantity: fc.nat(9), on: day }), { minLength: 1, maxLength: 3 }),
  orders: fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 5 }),
      item: fc.integer({ min: 1, max: 2 }),
      whole: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  change: fc.record({ quantity: fc.nat(9), on: day }),
});

function tell({
  stock,
  supplies,
  orders,
}: {
  stock: number;
  supplies: { quantity: number; on: string }[];
  orders: { quantity: number; item: number; whole: boolean }[];
}): Shop {
  const shop = new Shop({
    items: [
      { stock, supplies },
      { stock: 3, supplies: [{ quantity: 9, on: '2026-03-20' }] },
    ],
  });
  for (const { quantity, item, whole } of orders)
    shop.place({
      mode: 'placed',
      shipComplete: whole,
      lines: whole
        ? [
            { item: 1, quantity },
            { item: 2, quantity: 1 },
          ]
        : [{ item, quantity }],
    });
  return shop;
}

test('what is supposed is what then happens, to every line, and a line that is not told stays as it is', () => {
  fc.assert(
    fc.property(story, ({ change, ...told }) => {
      const shop = tell(told);
      const supply = shop.item().supplies[0]!;
      const { pegged: _pegged, held: _held, received: _received, ...state } = supply;
      const expected = MONDAY + Number(change.on.slice(-2));
      const fact: Fact = {
        kind: 'supply',
        item: 1,
        supply: { ...state, open: change.quantity, expected },
        cause: { code: 'supposed' },
      };
      const supposition = new Supposition(shop.world, [structuredClone(shop.item())]);
      const tied = new Set(supposition.tiedOrders());
      const other = structuredClone(shop.item(2));
      supposition.join([{ ...other, lines: other.lines.filter((line) => tied.has(line.order)) }], null);
      supposition.begin();
      supposition.suppose([1], [fact]);
      const effects = new Map(
        supposition.effects().map((one) => [`${one.line.order}:${one.line.line}`, one]),
      );
      const before = structuredClone([...shop.items.values()]);
      shop.decide([fact], [1]);
      for (const item of before)
        for (const line of item.lines) {
          const now = shop.legs(line.order, line.line)[0]!;
          const open = now.ordered - now.shipped - now.cancelled;
          const parts = now.promise === null ? [] : stillOpen(now.promise, { open, shipped: now.shipped });
          const effect = effects.get(`${line.order}:${line.line}`);
          if (effect === undefined) expect(now.promise).toEqual(line.promise);
          else {
            expect(effect.after.promised).toEqual(parts);
            const waits = now.commitments.find((one) => one.kind === 'waiting')?.quantity ?? 0;
            expect(effect.after.waiting).toBe(waits);
            expect(effect.told === null).toBe(now.promise?.version === line.promise?.version);
          }
        }
    }),
    { numRuns: 1000 },
  );
});
