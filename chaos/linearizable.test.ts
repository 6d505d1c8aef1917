import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Happening, itemModel, itemWith } from './item-model.ts';
import { linearize, type Model, type Operation } from './linearizable.ts';

/** [begin, end, what]; end null: nobody had an answer. */
type Told = readonly [number, number | null, Happening, ...'optional'[]];

const history = (told: readonly Told[]): Operation<Happening>[] =>
  told.map(([begin, end, what, optional]) => ({ begin, end, what, optional: optional === 'optional' }));
const verdict = (stock: number, coming: number, told: readonly Told[]) =>
  linearize(itemModel, itemWith(stock, coming), history(told)).kind;

const take = (units: number): Happening => ({ kind: 'request', asked: units, accepted: units });
const takePart = (asked: number, accepted: number): Happening => ({ kind: 'request', asked, accepted });
const refuse = (asked: number, available: number): Happening => ({ kind: 'refusal', asked, available });
const cancel = (quantity: number): Happening => ({ kind: 'cancel', quantity });
const hold = (cart: string, quantity: number): Happening => ({ kind: 'hold', cart, quantity });
const release = (cart: string): Happening => ({ kind: 'release', cart });
const receive = (quantity: number, sellable = true): Happening => ({ kind: 'receive', quantity, sellable });

describe('a history that no order explains is rejected', () => {
  test.each<[string, number, number, Told[]]>([
    [
      'oversell: two at once have the last unit',
      1,
      0,
      [
        [0, 10, take(1)],
        [0, 10, take(1)],
      ],
    ],
    [
      'oversell that only the end shows',
      5,
      0,
      [
        [0, 10, take(3)],
        [5, 15, take(3)],
      ],
    ],
    [
      'a lost cancellation: its unit never comes back',
      1,
      0,
      [
        [0, 1, take(1)],
        [2, 3, cancel(1)],
        [4, 5, refuse(1, 0)],
      ],
    ],
    [
      'a stale refusal: the receipt was acknowledged before',
      0,
      0,
      [
        [0, 1, receive(5)],
        [2, 3, refuse(1, 0)],
      ],
    ],
    [
      'a refusal of units that nobody had yet',
      4,
      0,
      [
        [0, 1, refuse(3, 2)],
        [2, 3, take(2)],
      ],
    ],
    ['a part that is less than could be had', 4, 0, [[0, 1, takePart(6, 3)]]],
    ['a part that is more than could be had', 4, 0, [[0, 1, takePart(6, 5)]]],
    [
      'a lost order: its units are sold again',
      2,
      0,
      [
        [0, 1, take(2)],
        [2, 3, take(1)],
      ],
    ],
    [
      'a cart whose units are sold while it keeps them',
      3,
      0,
      [
        [0, 1, hold('a', 2)],
        [2, 3, take(2)],
        [4, 5, release('a')],
      ],
    ],
    [
      'a cart that is over and still keeps its units',
      3,
      0,
      [
        [0, 1, hold('a', 2)],
        [2, 3, release('a')],
        [4, 5, refuse(3, 1)],
      ],
    ],
    [
      'a cancellation that frees its units twice',
      2,
      0,
      [
        [0, 1, take(2)],
        [2, 3, cancel(1)],
        [4, 5, take(2)],
      ],
    ],
    [
      'a receipt that counts twice',
      0,
      5,
      [
        [0, 1, receive(2)],
        [2, 3, { kind: 'look', stock: 4, coming: 1, open: 0, kept: 0 }],
      ],
    ],
    [
      'units under inspection that are sold',
      0,
      2,
      [
        [0, 1, receive(2, false)],
        [2, 3, take(1)],
      ],
    ],
    [
      'a sale beyond all cover that claims to be backed',
      1,
      0,
      [
        [0, 1, { kind: 'placed', quantity: 3, waiting: 0 }],
        [0, 1, refuse(5, 1)],
      ],
    ],
    [
      'two orders of the same two facts: each saw only its own',
      2,
      0,
      [
        [0, 10, take(1)],
        [0, 10, take(1)],
        [0, 20, refuse(3, 1)],
        [11, 20, refuse(2, 1)],
      ],
    ],
  ])('%s', (_, stock, coming, told) => {
    expect(verdict(stock, coming, told)).toBe('contradicts');
  });
});

