import { expect, test } from 'vitest';
import { type Delivered, worsening } from './supplier-trend.ts';

const TODAY = 1000;
const deliveries = (...groups: [ago: number, late: number[]][]): Delivered[] =>
  groups.flatMap(([ago, late]) => late.map((lateDays, index) => ({ on: TODAY - ago - index, lateDays })));

test.each<[string, Delivered[], boolean]>([
  ['late by a week where it was punctual', deliveries([10, [6, 8, 7]], [120, [0, 1, 0, 1, 0]]), true],
  ['as late as ever', deliveries([10, [6, 8, 7]], [120, [6, 8, 7, 6, 8]]), false],
  ['a little later', deliveries([10, [1, 2, 1]], [120, [0, 0, 0, 0, 0]]), false],
  [
    'late by chance, as it always was now and then',
    deliveries([10, [0, 25, 1]], [120, [0, 24, 1, 0, 20]]),
    false,
  ],
  ['two deliveries are no trend', deliveries([10, [30, 30]], [120, [0, 0, 0, 0, 0]]), false],
  ['nothing to compare with', deliveries([10, [30, 30, 30]]), false],
])('%s', (_, list, worse) => {
  expect(worsening(list, TODAY) !== null).toBe(worse);
});
