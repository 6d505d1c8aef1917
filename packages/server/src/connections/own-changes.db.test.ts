import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf } from '../testing/brand.ts';
import type { Fact } from './connector.ts';
import { type MemoryShop, memoryShop, orderFact } from './testing/memory-shop.ts';

const { url } = await testDatabase();
let shop: MemoryShop;
let pushes = 0;
beforeAll(async () => {
  shop = await memoryShop(url);
});
afterAll(async () => {
  expect(await faultsOf(shop.kept)).toEqual([]);
  await shop.close();
});

const later = () => shop.clock.set(new Date(shop.clock.now().getTime() + 60 * 60_000));
const untell = (number: number) => {
  const { log } = shop.system;
  const at = log.findIndex((one) => one.fact.externalId === `order/${number}`);
  if (at >= 0) log.splice(at, 1);
};
/** The shop tells an order as it has it, by a push and for whoever reads it anew. */
const tells = (number: number, quantity: number, minute: number) => {
  const sourceUpdatedAt = `2026-03-02T10:${minute}:00Z`;
  const fact = orderFact(number, quantity, { sourceUpdatedAt }) as Extract<Fact, { kind: 'order' }>;
  // Something else of it is another now: an order that says what it said before is passed over.
  const shipTo = { country: 'US', zip: `101${minute}` };
  const told: Fact = { ...fact, order: { ...fact.order, sourceUpdatedAt, shipTo } };
  untell(number);
  shop.system.tell('orders', told);
  return shop.push({ id: `own-${++pushes}`, facts: [told] });
};
const wanted = async (number: number) => {
  const { body } = await shop.call('GET', `/v1/orders/web:M${number}`);
  return body.lines[0].ordered - body.lines[0].cancelled;
};
const cancel = (number: number) =>
  shop.call('POST', `/v1/orders/web:M${number}/cancellations`, { by: 'customer', reason: 'too late' });
const heldBack = async () => (await shop.call('GET', '/v1/connections/shop/refused-facts')).body.items;

test('what a customer has just cancelled stays so, though the shop, not asked yet, tells it as it was', async () => {
  await tells(1, 5, 10);
  await shop.work();
  await cancel(1);
  // In the same round the push is decided before the shop is asked for anything.
  await tells(1, 5, 20);
  shop.system.faults.push(...Array<Error>(3).fill(new Error('it answered 503')));
  await shop.work();
  expect(await wanted(1)).toBe(0);
  expect(await heldBack()).toMatchObject([{ kind: 'order', externalId: 'order/1', code: 'conflict' }]);
  shop.system.faults.length = 0;
  later();
  await shop.work();
  expect(shop.system.acted.filter((one) => one.kind === 'cancel')).toMatchObject([{ whole: true }]);
  // It is cancelled there: nothing tells it any more.
  untell(1);
  later();
  await shop.work();
  expect(await wanted(1)).toBe(0);
  expect(await heldBack()).toEqual([]);
});

test('while the shop works on it, other orders are taken as they are', async () => {
  shop.system.slow.add('cancel');
  await tells(2, 4, 10);
  await tells(3, 4, 10);
  await shop.work();
  await cancel(2);
  await shop.work();
  await tells(2, 4, 30);
  await tells(3, 9, 30);
  await shop.work();
  expect([await wanted(2), await wanted(3)]).toEqual([0, 9]);
  // It is over, and the order is read as it is there: two of it had been cancelled before already.
  const asked = shop.system.acted.findLast((one) => one.kind === 'cancel')!;
  await tells(2, 2, 40);
  await shop.work();
  expect(await wanted(2)).toBe(0);
  shop.system.settled.add(`job:${asked.id}`);
  later();
  await shop.work();
  later();
  await shop.work();
  expect(await wanted(2)).toBe(2);
  expect((await heldBack()).filter((one: { externalId: string }) => one.externalId === 'order/2')).toEqual(
    [],
  );
});

test('where the shop refuses it, the order is what it is in the shop', async () => {
  shop.system.slow.clear();
  shop.system.refuses.set('cancel', 'it has left already');
  await tells(4, 3, 10);
  await shop.work();
  await cancel(4);
  await tells(4, 3, 20);
  await shop.work();
  later();
  await shop.work();
  expect(await wanted(4)).toBe(3);
  const { body } = await shop.call('GET', '/v1/connections/shop/actions?state=refused');
  expect(body.items).toMatchObject([{ kind: 'cancel', trouble: 'it has left already' }]);
});
