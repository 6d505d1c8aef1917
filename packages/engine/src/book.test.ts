import { describe, expect, test } from 'vitest';
import { ageBucketOf, ageBuckets, BOOK_METRICS, bookMetrics, bookStateOf, convertMinor } from './book.ts';
import { burnDown } from './burn-down.ts';
import { journalOf } from './journal.ts';
import { slipCost } from './slip-cost.ts';

describe('what the book’s figures mean', () => {
  test.each([
    ['unbacked', 'unbacked'],
    ['late', 'late'],
    ['2026-03-13', 'late'],
    ['2026-03-14', 'on_time'],
    ['on_time', 'on_time'],
  ])('a sum of %s is %s on 14 March', (key, state) => {
    expect(bookStateOf(key, '2026-03-14')).toBe(state);
  });

  test.each([
    ['order', 0, '0–7'],
    ['order', 7, '0–7'],
    ['order', 8, '8–14'],
    ['order', 91, '91+'],
    ['order', -1, '0–7'],
    ['latest', 0, 'not due'],
    ['latest', 1, '1–7'],
    ['first', 61, '61+'],
  ] as const)('by %s, %i days are in %s', (basis, days, key) => {
    expect(ageBucketOf(days, ageBuckets(basis)).key).toBe(key);
  });

  test.each([
    [1000, '1.0834', 2, 2, 1083],
    [1050, '0.5', 2, 2, 525],
    [5, '0.5', 2, 2, 2], // 2.5 goes to the even
    [15, '0.5', 2, 2, 8], // 7.5 goes to the even
    [-5, '0.5', 2, 2, -2],
    [1000, '0.0066', 0, 2, 660],
    [660, '151.51', 2, 0, 1000],
  ])('%i at %s is %i', (amount, rate, digits, other, converted) => {
    expect(convertMinor(amount, rate, digits, other)).toBe(converted);
  });

  // By hand: [counts that matter, value]
  test.each([
    ['revenue_kept', { keptValue: 12_345 }, 12_345],
    ['revenue_at_risk', { riskValue: 700 }, 700],
    ['cancelled_value', { cancelledValue: 0 }, 0],
    ['first_promise_accuracy', { firstKept: 9, firstPromises: 10 }, 0.9],
    ['latest_promise_accuracy', { latestKept: 19, latestPromises: 20 }, 0.95],
    ['slip_days', { slipDays: 30, slipLines: 12 }, 2.5],
    ['wait_median', { waitMedian: 21 }, 21],
    ['wait_p90', { waitP90: 44.5 }, 44.5],
    ['otif', { otifOrders: 3, dueOrders: 4 }, 0.75],
    ['fill_rate', { stockUnits: 80, demandUnits: 100 }, 0.8],
    ['backorder_rate_lines', { backorderLines: 5, orderLines: 50 }, 0.1],
    ['backorder_rate_units', { backorderUnits: 30, orderUnits: 120 }, 0.25],
    ['backorder_rate_value', { backorderValue: 2000, orderValue: 16_000 }, 0.125],
    ['coverage', { peggedUnits: 6, openUnits: 8 }, 0.75],
    ['cancellation_rate', { cancelledLines: 1, backorderLines: 8 }, 0.125],
    ['consent_rate', { waitChoices: 4, choices: 5 }, 0.8],
    ['repurchase_waited', { waitedAgain: 1, waited: 4 }, 0.25],
    ['repurchase_not_waited', { notWaitedAgain: 3, notWaited: 8 }, 0.375],
    ['disputes', { disputedOrders: 1, backorderOrders: 200 }, 0.005],
    ['contacts_per_order', { contacts: 12, backorderOrders: 8 }, 1.5],
  ] as const)('%s', (id, counts, value) => {
    expect(bookMetrics(counts).find((metric) => metric.id === id)!.value).toBe(value);
  });

  test('a metric without its counts, or with nothing to divide by, has no value', () => {
    expect(bookMetrics({}).every(({ value }) => value === null)).toBe(true);
    expect(bookMetrics({ otifOrders: 0, dueOrders: 0 }).find(({ id }) => id === 'otif')!.value).toBeNull();
    expect(new Set(BOOK_METRICS.map(({ id }) => id)).size).toBe(BOOK_METRICS.length);
  });
});

