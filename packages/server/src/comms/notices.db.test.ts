import { afterAll, expect, test } from 'vitest';
import { buildApp } from '../app.ts';
import { manualClock } from '../platform/clock.ts';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, START, testKept } from '../testing/brand.ts';
import { smtpSender } from './index.ts';
import { mailServer } from './testing/mail-server.ts';

const { url } = await testDatabase();
const post = await mailServer();
const clock = manualClock(START);
const sender = smtpSender(post.url, 'Ember <hello@ember.example>');
const shop = await testKept(url, clock, { sender, pageUrl: 'https://orders.ember.example' });
const pages = await buildApp(shop.kept, {});
await givenShop(shop, { RADIO: 0, PRINT: 2 });
afterAll(async () => {
  expect(await faultsOf(shop.kept)).toEqual([]);
  await pages.close();
  await shop.close();
  sender.close();
  await post.close();
});

const ok = async (method: string, path: string, body?: unknown) => {
  const answer = await shop.call(method, path, body);
  if (answer.status >= 300)
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};
/** Events are read below the oldest transaction of the whole server, and other tests have theirs. */
async function later(minutes = 1): Promise<void> {
  const seen = () =>
    withBrand(shop.kept.db, 1, async (client) => {
      const { rows } = await client.query(
        'select coalesce(max(transaction) < pg_snapshot_xmin(pg_current_snapshot()), true) as seen from event',
      );
      return rows[0].seen as boolean;
    });
  for (const _ of [0, 1]) {
    await expect.poll(seen, { timeout: 30_000, interval: 20 }).toBe(true);
    const now = new Date(clock.now().getTime() + minutes * 60_000).toISOString();
    await ok('PUT', '/v1/clock', { now });
  }
}
const notices = async (query = '') => (await ok('GET', `/v1/notices${query}`)).items;
const linkIn = (text: string) => /https:\S+/.exec(text)![0].replace('https://orders.ember.example', '');

await ok('PUT', '/v1/message-settings', { itemUrl: 'https://shop.ember.example/p/{sku}' });

test('who asks to be told is asked to confirm it, in their language, and once an hour at most', async () => {
  const ask = { sku: 'RADIO', channel: 'web', email: 'Ada@Example.com', locale: 'fr-CA' };
  await ok('POST', '/v1/back-in-stock', ask);
  await ok('POST', '/v1/back-in-stock', { ...ask, quantity: 2 });
  await later();
  const mails = await notices('?kind=back_in_stock_confirm');
  expect(mails).toMatchObject([
    { to: 'ada@example.com', state: 'sent', subject: expect.stringMatching(/^Vous prévenir du retour de /) },
  ]);
  expect(post.mails.filter((mail) => JSON.stringify(mail.to).includes('ada@example.com'))).toHaveLength(1);
});

test('opening the link confirms nothing, its button does; only then somebody is told, in order', async () => {
  for (const email of ['ben@example.com', 'cleo@example.com'])
    await ok('POST', '/v1/back-in-stock', { sku: 'RADIO', channel: 'web', email });
  await later();
  const mails = await notices('?kind=back_in_stock_confirm');
  const path = (to: string) => linkIn(mails.find((one: { to: string }) => one.to === to).text);
  const page = await pages.inject({ method: 'GET', url: path('ada@example.com') });
  expect(page.body).toContain('<html lang="fr">');
  const state = async () =>
    (await ok('GET', '/v1/back-in-stock?sku=RADIO')).items
      // Two asked at the same instant of this clock.
      .toSorted((one: { email: string }, other: { email: string }) => one.email.localeCompare(other.email))
      .map((one: { state: string }) => one.state);
  expect(await state()).toEqual(['unconfirmed', 'unconfirmed', 'unconfirmed']);
  for (const to of ['ada@example.com', 'cleo@example.com']) {
    const done = await pages.inject({
      method: 'POST',
      url: path(to),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: '',
    });
    expect(done.statusCode).toBe(200);
  }
  expect(await state()).toEqual(['waiting', 'unconfirmed', 'waiting']);
  const wrong = await pages.inject({ method: 'GET', url: `/b/1-${'x'.repeat(32)}` });
  expect(wrong.statusCode).toBe(404);
  await ok('POST', '/v1/stock/adjustments', { sku: 'RADIO', location: 'main', delta: 2, reason: 'found' });
  await later();
  expect(await notices('?kind=back_in_stock')).toMatchObject([{ to: 'ada@example.com', state: 'sent' }]);
  await ok('POST', '/v1/stock/adjustments', { sku: 'RADIO', location: 'main', delta: 1, reason: 'found' });
  await later();
  const told = await notices('?kind=back_in_stock');
  expect(told.map((one: { to: string }) => one.to)).toEqual(['cleo@example.com', 'ada@example.com']);
  expect(told[0].text).toContain('https://shop.ember.example/p/RADIO');
});

