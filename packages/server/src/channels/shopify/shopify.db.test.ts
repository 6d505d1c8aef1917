import { conforms } from '../../connections/testing/conformance.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { shopify } from './connector.ts';
import { ShopifySimulator } from './simulator/server.ts';

const { url } = await testDatabase();

conforms('Shopify', url, {
  connector: shopify,
  async start(clock) {
    const simulator = await new ShopifySimulator({ now: () => clock.now(), pointsPerSecond: 5000 }).listen();
    const { shop } = simulator;
    shop.addLocation('Warehouse');
    const lamp = shop.addVariant('LAMP', '10.00', { inventoryPolicy: 'CONTINUE' });
    shop.move(lamp.item, shop.locations[0]!.id, 'available', 1000);
    return {
      settings: { shop: shop.domain, channel: 'web', adminUrl: simulator.url },
      secrets: { ...simulator.app, ...simulator.token() },
      faults: {
        throttle: (calls) => simulator.faults.ask('throttled', calls),
        fail: (calls) => simulator.faults.ask('error_after', calls),
        hang: (calls) => simulator.faults.hang(calls),
        expireToken: () => simulator.expireTokens(),
        pushes: (trouble) => {
          Object.assign(simulator.webhooks, {
            duplicates: trouble === 'twice',
            reversed: trouble === 'shuffled',
            miss: trouble === 'dropped' ? Number.POSITIVE_INFINITY : 0,
          });
        },
      },
      async happen(number) {
        shop.buy([{ variant: lamp, quantity: number }]);
      },
      pushed: () => simulator.webhooks.delivered(),
      total: async () =>
        shop.orders.flatMap((order) => order.lines).reduce((sum, line) => sum + line.quantity, 0),
      async totalIn(kept) {
        const { body } = await kept.call('GET', '/v1/items/LAMP');
        const reserved = (body.stock ?? []).reduce(
          (sum: number, one: { reserved: number }) => sum + one.reserved,
          0,
        );
        return reserved + (body.backordered ?? 0);
      },
      traces: async () => shop.definitions.length + shop.subscriptions.length + shop.planGroups.length,
      close: () => simulator.close(),
    };
  },
});
