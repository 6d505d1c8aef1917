import { expect, test } from 'vitest';
import { acknowledge } from './acknowledge.ts';
import type { Cover } from './acknowledgement.ts';
import { cancelOrder, settleCancellation } from './cancel.ts';
import { confirmShipment } from './ship.ts';
import { factsIn, openAmazon } from './testing/amazon.ts';
import { purchaseOrderChanges } from './vendor-orders.ts';

const HOUR = 3_600_000;
const shipment = (ref: string, lines: { line: string; quantity: number }[], more = {}) => ({
  id: 'ship-1',
  ref,
  lines,
  carrier: 'UPS',
  tracking: '1Z999',
  shippedAt: '2026-03-02T11:00:00Z',
  ...more,
});

test('a shipment is confirmed once, over the items of its SKU, also when the answer was lost', async () => {
  const it = await openAmazon();
  const order = it.simulator.shop.sell({
    items: [
      { sku: 'MUG', quantity: 2 },
      { sku: 'MUG', quantity: 3 },
    ],
  });
  it.simulator.faults.lostAnswers = true;
  const mugs = shipment(order.orderId, [{ line: 'MUG', quantity: 4 }]);
  for (let time = 0; time < 3; time++)
    expect(await confirmShipment(it.amazon, mugs)).toEqual({ state: 'done' });
  expect(order.items.map((item) => item.fulfilled)).toEqual([2, 2]);
  expect(order.packages).toMatchObject([{ carrier: 'UPS', trackingNumber: '1Z999' }]);
  expect(order.status).toBe('PARTIALLY_SHIPPED');
  expect(
    await confirmShipment(it.amazon, {
      ...mugs,
      id: 'ship-2',
      lines: [{ line: 'MUG', quantity: 1 }],
      carrier: 'Cargo Bike Ltd',
    }),
  ).toEqual({ state: 'done' });
  expect(order.status).toBe('SHIPPED');
});

test('what Amazon does not take is refused, with the reason', async () => {
  const it = await openAmazon();
  const { shop } = it.simulator;
  const one = [{ line: 'MUG', quantity: 1 }];
  const amazons = shop.sell({ items: [{ sku: 'MUG', quantity: 1 }], fulfilledBy: 'AMAZON' });
  const ours = shop.sell({ items: [{ sku: 'MUG', quantity: 1 }] });
  expect(await confirmShipment(it.amazon, shipment(amazons.orderId, one))).toMatchObject({
    state: 'refused',
    why: expect.stringContaining('ships order'),
  });
  expect(
    await confirmShipment(it.amazon, shipment(ours.orderId, one, { tracking: undefined })),
  ).toMatchObject({
    why: 'Amazon takes a shipment only with its tracking number.',
  });
  expect(
    await confirmShipment(it.amazon, shipment(ours.orderId, [{ line: 'MUG', quantity: 2 }])),
  ).toMatchObject({
    why: `1 of 2 units of MUG are not open in Amazon's order ${ours.orderId}.`,
  });
  expect(await confirmShipment(it.amazon, shipment('111-0000000-0000000', one))).toMatchObject({
    why: 'Amazon has no order 111-0000000-0000000.',
  });
});

test('a cancellation is a feed that Amazon works on, and is settled once it has', async () => {
  const it = await openAmazon({ polls: 2 });
  const order = it.simulator.shop.sell({ items: [{ sku: 'MUG', quantity: 2 }] });
  const asked = await cancelOrder(it.amazon, { ref: order.orderId, by: 'brand' });
  if (asked.state !== 'pending') throw new Error(`it is ${asked.state}`);
  const settle = () => settleCancellation(it.amazon, asked.handle, order.orderId);
  expect(await settle()).toMatchObject({ state: 'pending' });
  expect(await settle()).toMatchObject({ state: 'pending' });
  expect(await settle()).toEqual({ state: 'done' });
  expect(order).toMatchObject({ status: 'CANCELLED', cancelledBy: 'MERCHANT' });
  // again, as after a crash: it is so already
  expect(await cancelOrder(it.amazon, { ref: order.orderId, by: 'brand' })).toEqual({ state: 'done' });
});

test('an order that shipped meanwhile is not cancelled, part of one never is, a pending one later', async () => {
  const it = await openAmazon();
  const { shop } = it.simulator;
  const raced = shop.sell({ items: [{ sku: 'MUG', quantity: 2 }] });
  const asked = await cancelOrder(it.amazon, { ref: raced.orderId, by: 'customer' });
  shop.change(raced.orderId, (order) => {
    order.items[0]!.fulfilled = 2;
    order.status = 'SHIPPED';
  });
  expect(await settleCancellation(it.amazon, (asked as { handle: string }).handle, raced.orderId)).toEqual({
    state: 'refused',
    why: `Amazon did not cancel order ${raced.orderId}: Order ${raced.orderId} is SHIPPED and cannot be cancelled.`,
  });
  const two = shop.sell({
    items: [
      { sku: 'MUG', quantity: 2 },
      { sku: 'LAMP', quantity: 1 },
    ],
  });
  expect(
    await cancelOrder(it.amazon, { ref: two.orderId, by: 'brand', lines: [{ line: 'MUG', quantity: 2 }] }),
  ).toEqual({
    state: 'refused',
    why: `Amazon cancels only whole orders, and 1 of LAMP in order ${two.orderId} would stay.`,
  });
  const pending = shop.sell({ items: [{ sku: 'MUG', quantity: 1 }], status: 'PENDING' });
  expect(await cancelOrder(it.amazon, { ref: pending.orderId, by: 'brand' })).toMatchObject({
    state: 'later',
  });
});

