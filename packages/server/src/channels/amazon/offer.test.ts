import { expect, test } from 'vitest';
import { type OfferTerms, offerOf, offerWords } from './offer.ts';
import { type SellerOrder, sellerMetrics } from './seller-metrics.ts';

const NOW = new Date('2026-03-02T12:00:00Z');
const TODAY = '2026-03-02';
const order = (more: Partial<SellerOrder> = {}): SellerOrder => ({
  placedAt: '2026-02-27T00:00:00.000Z',
  shipBy: '2026-03-04',
  shippedOn: '2026-03-01',
  plannedOn: null,
  cancelledBy: null,
  unbacked: false,
  ...more,
});
const orders = (count: number, more: Partial<SellerOrder> = {}) =>
  Array.from({ length: count }, () => order(more));
const terms = (all: readonly SellerOrder[], more: Partial<OfferTerms> = {}): OfferTerms => ({
  today: TODAY,
  handlingDays: 2,
  offerBackorders: true,
  metrics: sellerMetrics(all, NOW, TODAY),
  ...more,
});
const later = (...parts: [number, string][]) => parts.map(([quantity, shipBy]) => ({ quantity, shipBy }));

test.each([
  [
    'on the shelf: only that, with the handling time',
    7,
    later([5, '2026-03-14']),
    { quantity: 7, restockOn: null, leadTimeDays: 2 },
  ],
  [
    'an empty shelf: the next arrival with its day',
    0,
    later([5, '2026-03-14'], [9, '2026-03-20']),
    { quantity: 5, restockOn: '2026-03-14' },
  ],
  [
    'arrivals of one day together',
    0,
    later([5, '2026-03-14'], [4, '2026-03-14']),
    { quantity: 9, restockOn: '2026-03-14' },
  ],
  ['the thirtieth day is still taken', 0, later([5, '2026-04-01']), { quantity: 5, restockOn: '2026-04-01' }],
  ['the thirty-first is not', 0, later([5, '2026-04-02']), { quantity: 0, restockOn: null }],
  ['nothing to come: nothing', 0, [], { quantity: 0, restockOn: null }],
  ['a negative shelf is nothing', -3, [], { quantity: 0 }],
] as const)('%s', (_, now, parts, offer) => {
  expect(offerOf({ sku: 'MUG', now, later: parts }, terms([]))).toMatchObject(offer);
});

test('the longest handling time is thirty days, whatever the settings say', () => {
  expect(offerOf({ sku: 'MUG', now: 1, later: [] }, terms([], { handlingDays: 45 })).leadTimeDays).toBe(30);
});

const soonLate = { shippedOn: null, plannedOn: '2026-03-20' } as const;
const unbacked = { shippedOn: null, unbacked: true } as const;
const bySeller = { cancelledBy: 'seller', shippedOn: null } as const;

test.each([
  ['all on time: backorders are offered', [...orders(100)], 0, 5],
  ['two of a hundred will be late: still', [...orders(98), ...orders(2, soonLate)], 0, 5],
  [
    'three of a hundred will be late: backorders stop before the limit of 4 %',
    [...orders(97), ...orders(3, soonLate)],
    0,
    0,
  ],
  [
    'three of a hundred will be late: the shelf is sold all the same',
    [...orders(97), ...orders(3, soonLate)],
    10,
    10,
  ],
  [
    'one of ten is late: backorders stop',
    [...orders(9), ...orders(1, { shippedOn: null, shipBy: '2026-03-01' })],
    0,
    0,
  ],
  [
    'one of a hundred was cancelled by the seller: the shelf is sold',
    [...orders(99), ...orders(1, bySeller)],
    10,
    10,
  ],
  ['two of a hundred: a tenth of the shelf stays', [...orders(98), ...orders(2, bySeller)], 10, 9],
  [
    'one cancelled and one with nothing behind it count alike',
    [...orders(98), ...orders(1, bySeller), ...orders(1, unbacked)],
    10,
    9,
  ],
  [
    'three of a hundred are beyond 2.5 %: half of the shelf stays',
    [...orders(97), ...orders(3, bySeller)],
    10,
    5,
  ],
  [
    'buyers who cancel do not count',
    [...orders(97), ...orders(3, { cancelledBy: 'buyer', shippedOn: null })],
    10,
    10,
  ],
  [
    'old orders do not count',
    [...orders(97), ...orders(9, { ...bySeller, placedAt: '2026-02-01T00:00:00.000Z' })],
    10,
    10,
  ],
])('%s', (_, all, now, quantity) => {
  const offer = offerOf({ sku: 'MUG', now, later: later([5, '2026-03-14']) }, terms(all));
  expect(offer.quantity).toBe(quantity);
});

test('a slip stops the offer while Amazon’s own rate is still zero', () => {
  const slipped = [...orders(90), ...orders(10, soonLate)];
  expect(sellerMetrics(slipped, NOW, TODAY)).toMatchObject({
    late: { count: 0 },
    lateSoon: { count: 10, of: 100 },
  });
  const { quantity, reasons } = offerOf(
    { sku: 'MUG', now: 0, later: later([5, '2026-03-14']) },
    terms(slipped),
  );
  expect(quantity).toBe(0);
  expect(reasons.map(offerWords)).toEqual([
    'backorders stop: 10.0 % (10 of 100) of the last 30 days’ orders are or will be late, and Amazon’s limit is 4.0 %'.replaceAll(
      '’',
      "'",
    ),
  ]);
});

test('each way of giving way has words', () => {
  const words = offerOf(
    { sku: 'MUG', now: 10, later: later([1, '2026-06-01']) },
    terms([...orders(9), ...orders(1, bySeller)]),
  ).reasons.map(offerWords);
  expect(words).toEqual([
    '1 unit from 2026-06-01 on are not offered: Amazon takes no ship day more than 30 days ahead',
    "backorders stop: 10.0 % (1 of 10) of the last 7 days' orders are cancelled or have nothing behind them, and Amazon's limit is 2.5 %",
    '5 units on the shelf stay unsold, so that no more has to be cancelled',
  ]);
});
