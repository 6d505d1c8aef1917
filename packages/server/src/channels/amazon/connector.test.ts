import { expect, test } from 'vitest';
import type { Action, SoldOrder } from '../../connections/index.ts';
import { amazonConnector } from './connector.ts';
import { factsIn, openAmazon, promisable } from './testing/amazon.ts';

const ofOrder = (ref: string, channel = 'amazon-us') => ({
  id: 'a-1',
  at: '2026-03-02T12:00:00Z',
  order: { channel, ref },
});

test('every stream that it names can be read, and is quiet where the settings have no use for it', async () => {
  const it = await openAmazon({
    settings: { fba: undefined, sellerId: undefined, queue: undefined, historyDays: 1 },
  });
  for (const stream of amazonConnector().streams) {
    const read = await it.readAll((cursor) => it.connection.changes(stream, cursor, {}));
    expect(factsIn(read.pages)).toEqual([]);
  }
  expect(new Set(it.simulator.asked)).toEqual(new Set(['searchOrders']));
});

test('a check says what works, what is missing and how to mend it', async () => {
  const it = await openAmazon();
  expect(await it.connection.check()).toMatchObject([
    { code: 'access', level: 'ok', words: 'Amazon knows the seller as Kept Mugs.' },
    { code: 'no_transit_days', level: 'ok' },
  ]);
  it.simulator.tokens.revoke();
  const poor = await openAmazon({
    settings: {
      sellerId: undefined,
      queue: undefined,
      fba: { channel: 'amazon-us', location: 'fba-us' },
    },
  });
  poor.simulator.tokens.revoke();
  expect((await poor.connection.check()).map((one) => `${one.level} ${one.code}`)).toEqual([
    'broken access_lost',
    'warning no_seller_id',
    'warning one_channel_for_both',
    'ok no_transit_days',
    'warning no_queue',
  ]);
});

test('what is coming is not offered while orders slip, and the log says why', async () => {
  const slipping: SoldOrder = {
    placedAt: '2026-02-27T00:00:00.000Z',
    shipBy: '2026-03-04',
    shippedAt: null,
    plannedOn: '2026-03-20',
    cancelledBy: null,
    unbacked: false,
  };
  const it = await openAmazon({ soldOrders: [slipping] });
  it.simulator.shop.list({ sku: 'MUG', quantity: 5 });
  const arrival = [{ quantity: 5, shipBy: '2026-03-14' }];
  const [told, amazons] = await it.connection.publish([
    promisable('MUG', 0, arrival),
    promisable('MUG', 0, arrival, 'amazon-us-fba'),
  ]);
  expect([told, amazons]).toEqual([{ state: 'done' }, { state: 'done' }]);
  expect(it.words).toEqual([expect.stringContaining('MUG: 0 offered. backorders stop')]);
  expect(it.simulator.world.listings.get('MUG')!.quantity).toBe(0);
});

test('what Kept decided of a vendor’s order is the answer to it', async () => {
  const it = await openAmazon();
  const order = it.simulator.shop.orderFromVendor({
    shipWindow: '2026-03-05T08:00:00Z--2026-03-12T08:00:00Z',
    lines: [
      {
        itemSequenceNumber: '1',
        amazonProductIdentifier: 'B00SIMULAT',
        vendorProductIdentifier: 'MUG',
        quantity: { amount: 10, unitOfMeasure: 'Eaches', unitSize: 1 },
        isBackOrderAllowed: true,
        netCost: { amount: '7.50', currencyCode: 'USD' },
      },
    ],
  });
  const line = { line: '1', sku: 'MUG', ordered: 10, shipped: 2, cancelled: 0, open: 8, commitments: [] };
  const part = (quantity: number, shipBy: string) => ({ quantity, shipBy, deliverBy: shipBy });
  const parts = [part(3, '2026-03-06'), part(4, '2026-03-20')];
  const tell: Action = {
    ...ofOrder(order.number, 'amazon-vendor'),
    kind: 'tell_order',
    news: 'placed',
    state: {
      id: 'o-1',
      ref: order.number,
      channel: 'amazon-vendor',
      lines: [
        {
          ...line,
          promise: {
            version: 1,
            quantity: 7,
            shipBy: '2026-03-20',
            deliverBy: '2026-03-20',
            parts,
            reasons: [],
          },
        },
      ],
    },
  };
  expect(await it.vendorConnection.act!(tell)).toEqual({ state: 'done' });
  expect(order.lines[0]!.answered).toMatchObject([
    { code: 'Accepted', amount: 2 },
    { code: 'Accepted', amount: 3 },
    { code: 'Backordered', amount: 4, shipDate: '2026-03-20T00:00:00Z' },
    { code: 'Rejected', amount: 1 },
  ]);
  // a buyer's order is as it was sold: nothing is told of it
  expect(await it.connection.act({ ...tell, order: { channel: 'amazon-us', ref: '111-1' } })).toEqual({
    state: 'done',
  });
});

