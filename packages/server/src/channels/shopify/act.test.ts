import { describe, expect, test } from 'vitest';
import { gid } from './nodes.ts';
import { currentOf, numberIn } from './simulator/state.ts';
import { ask, lineOf, openShop } from './testing/open-shop.ts';

async function withOrder(quantity = 6) {
  const open = await openShop();
  const lamp = open.shop.addVariant('LAMP', '10.00');
  const shade = open.shop.addVariant('SHADE', '8.00');
  for (const { item } of [lamp, shade]) open.shop.move(item, open.place.id, 'available', 50);
  const order = open.shop.buy([
    { variant: lamp, quantity },
    { variant: shade, quantity: 2 },
  ]);
  const parts = () => open.shop.fulfillmentOrders.filter((one) => one.order === order.id);
  return { ...open, lamp, shade, order, parts };
}

const all = (order: Parameters<typeof lineOf>[0]) => [lineOf(order, 0, 6), lineOf(order, 1, 2)];

test('a whole order is cancelled by a job, which is asked about until it is over, and is restocked', async () => {
  const open = await withOrder();
  open.simulator.mutations.jobTakes = 3;
  const asked = { lines: all(open.order), whole: true, by: 'customer', reason: 'too late' } as const;
  const outcome = await ask(open, open.order, 'cancel', asked);
  expect(outcome.state).toBe('pending');
  const handle = (outcome as { handle: string }).handle;
  const about = {
    id: 'cancel-1',
    at: '',
    kind: 'cancel',
    order: { channel: 'web', ref: open.order.name },
    ...asked,
  } as const;
  expect(await open.connection.settle!(about as never, handle)).toMatchObject({ state: 'pending' });
  await open.connection.settle!(about as never, handle);
  expect(await open.connection.settle!(about as never, handle)).toEqual({ state: 'done' });
  expect(open.order).toMatchObject({ cancelReason: 'CUSTOMER' });
  expect(open.shop.available(open.lamp)).toBe(50);
  expect(await ask(open, open.order, 'cancel', asked)).toEqual({ state: 'done' });
});

test('some units of a line are cancelled once, though the answer was lost', async () => {
  const open = await withOrder();
  const asked = {
    lines: [lineOf(open.order, 0, 2)],
    whole: false,
    by: 'customer' as const,
    reason: 'fewer',
  };
  open.simulator.faults.ask('lost_after', 3);
  expect(await ask(open, open.order, 'cancel', asked)).toEqual({ state: 'done' });
  expect(await ask(open, open.order, 'cancel', asked)).toEqual({ state: 'done' });
  expect(open.order.lines.map(currentOf)).toEqual([4, 2]);
});

test('money goes back once and by the way it came, and never more than was paid', async () => {
  const open = await withOrder();
  const refund = (amount: number, id: string) =>
    ask(open, open.order, 'refund', { amount: { amount, currency: 'USD' }, reason: 'cancelled' }, id);
  open.simulator.faults.ask('lost_after', 2);
  const first = await refund(2000, 'one');
  expect(first.state).toBe('done');
  expect(await refund(2000, 'one')).toEqual(first);
  const given = open.order.transactions.filter((one) => one.kind === 'REFUND');
  expect(given).toMatchObject([
    { amount: '20.00', gateway: 'shopify_payments', parent: open.order.transactions[0]!.id },
  ]);
  // The fact of it and the outcome name the same payment.
  const facts = await open.connection.reread!('orders', [open.order.id]);
  const named = facts.flatMap((one) => (one.kind === 'payment' ? [one.payment] : []));
  expect(named).toContainEqual(
    expect.objectContaining({ id: (first as { reference: string }).reference, kind: 'refunded' }),
  );
  expect(await refund(9000, 'two')).toMatchObject({
    state: 'refused',
    why: expect.stringContaining('56.00 USD'),
  });
});

test('a switch is one edit at the agreed price, and happens once whatever is lost on the way', async () => {
  const open = await withOrder();
  const asked = {
    from: lineOf(open.order, 0, 2),
    to: { line: 'new', sku: 'SHADE', quantity: 2, price: { amount: 700, currency: 'USD' } },
  };
  for (const lost of [1, 2, 3, 4, 5, 6, 7]) {
    open.simulator.faults.ask('lost_after', lost % 2);
    await ask(open, open.order, 'switch', asked);
  }
  expect(open.order.lines.map((one) => `${currentOf(one)} ${one.variant.sku} ${one.discount}`)).toEqual([
    '4 LAMP 0.00',
    '2 SHADE 0.00',
    '2 SHADE 1.00',
  ]);
});

