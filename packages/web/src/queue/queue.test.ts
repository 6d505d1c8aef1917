import { describe, expect, test } from 'vitest';
import { backingOf, supplyName } from './backing.ts';
import type { Commitment } from './backorders.ts';
import { columns, nextSorting } from './columns.ts';
import { reasonWords } from './line/reason-words.ts';
import { readQueueSearch } from './search-params.ts';

describe('the address bar', () => {
  test('keeps what the queue knows', () =>
    expect(
      readQueueSearch({ sort: 'value', direction: 'desc', state: 'late', sku: '0012', search: ' bunting ' }),
    ).toMatchObject({ sort: 'value', direction: 'desc', state: 'late', sku: '0012', search: 'bunting' }));

  test('drops what it does not know, and still opens', () => {
    const read = readQueueSearch({ sort: 'colour', direction: 'up', state: 'lost', channel: '', extra: 'x' });
    expect(Object.values(read).filter((value) => value !== undefined)).toEqual([]);
  });
});

test('a column sorts, turns round, and gives the queue its own order back', () => {
  const value = columns.find(({ key }) => key === 'value')!;
  const once = nextSorting({}, value);
  const twice = nextSorting(once, value);
  expect(once).toEqual({ sort: 'value', direction: 'desc' });
  expect(twice).toEqual({ sort: 'value', direction: undefined });
  expect(nextSorting(twice, value)).toEqual({ sort: undefined, direction: undefined });
});

describe('what backs a line', () => {
  const peg = (purchaseOrder: string, shipBy: string): Commitment => ({
    kind: 'pegged',
    quantity: 2,
    shipBy,
    supply: { kind: 'purchase_order', purchaseOrder },
  });

  test('is told by the supply that comes first, and how many follow', () => {
    const backing = backingOf([
      peg('PO-2', '2026-04-01'),
      peg('PO-1', '2026-03-20'),
      peg('PO-1', '2026-03-25'),
    ]);
    expect(supplyName(backing.first!)).toBe('PO-1');
    expect(backing.more).toBe(1);
  });

  test('is nothing while every unit waits', () =>
    expect(backingOf([{ kind: 'waiting', quantity: 3, shipBy: null }])).toEqual({
      first: null,
      more: 0,
      waitingUnits: 3,
    }));
});

describe('why a date was promised', () => {
  test.each([
    [
      {
        code: 'pegged_to_supply',
        quantity: 2,
        supply: 'purchase_order',
        purchaseOrder: 'PO-7',
        expectedOn: '2026-03-14',
        bufferDays: 3,
      },
      '2 units from PO-7, due Sat 14 Mar, with 3 days of buffer',
    ],
    [
      { code: 'pegged_to_supply', quantity: 1, supply: 'production', expectedOn: null, bufferDays: 0 },
      '1 unit from Production',
    ],
    [{ code: 'reserved_from_stock', quantity: 5, location: 'LDN' }, '5 units from stock at LDN'],
    [{ code: 'not_before', day: '2026-04-01' }, 'not wanted before Wed 1 Apr'],
    [
      { code: 'purchase_order_revised', purchaseOrder: 'PO-7', reason: 'freight' },
      'purchase order revised: PO-7, freight',
    ],
    [{ code: 'anything_new' }, 'anything new'],
    [{ code: 'anything_new', words: 'Said by the server.' }, 'Said by the server.'],
  ])('%o reads "%s"', (reason, expected) => expect(reasonWords(reason, '2026-03-10')).toBe(expected));
});
