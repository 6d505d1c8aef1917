import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, purchaseOrder, type TestKept, testKept } from '../testing/brand.ts';
import { tellBuyers } from './index.ts';
import { saveSignalSettings } from './settings.ts';

const { url } = await testDatabase();
let shop: TestKept;
const clock = (now: string) => shop.call('PUT', '/v1/clock', { now });
const signals = async (kind: string) => (await shop.call('GET', `/v1/signals?kind=${kind}`)).body.items;
const put = async (path: string, body: unknown) =>
  expect((await shop.call('PUT', path, body)).status).toBeLessThan(300);
const post = async (path: string, body: unknown) =>
  expect((await shop.call('POST', path, body)).status).toBeLessThan(300);
const item = (sku: string, more: Record<string, unknown> = {}) => ({
  title: sku,
  price: { amount: 1000, currency: 'USD' },
  ...more,
});

beforeAll(async () => {
  shop = await testKept(url);
  await givenShop(shop, { TRAY: 0, LAMP: 20, MUG: 170, VASE: 200, RUG: 0 });
  await put('/v1/suppliers/acme', { title: 'Acme', leadTimeDays: 14, moq: 900 });
  await put('/v1/suppliers/gone', { title: 'Gone' });
  for (const sku of ['TRAY', 'LAMP', 'MUG', 'VASE'])
    await put(`/v1/items/${sku}`, item(sku, { supplier: 'acme' }));
  await put('/v1/items/RUG', item('RUG', { supplier: 'gone' }));
});

afterAll(async () => {
  expect(await faultsOf(shop.kept)).toEqual([]);
  await shop.close();
});

test('a purchase order that is overdue and breaks promises is told, with what ends it, and ends by itself', async () => {
  await put('/v1/purchase-orders/PO-1', purchaseOrder('TRAY', 40, '2026-03-09'));
  await post('/v1/orders', order('TRAY', 6, { ref: 'tray' }));
  await clock('2026-03-20T09:00:00Z');
  const [overdue] = await signals('purchase_order_overdue');
  expect(overdue).toMatchObject({
    data: { purchaseOrder: 'PO-1', overdueDays: 11, units: 40, pegged: 6 },
    choices: [
      { choice: 'revise', call: { method: 'POST', path: '/v1/purchase-orders/PO-1/revisions' } },
      { choice: 'receive' },
    ],
  });
  expect(overdue.words).toBe(
    'PO-1 of acme was expected on 2026-03-09, 11 days ago: 40 units are open, and customers wait for 6 of them.',
  );
  await post('/v1/purchase-orders/PO-1/revisions', { line: 1, expectedOn: '2026-04-30', reason: 'freight' });
  await clock('2026-03-21T09:00:00Z');
  expect(await signals('purchase_order_overdue')).toEqual([]);
  const [broken] = await signals('slip_breaks_promises');
  expect(broken.data).toMatchObject({ purchaseOrder: 'PO-1', orders: 1, units: 6, value: 6000 });
  expect(broken.words).toMatch(
    /comes after what 1 order were promised: 6 units, \$60\.00, up to \d+ days late/,
  );
});

test('one fact is one signal, however often it is looked for', async () => {
  const before = await signals('slip_breaks_promises');
  await clock('2026-03-23T09:00:00Z');
  const after = await signals('slip_breaks_promises');
  expect(after.map((one: { id: string; at: string }) => [one.id, one.at])).toEqual([
    [before[0].id, before[0].at],
  ]);
});

test('units that are held while customers wait', async () => {
  const held = {
    sku: 'LAMP',
    location: 'main',
    from: 'sellable',
    to: 'quality_hold',
    quantity: 15,
    reason: 'cracks',
  };
  await post('/v1/stock/adjustments', held);
  await put('/v1/purchase-orders/PO-2', purchaseOrder('LAMP', 40, '2026-05-04'));
  await post('/v1/orders', order('LAMP', 9));
  await clock('2026-03-27T09:00:00Z');
  expect(await signals('hold_blocks_queue')).toMatchObject([
    {
      sku: 'LAMP',
      words:
        '15 units of LAMP lie there and cannot ship, while 4 units are waited for: released, they serve 4.',
    },
  ]);
  await post('/v1/stock/adjustments', { ...held, from: 'quality_hold', to: 'sellable' });
  await clock('2026-03-28T09:00:00Z');
  expect(await signals('hold_blocks_queue')).toEqual([]);
});

