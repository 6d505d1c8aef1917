import { describe, expect, test } from 'vitest';
import { dividedBy, fraction, ofTwoDirections, stockUnits, times, unitCost, whole } from './units.ts';

describe('quantities are exact', () => {
  test.each<[string, string | number, string | number, number | null]>([
    ['a crate of twelve', 2, 12, 24],
    ['a tenth, ten times', '0.1', 10, 1],
    ['what a float would miss', 0.7, 10, 7],
    ['a decimal with an exponent', '1E+2', 1, 100],
    ['half of a pack of five is no whole unit', '0.5', 5, null],
    ['a return', -3, 2, -6],
  ])('%s', (_, quantity, factor, units) => {
    expect(whole(times(fraction(quantity), fraction(factor)))).toBe(units);
  });

  test.each<[string, number, number, number | null]>([
    ['a dozen, of which one is 0.083333333333', 12, 0.083333333333, 12],
    ['a piece in a system that counts by the dozen', 0.083333333333, 12, null],
    ['a gross as a float of its inverse', 144, 1 / 144, 144],
  ])('of two directions the one that was typed in counts: %s', (_, factor, rate, pieces) => {
    expect(whole(ofTwoDirections(factor, rate))).toBe(pieces);
  });

  test('twelve pieces are one dozen, also where a piece is kept as a rounded part of it', () => {
    expect(whole(times(fraction(12), ofTwoDirections(0.083333333333, 12)))).toBe(1);
    expect(stockUnits(times(fraction(5), ofTwoDirections(0.083333333333, 12)))).toBeCloseTo(5 / 12);
  });

  test.each(['', 'twelve', '1,5', '.', '1e9999'])('%j is no number', (text) => {
    expect(() => fraction(text)).toThrow(RangeError);
  });

  test('a unit of nothing is told', () => {
    expect(() => dividedBy(fraction(1), fraction('0.0'))).toThrow('factor 0');
  });
});

test.each<[string, string, string, number, { amount: number; currency: string } | undefined]>([
  ['of a crate of twelve', '73.20', 'USD', 12, { amount: 610, currency: 'USD' }],
  ['the nearest minor unit', '10', 'USD', 3, { amount: 333, currency: 'USD' }],
  ['a half goes up', '0.01', 'USD', 2, { amount: 1, currency: 'USD' }],
  ['a currency without minor units', '1200', 'JPY', 12, { amount: 100, currency: 'JPY' }],
  ['a currency that is none', '1', 'XXY', 1, undefined],
  ['a credit', '-1', 'USD', 1, undefined],
])('the cost of one stock unit: %s', (_, price, currency, factor, cost) => {
  expect(unitCost(price, currency, fraction(factor))).toEqual(cost);
});
