import { afterAll, beforeAll, expect, test } from 'vitest';
import { tell } from '../comms/index.ts';
import { moveMoney } from '../payments/index.ts';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, purchaseOrder } from '../testing/brand.ts';
import { AccessLost, Busy, type Fact } from './connector.ts';
import { type MemoryShop, memoryShop, orderFact } from './testing/memory-shop.ts';

const { url } = await testDatabase();
let shop: MemoryShop;
beforeAll(async () => {
  shop = await memoryShop(url);
});
afterAll(async () => {
  expect(await faultsOf(shop.kept)).toEqual([]);
  await shop.close();
});

const stateOf = async () => (await shop.call('GET', '/v1/connections/shop')).body;
const order = async (number: number) => (await shop.call('GET', `/v1/orders/web:M${number}`)).body;
const later = (ms: number) => shop.clock.set(new Date(shop.clock.now().getTime() + ms));

test('a push is taken with its signature alone, once, and decided afterwards', async () => {
  const body = { id: 'd1', facts: [orderFact(1, 3)] };
  expect((await shop.push(body, 'forged')).status).toBe(401);
  expect((await shop.push(body)).status).toBe(200);
  expect((await shop.push(body)).status).toBe(200);
  expect((await stateOf()).waiting.pushes).toBe(1);
  expect((await order(1)).code).toBe('not_found');
  await shop.work();
  expect(await order(1)).toMatchObject({
    lines: [{ ordered: 3, commitments: [{ kind: 'waiting', quantity: 3 }] }],
  });
  expect((await shop.push(body)).status).toBe(200);
  await shop.work();
  expect((await stateOf()).waiting.pushes).toBe(0);
});

test('a push that is older than five minutes is somebody’s copy', async () => {
  const sentAt = new Date(shop.clock.now().getTime() - 6 * 60_000).toISOString();
  expect((await shop.push({ id: 'd2', sentAt, facts: [] })).status).toBe(401);
  const now = shop.clock.now().toISOString();
  expect((await shop.push({ id: 'd2', sentAt: now, facts: [] })).status).toBe(200);
});

test('an older message never overwrites a newer one, whichever comes first', async () => {
  const at = (minute: number) => `2026-03-02T10:${minute}:00Z`;
  await shop.push({ id: 'd3', facts: [orderFact(2, 5, { sourceUpdatedAt: at(30) })] });
  await shop.work();
  await shop.push({ id: 'd4', facts: [orderFact(2, 9, { sourceUpdatedAt: at(20) })] });
  await shop.work();
  expect((await order(2)).lines[0]).toMatchObject({ ordered: 5 });
});

test('what a push only names is read anew, and tried again where that fails', async () => {
  shop.system.tell('orders', orderFact(3, 2));
  shop.system.faults.push(new Error('it answered 502'));
  await shop.push({ id: 'd5', reread: [{ stream: 'orders', ids: ['order/3'] }] });
  // by the push alone: the stream itself is not due yet
  shop.system.faults.push(new Error('it answered 502'));
  await shop.work();
  later(61_000);
  shop.system.faults.length = 0;
  await shop.work();
  expect((await order(3)).lines[0]).toMatchObject({ ordered: 2 });
  expect((await stateOf()).waiting.pushes).toBe(0);
});

test('what cannot be applied is kept with its reason, and applied when what it refers to is there', async () => {
  const unknown = orderFact(4, 1);
  if (unknown.kind === 'order') unknown.order.lines[0]!.sku = 'DESK';
  const bad = { kind: 'stock', externalId: 'bad', sku: 'LAMP', location: 'main', counted: -4 } as Fact;
  await shop.push({ id: 'd6', facts: [unknown, bad, orderFact(5, 1)] });
  await shop.work();
  expect((await order(5)).lines[0]).toMatchObject({ ordered: 1 });
  const { body } = await shop.call('GET', '/v1/connections/shop/refused-facts');
  expect(body.items).toMatchObject([
    { kind: 'order', externalId: 'order/4', code: 'unknown_sku' },
    { kind: 'stock', externalId: 'bad', code: 'invalid_input', words: expect.stringContaining('counted') },
  ]);
  const desk: Fact = {
    kind: 'item',
    externalId: 'DESK',
    item: { sku: 'DESK', title: 'Desk', price: { amount: 9000, currency: 'USD' } },
  };
  await shop.push({ id: 'd7', facts: [desk] });
  await shop.work();
  expect((await order(4)).lines[0]).toMatchObject({ ordered: 1 });
  const dismissed = await shop.call('POST', '/v1/connections/shop/refused-facts/dismissals', {
    kind: 'stock',
    externalId: 'bad',
  });
  expect(dismissed.status).toBe(204);
  expect((await stateOf()).waiting.refusedFacts).toBe(0);
});

