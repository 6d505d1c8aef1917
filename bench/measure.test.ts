import { describe, expect, test } from 'vitest';
import { alternate, figureText, type Measured, spreadOf } from './measure.ts';
import { table } from './table.ts';

describe('measuring', () => {
  test('contenders take turns, and each has the median and the spread of its own runs', async () => {
    const turns: string[] = [];
    const figures = [3, 1, 2];
    const spreads = await alternate(3, {
      kept: () => {
        turns.push('kept');
        return figures[turns.length >> 1]!;
      },
      limit: async () => {
        turns.push('limit');
        return null;
      },
    });
    expect(turns).toEqual(['kept', 'limit', 'kept', 'limit', 'kept', 'limit']);
    expect(spreads).toEqual({ kept: { median: 2, least: 1, most: 3 }, limit: null });
  });

  test('an even number of runs has its median between the middle two', () => {
    expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, least: 1, most: 4 });
  });

  test.each([
    [0, '0'],
    [0.01234, '0.0123'],
    [5.9439, '5.94'],
    [65.27, '65.3'],
    [2297.6, '2,298'],
  ])('%d is told as %s', (figure, text) => {
    expect(figureText(figure)).toBe(text);
  });
});

test('a table says what could not be measured, and what was missed', () => {
  const measured: Measured = {
    row: {
      bench: 'plan',
      work: 'all of it',
      kept: 500,
      unit: 'ms',
      limit: null,
      peers: { objects: 2000 },
      ratio: null,
      goal: '≤ 400 ms',
      holds: false,
    },
    spread: '490–510',
    note: 'No compiler.',
  };
  expect(table([measured]).split('\n').slice(2)).toEqual([
    'plan   all of it   500  490–510  ms        –      –  objects 2,000  ≤ 400 ms  MISSED',
    '',
    'No compiler.',
  ]);
});
