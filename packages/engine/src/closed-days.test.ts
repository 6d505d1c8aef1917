import { expect, test } from 'vitest';
import { closedDays } from './closed-days.ts';

const FROM = 20_000;

test.each<[string, number[], Parameters<typeof closedDays>[2], string]>([
  [
    'sold out for three days, until more came',
    [1, 4, 0, 0, 0, 2, 1],
    {
      net: 7,
      supply: 0,
      mayWait: false,
      changes: [
        { day: FROM, stock: 5, supply: 0 },
        { day: FROM + 5, stock: 10, supply: 0 },
      ],
    },
    '0011100',
  ],
  [
    'what is on its way may be sold meanwhile',
    [1, 4, 0, 0, 0, 2, 1],
    {
      net: 7,
      supply: 0,
      mayWait: true,
      changes: [
        { day: FROM, stock: 5, supply: 0 },
        { day: FROM + 3, stock: 0, supply: 10 },
        { day: FROM + 5, stock: 10, supply: -10 },
      ],
    },
    '0010000',
  ],
  [
    'nothing is known before the first movement',
    [0, 0, 0],
    { net: 0, supply: 0, mayWait: false, changes: [] },
    '000',
  ],
  [
    'a day on which something was taken was open',
    [5, 0, 2, 0],
    { net: -2, supply: 0, mayWait: false, changes: [{ day: FROM, stock: 5, supply: 0 }] },
    '0101',
  ],
])('%s', (_, units, standing, expected) => {
  expect([...closedDays(FROM, units, standing)].join('')).toBe(expected);
});
