import { describe, expect, test } from 'vitest';
import type { ChargeTerms } from './charge.ts';
import { duesOf, type StatedCharge, statementsOf } from './charge-stated.ts';

const usd = (amount: number) => ({ kind: 'money', amount, currency: 'USD' });
const stated = (terms: ChargeTerms, here: number, coming: number, amount: number): StatedCharge => ({
  terms,
  dues: duesOf(terms, { here, coming, amount }),
});

describe('an order is stated in as few sentences as it takes', () => {
  test.each<[string, StatedCharge[], object[]]>([
    [
      'all at order',
      [stated({ kind: 'at_order' }, 1, 0, 1000), stated({ kind: 'at_order' }, 0, 2, 4000)],
      [{ key: 'at_order', values: { total: usd(5000) } }],
    ],
    [
      'what is here and a deposit are paid together',
      [stated({ kind: 'at_order' }, 1, 0, 1000), stated({ kind: 'deposit', percent: 25 }, 0, 1, 2000)],
      [{ key: 'deposit', values: { now: usd(1500), balance: usd(1500) } }],
    ],
    [
      'what is here is paid, the rest set aside',
      [stated({ kind: 'authorise' }, 1, 1, 3000)],
      [{ key: 'authorise_part', values: { now: usd(1500), rest: usd(1500) } }],
    ],
    ['nothing before it ships', [stated({ kind: 'at_shipment' }, 0, 3, 900)], [{ key: 'at_shipment' }]],
    [
      'invoices of one term are one',
      [stated({ kind: 'invoice', days: 30 }, 0, 1, 700), stated({ kind: 'invoice', days: 30 }, 1, 0, 300)],
      [{ key: 'invoice', values: { total: usd(1000), days: { days: 30 } } }],
    ],
    [
      'three kinds are three sentences',
      [
        stated({ kind: 'deposit', amount: 500 }, 0, 1, 2000),
        stated({ kind: 'authorise' }, 0, 1, 3000),
        stated({ kind: 'at_shipment' }, 0, 1, 100),
      ],
      [
        { key: 'deposit', values: { now: usd(500), balance: usd(1500) } },
        { key: 'authorise', values: { total: usd(3000) } },
        { key: 'at_shipment', values: { total: usd(100) } },
      ],
    ],
  ])('%s', (_, lines, said) => {
    expect(statementsOf(lines, 'USD')).toMatchObject(said);
  });
});
