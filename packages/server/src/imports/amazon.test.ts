import { expect, test } from 'vitest';
import type { OrderRecord } from './records.ts';
import { importFixture, importText } from './testing.ts';

test('32 columns: the price of the whole quantity is split without losing a cent', async () => {
  const { records, result, told, warned } = await importFixture('amazon-orders-32.txt');
  expect(told).toEqual([]);
  expect(result).toMatchObject({
    state: 'done',
    kind: 'amazon_orders',
    delimiter: 'tab',
    rows: 6,
    ignored: 1,
  });
  const [first, second, pending, cancelled] = records as [OrderRecord, OrderRecord, OrderRecord, unknown];
  // 10.00 for 3: 3 × 3.34 − 0.02
  expect(first).toEqual({
    kind: 'order',
    order: {
      ref: '111-0000001-0000001',
      channel: 'amazon-us',
      mode: 'placed',
      placedAt: '2026-01-04T18:22:31Z',
      sourceUpdatedAt: '2026-01-05T02:00:00Z',
      customer: { name: '' },
      shipTo: { country: 'US', region: 'NV', zip: '89501' },
      lines: [
        {
          line: 'MUG-RED',
          sku: 'MUG-RED',
          quantity: 3,
          price: { amount: 334, currency: 'USD' },
          discount: { amount: 2, currency: 'USD' },
          tax: { amount: 120, currency: 'USD' },
        },
      ],
    },
    history: [{ line: 'MUG-RED', shipped: 3, cancelled: 0 }],
  });
  expect(second.order.business).toBe(true);
  expect(second.history).toBeUndefined();
  for (const [line, total, promotion] of [
    [second.order.lines[0]!, 3600, 360],
    [second.order.lines[1]!, 10_000, 0],
  ] as const) {
    expect(line.price.amount * line.quantity - (line.discount?.amount ?? 0)).toBe(total - promotion);
  }
  expect(cancelled).toEqual({
    kind: 'order_cancellation',
    channel: 'amazon-us',
    ref: '111-0000003-0000003',
    lines: ['DESK'],
  });
  expect(pending.order).toMatchObject({
    paymentDueAt: '2026-01-12T02:00:00Z',
    shipTo: { country: 'ZZ' },
    lines: [{ quantity: 2, price: { amount: 0 } }],
  });
  expect(warned).toEqual(['7 sales-channel "Non-Amazon" was not sold on Amazon: left out']);
});

test('29 columns and the older channel words read the same', async () => {
  const { records, result } = await importFixture('amazon-orders-29.txt');
  expect(result).toMatchObject({ state: 'done', kind: 'amazon_orders', applied: 2 });
  expect((records[1] as OrderRecord).order.business).toBeUndefined();
});

test('rows of one SKU are one line, named by it', async () => {
  const { records } = await importText(`${COLUMNS}
111-1	2026-01-04T18:22:31Z	MUG-RED	2	20.00	1.60	Shipped	Shipped
111-1	2026-01-04T18:22:31Z	LAMP	1	36.00	0	Shipped	Shipped
111-1	2026-01-04T18:22:31Z	MUG-RED	1	9.00	0.70	Unshipped	Shipped
111-1	2026-01-04T18:22:31Z	LAMP	0			Cancelled	Shipped
111-1	2026-01-04T18:22:31Z	DESK	0			Cancelled	Shipped
`);
  const [order, gone] = records as [OrderRecord, unknown];
  expect(order.order.lines.map((line) => [line.line, line.quantity, line.tax?.amount])).toEqual([
    ['MUG-RED', 3, 230],
    ['LAMP', 1, undefined],
  ]);
  const [mug] = order.order.lines;
  expect(mug!.price.amount * 3 - (mug!.discount?.amount ?? 0)).toBe(2900);
  expect(order.history).toEqual([
    { line: 'MUG-RED', shipped: 2, cancelled: 0 },
    { line: 'LAMP', shipped: 1, cancelled: 0 },
  ]);
  // of the lamps one is still sold: the order says so itself
  expect(gone).toMatchObject({ kind: 'order_cancellation', lines: ['DESK'] });
});

test('rows of one SKU that are too many together, or worth too much, are refused where they become it', async () => {
  const { result, told } = await importText(`${COLUMNS}
111-1	2026-01-04T18:22:31Z	MUG-RED	9000000	20.00	0	Shipped	Shipped
111-1	2026-01-04T18:22:31Z	MUG-RED	2000000	20.00	0	Shipped	Shipped
${'111-2	2026-01-04T18:22:31Z	LAMP	1	1000000000.00	0	Shipped	Shipped\n'.repeat(101)}`);
  expect(result.state).toBe('refused');
  expect(told).toEqual([
    '3 quantity "11000000" is too many units',
    '104 item-price "10100000000000" makes the line worth too much',
  ]);
});

const COLUMNS =
  'amazon-order-id	purchase-date	sku	quantity	item-price	item-tax	item-status	order-status';

test('FBA: fulfillable is sellable, unsellable is damaged, reserved goes along for the orders that Kept knows', async () => {
  const { records, result } = await importFixture('amazon-fba-inventory.txt');
  expect(result.kind).toBe('amazon_fba_inventory');
  expect(records).toEqual([
    { kind: 'stock', sku: 'MUG-RED', location: 'fba-us', condition: 'sellable', counted: 10, reserved: 4 },
    { kind: 'stock', sku: 'MUG-RED', location: 'fba-us', condition: 'damaged', counted: 1 },
    { kind: 'stock', sku: 'LAMP', location: 'fba-us', condition: 'sellable', counted: 0 },
    { kind: 'stock', sku: 'LAMP', location: 'fba-us', condition: 'damaged', counted: 0 },
  ]);
});