test('what has left in all is told, and what Kept did not know of it leaves once', async () => {
  await shop.push({
    id: 'd8',
    facts: [{ kind: 'stock', externalId: 'LAMP@main', sku: 'LAMP', location: 'main', counted: 3 } as Fact],
  });
  await shop.work();
  const shipped = (quantity: number, minute: number) =>
    orderFact(1, 3, { sourceUpdatedAt: `2026-03-02T11:${minute}:00Z`, shipped: [{ line: 1, quantity }] });
  await shop.push({ id: 'd9', facts: [shipped(2, 10)] });
  await shop.work();
  await shop.push({ id: 'd10', facts: [shipped(2, 20)] });
  await shop.work();
  expect((await order(1)).lines[0]).toMatchObject({ shipped: 2, open: 1 });
  expect(shop.system.acted.filter((one) => one.kind === 'confirm_shipment')).toEqual([]);
});

test('what happens here is asked of the shop, once, and asked again after a fault', async () => {
  shop.system.acted.length = 0;
  shop.system.faults.push(
    new Error('it answered 503'),
    new Busy(new Date(shop.clock.now().getTime() + 1000), 'later'),
  );
  const cancelled = await shop.call('POST', '/v1/orders/web:M2/cancellations', {
    lines: [{ line: 1, quantity: 2 }],
    reason: 'changed their mind',
  });
  expect(cancelled.status).toBe(200);
  await shop.work();
  expect(shop.system.acted).toEqual([]);
  for (let round = 0; round < 4; round++) {
    later(10_000);
    await shop.work();
  }
  expect(shop.system.acted.filter((one) => one.kind === 'cancel')).toMatchObject([
    {
      order: { channel: 'web', ref: 'M2', externalId: 'order/2' },
      lines: [{ line: 1, sku: 'LAMP', quantity: 2 }],
      whole: false,
      by: 'customer',
      reason: 'changed their mind',
    },
  ]);
});

test('a switch is asked with both lines and the price', async () => {
  await shop.call('PUT', '/v1/items/SHADE', { title: 'Shade', price: { amount: 500, currency: 'USD' } });
  await shop.call('POST', '/v1/stock/adjustments', {
    sku: 'SHADE',
    location: 'main',
    counted: 10,
    reason: 'x',
  });
  const { status } = await shop.call('POST', '/v1/orders/web:M5/switches', { line: 1, sku: 'SHADE' });
  expect(status).toBe(200);
  await shop.work();
  expect(shop.system.acted.find((one) => one.kind === 'switch')).toMatchObject({
    from: { line: 1, sku: 'LAMP', quantity: 1 },
    to: { sku: 'SHADE', quantity: 1, price: { amount: 500, currency: 'USD' } },
  });
});

test('what the shop works on is asked after until it is over', async () => {
  shop.system.slow.add('cancel');
  await shop.call('POST', '/v1/orders/web:M4/cancellations', { by: 'brand', reason: 'sold out' });
  await shop.work();
  const waiting = async () =>
    (await shop.call('GET', '/v1/connections/shop/actions?state=pending')).body.items as { id: string }[];
  const [pending] = await waiting();
  expect(pending).toMatchObject({ kind: 'cancel', state: 'pending' });
  shop.system.settled.add(`job:${pending!.id}`);
  later(120_000);
  await shop.work();
  expect(await waiting()).toEqual([]);
});

