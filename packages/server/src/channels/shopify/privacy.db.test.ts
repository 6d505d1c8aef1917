import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { offerConnectors, workConnections } from '../../connections/index.ts';
import { testSealer } from '../../connections/testing/conformance.ts';
import { decideDue } from '../../due.ts';
import { withBrand } from '../../platform/database.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { faultsOf, type TestKept, testKept } from '../../testing/brand.ts';
import { shopify } from './connector.ts';
import { ShopifySimulator } from './simulator/server.ts';
import type { SimOrder } from './simulator/state.ts';

const { url } = await testDatabase();
let kept: TestKept;
let simulator: ShopifySimulator;
let orders: Record<'ada' | 'ben' | 'noMail' | 'open', SimOrder>;

beforeAll(async () => {
  kept = await testKept(url);
  simulator = await new ShopifySimulator({ now: () => kept.clock.now(), pointsPerSecond: 5000 }).listen();
  offerConnectors(kept.kept, { connectors: [shopify], sealer: testSealer(), privateTargets: true });
  const { shop } = simulator;
  const place = shop.addLocation('Warehouse');
  const lamp = shop.addVariant('LAMP', '10.00');
  shop.move(lamp.item, place.id, 'available', 20);
  const buy = (email: string) => shop.buy([{ variant: lamp, quantity: 1 }], { email });
  orders = {
    ada: buy('ada@example.com'),
    ben: buy('ben@example.com'),
    noMail: buy('nomail@example.com'),
    open: buy('open@example.com'),
  };
  for (const one of [orders.ada, orders.ben, orders.noMail]) shop.fulfil(one);
  const made = await kept.call('PUT', '/v1/connections/shop', {
    kind: 'shopify',
    settings: { shop: shop.domain, channel: 'web', adminUrl: simulator.url },
    secrets: { ...simulator.app, ...simulator.token() },
  });
  expect(made.status).toBe(201);
  for (let round = 0; round < 3; round++) {
    await workConnections(kept.kept, 1);
    kept.clock.set(new Date(kept.clock.now().getTime() + 11 * 60_000));
  }
});
afterAll(async () => {
  expect(await faultsOf(kept.kept)).toEqual([]);
  await kept.close();
  await simulator.close();
});

let deliveries = 0;
/** A webhook as Shopify sends it; `secret` is the app's unless told. */
function send(topic: string, body: Record<string, unknown>, secret = simulator.app.clientSecret) {
  const text = JSON.stringify(body);
  return kept.call('POST', '/v1/connections/shop/pushes', Buffer.from(text), {
    'content-type': 'application/json',
    'x-shopify-topic': topic,
    'x-shopify-shop-domain': simulator.shop.domain,
    'x-shopify-webhook-id': `privacy-${++deliveries}`,
    'x-shopify-hmac-sha256': createHmac('sha256', secret).update(text).digest('base64'),
  });
}
/** By which address an order's customer is known; null: by none. */
const emailOf = ({ name }: SimOrder): Promise<string | null> =>
  withBrand(kept.kept.db, 1, async (client) => {
    const { rows } = await client.query('select customer_email from customer_order where ref = $1', [name]);
    return rows[0].customer_email;
  });
const requests = async () => (await kept.call('GET', '/v1/privacy/requests')).body.items;

test('what a customer asks to know waits for a person, and is done once it was exported', async () => {
  expect((await send('customers/data_request', { customer: { email: 'Ada@example.com' } })).status).toBe(200);
  expect(await requests()).toMatchObject([
    { kind: 'export', email: 'ada@example.com', by: 'connection:shop', doneAt: null },
  ]);
  const { body } = await kept.call('POST', '/v1/privacy/exports', { email: 'ada@example.com' });
  expect(body.known.orders).toHaveLength(1);
  expect(await requests()).toMatchObject([{ kind: 'export', email: null, doneAt: expect.any(String) }]);
});

test('a customer is forgotten at once, also while the connection is paused, and by the orders where there is no address', async () => {
  await kept.call('POST', '/v1/connections/shop/pause');
  expect((await send('customers/redact', { customer: { email: 'ADA@example.com' } })).status).toBe(200);
  expect(await emailOf(orders.ada)).toBeNull();
  expect(await emailOf(orders.ben)).toBe('ben@example.com');
  const [id] = /\d+$/.exec(orders.noMail.id)!;
  await send('customers/redact', { customer: { email: null }, orders_to_redact: [Number(id)] });
  expect(await emailOf(orders.noMail)).toBeNull();
  await kept.call('POST', '/v1/connections/shop/resume');
});

test('once the shop is disconnected, only its word about privacy is taken, and the last of it forgets everybody', async () => {
  await kept.call('DELETE', '/v1/connections/shop');
  kept.clock.set(new Date(kept.clock.now().getTime() + 2 * 24 * 3_600_000));
  expect((await kept.call('GET', '/v1/connections/shop')).body.hasSecrets).toBe(false);
  expect((await send('orders/updated', { id: 1 })).status).toBe(404);
  expect((await send('shop/redact', { shop_id: 1 }, 'another secret')).status).toBe(401);
  expect(await emailOf(orders.ben)).toBe('ben@example.com');
  expect((await send('shop/redact', { shop_id: 1 })).status).toBe(200);
  expect(await emailOf(orders.ben)).toBeNull();
  // Somebody still has to be sent something: this one is forgotten once it is over.
  expect(await emailOf(orders.open)).toBe('open@example.com');
  expect((await requests())[0]).toMatchObject({ kind: 'erasure', channel: 'web', doneAt: null });
  const [{ line }] = (await kept.call('GET', `/v1/orders/${encodeURIComponent(`web:${orders.open.name}`)}`))
    .body.lines;
  await kept.call('POST', `/v1/orders/${encodeURIComponent(`web:${orders.open.name}`)}/shipments`, {
    lines: [{ line, quantity: 1 }],
  });
  await decideDue(kept.kept, 1);
  expect(await emailOf(orders.open)).toBeNull();
  expect((await requests())[0]).toMatchObject({ channel: 'web', doneAt: expect.any(String) });
  const left = await withBrand(kept.kept.db, 1, (client) =>
    client.query('select from connection where coalesce(secrets, parting_secrets) is not null'),
  );
  expect(left.rowCount).toBe(0);
});
