import { expect, test } from 'vitest';
import { forecast } from './forecast.ts';

/** Units a month: a level, a step each month, a season in factors. */
function months(
  count: number,
  { level = 100, step = 0, season = [1] as readonly number[], noise = 0 } = {},
): number[] {
  let state = 7;
  const chance = () => (state = (state * 16807) % 2147483647) / 2147483647 - 0.5;
  return Array.from(
    { length: count },
    (_, at) => (level + step * at) * season[at % season.length]! * (1 + noise * chance()),
  );
}

/** What is averaged before a series has taught anything. */
const BELIEVED = ['level', 'whole trend', 'damped trend'];
const SUMMER = [0.6, 0.6, 0.8, 1, 1.2, 1.5, 1.6, 1.4, 1.1, 0.9, 0.7, 0.6];

test('demand that never changes goes on, without spread', () => {
  const { mean, deviation } = forecast(months(36), 12, 6);
  expect([...mean]).toEqual([100, 100, 100, 100, 100, 100]);
  expect(deviation).toBe(0);
});

test('a trend goes on', () => {
  const { mean } = forecast(months(48, { step: 5, noise: 0.02 }), 12, 6);
  for (const [ahead, value] of mean.entries())
    expect(Math.abs(value / (100 + 5 * (48 + ahead)) - 1)).toBeLessThan(0.05);
});

test('a season comes back', () => {
  const { mean } = forecast(months(48, { season: SUMMER, noise: 0.1 }), 12, 12);
  for (const [ahead, value] of mean.entries())
    expect(Math.abs(value / (100 * SUMMER[ahead]!) - 1)).toBeLessThan(0.12);
});

test('what has no season is given none', () => {
  const { mean } = forecast(months(60, { noise: 0.4 }), 12, 12);
  expect(Math.max(...mean) / Math.min(...mean)).toBeLessThan(1.2);
});

test('the better a method was in the back-test, the more it counts', () => {
  const { weights } = forecast(months(48, { step: 2, noise: 0.2 }), 12, 6);
  expect(weights.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  const tested = weights.filter(({ method }) => !BELIEVED.includes(method));
  expect(tested).toHaveLength(6);
  const [first, ...others] = tested;
  for (const other of others)
    expect(other.weight * other.error! ** 1.5).toBeCloseTo(first!.weight * first!.error! ** 1.5, 9);
});

test('a short series leans on the plain average of three smoothings, a long one on its back-test', () => {
  const leaning = (count: number) => {
    const { weights } = forecast(months(count, { step: 2, noise: 0.2 }), 1, 6);
    const of = (name: string) => weights.find(({ method }) => method === name)!.weight;
    expect(of('level')).toBeCloseTo(of('whole trend'), 12);
    expect(of('damped trend')).toBeGreaterThan(of('level'));
    return 3 * of('level');
  };
  expect(leaning(15)).toBeCloseTo(5 / 20, 12);
  expect(leaning(95)).toBeCloseTo(5 / 100, 12);
});

test('periods of nothing leave out the methods on logarithms, and no forecast is below 0', () => {
  const demand = [9, 7, 8, 5, 6, 4, 3, 2, 2, 1, 0, 1, 0, 0, 0];
  const { mean, weights } = forecast(demand, 1, 12);
  expect(weights.some(({ method }) => method.includes('log'))).toBe(false);
  expect(Math.min(...mean)).toBeGreaterThanOrEqual(0);
});

test.each([
  ['one period', [7]],
  ['two periods', [7, 9]],
  ['a few periods', [3, 1, 4, 1, 5]],
  ['zeros', [0, 0, 0, 0]],
])('%s: a forecast all the same', (_, demand) => {
  const { mean, deviation } = forecast(demand, 12, 3);
  expect(mean).toHaveLength(3);
  for (const value of mean) expect(value).toBeLessThanOrEqual(10);
  expect(Number.isFinite(deviation)).toBe(true);
});

test('a noisier item has a wider spread', () => {
  const calm = forecast(months(60, { noise: 0.1 }), 12, 6);
  const wild = forecast(months(60, { noise: 1 }), 12, 6);
  expect(wild.deviation).toBeGreaterThan(5 * calm.deviation);
});
