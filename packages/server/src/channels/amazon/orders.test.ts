import { expect, test } from 'vitest';
import type { Page } from '../../connections/index.ts';
import { orderChanges } from './orders.ts';
import { factsIn, openAmazon } from './testing/amazon.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
test('a new connection reads its history out of reports, month by month, and goes on order by order', async () => {
  const it = await openAmazon({ polls: 2, settings: { historyDays: 80 } });
  const { shop } = it.simulator;
  const old = new Date(it.now().getTime() - 70 * DAY).toISOString();
  const first = shop.sell({ items: [{ sku: 'MUG', quantity: 2 }], createdTime: old, status: 'SHIPPED' });
  const second = shop.sell({
    items: [
      { sku: 'MUG', quantity: 1 },
      { sku: 'LAMP', quantity: 1, price: '36.00' },
    ],
    createdTime: new Date(it.now().getTime() - 5 * DAY).toISOString(),
    fulfilledBy: 'AMAZON',
  });
  const read = await it.readAll((cursor) => orderChanges(it.amazon, cursor));
  expect(it.simulator.asked.filter((one) => one === 'createReport')).toHaveLength(3);
  expect(factsIn(read.pages)).toMatchObject([
    {
      kind: 'order',
      order: { ref: first.orderId, channel: 'amazon-us', lines: [{ line: 'MUG', quantity: 2 }] },
      shipped: [{ line: 'MUG', quantity: 2 }],
    },
    {
      kind: 'order',
      order: { ref: second.orderId, channel: 'amazon-us-fba', lines: [{ line: 'MUG' }, { line: 'LAMP' }] },
    },
  ]);
  const progress = read.pages.map((page) => page.progress!);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);
  expect(read.waits).toBeGreaterThan(0);

  it.pass(3 * HOUR);
  const third = shop.sell({ items: [{ sku: 'MUG', quantity: 4 }] });
  it.pass(5 * MINUTE);
  const news = await it.readAll((cursor) => orderChanges(it.amazon, cursor), read.cursor);
  expect(factsIn(news.pages)).toMatchObject([{ order: { ref: third.orderId } }]);
});

test('the same order is the same lines by report and by API', async () => {
  const it = await openAmazon({ settings: { historyDays: 20 } });
  it.simulator.shop.sell({
    items: [
      { sku: 'MUG', quantity: 2, price: '19.99' },
      { sku: 'MUG', quantity: 1, price: '10.00' },
    ],
    createdTime: new Date(it.now().getTime() - DAY).toISOString(),
  });
  const byReport = factsIn((await it.readAll((cursor) => orderChanges(it.amazon, cursor))).pages);
  const since = JSON.stringify({ since: new Date(it.now().getTime() - 2 * DAY).toISOString() });
  const byApi = factsIn((await it.readAll((cursor) => orderChanges(it.amazon, cursor), since)).pages);
  const lines = (facts: typeof byApi) =>
    facts.map(
      (fact) => fact.kind === 'order' && fact.order.lines.map(({ statedShipBy: _day, ...line }) => line),
    );
  expect(lines(byReport)).toEqual(lines(byApi));
  expect(lines(byApi)).toMatchObject([[{ line: 'MUG', quantity: 3 }]]);
});

test('cursors overlap, pages follow each other, and a page’s token that has ended begins the scan anew', async () => {
  const it = await openAmazon();
  const begin = it.now().toISOString();
  for (let order = 0; order < 230; order++) {
    it.pass(1000);
    it.simulator.shop.sell({ items: [{ sku: 'MUG', quantity: 1 }] });
  }
  it.pass(3 * MINUTE);
  const stream = orderChanges(it.amazon, JSON.stringify({ since: begin }));
  const first = (await stream.next()).value as Page;
  await stream.return(undefined);
  expect(first.facts).toHaveLength(100);
  it.pass(2 * HOUR);
  const rest = await it.readAll((cursor) => orderChanges(it.amazon, cursor), first.cursor);
  const refs = new Set([first, ...rest.pages].flatMap((page) => page.facts.map((fact) => fact.externalId)));
  expect(refs.size).toBe(230);
  // what was read last is read once more, and then no more
  const overlap = await it.readAll((cursor) => orderChanges(it.amazon, cursor), rest.cursor);
  expect(factsIn(overlap.pages).length).toBe(230);
  const after = await it.readAll((cursor) => orderChanges(it.amazon, cursor), overlap.cursor);
  expect(factsIn(after.pages).length).toBe(0);
});

