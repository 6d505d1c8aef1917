import { type ReorderFacts, reorder } from '@kept/engine';
import { expect, test } from 'vitest';
import { reorderWords } from './words.ts';

const TODAY = 20_515; // 2026-03-03

function told(more: Partial<ReorderFacts>, terms: Partial<ReorderFacts['terms']> = {}, weekly = 40): string {
  const facts: ReorderFacts = {
    ...{ today: TODAY, onHand: 0, openSupply: 0, draftSupply: 0, openUnits: 0, queue: 0, arrivals: [] },
    demand: { mean: new Float64Array(52).fill(weekly), deviation: 0, alike: 0, weights: [] },
    ...more,
    terms: {
      ...{ leadTimeDays: 28, leadTimeSpreadDays: 0, reviewDays: 7, moq: 1, orderMultiple: 1 },
      ...{ serviceLevel: 0.95, costs: null },
      ...terms,
    },
  };
  return reorderWords(facts, reorder(facts));
}

test('a queue, what joins it and what comes', () => {
  const arrivals = [{ name: 'PO-118', day: TODAY + 62, quantity: 1120 }];
  expect(told({ openUnits: 1200, queue: 1200, openSupply: 1120, arrivals })).toMatch(
    /^1,200 waiting, 40 a week joining, PO-118 brings 1,120 on 4 May: order \d+ by 3 Mar, or the wait grows to 5 weeks\.$/,
  );
});

test.each<[string, Partial<ReorderFacts['terms']>, RegExp]>([
  [
    'a multiple is no minimum',
    { orderMultiple: 100 },
    /order 300 by 3 Mar \(26\d are wanted, in multiples of 100\)/,
  ],
  [
    'a minimum',
    { moq: 1500 },
    /order 1,500 by 3 Mar \(26\d are wanted; the supplier takes no fewer than 1,500\),/,
  ],
  ['both', { moq: 1500, orderMultiple: 400 }, /order 1,600 .* no fewer than 1,500, in multiples of 400\)/],
  ['neither', {}, /order 26\d by 3 Mar, or it is gone/],
])('%s', (_, terms, words) => {
  expect(told({}, terms)).toMatch(words);
});

test('what is usual would not empty it: then it says what may come', () => {
  expect(told({ onHand: 60 }, {}, 10)).toMatch(
    /since up to 62 may be asked for in the 35 days until then \(50 are usual\)\.$/,
  );
});
