import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { carryOut } from './carry-out.ts';
import { followLog } from './follow-log.ts';
import { openConnection } from './opened.ts';
import { publishAvailability } from './publish.ts';
import { type MemoryShop, memoryShop, orderFact } from './testing/memory-shop.ts';

const { url } = await testDatabase();
let shop: MemoryShop;
beforeAll(async () => {
  shop = await memoryShop(url);
  const listing = { externalId: 'v1', sku: 'LAMP', title: 'Lamp' };
  shop.system.tell(
    'orders',
    orderFact(1, 2),
    { kind: 'listing', externalId: 'v1', channel: 'web', listing },
    orderFact(2, 1),
  );
  await shop.work();
});
afterAll(() => shop.close());

/** Longer than a lease that nobody renews. */
const LEASE_SECONDS = 0.4;
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 1200));

test.each([
  [
    'what is asked',
    carryOut,
    async () => {
      await shop.call('POST', '/v1/orders/web:M1/cancellations', { by: 'customer', reason: 'too late' });
      await followLog(shop.kept, 1);
    },
  ],
  [
    'what is told',
    publishAvailability,
    async () => {
      const counted = { sku: 'LAMP', location: 'main', counted: 40, reason: 'count' };
      await shop.call('POST', '/v1/stock/adjustments', counted);
    },
  ],
])('%s is one process’s own for as long as the call hangs, whatever the lease', async (_, work, happen) => {
  await happen();
  const opened = (await openConnection(shop.kept, 1, 'shop'))!;
  let answer = () => {};
  shop.system.calls = 0;
  shop.system.slowness = new Promise((resolve) => {
    answer = resolve;
  });
  const first = work(shop.kept, 1, opened, { leaseSeconds: LEASE_SECONDS });
  await vi.waitFor(() => expect(shop.system.calls).toBe(1));
  await aWhile();
  expect(await work(shop.kept, 1, opened, { leaseSeconds: LEASE_SECONDS })).toBe(0);
  answer();
  expect(await first).toBeGreaterThan(0);
});
