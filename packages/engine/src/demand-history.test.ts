import { expect, test } from 'vitest';
import { dayNumber } from './day.ts';
import { campaignFactors, type DemandDays, usualDemand } from './demand-history.ts';
import { itemForecast, launchForecast, weekBand } from './item-forecast.ts';

/** A Monday. */
const FROM = dayNumber('2026-01-05');

function days(weeks: number, unitsOn: (at: number) => number): DemandDays & { largest: Float64Array } {
  const units = Float64Array.from({ length: 7 * weeks }, (_, at) => unitsOn(at));
  return {
    from: FROM,
    units,
    largest: units.map((value) => Math.min(value, 2)),
    closed: new Uint8Array(7 * weeks),
    unmet: new Float64Array(7 * weeks),
  };
}

test('a day on which it could not be had is no day without demand', () => {
  const record = days(10, (at) => (at >= 35 && at < 40 ? 0 : 2));
  const zero = usualDemand(record, []).weekly[5]!;
  record.closed.fill(1, 35, 40);
  const { weekly, closedDays } = usualDemand(record, []);
  expect(zero).toBe(4);
  expect(closedDays).toBe(5);
  expect(weekly[5]).toBeCloseTo(14, 6); // five of seven unseen: taken from the weeks around
  record.closed.fill(0, 37, 40);
  expect(
    usualDemand({ ...record, units: record.units.map((value, at) => (at === 37 ? 2 : value)) }, []).weekly[5],
  ).toBeGreaterThan(6);
});

test('who asked while there was none counts once, as the least that was missed', () => {
  const record = days(10, (at) => (at >= 38 && at < 42 ? 0 : 2));
  record.closed.fill(1, 40, 42);
  const before = usualDemand(record, []).weekly[5]!;
  record.unmet[41] = 1;
  expect(usualDemand(record, []).weekly[5]).toBe(before);
  record.unmet[41] = 30;
  expect(usualDemand(record, []).weekly[5]).toBe(36);
});

test('a bulk order that comes once is kept apart; a customer who orders in bulk each month is not', () => {
  const once = days(26, (at) => (at === 100 ? 202 : 2));
  once.largest[100] = 200;
  const { weekly, bulkUnits } = usualDemand(once, []);
  expect(bulkUnits).toBe(200);
  expect(Math.max(...weekly)).toBeCloseTo(14, 6);
  const monthly = days(26, (at) => (at % 28 === 0 ? 202 : 2));
  for (let at = 0; at < monthly.largest.length; at += 28) monthly.largest[at] = 200;
  expect(usualDemand(monthly, []).bulkUnits).toBe(0);
});

test('a campaign is taken out of the usual weeks, and put where the next one is', () => {
  const campaign = { from: FROM + 70, until: FROM + 76, lift: null };
  const record = days(20, (at) => (at >= 70 && at <= 76 ? 6 : 2));
  const usual = usualDemand(record, [campaign]);
  expect(usual.weekly[10]).toBeCloseTo(14, 6);
  expect(usual.lift).toBeGreaterThan(2);
  expect(usual.lift).toBeLessThan(3);
  const next = { from: FROM + 147, until: FROM + 153, lift: 4 };
  const factors = campaignFactors(FROM + 140, 3, [next], usual);
  expect(factors[0]).toBe(1);
  expect(factors[1]).toBeCloseTo(4, 6);
  const today = FROM + 140;
  const { mean } = itemForecast(today, record, 3, { campaigns: [campaign, { ...next, lift: null }] });
  expect(mean[1]! / mean[0]!).toBeCloseTo(usual.lift, 6);
});

test('days of the week are learnt, and sum to the week', () => {
  const { weekdays } = usualDemand(
    days(30, (at) => (at % 7 < 5 ? 4 : 0)),
    [],
  );
  expect(weekdays.reduce((sum, value) => sum + value, 0)).toBeCloseTo(7, 9);
  expect(weekdays[0]).toBeGreaterThan(1.3);
  expect(weekdays[6]).toBeLessThan(0.1);
});

test('a launch begins as its look-alikes did, and leaves them as its own weeks tell', () => {
  const alikes = [
    { weekly: [30, 20, 12, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10] },
    { weekly: [26, 16, 8, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6] },
  ];
  expect(Array.from(launchForecast([], alikes, 4).mean)).toEqual([28, 18, 10, 8]);
  const double = launchForecast([56, 36, 20, 16], alikes, 4).mean;
  expect(double[0]).toBeGreaterThan(12);
  expect(double[0]).toBeLessThan(16);
});

test('the band of a week holds its mean, and is of whole units', () => {
  const band = weekBand({ mean: Float64Array.of(10, 20), deviation: 5 }, 1);
  expect(band.p10).toBeLessThan(20);
  expect(band.p90).toBeGreaterThan(20);
  expect(Number.isInteger(band.p10)).toBe(true);
});

test('next to nothing with a wide spread, and very much, are answered at once', () => {
  expect(weekBand({ mean: Float64Array.of(1e-7), deviation: 20 }, 0)).toEqual({ p10: 0, p50: 0, p90: 0 });
  const much = weekBand({ mean: Float64Array.of(3e6), deviation: 1e5 }, 0);
  expect(much.p50).toBeGreaterThan(2.99e6);
  expect(much.p90 / 3e6).toBeCloseTo(1 + 1.2816 / 30, 2);
});