test('a drop’s offer says what is kept and until when, with the hold; who lets it pass is told too', async () => {
  await ok('PUT', '/v1/items/PRINT', {
    title: 'Print',
    price: { amount: 900, currency: 'USD' },
    policy: 'drop',
  });
  await ok('POST', '/v1/stock/adjustments', {
    sku: 'PRINT',
    location: 'main',
    counted: 1,
    condition: 'sellable',
    reason: 'counted',
  });
  const closesAt = new Date(clock.now().getTime() + 60_000).toISOString();
  await ok('PUT', '/v1/drops/d', {
    sku: 'PRINT',
    channel: 'web',
    units: 1,
    method: 'first_come',
    closesAt,
    offerMinutes: 60,
  });
  for (const email of ['dora@example.com', 'emil@example.com'])
    await ok('POST', '/v1/drops/d/entries', { email, locale: 'de' });
  await later(5);
  const [offer] = await notices('?kind=drop_offered');
  expect(offer).toMatchObject({ to: 'dora@example.com', state: 'sent', subject: 'Du bist dran: Print' });
  const { hold } = await ok(
    'GET',
    `/v1/drops/d/entries/${(await ok('GET', '/v1/drops/d/draw')).ranking[0].entry}`,
  );
  expect(offer.text).toContain(`https://shop.ember.example/p/PRINT?hold=${hold}`);
  await later(61);
  expect((await notices('?kind=drop_passed')).map((one: { to: string }) => one.to)).toContain(
    'dora@example.com',
  );
  expect((await notices('?kind=drop_offered')).map((one: { to: string }) => one.to)).toContain(
    'emil@example.com',
  );
  expect(await notices('?kind=drop_joined')).toHaveLength(2);
});

const campaign = async (sku: string, goal: number) => {
  const until = new Date(clock.now().getTime() + 5 * 86_400_000).toISOString().slice(0, 10);
  await ok('PUT', `/v1/items/${sku}`, {
    ...{
      title: sku,
      price: { amount: 1000, currency: 'USD' },
      policy: 'demand_validation',
      leadTimeDays: 20,
    },
  });
  await ok('PUT', `/v1/validations/${sku}`, { goal, until, supplier: 'acme', location: 'main' });
  const customer = { name: 'Finn Berg', email: 'finn@example.com' };
  await ok('POST', '/v1/orders', order(sku, 2, { ref: sku, customer, placedAt: clock.now().toISOString() }));
};

test('a goal that is met is told to everybody who ordered', async () => {
  await campaign('KAYAK', 2);
  await later();
  const met = await notices('?kind=validation_met');
  expect(met).toMatchObject([{ to: 'finn@example.com', order: 'web:KAYAK', subject: 'KAYAK will be made' }]);
});

test('a goal that is missed is told with why, and that all of the money goes back', async () => {
  await campaign('CANOE', 50);
  await later(6 * 24 * 60);
  const { items } = await ok('GET', '/v1/messages?order=web:CANOE&kind=cancelled');
  expect(items).toMatchObject([{ state: 'sent' }]);
  const { text } = await ok('GET', `/v1/messages/${items[0].id}/preview`);
  expect(text).toMatch(/Too few of it were ordered by the last day/);
});
