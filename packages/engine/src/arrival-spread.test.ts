import { expect, test } from 'vitest';
import { arrivalSpread, type SeenArrival } from './arrival-spread.ts';

const TODAY = 1000;
const seen = (supplier: string, late: number, count: number): SeenArrival[] =>
  Array.from({ length: count }, (_, index) => ({
    supplier,
    freight: 'ocean',
    stage: 'confirmed',
    at: 500 + index,
    expected: 520 + index,
    arrived: 520 + index + late,
    weight: 1,
  }));
const supply = (supplier: string, expected: number) => ({
  supplier,
  freight: 'ocean',
  stage: 'confirmed',
  expected,
});
const middle = (days: Float64Array) => days[days.length / 2]!;

test('a supply comes as those of its supplier came, early ones too', () => {
  const past = [...seen('early', -5, 40), ...seen('late', 12, 40)];
  expect(middle(arrivalSpread(past, supply('early', TODAY + 20), TODAY, 10))).toBe(15);
  expect(middle(arrivalSpread(past, supply('late', TODAY + 20), TODAY, 10))).toBe(32);
});

test('nothing comes before today, and what is overdue is judged by how late it already is', () => {
  const past = [...seen('acme', 0, 60), ...seen('acme', 14, 20)];
  const days = arrivalSpread(past, supply('acme', TODAY - 10), TODAY, 10);
  expect(Math.min(...days)).toBeGreaterThanOrEqual(0);
  expect(middle(days)).toBe(4);
});

test('where nothing was seen, nine in ten come within the buffer', () => {
  const days = arrivalSpread([], supply('new', TODAY + 30), TODAY, 10);
  expect([...days].filter((day) => day <= 40).length).toBe(18);
  expect([...days]).toEqual([...days].sort((one, other) => one - other));
});
