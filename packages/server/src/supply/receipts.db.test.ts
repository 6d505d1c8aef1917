import { afterAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { openShop, purchase } from './testing/shop.ts';

const { db } = await testDatabase();
const shop = await openShop(db);
const { ask, put, rows } = shop;

afterAll(async () => {
  expect(await shop.ledgerFaults()).toEqual([]);
});

const stockOf = async (sku: string, location = 'main') =>
  (await ask('GET', `/v1/stock?sku=${sku}&location=${location}`)).body.items[0];

describe('receipts of purchase orders', () => {
  test('pegs become reservations in queue order; what is short leaves the lowest-ranked short', async () => {
    const sku = await shop.item();
    await shop.buy('PO-1', sku, 10, '2026-04-01');
    await shop.order('R-1', sku, 4);
    await shop.order('R-2', sku, 6, { placedAt: '2026-03-04T08:30:00Z' });
    const { status, body } = await shop.receive('PO-1', { quantity: 7 });
    expect(status).toBe(200);
    expect(body.lines[0]).toMatchObject({ ordered: 10, received: 7, open: 3, pegged: 3 });
    expect([await shop.backing('R-1'), await shop.backing('R-2')]).toEqual([
      '4 reserved',
      '3 reserved, 3 pegged 2026-04-01',
    ]);
    await shop.receive('PO-1', { quantity: 1, close: true });
    expect(await shop.backing('R-2')).toBe('4 reserved, 2 waiting');
    expect((await shop.reasons('R-2'))[0]).toMatchObject({
      code: 'received_short',
      purchaseOrder: 'PO-1',
      line: 1,
      short: 2,
    });
    const receipts = await rows(
      'select quantity, closed from supply_receipt join item using (brand_id, item_id) where sku = $1 order by event_id',
      [sku],
    );
    expect(receipts).toEqual([
      { quantity: 7, closed: false },
      { quantity: 1, closed: true },
    ]);
  });

  test('a closed line stays closed, whatever the order says later', async () => {
    const sku = await shop.item();
    await shop.buy('PO-2', sku, 10, '2026-04-01');
    await shop.receive('PO-2', { quantity: 4, close: true });
    const { body } = await shop.buy('PO-2', sku, 12, '2026-05-01');
    expect(body.lines[0]).toMatchObject({ ordered: 12, received: 4, open: 0 });
  });

  test('more than was ordered is accepted, and free for the queue', async () => {
    const sku = await shop.item();
    await shop.buy('PO-3', sku, 5, '2026-04-01');
    await shop.order('R-3', sku, 8);
    expect((await shop.receive('PO-3', { quantity: 9 })).body.lines[0]).toMatchObject({
      received: 9,
      open: 0,
    });
    expect(await shop.backing('R-3')).toBe('8 reserved');
    expect(await stockOf(sku)).toMatchObject({ sellable: 9, reserved: 8 });
  });

  test('what arrives in quality hold backs nothing until it is released', async () => {
    const sku = await shop.item();
    await shop.buy('PO-4', sku, 5, '2026-04-01');
    await shop.order('R-4', sku, 5);
    await shop.receive('PO-4', { quantity: 5, condition: 'quality_hold' });
    expect(await shop.backing('R-4')).toBe('5 waiting');
    await put('/v1/supplies/QH-4', {
      kind: 'hold_release',
      sku,
      location: 'main',
      quantity: 5,
      expectedOn: '2026-04-12',
    });
    expect(await shop.backing('R-4')).toBe('5 pegged 2026-04-12');
    const released = await ask('POST', '/v1/supplies/QH-4/receipts', { quantity: 5 });
    expect(released.body).toMatchObject({ received: 5, open: 0 });
    expect(await shop.backing('R-4')).toBe('5 reserved');
    expect(await stockOf(sku)).toMatchObject({ sellable: 5, quality_hold: 0 });
  });

  test('what comes of a draft was ordered, whatever the paper says', async () => {
    const sku = await shop.item();
    await shop.buy('PO-5', sku, 5, '2026-04-01', { stage: 'draft' });
    await shop.order('R-5', sku, 5);
    expect((await shop.receive('PO-5', { quantity: 2 })).body.lines[0]).toMatchObject({
      stage: 'placed',
      open: 3,
    });
    expect(await shop.backing('R-5')).toBe('2 reserved, 3 pegged 2026-04-01');
    expect((await shop.revisions('PO-5'))[1]).toBe('2: placed 5/5 2026-04-01, received');
  });

  test('a line in deliveries fills the next to come first', async () => {
    const sku = await shop.item();
    const schedules = [
      { id: 'late', quantity: 5, expectedOn: '2026-05-01' },
      { id: 'soon', quantity: 5, expectedOn: '2026-04-01' },
    ];
    await put(
      '/v1/purchase-orders/PO-6',
      purchase([{ line: 1, sku, quantity: 0, expectedOn: null, schedules }]),
    );
    const some = await shop.receive('PO-6', { quantity: 7 });
    expect(some.body.lines).toMatchObject([
      { schedule: 'late', received: 2, open: 3 },
      { schedule: 'soon', received: 5, open: 0 },
    ]);
    const all = await shop.receive('PO-6', { schedule: 'late', quantity: 1, close: true });
    expect(all.body.lines[0]).toMatchObject({ schedule: 'late', received: 3, open: 0 });
  });

  test('at another location, in another unit of measure', async () => {
    const sku = await shop.item({ uoms: { case: 6 } });
    await shop.buy('PO-7', sku, 12, '2026-04-01');
    const { body } = await shop.receive('PO-7', { quantity: 2, uom: 'case', location: 'north' });
    expect(body.lines[0]).toMatchObject({ received: 12, open: 0 });
    expect(await stockOf(sku, 'north')).toMatchObject({ sellable: 12 });
  });

  test.each([
    ['an unknown line', 'PO-7', { line: 'x', quantity: 1 }, 404, 'PO-7 has no line "x"; its lines are 1.'],
    [
      'an unknown order',
      'NOPE',
      { quantity: 1 },
      404,
      'There is no purchase order "NOPE". PUT /v1/purchase-orders/NOPE makes one.',
    ],
    [
      'an unknown location',
      'PO-7',
      { quantity: 1, location: 'nope' },
      422,
      'No location has the code "nope". PUT /v1/locations/nope makes one.',
    ],
    [
      'an unknown unit',
      'PO-7',
      { quantity: 1, uom: 'box' },
      422,
      'uom: ITEM-7 has no unit of measure "box".',
    ],
  ])('%s is told', async (_what, ref, receipt, status, detail) => {
    const answer = await shop.receive(ref, receipt);
    expect([answer.status, answer.body.detail]).toEqual([status, detail]);
  });

  test('the same receipt counts once: by its id, by the key, one after the other or both at once', async () => {
    const sku = await shop.item();
    await shop.buy('PO-8', sku, 100, '2026-04-01');
    const receipt = { id: 'r-1', quantity: 10 };
    const answers = await Promise.all([1, 2, 3].map(() => shop.receive('PO-8', receipt)));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    await shop.receive('PO-8', receipt);
    expect(await stockOf(sku)).toMatchObject({ sellable: 10 });
    expect((await shop.receive('PO-8', { id: 'r-1', quantity: 11 })).body.code).toBe('idempotency_conflict');

    const key = { 'idempotency-key': 'k-1' };
    await Promise.all([1, 2].map(() => shop.receive('PO-8', { quantity: 5 }, key)));
    expect(await stockOf(sku)).toMatchObject({ sellable: 15 });
    expect((await shop.receive('PO-8', { quantity: 6 }, key)).status).toBe(409);
    await shop.buy('PO-9', sku, 100, '2026-04-01');
    expect((await shop.receive('PO-9', { quantity: 6 }, key)).status).toBe(200);
  });

  test('two different receipts of one line at once both count', async () => {
    const sku = await shop.item();
    await shop.buy('PO-10', sku, 20, '2026-04-01');
    await shop.order('R-10', sku, 20);
    await Promise.all([3, 4, 5].map((quantity) => shop.receive('PO-10', { quantity })));
    expect((await ask('GET', '/v1/purchase-orders/PO-10')).body.lines[0]).toMatchObject({
      received: 12,
      open: 8,
      pegged: 8,
    });
    expect(await stockOf(sku)).toMatchObject({ sellable: 12, reserved: 12 });
  });

  test('a receipt that was recorded late has its own time', async () => {
    const sku = await shop.item();
    await shop.buy('PO-11', sku, 5, '2026-04-01');
    await shop.receive('PO-11', { quantity: 5, at: '2026-03-01T10:00:00+01:00' });
    const [movement] = await rows(
      'select happened_at, recorded_at, reason from stock_movement join item using (brand_id, item_id) where sku = $1',
      [sku],
    );
    expect(movement).toEqual({
      happened_at: '2026-03-01T09:00:00.000Z',
      recorded_at: '2026-03-04T09:00:00.000Z',
      reason: 'received',
    });
  });
});

describe('other supplies (RULES 20)', () => {
  test('production backs lines as a purchase order does', async () => {
    const sku = await shop.item();
    await shop.order('R-20', sku, 3);
    const made = await put('/v1/supplies/MO-1', {
      kind: 'production',
      sku,
      location: 'main',
      quantity: 5,
      expectedOn: '2026-04-01',
    });
    expect([made.status, made.body]).toMatchObject([
      201,
      { ref: 'MO-1', kind: 'production', pegged: 3, free: 2 },
    ]);
    expect(await shop.backing('R-20')).toBe('3 pegged 2026-04-01');
    const same = { kind: 'production', sku, location: 'main', quantity: 5, expectedOn: '2026-04-01' };
    expect((await ask('PUT', '/v1/supplies/MO-1', same)).status).toBe(200);
    expect(await shop.revisions('MO-1')).toHaveLength(1);
    await put('/v1/supplies/MO-1', { ...same, expectedOn: '2026-04-09', reason: 'clay was late' });
    expect(await shop.backing('R-20')).toBe('3 pegged 2026-04-09');
    expect((await shop.reasons('R-20'))[0]).toMatchObject({
      code: 'supply_slipped',
      ref: 'MO-1',
      reason: 'clay was late',
    });
    expect((await ask('PUT', '/v1/supplies/MO-1', { ...same, kind: 'hold_release' })).status).toBe(409);
    await put('/v1/supplies/MO-1', { ...same, stage: 'cancelled' });
    expect(await shop.backing('R-20')).toBe('3 waiting');
  });

  test('a transfer takes its units from where they were: nothing is there twice', async () => {
    const sku = await shop.item();
    await shop.count(sku, 10, 'north');
    await shop.order('R-21', sku, 4);
    const transfer = {
      kind: 'transfer',
      sku,
      from: 'north',
      location: 'main',
      quantity: 10,
      expectedOn: '2026-03-20',
    };
    await put('/v1/supplies/TR-1', { ...transfer, stage: 'draft' });
    expect(await stockOf(sku, 'north')).toMatchObject({ sellable: 10 });
    await put('/v1/supplies/TR-1', transfer);
    expect(await stockOf(sku, 'north')).toMatchObject({ sellable: 0 });
    expect(await shop.backing('R-21')).toBe('4 pegged 2026-03-20');
    await put('/v1/supplies/TR-1', { ...transfer, quantity: 6 });
    expect(await stockOf(sku, 'north')).toMatchObject({ sellable: 4 });
    const came = await ask('POST', '/v1/supplies/TR-1/receipts', { id: 'x', quantity: 2 });
    expect(came.body).toMatchObject({ received: 2, open: 4 });
    await ask('POST', '/v1/supplies/TR-1/receipts', { id: 'x', quantity: 2 });
    await put('/v1/supplies/TR-1', { ...transfer, quantity: 6, stage: 'cancelled' });
    expect(await stockOf(sku, 'north')).toMatchObject({ sellable: 8 });
    expect(await stockOf(sku, 'main')).toMatchObject({ sellable: 2 });
    expect(await shop.backing('R-21')).toMatch(/reserved$/);
  });

  test.each([
    ['an unknown SKU', { sku: 'NOPE' }, 'unknown_sku'],
    ['an unknown location', { location: 'nope' }, 'unknown_location'],
    ['an unknown origin', { from: 'nope' }, 'unknown_location'],
    ['its own origin', { from: 'main' }, 'invalid_input'],
  ])('%s is refused', async (_what, part, code) => {
    const transfer = { kind: 'transfer', sku: 'ITEM-1', location: 'main', quantity: 1, expectedOn: null };
    const { status, body } = await ask('PUT', '/v1/supplies/TR-9', { ...transfer, ...part });
    expect([status, body.code]).toEqual([422, code]);
  });

  test('one that is not there, and another brand’s', async () => {
    expect((await ask('GET', '/v1/supplies/NOPE')).status).toBe(404);
    expect((await ask('POST', '/v1/supplies/NOPE/receipts', { quantity: 1 })).status).toBe(404);
    expect((await shop.askOther('GET', '/v1/supplies/MO-1')).status).toBe(404);
  });
});

describe('a line that changes its item', () => {
  test('a line that named another item before, of which part had come, takes what comes for the one it names', async () => {
    const [before, now] = [await shop.item(), await shop.item()];
    await shop.buy('PO-N', before, 10, '2026-04-01');
    await shop.receive('PO-N', { quantity: 4 });
    await shop.buy('PO-N', now, 10, '2026-04-01');
    for (const receipt of [{ quantity: 7 }, { quantity: 5 }, { quantity: 0, close: true }])
      expect((await shop.receive('PO-N', receipt)).status).toBe(200);
    expect(await stockOf(now)).toMatchObject({ sellable: 12 });
    expect(await stockOf(before)).toMatchObject({ sellable: 4 });
  });
});