test('settled by a person, a signal stays so while its fact lasts; when that comes back it is raised again', async () => {
  const held = {
    sku: 'LAMP',
    location: 'main',
    from: 'sellable',
    to: 'quality_hold',
    quantity: 15,
    reason: 'cracks',
  };
  const released = { ...held, from: 'quality_hold', to: 'sellable' };
  await post('/v1/stock/adjustments', held);
  await clock('2026-03-28T10:00:00Z');
  const [first] = await signals('hold_blocks_queue');
  await post(`/v1/signals/${first.id}/settled`, { choice: 'release' });
  await post('/v1/stock/adjustments', {
    sku: 'LAMP',
    location: 'main',
    condition: 'returned',
    delta: 1,
    reason: 'back',
  });
  await clock('2026-03-28T11:00:00Z');
  expect(await signals('hold_blocks_queue')).toEqual([]);
  await post('/v1/stock/adjustments', {
    sku: 'LAMP',
    location: 'main',
    condition: 'returned',
    counted: 0,
    reason: 'sold',
  });
  await post('/v1/stock/adjustments', released);
  await clock('2026-03-28T12:00:00Z');
  await post('/v1/stock/adjustments', held);
  await clock('2026-03-28T13:00:00Z');
  const [again] = await signals('hold_blocks_queue');
  expect(again.id).not.toBe(first.id);
  await post('/v1/stock/adjustments', released);
});

test('a queue that nothing can end: unbacked, and not to be replenished', async () => {
  await put('/v1/purchase-orders/PO-3', { ...purchaseOrder('RUG', 10, '2026-04-20'), supplier: 'gone' });
  await post('/v1/orders', order('RUG', 3));
  await put('/v1/suppliers/gone', { title: 'Gone', status: 'abandoned' });
  await clock('2026-03-29T09:00:00Z');
  expect(await signals('promises_unbacked')).toMatchObject([{ sku: 'RUG', data: { units: 3, orders: 1 } }]);
  expect(await signals('cannot_replenish')).toMatchObject([
    {
      sku: 'RUG',
      data: { why: 'supplier_abandoned', queue: 3 },
      choices: [{ choice: 'stop_selling' }, {}, {}],
    },
  ]);
});

test('what will run out before anything comes, an MOQ that is in the way, and a campaign that nothing covers', async () => {
  for (const sku of ['MUG', 'VASE'])
    for (let week = 1; week <= 16; week++) {
      const placedAt = new Date(
        Date.parse('2026-03-29T08:00:00Z') - week * 7 * 864e5 + 2 * 864e5,
      ).toISOString();
      await post('/v1/orders', order(sku, 10, { mode: 'placed', placedAt }));
    }
  await withBrand(shop.kept.db, 1, (client) =>
    client.query(
      `insert into campaign (brand_id, ref, title, from_on, until_on, told_on, skus, lift)
       values (1, 'easter', 'Easter', '2026-04-03', '2026-04-23', '2026-03-01', '{VASE}', 3)`,
    ),
  );
  await clock('2026-03-30T09:00:00Z');
  const [mug] = await signals('runs_out_before_supply');
  expect(mug).toMatchObject({ sku: 'MUG', data: { free: 10, nextPurchaseOrder: null } });
  expect(mug.data.probability).toBeGreaterThanOrEqual(0.5);
  expect(mug.data.on > '2026-03-30' && mug.data.on < '2026-04-13').toBe(true);
  const bites = await signals('moq_bites');
  expect(bites.map(({ sku }: { sku: string }) => sku)).toContain('MUG');
  expect(bites[0].data).toMatchObject({ moq: 900, needed: expect.any(Number) });
  expect(await signals('campaign_without_cover')).toMatchObject([
    { sku: 'VASE', data: { campaign: 'easter', free: 40, incoming: 0, wanted: 96, missing: 56 } },
  ]);
  await put('/v1/purchase-orders/PO-4', {
    ...purchaseOrder('MUG', 900, '2026-03-31'),
    placedOn: '2026-03-30',
  });
  await clock('2026-03-31T09:00:00Z');
  expect((await signals('moq_bites')).map(({ sku }: { sku: string }) => sku)).not.toContain('MUG');
});

