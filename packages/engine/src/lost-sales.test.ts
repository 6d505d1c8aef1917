import { expect, test } from 'vitest';
import { negativeBinomial, poisson } from './distribution.ts';
import { afterPeriod, demandChances, lostSalesOrder } from './lost-sales.ts';
import { pooledForecast } from './pooled-forecast.ts';

test.each([
  ['Poisson', 2.5, 2.5, poisson(2.5)],
  ['negative binomial', 2.5, 6, negativeBinomial(2.5, 6)],
])('chances of a %s demand are its probabilities', (_, mean, variance, distribution) => {
  const chances = demandChances(mean, variance);
  expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 9);
  for (let units = 0; units < 10; units++)
    expect(chances[units]).toBeCloseTo(distribution.probability(units), 12);
});

test('what is asked beyond the stock is lost, and the arrival is there whole', () => {
  const three = Float64Array.of(0, 0, 0, 1);
  const fiveOrNone = Float64Array.of(0.5, 0, 0, 0, 0, 0.5);
  expect([...afterPeriod(three, fiveOrNone, 4)]).toEqual([0, 0, 0, 0, 0.5, 0, 0, 0.5]);
});

test.each([
  [
    'one comes for sure',
    0,
    [0, 0],
    [
      [0, 1],
      [0, 1],
      [0, 1],
    ],
    1,
  ],
  [
    'what is on its way serves the weeks before',
    1,
    [0, 1],
    [
      [0, 1],
      [0, 1],
      [0, 1],
    ],
    1,
  ],
  [
    'a week that is short takes nothing from the next',
    0,
    [0, 0],
    [
      [0, 0, 0, 1],
      [0, 0, 0, 1],
      [0, 0, 1],
    ],
    2,
  ],
  [
    'enough is left already',
    5,
    [0, 0],
    [
      [0, 1],
      [0, 1],
      [0, 0, 1],
    ],
    0,
  ],
])('%s', (_, onHand, arriving, demands, order) => {
  expect(
    lostSalesOrder(
      onHand,
      arriving,
      demands.map((chances) => Float64Array.from(chances)),
      0.8,
    ),
  ).toBe(order);
});

test('weeks off the shelf are left out of the level, and the season is that of all', () => {
  const weeks = 120;
  const shape = (at: number) => (at % 52 === 50 ? 3 : 1);
  const loud = { demand: Array.from({ length: weeks }, (_, at) => 400 * shape(at)) };
  const quiet = {
    demand: Array.from({ length: weeks }, (_, at) => (at % 2 ? 0 : 2 * shape(at))),
    inStock: Array.from({ length: weeks }, (_, at) => at % 2 === 0),
  };
  const [, forecast] = pooledForecast([loud, quiet], 40);
  expect(forecast![0]).toBeCloseTo(2, 0);
  expect(forecast![154 - weeks]! / forecast![0]!).toBeGreaterThan(1.4);
});

test('a group has a season of its own, believed by what it sold and beside that of all', () => {
  const weeks = 120;
  const peakAt = (week: number, units: number) =>
    Array.from({ length: weeks }, (_, at) => units * (at % 52 === week ? 4 : 1));
  const forecastOf = (groups: boolean) =>
    pooledForecast(
      [
        { demand: peakAt(20, 900), ...(groups && { groups: ['kiosk'] }) },
        { demand: peakAt(40, 900), ...(groups && { groups: ['market'] }) },
      ],
      40,
    )[0]!;
  const [together, apart] = [forecastOf(false), forecastOf(true)];
  const [own, foreign] = [124 - weeks, 144 - weeks];
  expect(together[own]! / together[foreign]!).toBeCloseTo(1, 1);
  expect(apart[own]!).toBeGreaterThan(1.2 * together[own]!);
  expect(apart[foreign]!).toBeLessThan(0.8 * together[foreign]!);
});
