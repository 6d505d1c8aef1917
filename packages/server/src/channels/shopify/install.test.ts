import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { AccessLost } from '../../connections/index.ts';
import { authorise } from './install.ts';
import * as operations from './operations.ts';
import { SCOPES } from './settings.ts';
import { NOW, openShop, push } from './testing/open-shop.ts';

async function installing() {
  const open = await openShop();
  const { settings } = open.context;
  const asked = {
    settings,
    secrets: open.simulator.app,
    state: 'state-1',
    redirectUrl: 'https://kept.example/back',
  };
  const query = open.simulator.agree(authorise.begin(asked));
  const finish = (over: Record<string, string> = {}) =>
    authorise.finish({ ...asked, query: { ...query, ...over }, fetch, now: () => NOW });
  return { ...open, asked, query, finish };
}

test('a person is sent to the shop with what the app needs, and what comes back is a token', async () => {
  const { asked, query, finish, simulator } = await installing();
  const url = new URL(authorise.begin(asked));
  expect(url.pathname).toBe('/admin/oauth/authorize');
  expect(url.searchParams.get('scope')).toBe(SCOPES.join(','));
  expect(query.state).toBe('state-1');
  expect(await finish()).toMatchObject({ ...simulator.app, accessToken: expect.stringMatching(/^shpat_/) });
});

test.each<[string, Record<string, string>, string]>([
  ['was signed by somebody else', { hmac: 'ab'.repeat(32) }, 'not signed'],
  ['was changed on the way', { code: 'other' }, 'not signed'],
  ['has no signature', { hmac: '' }, 'not signed'],
])('what came back and %s is refused', async (_, over, words) => {
  const { finish } = await installing();
  await expect(finish(over)).rejects.toThrow(words);
});

test('an install with fewer scopes than are needed is told by name', async () => {
  const { finish, simulator, connection } = await installing();
  simulator.scopes = SCOPES.filter((scope) => scope !== 'write_order_edits');
  await expect(finish()).rejects.toThrow('write_order_edits');
  expect(await connection.check()).toContainEqual(
    expect.objectContaining({ code: 'missing_scope', level: 'broken' }),
  );
});

test('a token that has expired is renewed once and kept; where it cannot be, a person is asked', async () => {
  const { simulator, connection, saved } = await openShop();
  simulator.expireTokens();
  expect(await connection.check()).toMatchObject([{ code: 'reachable' }, { code: 'no_webhooks' }]);
  expect(saved.length).toBe(1);
  simulator.uninstall();
  await expect(connection.reread!('orders', ['gid://shopify/Order/1'])).rejects.toThrow(AccessLost);
});

test('it waits for its points instead of being turned away', async () => {
  const { simulator, shop, connection } = await openShop({}, { simulator: { pointsPerSecond: 1000 } });
  for (let number = 0; number < 40; number++) shop.addVariant(`SKU-${number}`);
  const ids = shop.variants.map((one) => one.item);
  const before = performance.now();
  for (let time = 0; time < 6; time++) await connection.reread!('inventory', ids);
  expect(performance.now() - before).toBeGreaterThan(200);
  expect(simulator.throttled).toBe(0);
  simulator.faults.ask('throttled', 2);
  await connection.reread!('inventory', ids);
  expect(simulator.throttled).toBe(2);
});

test('what Shopify does once only under a key is asked with one', () => {
  for (const text of Object.values(operations))
    if (typeof text === 'string' && /\b(refundCreate|inventory\w+)\(input/.test(text))
      expect(text).toContain('@idempotent(key: $key)');
});

describe('a webhook', async () => {
  const signed = (secret: string, topic: string, body: string, shop = 'example.myshopify.com') =>
    push(body, {
      'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': shop,
      'x-shopify-webhook-id': 'delivery-1',
    });

  test('is taken by the bytes as they came, and says what to read anew', async () => {
    const { connection, simulator } = await openShop();
    const { clientSecret } = simulator.app;
    // Spaces that a parser would lose are signed with the rest.
    const body = '{ "id":  4242 }';
    expect(connection.receive!(signed(clientSecret, 'orders/updated', body))).toEqual({
      authentic: true,
      id: 'delivery-1',
      reread: [{ stream: 'orders', ids: ['gid://shopify/Order/4242'] }],
    });
    const changed = { ...signed(clientSecret, 'orders/updated', body), body: Buffer.from('{"id":4242}') };
    expect(connection.receive!(changed)).toMatchObject({ authentic: false });
    expect(connection.receive!(signed('other', 'orders/updated', body))).toMatchObject({ authentic: false });
    expect(
      connection.receive!(signed(clientSecret, 'orders/updated', body, 'other.myshopify.com')),
    ).toMatchObject({ authentic: false });
  });

  test.each<[string, string, object]>([
    ['refunds/create', '{"order_id":7}', { reread: [{ stream: 'orders', ids: ['gid://shopify/Order/7'] }] }],
    [
      'orders/edited',
      '{"order_edit":{"order_id":8}}',
      { reread: [{ stream: 'orders', ids: ['gid://shopify/Order/8'] }] },
    ],
    [
      'inventory_levels/update',
      '{"inventory_item_id":9}',
      { reread: [{ stream: 'inventory', ids: ['gid://shopify/InventoryItem/9'] }] },
    ],
    ['inventory_shipments/receive_items', '{"id":1}', { reread: [{ stream: 'transfers', ids: ['all'] }] }],
    ['app/uninstalled', '{"id":1}', { ended: 'The app was uninstalled in Shopify.' }],
    [
      'customers/redact',
      '{"customer":{"id":1,"email":"Ada@example.com"}}',
      { facts: [{ kind: 'redaction', email: 'Ada@example.com' }] },
    ],
    [
      'customers/redact',
      '{"customer":{"id":1,"email":null},"orders_to_redact":[7]}',
      { facts: [{ kind: 'redaction', externalIds: ['gid://shopify/Order/7'] }] },
    ],
    ['customers/data_request', '{"customer":{"id":1}}', { facts: [] }],
    [
      'customers/data_request',
      '{"customer":{"id":1,"email":"Ada@example.com"}}',
      { facts: [{ kind: 'data_request', email: 'Ada@example.com' }] },
    ],
    ['shop/redact', '{"shop_id":1}', { facts: [{ kind: 'redaction', channel: 'web' }] }],
  ])('of %s', async (topic, body, expected) => {
    const { connection, simulator } = await openShop();
    expect(connection.receive!(signed(simulator.app.clientSecret, topic, body))).toMatchObject({
      authentic: true,
      ...expected,
    });
  });
});
