import { expect, test } from 'vitest';
import type { Backorder } from './backorders.ts';
import { csvOf } from './export.ts';

const line = {
  order: 'web:1',
  line: 1,
  sku: '=1+1',
  title: 'Mug, "red"',
  channel: 'web',
  customer: 'Ada',
  quantity: 2,
  value: { amount: 1050, currency: 'JPY' },
  waitingSince: '2026-03-02T09:00:00Z',
  promise: null,
  commitments: [],
  state: 'late',
} as unknown as Backorder;

test('a file keeps its cells apart, its money in the currency’s own units, and holds no formula', () => {
  const [, row] = decodeURIComponent(csvOf([line]).split(',').slice(1).join(',')).split('\r\n');
  expect(row).toBe(`web:1,1,'=1+1,"Mug, ""red""",web,Ada,2,1050,JPY,2026-03-02T09:00:00Z,,,late`);
});