/** Asks as the frame does: what failed is asked again. */
async function until(asks: () => ReturnType<typeof ask>) {
  for (let attempt = 1; ; attempt++)
    try {
      return await asks();
    } catch (error) {
      if (attempt === 5) throw error;
    }
}

describe.each([0, 1, 2, 3, 4, 5, 6, 7])('where the answer to the call after %i others is lost', (calls) => {
  test('a switch is done once, and its line has in Kept the name that it had there before', async () => {
    const open = await withOrder();
    open.simulator.faults.askAfter(calls, 'lost_after');
    const to = { line: '7-SHADE', sku: 'SHADE', quantity: 2, price: { amount: 700, currency: 'USD' } };
    expect(
      await until(() => ask(open, open.order, 'switch', { from: lineOf(open.order, 0, 2), to })),
    ).toEqual({
      state: 'done',
    });
    expect(open.order.lines.map((one) => `${currentOf(one)} ${one.variant.sku} ${one.discount}`)).toEqual([
      '4 LAMP 0.00',
      '2 SHADE 0.00',
      '2 SHADE 1.00',
    ]);
    const facts = await open.connection.reread!('orders', [open.order.id]);
    const names = facts.flatMap((one) =>
      one.kind === 'order' ? one.order.lines.map(({ line }) => line) : [],
    );
    expect(names).toEqual([
      ...open.order.lines.slice(0, 2).map((one) => String(numberIn(one.id))),
      '7-SHADE',
    ]);
    // By that name it is held and taken away again.
    const came = { line: '7-SHADE', sku: 'SHADE', quantity: 2 };
    const asked = { lines: [came], whole: false, by: 'customer' as const, reason: 'no' };
    expect(await until(() => ask(open, open.order, 'cancel', asked))).toEqual({ state: 'done' });
    expect(open.order.lines.map(currentOf)).toEqual([4, 2, 0]);
  });

  test('units are held once, and let go once', async () => {
    const open = await withOrder();
    const units = (status: string) =>
      open
        .parts()
        .filter((one) => one.status === status)
        .flatMap((one) => one.lines)
        .reduce((sum, part) => sum + part.remaining, 0);
    const lines = [lineOf(open.order, 0, 4)];
    open.simulator.faults.askAfter(calls, 'lost_after');
    await until(() => ask(open, open.order, 'hold', { lines, reason: 'awaiting_stock', words: 'waits' }));
    expect(units('ON_HOLD')).toBe(4);
    open.simulator.faults.askAfter(calls, 'lost_after');
    // Two of the lamps go already, and count first: three of the four are let go.
    await until(() => ask(open, open.order, 'release', { lines: [lineOf(open.order, 0, 5)] }));
    expect([units('ON_HOLD'), units('OPEN')]).toEqual([1, 2 + 2 + 3]);
  });
});

test('a switch of units that have left is refused', async () => {
  const open = await withOrder();
  open.shop.fulfil(open.order);
  const to = { line: 'new', sku: 'SHADE', quantity: 2, price: { amount: 700, currency: 'USD' } };
  const outcome = await ask(open, open.order, 'switch', { from: lineOf(open.order, 0, 2), to });
  expect(outcome).toMatchObject({ state: 'refused', why: 'Only 0 of the line have not left yet.' });
});

test('a paid order would leave: what waits is held, a part of it by itself, and twice is once', async () => {
  const open = await withOrder();
  const hold = (id: string) =>
    ask(
      open,
      open.order,
      'hold',
      { lines: [lineOf(open.order, 0, 4)], reason: 'awaiting_stock', words: 'waits' },
      id,
    );
  for (const id of ['one', 'two', 'three']) expect(await hold(id)).toEqual({ state: 'done' });
  const held = open.parts().filter((one) => one.status === 'ON_HOLD');
  expect(held.map((one) => one.lines.map((line) => line.remaining))).toEqual([[4]]);
  expect(held[0]!.holds).toMatchObject([{ handle: 'kept-stock', reason: 'INVENTORY_OUT_OF_STOCK' }]);
  expect(open.shop.fulfil(open.order)).toBe(4);
});

