import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, purchaseOrder, type TestKept, testKept } from '../testing/brand.ts';

const { url } = await testDatabase();
let first: TestKept;
let second: TestKept;
let run = 0;
let sku: string;

beforeAll(async () => {
  first = await testKept(url);
  second = await testKept(url, first.clock);
  await givenShop(first, {});
  await first.call('PUT', '/v1/policies/backorder', { classes: ['vip'] });
});
afterAll(async () => {
  expect(await faultsOf(first.kept)).toEqual([]);
  await first.close();
  await second.close();
});
beforeEach(async () => {
  sku = `SKU-${++run}`;
  await givenShop(first, { [sku]: 4 });
  await first.call('PUT', `/v1/purchase-orders/PO-${run}`, purchaseOrder(sku, 4, '2026-03-16'));
});

const place = async (quantity: number, more: Record<string, unknown> = {}) => {
  const { status, body } = await first.call(
    'POST',
    '/v1/orders',
    order(sku, quantity, { mode: 'placed', ...more }),
  );
  expect(status).toBe(201);
  return body;
};
const backing = async (id: string) => (await first.call('GET', `/v1/orders/${id}`)).body.lines[0].commitments;
const vip = { customer: { name: 'Vip', class: 'vip' } };
const propose = (body: object) =>
  first.call('POST', '/v1/reallocations', { sku, otherwise: 'redistribute', reason: 'a test', ...body });
const events = (kind: string) =>
  withBrand(first.kept.db, 1, async (client) => {
    const { rows } = await client.query(
      'select data, actor from event where brand_id = 1 and kind = $1 order by event_id',
      [kind],
    );
    return rows.map((row) => ({ actor: row.actor as string, data: JSON.parse(row.data) }));
  });

describe('a re-allocation', () => {
  test('that two processes approve at once happens once, and records who approved and who lost what', async () => {
    await place(4);
    const best = await place(4, vip);
    const { body: proposal } = await propose({ strategies: { vip: 'win' } });
    const answers = await Promise.all(
      [first, second].map((one) => one.call('POST', `/v1/reallocations/${proposal.id}/approve`)),
    );
    expect(answers.map((one) => one.status)).toEqual([200, 200]);
    expect(await backing(best.id)).toMatchObject([{ kind: 'pegged' }]);
    const told = (await events('units.reallocated')).filter((one) => one.data.sku === sku);
    expect(told.length).toBe(1);
    expect(told[0]!.actor).toBe('key:bootstrap');
  });

  test('is refused after an order took what it speaks of, and nothing changes', async () => {
    await place(2);
    const best = await place(4, vip);
    const { body: proposal } = await propose({ strategies: { vip: 'redistribute' } });
    await place(1);
    const before = await backing(best.id);
    const refused = await first.call('POST', `/v1/reallocations/${proposal.id}/approve`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'position_changed' } });
    expect(await backing(best.id)).toEqual(before);
    const { body: again } = await first.call('GET', `/v1/reallocations/${proposal.id}`);
    expect(again).toMatchObject({ state: 'proposed', approved: null });
  });

  test('of an unknown SKU or a kit is refused with a sentence', async () => {
    const none = await first.call('POST', '/v1/reallocations', { sku: 'NONE', reason: 'x' });
    expect(none).toMatchObject({ status: 422, body: { code: 'unknown_sku', errors: [{ path: 'sku' }] } });
    await first.call('PUT', `/v1/items/KIT-${run}`, {
      title: 'Kit',
      price: { amount: 1, currency: 'USD' },
      components: [{ sku, quantity: 2 }],
    });
    const kit = await first.call('POST', '/v1/reallocations', { sku: `KIT-${run}`, reason: 'x' });
    expect(kit).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    expect((await first.call('POST', '/v1/reallocations/999/approve')).status).toBe(404);
  });
});

