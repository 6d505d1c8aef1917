import { expect, test } from 'vitest';
import { AccessLost } from '../../connections/index.ts';
import { notified } from './notifications.ts';
import { unsubscribeAll } from './subscriptions.ts';
import { factsIn, openAmazon } from './testing/amazon.ts';

const read = (it: Awaited<ReturnType<typeof openAmazon>>, cursor: string | null) =>
  it.readAll((from) => notified(it.amazon, it.queue, from), cursor);

test('Kept subscribes once, hears what changes, and takes its traces away', async () => {
  const it = await openAmazon();
  const { shop, world, queue } = it.simulator;
  const first = await read(it, null);
  expect([...world.subscriptions.keys()]).toEqual(['ORDER_CHANGE', 'FBA_INVENTORY_AVAILABILITY_CHANGES']);
  const order = shop.sell({ items: [{ sku: 'MUG', quantity: 1 }] });
  shop.count({ sellerSku: 'MUG', fulfillable: 8, pendingCustomerOrder: 1 });
  const news = await read(it, first.cursor);
  expect(factsIn(news.pages)).toMatchObject([
    { kind: 'order', order: { ref: order.orderId } },
    { kind: 'stock', counted: 8, reserved: 1 },
    { kind: 'stock', condition: 'damaged', counted: 0 },
  ]);
  expect(queue.length).toBe(0);
  await read(it, null);
  expect(world.destinations.size).toBe(1);
  await unsubscribeAll(it.amazon);
  expect([world.destinations.size, world.subscriptions.size]).toEqual([0, 0]);
});

test('twice, late and out of order do no harm: the order is read as it is now', async () => {
  const it = await openAmazon();
  const { shop, faults, queue } = it.simulator;
  const { cursor } = await read(it, null);
  Object.assign(faults, { duplicates: true, outOfOrder: true });
  const order = shop.sell({ items: [{ sku: 'MUG', quantity: 1 }] });
  it.pass(1000);
  shop.cancelByBuyer(order.orderId);
  const news = await read(it, cursor);
  const facts = factsIn(news.pages);
  expect(facts.map((fact) => fact.kind)).toEqual(['order', 'cancellation']);
  expect(new Set(facts.map((fact) => fact.sourceUpdatedAt))).toEqual(new Set([order.lastUpdatedTime]));
  expect(queue.length).toBe(0);
});

test('a message is taken away only once what it led to is applied', async () => {
  const it = await openAmazon();
  const { cursor } = await read(it, null);
  it.simulator.shop.sell({ items: [{ sku: 'MUG', quantity: 1 }] });
  const stream = notified(it.amazon, it.queue, cursor);
  expect((await stream.next()).value!.facts).toHaveLength(1);
  // whoever applies it dies
  await stream.return(undefined);
  expect(it.simulator.queue.length).toBe(1);
  it.pass(10 * 60_000);
  expect(factsIn((await read(it, cursor)).pages)).toHaveLength(1);
  expect(it.simulator.queue.length).toBe(0);
});

test('what cannot be read is told and taken away; it must not stand in the way of the rest', async () => {
  const it = await openAmazon();
  const { cursor } = await read(it, null);
  it.simulator.queue.send('no JSON', it.simulator.faults);
  it.simulator.queue.send({ NotificationType: 'ORDER_CHANGE', Payload: {} }, it.simulator.faults);
  it.simulator.queue.send(
    { notificationType: 'REPORT_PROCESSING_FINISHED', payload: {} },
    it.simulator.faults,
  );
  it.simulator.shop.sell({ items: [{ sku: 'MUG', quantity: 1 }] });
  expect(factsIn((await read(it, cursor)).pages)).toHaveLength(1);
  expect(it.warnings).toHaveLength(2);
  expect(it.simulator.queue.length).toBe(0);
});

test('a grant that was taken back is said, with what to do', async () => {
  const it = await openAmazon();
  it.simulator.tokens.revoke();
  const asked = it.readAll(
    (from) => notified(it.amazon, it.queue, from),
    '{"subscribed":"arn:aws:sqs:us-east-1:000000000000:kept"}',
  );
  it.simulator.shop.sell({ items: [{ sku: 'MUG', quantity: 1 }] });
  await expect(asked).resolves.toBeDefined();
  const error = await read(it, null).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AccessLost);
  expect((error as Error).message).toContain('Authorise Kept again in Seller Central');
});