const line = (number: number, more: object = {}) => ({
  itemSequenceNumber: String(number),
  amazonProductIdentifier: 'B00SIMULAT',
  vendorProductIdentifier: `ITEM-${number}`,
  quantity: { amount: 10, unitOfMeasure: 'Eaches' as const, unitSize: 1 },
  isBackOrderAllowed: true,
  netCost: { amount: '7.50', currencyCode: 'USD' },
  ...more,
});
const cover = (...parts: [string, [number, string][]][]): Map<string, Cover> =>
  new Map(
    parts.map(([number, all]) => [
      number,
      { parts: all.map(([quantity, shipBy]) => ({ quantity, shipBy })) },
    ]),
  );

test('a purchase order of Amazon is an order, in pieces, with its window', async () => {
  const it = await openAmazon();
  const order = it.simulator.shop.orderFromVendor({
    shipWindow: '2026-03-05T08:00:00Z--2026-03-12T08:00:00Z',
    lines: [
      line(1, { quantity: { amount: 3, unitOfMeasure: 'Cases', unitSize: 12 } }),
      line(2, { isBackOrderAllowed: false }),
      line(3, { quantity: { amount: 0, unitOfMeasure: 'Eaches', unitSize: 1 } }),
    ],
  });
  it.pass(HOUR);
  const read = await it.readAll((cursor) => purchaseOrderChanges(it.vendor, cursor));
  expect(factsIn(read.pages)).toMatchObject([
    {
      kind: 'order',
      order: {
        ref: order.number,
        channel: 'amazon-vendor',
        business: true,
        lines: [
          {
            line: '1',
            sku: 'ITEM-1',
            quantity: 36,
            price: { amount: 750 },
            notBefore: '2026-03-05',
            statedShipBy: '2026-03-12',
          },
          { line: '2', cancelAfter: '2026-03-12' },
        ],
      },
    },
  ]);
  it.pass(HOUR);
  order.changedAt = it.now().toISOString();
  for (const one of order.lines) one.quantity.amount = 0;
  it.pass(HOUR);
  const news = await it.readAll((cursor) => purchaseOrderChanges(it.vendor, cursor), read.cursor);
  expect(factsIn(news.pages)).toMatchObject([
    { kind: 'cancellation', order: `amazon-vendor:${order.number}` },
  ]);
});

test('it is answered: accepted in its window, backordered with a day where that is allowed, else rejected', async () => {
  const it = await openAmazon();
  const order = it.simulator.shop.orderFromVendor({
    shipWindow: '2026-03-05T08:00:00Z--2026-03-12T08:00:00Z',
    lines: [
      line(1),
      line(2, { isBackOrderAllowed: false }),
      line(3),
      line(4, { quantity: { amount: 3, unitOfMeasure: 'Cases', unitSize: 12 } }),
    ],
  });
  const promised = cover(
    [
      '1',
      [
        [4, '2026-03-06'],
        [3, '2026-03-20'],
      ],
    ],
    [
      '2',
      [
        [4, '2026-03-06'],
        [6, '2026-03-20'],
      ],
    ],
    [
      '4',
      [
        [20, '2026-03-06'],
        [10, '2026-03-18'],
      ],
    ],
  );
  expect(await acknowledge(it.vendor, order.number, promised)).toEqual({ state: 'done' });
  expect(
    order.lines.map((one) =>
      one.answered!.map(({ code, amount, shipDate }) =>
        `${amount} ${code} ${shipDate?.slice(5, 10) ?? ''}`.trim(),
      ),
    ),
  ).toEqual([
    ['4 Accepted 03-06', '3 Backordered 03-20', '3 Rejected'],
    ['4 Accepted 03-06', '6 Rejected'],
    ['10 Rejected'],
    // of 30 pieces two cases are whole: one by the 6th, one by the 18th
    ['1 Accepted 03-06', '1 Backordered 03-18', '1 Rejected'],
  ]);
});

test('a slip is told: within 48 hours as it is, afterwards as days alone, and what was rejected stays so', async () => {
  const it = await openAmazon();
  const order = it.simulator.shop.orderFromVendor({
    shipWindow: '2026-03-05T08:00:00Z--2026-03-12T08:00:00Z',
    lines: [line(1), line(2)],
  });
  const answers = () =>
    order.lines.map((one) =>
      one.answered!.map(({ code, amount, shipDate }) =>
        `${amount} ${code} ${shipDate?.slice(5, 10) ?? ''}`.trim(),
      ),
    );
  await acknowledge(it.vendor, order.number, cover(['1', [[10, '2026-03-06']]]));
  expect(answers()).toEqual([['10 Accepted 03-06'], ['10 Rejected']]);
  it.pass(30 * HOUR);
  expect(
    await acknowledge(it.vendor, order.number, cover(['1', [[6, '2026-03-08']]], ['2', [[9, '2026-03-08']]])),
  ).toEqual({ state: 'done' });
  expect(answers()).toEqual([['6 Accepted 03-08', '4 Rejected'], ['10 Rejected']]);
  it.pass(30 * HOUR);
  expect(
    await acknowledge(
      it.vendor,
      order.number,
      cover([
        '1',
        [
          [2, '2026-03-09'],
          [9, '2026-03-25'],
        ],
      ]),
    ),
  ).toEqual({ state: 'done' });
  expect(answers()).toEqual([['2 Accepted 03-09', '4 Backordered 03-25', '4 Rejected'], ['10 Rejected']]);
  expect(await acknowledge(it.vendor, order.number, cover(['1', [[2, '2026-03-09']]]))).toEqual({
    state: 'done',
  });
  expect(answers()[0]).toEqual(['2 Accepted 03-09', '4 Accepted', '4 Rejected']);
});
