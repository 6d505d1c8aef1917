import { describe, expect, test } from 'vitest';
import { authorisationStep, lapsesAt, RENEW_BEFORE_MS, WINDOW_MS } from './authorisation.ts';
import { allot, type ChargeEvent, type ChargeTerms, chargeStanding, refundsFor, termsFor } from './charge.ts';
import { chargeBefore } from './charge-stated.ts';

const price = { amount: 10_000, currency: 'USD' };

describe('what is stated before the order', () => {
  test.each<
    [
      string,
      ChargeTerms,
      number,
      number,
      { key: string; dueNow?: number; authorised?: number; atShipment?: number; invoiced?: number },
    ]
  >([
    ['at order, whatever waits', { kind: 'at_order' }, 1, 2, { key: 'at_order', dueNow: 30_000 }],
    [
      'a share of what waits',
      { kind: 'deposit', percent: 20 },
      0,
      2,
      { key: 'deposit', dueNow: 4_000, atShipment: 16_000 },
    ],
    [
      'what is here in full, and the deposit of the rest',
      { kind: 'deposit', percent: 20 },
      1,
      2,
      { key: 'deposit', dueNow: 14_000, atShipment: 16_000 },
    ],
    [
      'an amount for each unit',
      { kind: 'deposit', amount: 2_500 },
      0,
      3,
      { key: 'deposit', dueNow: 7_500, atShipment: 22_500 },
    ],
    [
      'a deposit is never more than the price',
      { kind: 'deposit', amount: 99_999 },
      0,
      1,
      { key: 'at_order', dueNow: 10_000 },
    ],
    [
      'no deposit on what is here',
      { kind: 'deposit', percent: 20 },
      2,
      0,
      { key: 'at_order', dueNow: 20_000 },
    ],
    ['set aside on the card', { kind: 'authorise' }, 0, 1, { key: 'authorise', authorised: 10_000 }],
    [
      'paid for what is here, set aside for the rest',
      { kind: 'authorise' },
      1,
      1,
      { key: 'authorise_part', dueNow: 10_000, authorised: 10_000 },
    ],
    ['at shipment', { kind: 'at_shipment' }, 1, 1, { key: 'at_shipment', atShipment: 20_000 }],
    ['by invoice', { kind: 'invoice', days: 30 }, 1, 1, { key: 'invoice', invoiced: 20_000 }],
    ['nothing can be had', { kind: 'deposit', percent: 20 }, 0, 0, { key: 'nothing' }],
  ])('%s', (_, terms, here, coming, { key, ...amounts }) => {
    const statement = chargeBefore(terms, { here, coming, price });
    expect(statement).toMatchObject({
      dueNow: 0,
      authorised: 0,
      atShipment: 0,
      invoiced: 0,
      ...amounts,
      said: { key },
    });
  });

  test('half a cent goes up', () => {
    const cheap = { amount: 5, currency: 'USD' };
    expect(chargeBefore({ kind: 'deposit', percent: 10 }, { here: 0, coming: 1, price: cheap }).dueNow).toBe(
      1,
    );
  });

  test('a channel has its own terms', () => {
    const policy = {
      terms: { kind: 'deposit', percent: 20 },
      channels: { wholesale: { kind: 'invoice', days: 30 } },
    } as const;
    expect(termsFor(policy, 'web').kind).toBe('deposit');
    expect(termsFor(policy, 'wholesale').kind).toBe('invoice');
    expect(termsFor(undefined, 'web').kind).toBe('at_order');
  });
});

describe('a deposit is allotted pro rata, the remainder to the last', () => {
  test.each([
    [100, [100, 100, 100], [33, 33, 34]],
    [1_000, [3_000, 7_000], [300, 700]],
    [5, [1, 0, 1], [2, 0, 3]],
    [5, [1, 0], [5, 0]],
    [7, [0, 0], [0, 7]],
    [0, [5, 5], [0, 0]],
  ])('%i over %j', (amount, values, parts) => {
    expect(allot(amount, values)).toEqual(parts);
  });
});

/** Two lines: two tables at 100.00, one lamp at 50.00. */
const lines = [
  { line: 1, units: 2, amount: 20_000 },
  { line: 2, units: 1, amount: 5_000 },
];
const standing = (...events: ChargeEvent[]) => chargeStanding(lines, events);
const captured = (amount: number, ...of: number[]): ChargeEvent => ({
  kind: 'captured',
  amount,
  ...(of.length > 0 ? { lines: of } : {}),
});
const refunded = (amount: number): ChargeEvent => ({ kind: 'refunded', amount });
const shipped = (line: number, units: number): ChargeEvent => ({ kind: 'shipped', line, units });
const cancelled = (line: number, units: number): ChargeEvent => ({ kind: 'cancelled', line, units });

