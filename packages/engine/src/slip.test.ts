import { expect, test } from 'vitest';
import { bufferFor, leastShare, priceAt, priceFor } from './price-of-days.ts';
import {
  arrivedBy,
  curveOf,
  LATE_DAYS,
  lateDaysGiven,
  priorSteps,
  type SlipFeatures,
  slipCurve,
  slipTableFrom,
} from './slip.ts';
import { FEWEST_RECEIPTS, learnSlips, type SlipReceipt } from './slip-learn.ts';

const TODAY = 20_000;

function receipts(count: number, lateDays: (index: number) => number, about: Partial<SlipFeatures> = {}) {
  return Array.from({ length: count }, (_, index): SlipReceipt => {
    const expected = TODAY - 10 * (count - index) - 60;
    const features = { supplier: 'azure', freight: 'sea', place: 'main', stage: 'placed', priorDays: 14 };
    return { ...features, ...about, expected, received: expected + lateDays(index) };
  });
}

const azure: SlipFeatures = {
  supplier: 'azure',
  freight: 'sea',
  place: 'main',
  stage: 'placed',
  priorDays: 14,
};

test.each([1, 5, 10, 14])('a prior of %i days keeps nine of ten', (days) => {
  expect(arrivedBy(curveOf(priorSteps(days), 0, 0), days)).toBeCloseTo(0.9, 6);
});

test('a brand with few receipts has learnt nothing', () => {
  expect(
    learnSlips(
      receipts(FEWEST_RECEIPTS - 1, () => 3),
      TODAY,
    ),
  ).toBeNull();
  expect(
    learnSlips(
      receipts(FEWEST_RECEIPTS, () => 3),
      TODAY,
    ),
  ).not.toBeNull();
});

test('receipts after today teach nothing', () => {
  const late = receipts(FEWEST_RECEIPTS, () => 3).map((one) => ({ ...one, received: TODAY + 1 }));
  expect(learnSlips(late, TODAY)).toBeNull();
});

test('what each level would have done is told by receipts that others had foretold', () => {
  const table = learnSlips(
    receipts(80, (index) => (index % 5 === 0 ? 9 : 0)),
    TODAY,
  )!;
  const of = (level: number) => table.judged!.find((one) => one.level === level)!;
  // Each month's are foretold once twenty have come: fewer than sixty are.
  expect(of(0.5).promises).toBeGreaterThan(50);
  expect(of(0.5).promises).toBeLessThanOrEqual(60);
  // One in five is nine days late: at one in two nobody is given a day for it, at nineteen of twenty all of them.
  expect(of(0.5)).toMatchObject({ bufferDays: 0, missedByDays: 9 * (of(0.5).promises - of(0.5).kept) });
  expect(of(0.5).kept / of(0.5).promises).toBeCloseTo(0.8, 1);
  expect(of(0.95).kept).toBe(of(0.95).promises);
  const days = of(0.95).bufferDays / of(0.95).promises;
  expect(days).toBeGreaterThanOrEqual(9);
  expect(days).toBeLessThanOrEqual(10);
});

test('a punctual supplier gets no days, one that is always twelve days late gets twelve', () => {
  const punctual = learnSlips(
    receipts(80, () => 0),
    TODAY,
  )!;
  expect(bufferFor(slipCurve(punctual, azure), priceAt(punctual.prices, 0.9))).toBe(0);
  const late = learnSlips(
    receipts(80, () => 12),
    TODAY,
  )!;
  expect(bufferFor(slipCurve(late, azure), priceAt(late.prices, 0.9))).toBe(12);
});

test('an unknown supplier borrows from its freight mode, a mode from all', () => {
  const table = learnSlips(
    [
      ...receipts(60, (index) => (index % 2 === 0 ? 0 : 20)),
      ...receipts(60, () => 0, { supplier: 'brook', freight: 'air' }),
    ],
    TODAY,
  )!;
  const onTime = (supplier: string, freight: string | null) =>
    arrivedBy(slipCurve(table, { ...azure, supplier, freight }), 0);
  expect(onTime('azure', 'sea')).toBeLessThan(0.65);
  expect(onTime('new', 'sea')).toBeLessThan(onTime('new', null));
  expect(onTime('new', 'air')).toBeGreaterThan(onTime('new', null));
  expect(onTime('new', 'sea')).toBeGreaterThan(onTime('azure', 'sea'));
});

test('what is learnt is plain data', () => {
  const table = learnSlips(
    receipts(40, (index) => index % 7),
    TODAY,
  )!;
  const again = JSON.parse(JSON.stringify(table));
  expect(slipCurve(again, azure)).toEqual(slipCurve(table, azure));
});

test('the longer it is overdue, the later it is still to come', () => {
  const curve = curveOf(priorSteps(14), 0, 0);
  let before = 0;
  for (const overdue of [1, 3, 10, 30, 60]) {
    const days = lateDaysGiven(curve, overdue, 0.9)!;
    expect(days).toBeGreaterThanOrEqual(overdue);
    expect(days).toBeGreaterThan(before);
    before = days;
  }
  expect(lateDaysGiven(curve, 400, 0.9)).toBeNull();
});

test('a day is given where it keeps most', () => {
  // Ends its lateness within a week, or not for months: the week is worth its days, the months are not.
  const quick = Float64Array.from(LATE_DAYS, (days) => (days >= 7 ? 1 : 0.8));
  const hopeless = Float64Array.from(LATE_DAYS, (days) => (days >= 180 ? 1 : 0.8));
  const promises = [quick, hopeless].map((curve) => ({ curve, weight: 1 }));
  const price = priceFor(promises, 0.9, 0.9);
  expect([bufferFor(quick, price), bufferFor(hopeless, price)]).toEqual([7, 0]);
});

test('no promise is given less than keeps most of its own kind', () => {
  const bad = Float64Array.from(LATE_DAYS, (days) => (days >= 64 ? 1 : 0.5));
  expect(leastShare(0.9)).toBeCloseTo(0.8);
  expect(bufferFor(bad, { level: 0.9, keptPerDay: 1 })).toBe(64);
});

test('a table of other steps, as an earlier version learnt them, is not read', () => {
  const learnt = learnSlips(
    receipts(40, (index) => index % 7),
    TODAY,
  )!;
  const stored = JSON.stringify(learnt);
  expect(slipTableFrom(stored)).toEqual(JSON.parse(stored));
  const before = { ...learnt, ways: learnt.ways.map((way) => ({ ...way, steps: way.steps.slice(1) })) };
  expect(slipTableFrom(JSON.stringify(before))).toBeNull();
  expect(slipTableFrom(null)).toBeNull();
});