test('an action that is refused is a person’s, who has it tried again', async () => {
  shop.system.refuses.set('confirm_shipment', 'it is fulfilled already');
  await shop.call('POST', '/v1/stock/adjustments', {
    sku: 'LAMP',
    location: 'main',
    counted: 5,
    reason: 'x',
  });
  const shipped = await shop.call('POST', '/v1/orders/web:M3/shipments', {
    lines: [{ line: 1, quantity: 1 }],
    carrier: 'UPS',
    tracking: '1Z',
  });
  expect(shipped.status).toBe(200);
  await shop.work();
  const refused = (await shop.call('GET', '/v1/connections/shop/actions?state=refused')).body.items;
  expect(refused).toMatchObject([{ kind: 'confirm_shipment', trouble: 'it is fulfilled already' }]);
  shop.system.refuses.clear();
  const again = await shop.call(
    'POST',
    `/v1/connections/shop/actions/${encodeURIComponent(refused[0].id)}/retry`,
  );
  expect(again.status).toBe(200);
  await shop.work();
  expect(shop.system.acted.find((one) => one.kind === 'confirm_shipment')).toMatchObject({
    carrier: 'UPS',
    tracking: '1Z',
    lines: [{ line: 1, sku: 'LAMP', quantity: 1 }],
  });
});

