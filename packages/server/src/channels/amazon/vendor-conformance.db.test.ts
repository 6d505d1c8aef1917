import { afterAll, expect } from 'vitest';
import { conforms } from '../../connections/testing/conformance.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { type AmazonSimulator, openAmazonSimulator } from './simulator/server.ts';
import { amazonVendorConnector } from './vendor-connector.ts';

const { url } = await testDatabase();
const opened: AmazonSimulator[] = [];
afterAll(() => {
  for (const simulator of opened) expect(simulator.violations).toEqual([]);
});

conforms('Amazon as a customer', url, {
  connector: amazonVendorConnector({ pauseMs: 1, patienceMs: 1000 }),
  async start(clock) {
    const simulator = await openAmazonSimulator({ now: () => clock.now() });
    opened.push(simulator);
    const { shop, world, tokens } = simulator;
    const { marketplace, endpoint, tokenEndpoint } = simulator.settings;
    return {
      settings: { marketplace, endpoint, tokenEndpoint, channel: 'amazon-vendor', historyDays: 7 },
      secrets: tokens.credentials,
      async given(kept) {
        const lots = { sku: 'MUG', location: 'main', counted: 100_000, reason: 'count' };
        for (const [method, path, body] of [
          ['PUT', '/v1/channels/amazon-vendor', { title: 'Amazon Vendor', kind: 'wholesale' }],
          ['PUT', '/v1/locations/main', { title: 'Warehouse' }],
          ['PUT', '/v1/items/MUG', { title: 'Mug', price: { amount: 1999, currency: 'USD' } }],
          ['POST', '/v1/stock/adjustments', lots],
        ] as const)
          expect((await kept.call(method, path, body)).status).toBeLessThan(300);
      },
      faults: {
        throttle: (calls) => simulator.meet('throttled', calls),
        fail: (calls) => simulator.meet('error_after', calls),
        hang: (calls) => simulator.hang(calls),
        expireToken: () => tokens.expire(),
      },
      async happen(number) {
        const from = clock.now().toISOString();
        const until = new Date(clock.now().getTime() + 20 * 86_400_000).toISOString();
        shop.orderFromVendor({
          shipWindow: `${from}--${until}`,
          lines: [
            {
              itemSequenceNumber: '1',
              amazonProductIdentifier: 'B00SIMULAT',
              vendorProductIdentifier: 'MUG',
              quantity: { amount: number, unitOfMeasure: 'Cases', unitSize: 12 },
              isBackOrderAllowed: number % 2 === 0,
              netCost: { amount: '7.50', currencyCode: 'USD' },
            },
          ],
        });
      },
      total: async () =>
        [...world.purchaseOrders.values()]
          .flatMap((order) => order.lines)
          .reduce((sum, line) => sum + line.quantity.amount * line.quantity.unitSize, 0),
      totalIn: async (kept) => (await kept.call('GET', '/v1/items/MUG')).body.stock[0].reserved,
      async close() {
        // all that was ordered is on the shelf: every purchase order was answered, and accepted whole
        for (const { number, lines } of world.purchaseOrders.values())
          for (const { quantity, answered } of lines)
            expect(answered, number).toMatchObject([{ code: 'Accepted', amount: quantity.amount }]);
        await simulator.close();
      },
    };
  },
});