test('under the published usage plan nothing is refused, and a reader is told when to come again', async () => {
  const it = await openAmazon({ rates: 'published' });
  for (let order = 0; order < 2500; order++) it.simulator.shop.sell({ items: [{ sku: 'MUG', quantity: 1 }] });
  it.pass(3 * MINUTE);
  const since = JSON.stringify({ since: '2026-03-02T11:00:00.000Z' });
  const read = await it.readAll((cursor) => orderChanges(it.amazon, cursor), since);
  expect(new Set(factsIn(read.pages).map((fact) => fact.externalId)).size).toBe(2500);
  // twenty pages at once, then one in about three minutes
  expect(read.waits).toBe(5);
});

test.each([['throttling'], ['serverErrors'], ['lostAnswers'], ['expiredTokens']] as const)(
  'under %s every order comes, once',
  async (fault) => {
    const it = await openAmazon({ polls: 1, settings: { historyDays: 40 } });
    for (let order = 0; order < 120; order++)
      it.simulator.shop.sell({
        items: [{ sku: 'MUG', quantity: 1 }],
        createdTime: new Date(it.now().getTime() - (order % 30) * DAY - HOUR).toISOString(),
      });
    it.simulator.faults[fault] = true;
    const read = await it.readAll((cursor) => orderChanges(it.amazon, cursor));
    expect(
      factsIn(read.pages)
        .map((fact) => fact.externalId)
        .toSorted(),
    ).toEqual([...it.simulator.world.orders.keys()].toSorted());
  },
);

test('orders of all states are what they are in Kept', async () => {
  const it = await openAmazon();
  const { shop } = it.simulator;
  const since = JSON.stringify({ since: it.now().toISOString() });
  const pending = shop.sell({ items: [{ sku: 'MUG', quantity: 1 }], status: 'PENDING' });
  const part = shop.sell({ items: [{ sku: 'MUG', quantity: 5 }] });
  shop.change(part.orderId, (order) => {
    order.items[0]!.fulfilled = 2;
    order.items[0]!.cancelled = 1;
    order.status = 'PARTIALLY_SHIPPED';
  });
  const gone = shop.sell({ items: [{ sku: 'MUG', quantity: 3 }] });
  shop.cancelByBuyer(gone.orderId);
  shop.sell({ items: [{ sku: 'MUG', quantity: 9 }], channelName: 'NON_AMAZON' });
  it.pass(5 * MINUTE);
  const facts = factsIn((await it.readAll((cursor) => orderChanges(it.amazon, cursor), since)).pages);
  const of = (id: string) => facts.filter((fact) => fact.externalId === id);
  expect(of(pending.orderId)).toMatchObject([
    { order: { lines: [{ quantity: 1, price: { amount: 0 } }], paymentDueAt: '2026-03-09T12:00:00.000Z' } },
  ]);
  expect(of(part.orderId)).toMatchObject([
    {
      order: { lines: [{ quantity: 4, statedShipBy: '2026-03-05' }] },
      shipped: [{ line: 'MUG', quantity: 2 }],
    },
  ]);
  expect(of(gone.orderId)).toMatchObject([
    { kind: 'order', order: { lines: [{ quantity: 3 }] } },
    { kind: 'cancellation', order: `amazon-us:${gone.orderId}`, cancellation: { by: 'customer' } },
  ]);
  expect(facts).toHaveLength(4);
});