test('availability is told as it changes, no more than can be promised, and again after a fault', async () => {
  const listing = (sku: string): Fact => ({
    kind: 'listing',
    externalId: `variant/${sku}`,
    channel: 'web',
    listing: { externalId: `variant/${sku}`, sku, title: sku },
  });
  await shop.push({ id: 'd20', facts: [listing('LAMP'), listing('SHADE')] });
  await shop.work();
  later(3_600_000);
  await shop.work();
  const told = (sku: string) => shop.system.published.findLast((one) => one.sku === sku);
  expect(told('SHADE')).toMatchObject({
    now: 9,
    later: [],
    externalIds: ['variant/SHADE'],
    state: 'in_stock',
  });
  const before = shop.system.published.length;
  await shop.work();
  expect(shop.system.published).toHaveLength(before);

  await shop.call('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('SHADE', 20, '2026-03-20'));
  await shop.work();
  expect(told('SHADE')).toMatchObject({ now: 9, later: [{ quantity: 20 }] });

  // Three changes are one, and a fault in between is made good.
  for (const counted of [8, 7, 6])
    await shop.call('POST', '/v1/stock/adjustments', {
      sku: 'SHADE',
      location: 'main',
      counted,
      reason: 'x',
    });
  shop.system.faults.push(new Error('it answered 500'));
  await shop.work();
  const failed = shop.system.published.length;
  later(5_000);
  await shop.work();
  expect(shop.system.published.slice(failed).filter((one) => one.sku === 'SHADE')).toMatchObject([
    { now: 5 },
  ]);
});

test('every night what was missed is found, applied, and said', async () => {
  // A day that was never told: the cursor is past it already.
  const { system } = shop;
  system.overlap = 0;
  system.tell('orders', orderFact(21, 1));
  later(61_000);
  await shop.work();
  const lost = orderFact(22, 4);
  system.log.splice(0, 0, { stream: 'orders', fact: lost });
  later(61_000);
  await shop.work();
  expect((await order(22)).code).toBe('not_found');
  later(24 * 3_600_000);
  await shop.work();
  expect((await order(22)).lines[0]).toMatchObject({ ordered: 4 });
  const { body } = await shop.call('GET', '/v1/connections/shop/notes');
  const healed = body.items.filter((one: { level: string }) => one.level === 'healed');
  expect(healed).toMatchObject([
    { words: 'The reconciliation found 1 that had been missed, and applied them: order order/22.' },
  ]);
  const again = await shop.call('POST', '/v1/connections/shop/reconcile');
  expect(again.body.streams.orders).toMatchObject({ applied: 0, refused: 0 });
});

test('what was paid through the shop goes back through it, once, and counts when the shop says so', async () => {
  const { kept, system } = shop;
  const payment = {
    id: 'pay-9',
    kind: 'captured',
    amount: { amount: 2000, currency: 'USD' },
    at: '2026-03-02T10:00:00Z',
  } as const;
  const paid: Fact = { kind: 'payment', externalId: 'pay-9', order: 'web:M9', payment };
  await shop.push({ id: 'd50', facts: [orderFact(9, 2), paid] });
  await shop.work();
  system.slow.add('refund');
  await shop.call('POST', '/v1/orders/web:M9/cancellations', { reason: 'too late' });
  const refunded = async () => (await shop.call('GET', '/v1/orders/web:M9/charge')).body.refunded.amount;
  await shop.call('POST', '/v1/orders/web:M9/refunds');
  later(60_000);
  await shop.work();
  expect(await refunded()).toBe(0);
  const refunds = () => system.acted.filter((one) => one.kind === 'refund');
  expect(refunds()).toMatchObject([{ amount: { amount: 2000, currency: 'USD' }, payment: 'pay-9' }]);
  system.settled.add(`job:${refunds()[0]!.id}`);
  later(600_000);
  await shop.work();
  await moveMoney(kept, 1, false);
  expect(await refunded()).toBe(2000);
  // The shop tells of it as well.
  const told: Fact = {
    kind: 'payment',
    externalId: 'refund-9',
    order: 'web:M9',
    payment: { ...payment, id: refunds()[0]!.id, kind: 'refunded' },
  };
  await shop.push({ id: 'd51', facts: [told] });
  await shop.work();
  expect(await refunded()).toBe(2000);
  expect(refunds()).toHaveLength(1);
});

test('a promise that moved is told to the shop whose order it is', async () => {
  await shop.call('PUT', '/v1/purchase-orders/PO-2', purchaseOrder('LAMP', 50, '2026-03-20'));
  await shop.push({ id: 'd30', facts: [orderFact(8, 20)] });
  await shop.work();
  expect(shop.system.acted.find((one) => one.kind === 'hold' && one.order.ref === 'M8')).toMatchObject({
    reason: 'awaiting_stock',
  });
  await shop.call('POST', '/v1/purchase-orders/PO-2/revisions', {
    line: 1,
    expectedOn: '2026-04-20',
    reason: 'freight',
  });
  await tell(shop.kept, 1, { sender: null, sms: null, pageUrl: null }, 100);
  await shop.work();
  const moved = shop.system.acted.filter((one) => one.kind === 'reschedule' && one.order.ref === 'M8');
  expect(moved).toHaveLength(1);
  const promised = (await order(8)).lines[0].promise.shipBy;
  expect(moved[0]).toMatchObject({ lines: [{ line: 1, shipBy: promised }] });
});

test('an access that is gone waits for a person, and goes on with new secrets', async () => {
  shop.system.faults.push(new AccessLost('The app was removed.'));
  later(61_000);
  await shop.work();
  expect(await stateOf()).toMatchObject({ state: 'broken', trouble: 'The app was removed.' });
  const again = { kind: 'memory', settings: { channel: 'web' }, secrets: { token: 'new' } };
  expect((await shop.call('PUT', '/v1/connections/shop', again)).body.state).toBe('active');
  await shop.work();
  expect((await stateOf()).streams.every((one: { trouble: unknown }) => one.trouble === null)).toBe(true);
});

test('secrets are not in the database as they are, and not in any answer', async () => {
  const { rows } = await withBrand(shop.kept.db, 1, (client) =>
    client.query('select secrets from connection'),
  );
  expect(rows[0].secrets).toMatch(/^1\.[\w-]{8}\./);
  expect(JSON.stringify(await stateOf())).not.toContain('new');
});

test('the other side ends the connection: nothing waits any more', async () => {
  await shop.push({ id: 'd40', ended: 'The app was uninstalled.' });
  await shop.work();
  expect(await stateOf()).toMatchObject({ state: 'disconnected', hasSecrets: false });
  expect((await shop.push({ id: 'd41', facts: [] })).status).toBe(404);
});
