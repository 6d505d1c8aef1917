import { afterAll, beforeAll, expect, test } from 'vitest';
import { offerConnectors, workConnections } from '../../connections/index.ts';
import { testSealer } from '../../connections/testing/conformance.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { type TestKept, testKept } from '../../testing/brand.ts';
import { shopify } from './connector.ts';
import { ShopifySimulator } from './simulator/server.ts';

let kept: TestKept;
let simulator: ShopifySimulator;
beforeAll(async () => {
  kept = await testKept((await testDatabase()).url);
  simulator = await new ShopifySimulator({ now: () => kept.clock.now(), pointsPerSecond: 5000 }).listen();
  offerConnectors(kept.kept, {
    connectors: [shopify],
    sealer: testSealer(),
    privateTargets: true,
    publicUrl: 'https://kept.example',
  });
});
afterAll(async () => {
  await kept.close();
  await simulator.close();
});

test('the app is installed with its own id and secret alone, and the shop is read', async () => {
  const { shop, app } = simulator;
  const place = shop.addLocation('Warehouse');
  const lamp = shop.addVariant('LAMP', '10.00');
  shop.move(lamp.item, place.id, 'available', 5);
  const path = '/v1/connections/shop';
  const settings = { shop: shop.domain, channel: 'web', adminUrl: simulator.url };
  expect((await kept.call('PUT', path, { kind: 'shopify', settings, secrets: app })).status).toBe(201);
  const begun = await kept.call('POST', `${path}/authorisation`);
  expect(begun.status, JSON.stringify(begun.body)).toBe(200);
  const { url, ticket } = begun.body;
  const query = simulator.agree(url);
  const end = (over: Record<string, string> = {}) =>
    kept.call('POST', `${path}/authorisation/return`, { ticket, query: { ...query, ...over } });
  expect((await end({ shop: 'other.myshopify.com' })).status).toBe(409);
  expect((await end()).status).toBe(200);
  for (let round = 0; round < 3; round++) {
    await workConnections(kept.kept, 1);
    kept.clock.set(new Date(kept.clock.now().getTime() + 11 * 60_000));
  }
  expect((await kept.call('GET', path)).body).toMatchObject({ state: 'active', trouble: null });
  expect((await kept.call('GET', '/v1/items/LAMP')).body.stock).toMatchObject([{ sellable: 5 }]);
});