describe('the book comes down', () => {
  const never = new Float64Array([0]);
  test('without slips, on the day of each supply; what nothing backs stays', () => {
    const down = burnDown(
      [
        { units: 6, value: 600, day: 1, slips: never },
        { units: 3, value: 300, day: 3, slips: never },
        { units: 1, value: 100, day: null, slips: never },
      ],
      5,
    );
    expect([...down.units.p50]).toEqual([10, 4, 4, 1, 1]);
    expect([...down.value.p90]).toEqual([1000, 400, 400, 100, 100]);
    expect([down.half, down.gone, down.unbackedUnits, down.unbackedValue]).toEqual([1, 3, 1, 100]);
  });
  test('a slip that is as likely as not widens the fan', () => {
    const down = burnDown([{ units: 1, value: 100, day: 0, slips: new Float64Array([0, 2]) }], 4);
    expect([down.units.p10[1], down.units.p90[1]]).toEqual([0, 1]);
    expect([...down.units.p90]).toEqual([1, 1, 0, 0]);
  });
});

describe('the journal', () => {
  const at = '2026-03-02T09:00:00.000Z';
  const event = (kind: 'captured' | 'refunded' | 'recognised', amount: number, rate = 1) =>
    ({ kind, at, name: kind, amount, rate }) as const;

  test('a deposit, a part shipment, the balance, a refund', () => {
    const { entries, balance } = journalOf({ net: 10_000, tax: 2000 }, [
      event('captured', 3000), // a quarter: 2500 net, 500 tax
      event('recognised', 4000), // 2500 of it paid
      event('captured', 9000), // 7500 net: 1500 were owed
      event('refunded', 1200), // 1000 net
    ]);
    expect(entries.map(({ postings }) => postings.map(({ account, amount }) => [account, amount]))).toEqual([
      [
        ['cash', 3000],
        ['tax', -500],
        ['deferred_revenue', -2500],
      ],
      [
        ['deferred_revenue', 2500],
        ['receivable', 1500],
        ['revenue', -4000],
      ],
      [
        ['cash', 9000],
        ['tax', -1500],
        ['receivable', -1500],
        ['deferred_revenue', -6000],
      ],
      [
        ['cash', -1200],
        ['tax', 200],
        ['deferred_revenue', 1000],
      ],
    ]);
    expect(balance).toMatchObject({
      captured: 10_000,
      refunded: 1000,
      recognised: 4000,
      deferred: 5000,
      receivable: 0,
    });
  });

  test('deferred money leaves at the rate at which it came in', () => {
    const { entries } = journalOf({ net: 1000, tax: 0 }, [
      event('captured', 1000, 1.1),
      event('recognised', 500, 1.3),
      event('refunded', 500, 1.2),
    ]);
    expect(entries.map(({ postings }) => postings.map(({ account, base }) => [account, base]))).toEqual([
      [
        ['cash', 1100],
        ['deferred_revenue', -1100],
      ],
      [
        ['deferred_revenue', 550],
        ['revenue', -550],
      ],
      [
        ['cash', -600],
        ['deferred_revenue', 550],
        ['exchange', 50],
      ],
    ]);
  });
});

describe('what a day of slip costs', () => {
  test('says nothing of too little', () => {
    expect(slipCost([{ slipDays: 0, lines: 49, cancelled: 20 }])).toBeNull();
    expect(slipCost([{ slipDays: 0, lines: 100, cancelled: 9 }])).toBeNull();
    expect(slipCost([{ slipDays: 3, lines: 100, cancelled: 50 }])).toBeNull();
  });
  test('is the slope of cancelled lines over days', () => {
    // 5 % at no slip, 25 % at ten days: 2 points a day.
    const cost = slipCost([
      { slipDays: 0, lines: 100, cancelled: 5 },
      { slipDays: 10, lines: 100, cancelled: 25 },
    ])!;
    expect(cost.perDay).toBeCloseTo(0.02, 10);
    // Robust error of two shares: √(0.05·0.95/100 + 0.25·0.75/100) ÷ 10.
    expect(cost.high - cost.perDay).toBeCloseTo((1.96 * Math.sqrt((0.0475 + 0.1875) / 100)) / 10, 6);
  });
});