test('a queue that grows faster than its supply', async () => {
  for (let day = 1; day <= 5; day++)
    await post('/v1/orders', order('TRAY', 5, { mode: 'placed', placedAt: '2026-03-31T09:00:00Z' }));
  await clock('2026-04-01T09:00:00Z');
  const [tray] = await signals('queue_outgrows_supply');
  expect(tray).toMatchObject({ sku: 'TRAY', data: { queue: 31, incomingWeekly: 5, weeks: 8 } });
  expect(tray.choices[0]).toMatchObject({
    choice: 'reorder',
    call: { path: '/v1/reorder-suggestions/TRAY/accept' },
  });
});

interface Got {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

test('webhooks and digests: signed, once for each cause, tried again, to those whom it concerns', async () => {
  const got: Got[] = [];
  let failing = true;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      if (failing) return response.writeHead(500).end();
      got.push({ path: request.url!, headers: request.headers, body });
      return response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = {
    digest: { at: '08:00', weekdays: [1, 2, 3, 4, 5, 6, 7], to: ['head@example.com'] },
    buyers: [{ name: 'Bea', email: 'bea@example.com', suppliers: ['gone'] }],
    webhooks: [
      { url: `${at}/slack`, kind: 'slack' as const },
      { url: `${at}/signed`, kind: 'standard' as const, signals: ['hold_blocks_queue' as const] },
    ],
  };
  const refused = await shop.call('PUT', '/v1/signals/settings', settings);
  expect(refused).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'webhooks[0].url', message: 'expected https' }] },
  });
  const saved = await withBrand(shop.kept.db, 1, (client) =>
    saveSignalSettings(shop.kept, client, 1, settings, 'test', true),
  );
  const secret = saved.settings.webhooks[1]!.secret!;
  expect((await shop.call('GET', '/v1/signals/settings')).body.webhooks[1]).toEqual(settings.webhooks[1]);
  expect(
    (await shop.call('GET', '/v1/causes?by=buyer')).body.items.map(({ key }: { key: string }) => key),
  ).toContain('Bea');

  const held = {
    sku: 'LAMP',
    location: 'main',
    condition: 'returned',
    delta: 7,
    reason: 'came <back> & looks good',
  };
  await post('/v1/stock/adjustments', held);
  await post('/v1/orders', order('LAMP', 30, { placedAt: '2026-04-01T09:00:00Z' }));
  await clock('2026-04-02T09:00:00Z');
  const mails: { to: string; subject: string; text: string; messageId: string }[] = [];
  const channels = {
    mail: async (mail: (typeof mails)[number]) => {
      mails.push(mail);
      return { kind: 'sent' as const };
    },
    privateTargets: true,
  };
  try {
    await tellBuyers(shop.kept, 1, channels);
    expect(mails.map(({ to }) => to).sort()).toEqual(['bea@example.com', 'head@example.com']);
    const [bea, head] = mails.sort((a, b) => (a.to < b.to ? -1 : 1));
    expect(bea!.text).toContain('RUG');
    expect(bea!.text).not.toContain('TRAY');
    expect(head!.text).toContain('TRAY');
    failing = false;
    await tellBuyers(shop.kept, 1, channels);
    expect(got).toEqual([]);
    await clock('2026-04-02T10:00:00Z');
    await tellBuyers(shop.kept, 1, channels);
    await tellBuyers(shop.kept, 1, channels);
    expect(mails).toHaveLength(2);
    const signed = got.filter(({ path }) => path === '/signed');
    expect(signed).toHaveLength(1);
    const { headers, body } = signed[0]!;
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', key).update(content).digest('base64')}`,
    );
    expect(JSON.parse(body)).toMatchObject({
      type: 'signal.raised',
      data: { kind: 'hold_blocks_queue', sku: 'LAMP' },
    });
    const slack = got.filter(({ path }) => path === '/slack').map((one) => JSON.parse(one.body).text);
    expect(slack.some((text: string) => text.includes('LAMP lie there'))).toBe(true);
    expect(new Set(slack).size).toBe(slack.length);
  } finally {
    server.close();
  }
});
