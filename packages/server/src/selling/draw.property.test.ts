import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankTickets, seedDigestOf } from './draw.ts';

const tickets = fc
  .uniqueArray(fc.uuid(), { minLength: 1, maxLength: 40 })
  .map((entries) => entries.map((entry, index) => ({ entry, number: index + 1 })));

test('everybody has one rank, whatever order the list is read in', () => {
  fc.assert(
    fc.property(tickets, fc.string(), fc.option(fc.string()), (list, seed, beacon) => {
      const ranked = rankTickets('draw', list, seed, beacon);
      expect(ranked.map((one) => one.rank)).toEqual(list.map((_, index) => index + 1));
      expect(new Set(ranked.map((one) => one.entry))).toEqual(new Set(list.map((one) => one.entry)));
      expect(rankTickets('draw', [...list].reverse(), seed, beacon)).toEqual(ranked);
    }),
  );
});

test('anybody can check it with nothing but SHA-256', () => {
  const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
  fc.assert(
    fc.property(tickets, fc.string(), (list, seed) => {
      const digest = sha256(
        list
          .map((one) => one.entry)
          .sort()
          .join('\n'),
      );
      const scores = list.map((one) => sha256(`${seed}\n${digest}\n\n${one.entry}`)).sort();
      expect(rankTickets('draw', list, seed, null).map((one) => one.score)).toEqual(scores);
      expect(seedDigestOf(seed)).toBe(sha256(seed));
    }),
  );
});

test('a ticket more changes every score', () => {
  fc.assert(
    fc.property(tickets, fc.uuid(), (list, more) => {
      fc.pre(!list.some((one) => one.entry === more));
      const before = new Map(rankTickets('draw', list, 'seed', null).map((one) => [one.entry, one.score]));
      const after = rankTickets('draw', [...list, { entry: more, number: 99 }], 'seed', null);
      for (const { entry, score } of after) expect(score).not.toBe(before.get(entry));
    }),
  );
});

test('over many seeds everybody is as likely to be first as anybody', () => {
  const list = Array.from({ length: 5 }, (_, index) => ({ entry: `ticket-${index}`, number: index + 1 }));
  const first = new Map<string, number>();
  for (let seed = 0; seed < 5000; seed++) {
    const { entry } = rankTickets('draw', list, String(seed), null)[0]!;
    first.set(entry, (first.get(entry) ?? 0) + 1);
  }
  // A thousand each; χ² with 4 degrees of freedom is below 18.5 in 99.9 of 100 fair cases.
  const chiSquared = [...first.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chiSquared).toBeLessThan(18.5);
});

test('first come, first served, needs no draw', () => {
  const list = [
    { entry: 'b', number: 2 },
    { entry: 'a', number: 1 },
  ];
  expect(rankTickets('first_come', list, 'seed', null).map((one) => one.entry)).toEqual(['a', 'b']);
});
