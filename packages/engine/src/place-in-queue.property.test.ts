import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ranksAt } from './place-in-queue.ts';

const queueOf = (ranks: readonly number[]) =>
  ranks.map((rank, index) => ({ order: index + 1, line: 1, rank }));
const inOrder = (queue: ReturnType<typeof queueOf>, ranks: ReadonlyMap<{ order: number }, number>) =>
  queue
    .map((one) => ({ ...one, rank: ranks.get(one) ?? one.rank }))
    .sort((a, b) => a.rank - b.rank || a.order - b.order)
    .map((one) => one.order);

/** Few ranks for many lines: there is seldom a whole number between two. */
const crowded = fc.array(fc.integer({ min: 100, max: 106 }), { minLength: 1, maxLength: 12 });
const place = fc.oneof(
  fc.record({ side: fc.constantFrom('before' as const, 'after' as const), other: fc.nat() }),
  fc.record({ end: fc.constantFrom('first' as const, 'last' as const) }),
);

test('a line stands where it was put, and everybody else keeps their order', () => {
  fc.assert(
    fc.property(crowded, fc.nat(), place, (ranks, which, where) => {
      const queue = queueOf(ranks);
      const moved = queue[which % queue.length]!;
      const others = inOrder(queue, new Map()).filter((order) => order !== moved.order);
      if (others.length === 0) return;
      const other = 'other' in where ? others[where.other % others.length]! : 0;
      const name = { order: other, line: 1 };
      const target = 'end' in where ? where : where.side === 'before' ? { before: name } : { after: name };
      const ranked = ranksAt(queue, moved, target)!;
      const now = inOrder(queue, ranked);
      expect(now.filter((order) => order !== moved.order)).toEqual(others);
      const at = now.indexOf(moved.order);
      if ('end' in where) expect(at).toBe(where.end === 'first' ? 0 : others.length);
      else expect(now[at + (where.side === 'before' ? 1 : -1)]).toBe(other);
    }),
    { numRuns: 2000 },
  );
});

test('with room between the neighbours, only the line itself gets another rank', () => {
  const queue = queueOf([100, 200, 300]);
  expect([...ranksAt(queue, queue[2]!, { before: { order: 2, line: 1 } })!.keys()]).toEqual([queue[2]]);
});

test('beside a line that is not in the queue nothing can stand', () => {
  expect(ranksAt(queueOf([1, 2]), { order: 1, line: 1 }, { before: { order: 9, line: 1 } })).toBeNull();
});