describe('a history that some order explains is accepted', () => {
  test.each<[string, number, number, Told[]]>([
    ['nothing at all', 1, 0, []],
    [
      'one of two has the last unit',
      1,
      0,
      [
        [0, 10, take(1)],
        [0, 10, refuse(1, 0)],
      ],
    ],
    [
      'the refusal was answered first, the order that caused it last',
      1,
      0,
      [
        [0, 100, take(1)],
        [1, 2, refuse(1, 0)],
      ],
    ],
    [
      'a unit that is cancelled, sold, cancelled and sold while all overlap',
      1,
      0,
      [
        [0, 50, take(1)],
        [0, 50, cancel(1)],
        [0, 50, take(1)],
        [0, 50, cancel(1)],
        [0, 50, take(1)],
      ],
    ],
    [
      'an order without answer that must have happened',
      1,
      0,
      [
        [0, null, take(1), 'optional'],
        [5, 6, refuse(1, 0)],
      ],
    ],
    [
      'an order without answer that cannot have happened yet',
      1,
      0,
      [
        [0, null, take(1), 'optional'],
        [5, 6, take(1)],
        [7, 8, cancel(1)],
      ],
    ],
    [
      'an order without answer that happened long after its client left',
      1,
      0,
      [
        [0, null, take(1)],
        [5, 6, take(1)],
        [7, 8, cancel(1)],
        [9, 10, { kind: 'look', stock: 1, coming: 0, open: 1, kept: 0 }],
      ],
    ],
    [
      'a cart that becomes an order, larger than what was free',
      3,
      0,
      [
        [0, 1, hold('a', 2)],
        [2, 3, { kind: 'request', asked: 3, accepted: 3, cart: 'a' }],
        [4, 5, release('a')],
        [6, 7, refuse(1, 0)],
      ],
    ],
    [
      'sold beyond all cover, served by the receipt, and the rest free',
      1,
      0,
      [
        [0, 1, { kind: 'placed', quantity: 3, waiting: 2 }],
        [2, 3, refuse(1, 0)],
        [4, 9, receive(4)],
        [5, 8, refuse(1, 0)],
        [10, 11, takePart(5, 2)],
      ],
    ],
    [
      'a smaller purchase order leaves orders short, and nothing for others',
      0,
      5,
      [
        [0, 1, take(4)],
        [2, 3, { kind: 'revise', ordered: 2 }],
        [4, 5, refuse(1, 0)],
        [6, 7, { kind: 'look', stock: 0, coming: 2, open: 4, kept: 0 }],
      ],
    ],
  ])('%s', (_, stock, coming, told) => {
    expect(verdict(stock, coming, told)).toBe('linearizable');
  });

  test('what changes nothing now may be what undoes something later', () => {
    const told: Told[] = [
      [0, 100, { kind: 'revise', ordered: 0 }],
      [0, 10, { kind: 'revise', ordered: 5 }],
      [11, 12, refuse(9, 5)],
      [101, 102, refuse(1, 0)],
    ];
    expect(verdict(0, 0, told)).toBe('linearizable');
  });

  test('two hundred that all overlap, in the one order that explains them', () => {
    // Each refusal pins how much was left: they can only have happened at the height that they tell.
    const told: Told[] = [];
    for (let left = 100; left > 0; left--) {
      told.push([200 - left, 1000, refuse(left + 1, left)]);
      told.push([left, 1000, take(1)]);
    }
    expect(verdict(100, 0, told)).toBe('linearizable');
  });

  test('the order that explains them is told, and does', () => {
    const told = history([
      [0, 100, take(1)],
      [1, 2, refuse(1, 0)],
      [3, 50, cancel(1)],
    ]);
    const found = linearize(itemModel, itemWith(1), told);
    expect(found.kind === 'linearizable' && found.order.map(({ what }) => what.kind)).toEqual([
      'request',
      'refusal',
      'cancel',
    ]);
  });
});