describe('what was collected for goods not shipped, to the cent', () => {
  test.each<[string, ChargeEvent[], { prepaid: number; owed: number; refundDue: number; credit?: number }]>([
    ['all paid at order', [captured(25_000)], { prepaid: 25_000, owed: 0, refundDue: 0 }],
    ['and one table shipped', [captured(25_000), shipped(1, 1)], { prepaid: 15_000, owed: 0, refundDue: 0 }],
    [
      'and the lamp cancelled',
      [captured(25_000), cancelled(2, 1)],
      { prepaid: 20_000, owed: 0, refundDue: 5_000 },
    ],
    [
      'and refunded',
      [captured(25_000), cancelled(2, 1), refunded(5_000)],
      { prepaid: 20_000, owed: 0, refundDue: 0 },
    ],
    ['a deposit of a fifth', [captured(5_000)], { prepaid: 5_000, owed: 0, refundDue: 0 }],
    [
      'a table ships: its share counts, its balance is owed',
      [captured(5_000), shipped(1, 1)],
      { prepaid: 3_000, owed: 8_000, refundDue: 0 },
    ],
    [
      'the balance is paid',
      [captured(5_000), shipped(1, 1), captured(8_000)],
      { prepaid: 3_000, owed: 0, refundDue: 0 },
    ],
    [
      'the balance is taken just before the parcel leaves',
      [captured(5_000), captured(8_000, 1), shipped(1, 1)],
      { prepaid: 7_000, owed: 4_000, refundDue: 0 },
    ],
    [
      'cancelling a line gives its share back',
      [captured(5_000), cancelled(1, 2)],
      { prepaid: 1_000, owed: 0, refundDue: 4_000 },
    ],
    [
      'cancelling one of two gives half',
      [captured(5_000), cancelled(1, 1)],
      { prepaid: 3_000, owed: 0, refundDue: 2_000 },
    ],
    ['nothing taken before shipment', [shipped(2, 1)], { prepaid: 0, owed: 5_000, refundDue: 0 }],
    ['too much is credit', [captured(26_000)], { prepaid: 25_000, owed: 0, refundDue: 0, credit: 1_000 }],
    [
      'goodwill comes off what is shipped',
      [captured(25_000), shipped(1, 2), refunded(500)],
      { prepaid: 5_000, owed: 0, refundDue: 0 },
    ],
  ])('%s', (_, events, expected) => {
    expect(standing(...events)).toMatchObject({ credit: 0, ...expected });
  });
});

test('a cent that does not divide stays with the line for no longer than the line costs it', () => {
  const odd = [
    { line: 1, units: 2, amount: 5_213_403 },
    { line: 2, units: 7, amount: 2_660_887 },
  ];
  const { lines } = chargeStanding(odd, [captured(7_874_288), shipped(2, 1), shipped(2, 1)]);
  expect(lines[1]!.prepaid).toBeLessThanOrEqual(lines[1]!.openAmount);
});

describe('refunds go back the way the money came', () => {
  const payments = [
    { id: 'deposit', amount: 5_000, refunded: 0 },
    { id: 'balance', amount: 8_000, refunded: 7_000 },
  ];
  test.each([
    [500, [{ payment: 'balance', amount: 500 }], 0],
    [
      3_000,
      [
        { payment: 'balance', amount: 1_000 },
        { payment: 'deposit', amount: 2_000 },
      ],
      0,
    ],
    [
      7_000,
      [
        { payment: 'balance', amount: 1_000 },
        { payment: 'deposit', amount: 5_000 },
      ],
      1_000,
    ],
  ])('%i', (amount, refunds, rest) => {
    expect(refundsFor(amount, payments)).toEqual({ refunds, rest });
  });
});

describe('an authorisation', () => {
  const at = Date.parse('2026-03-02T09:00:00Z');
  const hours = (count: number) => at + count * 3_600_000;
  const one = { at, captureBefore: null, network: 'visa', by: 'customer', extendsUntil: null } as const;

  test('lapses when its provider says, else when its network does', () => {
    expect(lapsesAt({ ...one, captureBefore: hours(50) })).toBe(hours(50));
    expect(lapsesAt(one)).toBe(at + WINDOW_MS.visa.customer);
    expect(lapsesAt({ ...one, by: 'merchant' })).toBe(hours(4 * 24 + 18));
  });

  test.each<[string, Parameters<typeof authorisationStep>[0], number, string]>([
    ['is left alone at first', one, hours(1), 'wait'],
    ['until a day and a half before it lapses', one, lapsesAt(one) - RENEW_BEFORE_MS, 'reauthorise'],
    ['is rather extended where that can be', { ...one, extendsUntil: hours(30 * 24) }, hours(160), 'extend'],
    ['but not where it lasts no longer', { ...one, extendsUntil: lapsesAt(one) }, hours(160), 'reauthorise'],
    ['has lapsed when its moment has come', one, lapsesAt(one), 'lapsed'],
  ])('%s', (_, authorisation, now, kind) => {
    expect(authorisationStep(authorisation, now).kind).toBe(kind);
  });
});