test('each reason has one hold, so that the ten of an app are never reached; where they are, it is said', async () => {
  const open = await withOrder();
  const hold = (reason: 'awaiting_stock' | 'awaiting_customer' | 'other', id: string) =>
    ask(open, open.order, 'hold', { lines: all(open.order), reason, words: 'waits' }, id);
  for (let round = 0; round < 4; round++)
    for (const reason of ['awaiting_stock', 'awaiting_customer', 'other'] as const)
      expect(await hold(reason, `${reason}-${round}`)).toEqual({ state: 'done' });
  const [one] = open.parts();
  expect(one!.holds.length).toBe(3);
  one!.holds.splice(0);
  for (let n = 0; n < 10; n++)
    one!.holds.push({ id: gid('FulfillmentHold', n + 1), handle: `own-${n}`, reason: 'OTHER', ours: true });
  expect(await hold('other', 'eleventh')).toMatchObject({
    state: 'refused',
    why: expect.stringContaining('maximum'),
  });
});

test('units that came are let go, those that still wait are not, and a hold of others stays', async () => {
  const open = await withOrder();
  await ask(open, open.order, 'hold', { lines: all(open.order), reason: 'awaiting_stock', words: 'waits' });
  open
    .parts()[0]!
    .holds.push({ id: gid('FulfillmentHold', 1), handle: null, reason: 'HIGH_RISK_OF_FRAUD', ours: false });
  expect(await ask(open, open.order, 'release', { lines: [lineOf(open.order, 0, 2)] })).toEqual({
    state: 'done',
  });
  expect(open.shop.fulfil(open.order)).toBe(0);
  for (const part of open.parts())
    part.holds.splice(0, part.holds.length, ...part.holds.filter((hold) => hold.ours));
  for (const part of open.parts()) if (part.holds.length === 0) part.status = 'OPEN';
  expect(open.shop.fulfil(open.order)).toBe(2);
});

test('of several due dates Shopify keeps the soonest: units of another day are split off and get their own', async () => {
  const { shop, ...open } = await openShop();
  const [lamp, shade] = [shop.addVariant('LAMP'), shop.addVariant('SHADE')];
  for (const variant of [lamp, shade]) variant.inventoryPolicy = 'CONTINUE';
  const plan = { sellingPlanId: gid('SellingPlan', 1), name: 'Pre-order' };
  const order = shop.buy([
    { variant: lamp, quantity: 1, plan, fulfillAt: '2026-04-01T00:00:00Z' },
    { variant: shade, quantity: 3, plan, fulfillAt: '2026-06-01T00:00:00Z' },
  ]);
  expect(shop.fulfillmentOrders.map((one) => one.fulfillAt)).toEqual(['2026-04-01T00:00:00Z']);
  const lines = [
    { ...lineOf(order, 0, 1), shipBy: '2026-04-08' },
    { ...lineOf(order, 1, 3), shipBy: '2026-06-01' },
  ];
  expect(await ask(open, order, 'reschedule', { lines })).toEqual({ state: 'done' });
  const days = () =>
    shop.fulfillmentOrders.map(
      ({ fulfillAt, lines: parts }) =>
        `${fulfillAt} ${parts.map((one) => `${one.remaining} ${one.line.variant.sku}`).filter((text) => !text.startsWith('0'))}`,
    );
  expect(days().toSorted()).toEqual(['2026-04-08T00:00:00Z 1 LAMP', '2026-06-01T00:00:00Z 3 SHADE']);
  await ask(open, order, 'reschedule', { lines }, 'again');
  expect(days().length).toBe(2);
});

test('an order is found by its name where Kept does not know its id, and one that is not there is refused', async () => {
  const open = await withOrder();
  const named = { ...open.order, id: '', metafields: open.order.metafields };
  const state = { id: '7', ref: open.order.name, channel: 'web', lines: [] };
  expect(await ask(open, named, 'tell_order', { news: 'changed', state } as never)).toEqual({
    state: 'done',
  });
  expect([...open.order.metafields.keys()]).toEqual(['promise']);
  const nobody = { ...named, name: '#9' };
  expect(await ask(open, nobody, 'release', { lines: [] })).toMatchObject({ state: 'refused' });
});
