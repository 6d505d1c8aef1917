import { describe, expect, test } from 'vitest';
import { type PickableLine, type PickableOrder, picksOf, type Releasable, releasable } from './release.ts';

const TODAY = 20_000;
const line = (over: Partial<PickableLine> & { reserved?: number; per?: number } = {}): PickableLine => ({
  line: 1,
  open: 5,
  released: 0,
  notBefore: null,
  legs: [{ item: 1, per: over.per ?? 1, reserved: [{ place: 0, quantity: over.reserved ?? 5 }] }],
  ...over,
});
const order = (over: Partial<PickableOrder>): PickableOrder => ({
  shipComplete: false,
  unpaid: false,
  lines: [line()],
  ...over,
});
const of = (one: Releasable) => [
  one.state,
  one.block,
  one.lines.map(({ line: number, quantity }) => `${number}: ${quantity}`).join(),
];

describe('what can be released to pick', () => {
  test.each<[string, Partial<PickableOrder>, (string | null)[]]>([
    ['all of it, where all is reserved', {}, ['whole', null, '1: 5']],
    ['a part, where some still waits', { lines: [line({ reserved: 3 })] }, ['part', null, '1: 3']],
    ['only what nobody picks yet', { lines: [line({ reserved: 4, released: 3 })] }, ['part', null, '1: 1']],
    ['nothing twice', { lines: [line({ released: 5 })] }, ['blocked', 'released_already', '']],
    ['nothing before it is paid', { unpaid: true }, ['blocked', 'unpaid', '']],
    ['nothing before its day', { lines: [line({ notBefore: TODAY + 1 })] }, ['blocked', 'not_before', '']],
    ['on its day', { lines: [line({ notBefore: TODAY })] }, ['whole', null, '1: 5']],
    [
      'one parcel waits for its last line',
      { shipComplete: true, lines: [line(), line({ line: 2, reserved: 4 })] },
      ['blocked', 'ships_complete', ''],
    ],
    [
      'one parcel, when all of it is here',
      { shipComplete: true, lines: [line(), line({ line: 2 })] },
      ['whole', null, '1: 5,2: 5'],
    ],
    ['only whole kits', { lines: [line({ per: 2, reserved: 7 })] }, ['part', null, '1: 3']],
    ['nothing that is not here', { lines: [line({ reserved: 0 })] }, ['blocked', 'nothing_reserved', '']],
  ])('%s', (_, given, expected) => {
    expect(of(releasable(order(given), TODAY))).toEqual(expected);
  });

  test('it is picked where it lies, behind what is being picked already', () => {
    const reserved = [
      { place: 0, quantity: 3 },
      { place: 1, quantity: 4 },
    ];
    expect(picksOf(line({ open: 7, released: 2, legs: [{ item: 1, per: 1, reserved }] }), 4)).toEqual([
      { item: 1, place: 0, quantity: 1 },
      { item: 1, place: 1, quantity: 3 },
    ]);
  });
});