test('what cannot be explained is named, with the longest order before it', () => {
  const found = linearize(
    itemModel,
    itemWith(2),
    history([
      [0, 1, take(1)],
      [2, 3, take(1)],
      [4, 5, take(1)],
      [6, 7, cancel(1)],
    ]),
  );
  expect(found).toMatchObject({
    kind: 'contradicts',
    order: [{ begin: 0 }, { begin: 2 }],
    unexplained: [{ begin: 4, what: take(1) }],
  });
});

test('a search that would take too long is given up, and says so', () => {
  const told: Told[] = Array.from({ length: 20 }, (_, n) => [0, 10, take(n + 1)]);
  expect(linearize(itemModel, itemWith(1_000), history([...told, [11, 12, refuse(9, 8)]]), 1000).kind).toBe(
    'undecided',
  );
});

describe('against chance', () => {
  const happening: fc.Arbitrary<'take' | 'part' | 'cancel' | 'receive' | 'adjust' | 'count'> =
    fc.constantFrom('count', 'take', 'part', 'cancel', 'receive', 'adjust');
  const asked = fc.array(
    fc.record({
      kind: happening,
      units: fc.integer({ min: 1, max: 4 }),
      before: fc.nat(40),
      after: fc.nat(40),
    }),
    { minLength: 1, maxLength: 40 },
  );

  /** Carries everything out one after the other, each seen by its client some time around it. */
  function lived(steps: readonly { kind: string; units: number; before: number; after: number }[]): Told[] {
    let stock = 5;
    let open = 0;
    return steps.map(({ kind, units, before, after }, at): Told => {
      const free = Math.max(0, stock - open);
      const between = [at * 10 - before, at * 10 + 1 + after] as const;
      if (kind === 'cancel' && units <= open) {
        open -= units;
        return [...between, cancel(units)];
      }
      if (kind === 'receive') {
        stock += units;
        return [...between, receive(units)];
      }
      if (kind === 'count') {
        stock = units;
        return [...between, { kind: 'count', counted: units }];
      }
      if (kind === 'adjust' && units <= stock) {
        stock -= units;
        return [...between, { kind: 'adjust', delta: -units }];
      }
      const accepted = kind === 'part' ? Math.min(units, free) : units <= free ? units : 0;
      open += accepted;
      return [...between, accepted > 0 ? takePart(units, accepted) : refuse(units, Math.min(free, units))];
    });
  }

  test('what was lived one after the other is always explained, however its clients saw it', () => {
    fc.assert(
      fc.property(asked, (steps) => {
        expect(verdict(5, 0, lived(steps))).toBe('linearizable');
      }),
      { numRuns: 300 },
    );
  });

  test('finds an order exactly where trying all orders does', () => {
    const short = fc.tuple(asked, fc.nat(5), fc.integer({ min: -1, max: 1 }));
    let rejected = 0;
    fc.assert(
      fc.property(short, ([steps, at, wrong]) => {
        const told = history(lived(steps.slice(0, 6))).map((one, index) =>
          index === at ? { ...one, what: bent(one.what, wrong) } : one,
        );
        const some = anyOrder(itemModel, itemWith(5), told);
        if (!some) rejected++;
        expect(linearize(itemModel, itemWith(5), told).kind).toBe(some ? 'linearizable' : 'contradicts');
      }),
      { numRuns: 500 },
    );
    expect(rejected).toBeGreaterThan(20);
  });

  /** An answer that is wrong by some units. */
  function bent(what: Happening, by: number): Happening {
    if (what.kind === 'request') return { ...what, accepted: Math.max(0, what.accepted + by) };
    if (what.kind === 'refusal') return { ...what, available: Math.max(0, what.available + by) };
    return what;
  }

  /** The definition: some permutation that heeds who ended before whom, each step allowed. */
  function anyOrder<State, What>(
    model: Model<State, What>,
    state: State,
    left: readonly Operation<What>[],
  ): boolean {
    if (left.length === 0) return true;
    return left.some((one) => {
      if (left.some((other) => other.end !== null && other.end < one.begin)) return false;
      const after = model.step(state, one.what);
      return (
        after !== null &&
        anyOrder(
          model,
          after,
          left.filter((other) => other !== one),
        )
      );
    });
  }
});
