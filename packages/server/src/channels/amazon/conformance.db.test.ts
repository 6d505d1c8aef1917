import { afterAll, expect } from 'vitest';
import { conforms } from '../../connections/testing/conformance.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { amazonConnector } from './connector.ts';
import { type AmazonSimulator, openAmazonSimulator } from './simulator/server.ts';

const { url } = await testDatabase();
const opened: AmazonSimulator[] = [];
afterAll(() => {
  for (const simulator of opened) expect(simulator.violations).toEqual([]);
});

conforms('Amazon', url, {
  connector: amazonConnector({ pauseMs: 1, patienceMs: 1000 }),
  async start(clock) {
    const simulator = await openAmazonSimulator({ now: () => clock.now(), polls: 1 });
    opened.push(simulator);
    const { shop, world } = simulator;
    return {
      settings: {
        ...simulator.settings,
        channel: 'amazon-us',
        fba: { channel: 'amazon-us-fba', location: 'fba-us' },
        itemsFromListings: true,
        historyDays: 30,
      },
      secrets: simulator.secrets,
      async given(kept) {
        for (const [path, body] of [
          ['/v1/channels/amazon-us', { title: 'Amazon.com', kind: 'amazon' }],
          ['/v1/channels/amazon-us-fba', { title: 'Amazon FBA', kind: 'amazon' }],
          ['/v1/channels/amazon-vendor', { title: 'Amazon Vendor', kind: 'wholesale' }],
          ['/v1/locations/main', { title: 'Warehouse', channels: ['amazon-us', 'amazon-vendor'] }],
          ['/v1/locations/fba-us', { title: 'FBA', channels: ['amazon-us-fba'] }],
        ] as const)
          expect((await kept.call('PUT', path, body)).status).toBeLessThan(300);
        shop.list({ sku: 'MUG' });
        shop.list({ sku: 'LAMP', fulfillmentChannel: 'AMAZON_NA' });
      },
      faults: {
        throttle: (calls) => simulator.meet('throttled', calls),
        fail: (calls) => simulator.meet('error_after', calls),
        hang: (calls) => simulator.hang(calls),
        expireToken: () => simulator.tokens.expire(),
        pushes: (trouble) => {
          Object.assign(simulator.faults, {
            duplicates: trouble === 'twice',
            outOfOrder: trouble === 'shuffled',
            missed: trouble === 'dropped',
          });
        },
      },
      async happen(number) {
        const sku = number % 2 === 0 ? 'LAMP' : 'MUG';
        const fulfilledBy = number % 2 === 0 ? 'AMAZON' : 'MERCHANT';
        const order = shop.sell({ items: [{ sku, quantity: number }], fulfilledBy });
        if (number % 3 === 0) shop.cancelByBuyer(order.orderId);
      },
      total: async () =>
        [...world.orders.values()]
          .flatMap((order) => order.items)
          .reduce((sum, item) => sum + item.quantity - item.cancelled, 0),
      totalIn: async (kept) => (await kept.call('GET', '/v1/backorders')).body.totals.units,
      traces: async () => world.subscriptions.size + world.destinations.size,
      close: () => simulator.close(),
    };
  },
});
