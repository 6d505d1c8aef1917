import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, purchaseOrder, type TestKept, testKept } from '../testing/brand.ts';

const { url } = await testDatabase();
let first: TestKept;
let second: TestKept;

beforeAll(async () => {
  first = await testKept(url);
  second = await testKept(url);
  await givenShop(first, { LAMP: 5, VASE: 100, BOWL: 0, CUP: 3, TRAY: 0, MUG: 40, JUG: 10 });
});
afterAll(async () => {
  expect(await faultsOf(first.kept)).toEqual([]);
  await first.close();
  await second.close();
});

describe('placing orders', () => {
  test('seven asked and five on hand: five now, two on the date of the supply that covers them', async () => {
    await first.call('PUT', '/v1/purchase-orders/PO-LAMP', purchaseOrder('LAMP', 20, '2026-03-20'));
    const { status, body } = await first.call('POST', '/v1/orders', order('LAMP', 7));
    expect(status).toBe(201);
    const [line] = body.lines;
    expect(line.commitments).toMatchObject([
      { kind: 'reserved', quantity: 5, location: 'main', shipBy: '2026-03-02' },
      { kind: 'pegged', quantity: 2, supply: { kind: 'purchase_order', purchaseOrder: 'PO-LAMP', line: 1 } },
    ]);
    expect(line.promise.parts.map((part: { quantity: number }) => part.quantity)).toEqual([5, 2]);
    expect(line.promise.shipBy).toBe(line.commitments[1].shipBy);
    const again = await first.call('GET', `/v1/orders/${body.id}`);
    expect(again.body.lines).toEqual(body.lines);
  });

  test('a request beyond all cover is refused, with what could be had and by when, and leaves nothing behind', async () => {
    const { status, body } = await first.call('POST', '/v1/orders', order('CUP', 4, { ref: 'refused' }));
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'cannot_promise',
      lines: [{ line: 1, sku: 'CUP', asked: 4, available: 3, by: '2026-03-02' }],
    });
    expect((await first.call('GET', '/v1/orders/web:refused')).status).toBe(404);
    const availability = await first.call('GET', '/v1/availability?sku=CUP&channel=web&quantity=5');
    expect(availability.body).toMatchObject({ now: 3, later: [], state: 'out_of_stock' });
  });

  test('two processes with 300 orders at once sell 150 units exactly 150 times', async () => {
    await first.call('PUT', '/v1/purchase-orders/PO-VASE', purchaseOrder('VASE', 50, '2026-03-20'));
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        (index % 2 === 0 ? first : second).call('POST', '/v1/orders', order('VASE', 1)),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(150);
    expect(
      answers.filter(({ status, body }) => status === 409 && body.code === 'cannot_promise'),
    ).toHaveLength(150);
  });

  test('the same order at once through two processes is one order', async () => {
    const same = order('MUG', 2, { ref: 'same' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? first : second).call('POST', '/v1/orders', same),
      ),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(19);
  });

  test('a request with a known name and other content is told apart', async () => {
    await first.call('POST', '/v1/orders', order('MUG', 1, { ref: 'differs' }));
    const other = await first.call('POST', '/v1/orders', order('MUG', 2, { ref: 'differs' }));
    expect(other.status).toBe(409);
    expect(other.body.code).toBe('order_differs');
  });

  test('an Idempotency-Key answers the same again, and refuses other content', async () => {
    const key = { 'idempotency-key': 'k-1' };
    const body = order('MUG', 1);
    const one = await first.call('POST', '/v1/orders', body, key);
    const two = await second.call('POST', '/v1/orders', body, key);
    expect(two.status).toBe(one.status);
    expect(two.body).toEqual(one.body);
    const other = await first.call('POST', '/v1/orders', order('MUG', 1), key);
    expect(other.status).toBe(409);
    expect(other.body.code).toBe('idempotency_conflict');
  });

  test('keyed and other orders that come at once, through two processes, are each one order', async () => {
    const bodies = Array.from({ length: 12 }, (_, index) => order('MUG', 1, { ref: `keyed-${index}` }));
    const calls = bodies.flatMap((body, index) =>
      [first, second, first].map(({ call }) =>
        call('POST', '/v1/orders', body, { 'idempotency-key': `together-${index}` }),
      ),
    );
    const [plain, clash, refused] = await Promise.all([
      first.call('POST', '/v1/orders', order('MUG', 1)),
      first.call('POST', '/v1/orders', order('MUG', 9, { ref: 'clash' }), {
        'idempotency-key': 'together-0',
      }),
      first.call('POST', '/v1/orders', order('MUG', 5_000_000), { 'idempotency-key': 'too-many' }),
    ]);
    const answers = await Promise.all(calls);
    expect(plain!.status).toBe(201);
    // Whichever of the two contents came first has the key.
    const kept = answers.slice(0, 3).filter(({ status }) => status === 201);
    expect([kept.length === 3, clash!.status === 409].every(Boolean) || clash!.status === 201).toBe(true);
    expect(answers.slice(3).map(({ status }) => status)).toEqual(new Array(33).fill(201));
    for (let index = 1; index < bodies.length; index++) {
      const own = answers.slice(index * 3, index * 3 + 3).map(({ body }) => body);
      expect(own[1]).toEqual(own[0]);
      expect(own[2]).toEqual(own[0]);
    }
    // A key whose order was refused is free again: what was out of reach may be asked for once more.
    expect(refused!.status).toBe(409);
    const smaller = await second.call('POST', '/v1/orders', order('MUG', 1), {
      'idempotency-key': 'too-many',
    });
    expect(smaller.status).toBe(201);
  });

  test('what another process changed of an item is heeded, although it is remembered', async () => {
    const item = { title: 'Cup', price: { amount: 900, currency: 'GBP' } };
    await first.call('PUT', '/v1/items/CUP', item);
    const stock = { sku: 'CUP', location: 'main', condition: 'sellable', delta: 50, reason: 'count' };
    await first.call('POST', '/v1/stock/adjustments', stock);
    expect((await first.call('POST', '/v1/orders', order('CUP', 3))).status).toBe(201);
    await second.call('PUT', '/v1/items/CUP/terms', { preorder: { perCustomer: 1 } });
    expect((await first.call('POST', '/v1/orders', order('CUP', 3))).status).toBe(409);
    await second.call('PUT', '/v1/items/CUP', { ...item, components: [{ sku: 'MUG', quantity: 2 }] });
    const kit = await first.call('POST', '/v1/orders', order('CUP', 1));
    expect(kit.body.lines[0].commitments).toMatchObject([{ sku: 'MUG', quantity: 2 }]);
  });

  test('one bad order in a batch fails alone', async () => {
    const answers = await Promise.all([
      first.call('POST', '/v1/orders', order('MUG', 1)),
      first.call('POST', '/v1/orders', order('NOPE', 1)),
      first.call('POST', '/v1/orders', order('MUG', 1, { channel: 'fax' })),
      first.call('POST', '/v1/orders', order('MUG', 1)),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([201, 422, 422, 201]);
    expect(answers[1]!.body).toMatchObject({ code: 'unknown_sku', errors: [{ path: 'lines[0].sku' }] });
    expect(answers[2]!.body).toMatchObject({ code: 'unknown_channel', errors: [{ path: 'channel' }] });
  });

  test('what a channel has sold beyond all cover is recorded and waits, without a date', async () => {
    const { status, body } = await first.call(
      'POST',
      '/v1/orders',
      order('BOWL', 3, { mode: 'placed', ref: 'oversold' }),
    );
    expect(status).toBe(201);
    expect(body.lines[0]).toMatchObject({
      open: 3,
      commitments: [{ kind: 'waiting', quantity: 3, shipBy: null }],
      promise: null,
    });
    const queue = await first.call('GET', '/v1/backorders?order=web:oversold');
    expect(queue.body.items).toMatchObject([{ state: 'unbacked', quantity: 3, sku: 'BOWL' }]);
  });

  test('cancelled units go to the next in the queue and never back to the order they came from', async () => {
    const [ahead, next] = [
      await first.call('POST', '/v1/orders', order('JUG', 10, { mode: 'placed' })),
      await first.call('POST', '/v1/orders', order('JUG', 4, { mode: 'placed' })),
    ];
    const cancelled = await first.call('POST', `/v1/orders/${ahead!.body.id}/cancellations`, {
      lines: [{ line: 1, quantity: 3 }],
      reason: 'changed my mind',
    });
    expect(cancelled.body.lines[0]).toMatchObject({
      cancelled: 3,
      open: 7,
      commitments: [{ kind: 'reserved', quantity: 7 }],
    });
    const after = await first.call('GET', `/v1/orders/${next!.body.id}`);
    expect(after.body.lines[0].commitments).toMatchObject([
      { kind: 'reserved', quantity: 3 },
      { kind: 'waiting', quantity: 1 },
    ]);
    const again = await first.call('POST', `/v1/orders/${ahead!.body.id}/cancellations`, {
      lines: [{ line: 1, quantity: 8 }],
    });
    expect(again.status).toBe(409);
  });

  test('units added to a line queue where they were added; fewer units keep the place', async () => {
    const tray = (quantity: number, ref: string, updated: string) =>
      order('TRAY', quantity, { mode: 'placed', ref, sourceUpdatedAt: updated });
    await first.call('POST', '/v1/orders', tray(5, 'grows', '2026-03-01T00:00:00Z'));
    await first.call('POST', '/v1/orders', {
      ...tray(5, 'behind', '2026-03-01T00:00:01Z'),
      placedAt: '2026-03-02T09:01:00Z',
    });
    const grown = await first.call('POST', '/v1/orders', tray(10, 'grows', '2026-03-02T10:00:00Z'));
    expect(grown.body.lines[0]).toMatchObject({ ordered: 10, open: 10 });
    const stale = await first.call('POST', '/v1/orders', tray(1, 'grows', '2026-03-01T12:00:00Z'));
    expect(stale.body.lines[0]).toMatchObject({ ordered: 10 });
    await first.call('POST', '/v1/stock/adjustments', {
      sku: 'TRAY',
      location: 'main',
      counted: 12,
      reason: 'found',
    });
    const [grows, behind] = [
      await first.call('GET', '/v1/orders/web:grows'),
      await first.call('GET', '/v1/orders/web:behind'),
    ];
    expect(behind.body.lines[0].commitments).toMatchObject([{ kind: 'reserved', quantity: 5 }]);
    expect(grows.body.lines[0].commitments).toMatchObject([
      { kind: 'reserved', quantity: 7 },
      { kind: 'waiting', quantity: 3 },
    ]);
  });

  test('the same change at once from two processes is made once, and so is the same edit of a channel', async () => {
    const { body } = await first.call('POST', '/v1/orders', order('MUG', 2));
    const changes = { lines: [{ line: 1, quantity: 5 }] };
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        (index % 2 === 0 ? first : second).call('POST', `/v1/orders/${body.id}/changes`, changes),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect((await first.call('GET', `/v1/orders/${body.id}`)).body.lines[0]).toMatchObject({
      ordered: 5,
      open: 5,
    });

    const edit = (quantity: number) =>
      order('MUG', quantity, {
        mode: 'placed',
        ref: 'edited',
        sourceUpdatedAt: `2026-03-0${quantity}T00:00:00Z`,
      });
    await first.call('POST', '/v1/orders', edit(2));
    await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        (index % 2 === 0 ? first : second).call('POST', '/v1/orders', edit(6)),
      ),
    );
    expect((await first.call('GET', '/v1/orders/web:edited')).body.lines[0]).toMatchObject({
      ordered: 6,
      open: 6,
    });
  });

  test('an order of a thousand lines of one item is cancelled at once', async () => {
    const price = { amount: 100, currency: 'USD' };
    const lines = Array.from({ length: 1000 }, (_, line) => ({ line, sku: 'TRAY', quantity: 1, price }));
    const { body } = await first.call('POST', '/v1/orders', order('TRAY', 1, { mode: 'placed', lines }));
    const { status, body: cancelled } = await first.call('POST', `/v1/orders/${body.id}/cancellations`, {});
    expect(status).toBe(200);
    expect(cancelled.lines.every((line: { open: number }) => line.open === 0)).toBe(true);
  });
});