describe('a place given by hand', () => {
  test('stays when the line is promised for the first time, also for a kit in all of its queues', async () => {
    await first.call('PUT', `/v1/items/KIT-${run}`, {
      title: 'Kit',
      price: { amount: 1, currency: 'USD' },
      components: [{ sku, quantity: 1 }],
    });
    await place(8);
    const one = await place(2);
    const kit = await first.call('POST', '/v1/orders', order(`KIT-${run}`, 2, { mode: 'placed' }));
    const moved = await first.call('POST', `/v1/backorders/${kit.body.id}-1/moves`, {
      to: 'first',
      reason: 'a gift',
    });
    expect(moved).toMatchObject({ status: 201, body: { place: { to: 1 } } });
    await first.call('PUT', `/v1/purchase-orders/PO-${run}-2`, purchaseOrder(sku, 2, '2026-03-23'));
    expect(await backing(kit.body.id)).toMatchObject([{ kind: 'pegged', quantity: 2 }]);
    expect(await backing(one.id)).toMatchObject([{ kind: 'waiting', quantity: 2 }]);
    const undone = await first.call('POST', `/v1/moves/${moved.body.move}/undo`, {});
    expect(undone).toMatchObject({ status: 200, body: { undone: { by: 'key:bootstrap' } } });
    expect((await first.call('POST', `/v1/moves/${moved.body.move}/undo`, {})).body.undone).toEqual(
      undone.body.undone,
    );
    // Taken back, it has no unit less.
    expect(await backing(kit.body.id)).toMatchObject([{ kind: 'pegged', quantity: 2 }]);
  });

  test('cannot be taken back under a later one, and not beside a line of another queue', async () => {
    await place(8);
    const [a, b] = [await place(1), await place(1)];
    const one = await first.call('POST', `/v1/backorders/${b.id}-1/moves`, {
      before: `${a.id}-1`,
      reason: 'x',
    });
    await first.call('POST', `/v1/backorders/${b.id}-1/moves`, { to: 'last', reason: 'y' });
    expect(await first.call('POST', `/v1/moves/${one.body.move}/undo`, {})).toMatchObject({ status: 409 });
    const before = sku;
    sku = `SKU-${++run}`;
    await givenShop(first, { [sku]: 0 });
    const other = await place(1);
    sku = before;
    const beside = await first.call('POST', `/v1/backorders/${b.id}-1/moves`, {
      after: `${other.id}-1`,
      reason: 'z',
    });
    expect(beside).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });
});

describe('a release', () => {
  test('of an order that changed since it was proposed is refused by its version', async () => {
    const one = await place(2);
    const { body } = await first.call('GET', `/v1/releases?order=${one.id}`);
    const { version } = body.items[0];
    await first.call('POST', `/v1/orders/${one.id}/cancellations`, { lines: [{ line: 1, quantity: 1 }] });
    const refused = await first.call('POST', `/v1/releases/${one.id}/approve`, { version });
    expect(refused).toMatchObject({ status: 409, body: { code: 'position_changed' } });
    expect((await first.call('POST', `/v1/releases/${one.id}/approve`, {})).status).toBe(200);
    expect((await first.call('POST', `/v1/releases/${one.id}/approve`, {})).status).toBe(409);
  });

  test('by two processes at once releases each unit once', async () => {
    const one = await place(3);
    const answers = await Promise.all(
      [first, second].map((process) => process.call('POST', `/v1/releases/${one.id}/approve`, {})),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    const { body } = await first.call('GET', '/v1/releases/pick-list');
    const own = body.items.filter((pick: { sku: string }) => pick.sku === sku);
    expect(own).toMatchObject([{ quantity: 3 }]);
  });

  test('keeps its units when stock is counted short: others lose theirs first', async () => {
    const kept = await place(2);
    await place(2, vip);
    await first.call('POST', `/v1/releases/${kept.id}/approve`, {});
    await first.call('POST', '/v1/stock/adjustments', { sku, location: 'main', counted: 2, reason: 'count' });
    expect(await backing(kept.id)).toMatchObject([{ kind: 'reserved', quantity: 2 }]);
  });
});

test('a what-if says what then happens, line by line, and writes nothing', async () => {
  const placed = [await place(4), await place(2), await place(2)];
  await first.call('POST', '/v1/orders', order(sku, 1, { mode: 'placed', shipComplete: true }));
  const changes = [
    { kind: 'receipt', purchaseOrder: `PO-${run}`, line: 1, quantity: 1, close: true },
    { kind: 'cancellation', order: placed[0].id, lines: [{ line: 1, quantity: 2 }] },
  ];
  const count = () =>
    withBrand(first.kept.db, 1, async (client) => {
      const { rows } = await client.query('select count(*)::int as events from event where brand_id = 1');
      return rows[0].events as number;
    });
  const before = await count();
  const { status, body } = await first.call('POST', '/v1/what-if', { changes });
  expect(status).toBe(200);
  expect(await count()).toBe(before);
  await first.call('POST', `/v1/purchase-orders/PO-${run}/receipts`, { line: 1, quantity: 1, close: true });
  await first.call('POST', `/v1/orders/${placed[0].id}/cancellations`, { lines: [{ line: 1, quantity: 2 }] });
  for (const line of body.lines) {
    const { body: now } = await first.call('GET', `/v1/orders/${line.orderId}`);
    expect(now.lines[0].promise?.parts ?? []).toEqual(line.promise.to);
    const waits = now.lines[0].commitments.filter((one: { kind: string }) => one.kind === 'waiting');
    expect(waits.reduce((units: number, one: { quantity: number }) => units + one.quantity, 0)).toBe(
      line.waiting.to,
    );
  }
  expect(body.lines.length).toBeGreaterThan(1);
});