test('a purchase order whose day for an answer is nearly over is found', async () => {
  const it = await openAmazon();
  const order = it.simulator.shop.orderFromVendor({
    shipWindow: '2026-03-05T08:00:00Z--2026-03-12T08:00:00Z',
    lines: [],
  });
  it.pass(12 * 3_600_000);
  expect(await it.vendorConnection.check()).toMatchObject([{ code: 'access', level: 'ok' }]);
  it.pass(8 * 3_600_000);
  expect(await it.vendorConnection.check()).toMatchObject([
    { code: 'unanswered_purchase_orders', words: expect.stringContaining(order.number) },
  ]);
});

test('what Amazon does not allow is refused with the reason, and money goes back by itself', async () => {
  const it = await openAmazon();
  const order = it.simulator.shop.sell({ items: [{ sku: 'MUG', quantity: 1 }] });
  const refund: Action = {
    ...ofOrder(order.orderId),
    kind: 'refund',
    amount: { amount: 1999, currency: 'USD' },
    reason: 'late',
  };
  expect(await it.connection.act(refund)).toEqual({
    state: 'refused',
    why: 'Amazon handles the money of its buyers: give it back in Seller Central.',
  });
  it.simulator.shop.cancelByBuyer(order.orderId);
  expect(await it.connection.act(refund)).toMatchObject({ state: 'done' });
  const lines = [{ line: 'MUG', sku: 'MUG', quantity: 1 }];
  const not: Action[] = [
    {
      ...ofOrder(order.orderId),
      kind: 'switch',
      from: lines[0]!,
      to: { ...lines[0]!, price: { amount: 1, currency: 'USD' } },
    },
    { ...ofOrder(order.orderId), kind: 'hold', lines, reason: 'awaiting_stock', words: 'waits' },
    { ...ofOrder(order.orderId), kind: 'release', lines },
    { ...ofOrder(order.orderId), kind: 'reschedule', lines: [{ ...lines[0]!, shipBy: '2026-03-20' }] },
  ];
  for (const action of not)
    expect(await it.connection.act(action)).toMatchObject({
      state: 'refused',
      why: expect.stringMatching(/^Amazon .+\.$/),
    });
});

test('a cancellation goes through act and settle, and the rest of the day’s deeds through their own', async () => {
  const it = await openAmazon({ polls: 1 });
  const order = it.simulator.shop.sell({ items: [{ sku: 'MUG', quantity: 1 }] });
  const lines = [{ line: 'MUG', sku: 'MUG', quantity: 1 }];
  const cancel: Action = {
    ...ofOrder(order.orderId),
    kind: 'cancel',
    lines,
    whole: true,
    by: 'customer',
    reason: 'late',
  };
  const asked = await it.connection.act(cancel);
  if (asked.state !== 'pending') throw new Error(asked.state);
  expect(await it.connection.settle(cancel, asked.handle)).toMatchObject({ state: 'pending' });
  expect(await it.connection.settle(cancel, asked.handle)).toEqual({ state: 'done' });
  expect(order.status).toBe('CANCELLED');
  const shipped = it.simulator.shop.sell({ items: [{ sku: 'MUG', quantity: 1 }] });
  const ship: Action = {
    ...ofOrder(shipped.orderId),
    kind: 'confirm_shipment',
    lines,
    carrier: 'USPS',
    tracking: '9400',
    shippedAt: '2026-03-02T11:00:00Z',
  };
  expect(await it.connection.act(ship)).toEqual({ state: 'done' });
  expect(shipped.status).toBe('SHIPPED');
  expect(await it.connection.reread('orders', [shipped.orderId, 'unknown'])).toMatchObject([
    { kind: 'order', shipped: [{ line: 'MUG', quantity: 1 }] },
  ]);
});
