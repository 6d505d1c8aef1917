import { expect, test } from 'vitest';
import { levelSpreadOf } from './level-spread.ts';

let state = 7;
const chance = () => {
  state = Math.imul(state ^ (state << 13), 1);
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 4294967296;
};
const weeks = (levelOf: (week: number) => number) =>
  Float64Array.from({ length: 40 }, (_, week) => Math.round(levelOf(week) + 10 * (chance() - 0.5)));

test('weeks that are only busy are no level that moves; levels that halve and double are', () => {
  const calm = Array.from({ length: 200 }, () => weeks(() => 40));
  const moving = Array.from({ length: 200 }, (_, item) =>
    weeks((week) => (week < 34 ? 40 : item % 2 === 0 ? 20 : 70)),
  );
  expect(levelSpreadOf(calm)).toBeLessThan(0.1);
  expect(levelSpreadOf(moving)).toBeGreaterThan(0.25);
  expect(levelSpreadOf([])).toBeCloseTo(0.25, 9);
});
