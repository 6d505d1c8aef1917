import { afterAll, expect, test } from 'vitest';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, purchaseOrder, testKept } from '../testing/brand.ts';

const { url } = await testDatabase();
const one = await testKept(url);
const other = await testKept(url, one.clock);
await givenShop(one, { MUG: 5, LAMP: 0, BOWL: 0, CHAIR: 0 });
await one.call('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('LAMP', 10, '2026-03-16'));
afterAll(async () => {
  await other.close();
  await one.close();
});

const ask = async (sku: string, quantity = 1, more = '', of = one) =>
  (await of.call('GET', `/v1/availability?sku=${sku}&channel=web&quantity=${quantity}${more}`)).body;

/** Until the other process has looked, which it does within a fraction of a second. */
async function soon(what: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  while (!(await what())) {
    if (performance.now() - began > 5000) throw new Error('it did not become so');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return performance.now() - began;
}

test('a process knows its own writes at once, and those of another within a second', async () => {
  expect(await ask('MUG')).toMatchObject({ state: 'in_stock', now: 1 });
  expect(await ask('MUG', 5, '', other)).toMatchObject({ now: 5 });
  await one.call('POST', '/v1/orders', order('MUG', 3));
  expect(await ask('MUG', 5)).toMatchObject({
    state: 'out_of_stock',
    now: 2,
    missing: 3,
    action: 'choose_fewer',
  });
  const milliseconds = await soon(async () => (await ask('MUG', 5, '', other)).now === 2);
  expect(milliseconds).toBeLessThan(1000);
});

test('every kind of change is seen: stock, supply, holds, limits, the item, its price, a kit’s component', async () => {
  expect(await ask('LAMP', 4)).toMatchObject({ state: 'backorder', later: [{ quantity: 4 }] });
  const { body: hold } = await one.call('POST', '/v1/holds', { sku: 'LAMP', quantity: 8, channel: 'web' });
  expect(await ask('LAMP', 4)).toMatchObject({ later: [{ quantity: 2 }], missing: 2 });
  await one.call('DELETE', `/v1/holds/${hold.id}`);
  await one.call('PUT', '/v1/items/LAMP/channels/web', { maximum: 3 });
  expect(await ask('LAMP', 4)).toMatchObject({ later: [{ quantity: 3 }] });
  await one.call('PUT', '/v1/items/SET', {
    title: 'Set',
    price: { amount: 500, currency: 'USD' },
    components: [{ sku: 'BOWL', quantity: 2 }],
  });
  expect(await ask('SET')).toMatchObject({ state: 'out_of_stock', title: 'Set' });
  await one.call('POST', '/v1/stock/adjustments', {
    sku: 'BOWL',
    location: 'main',
    delta: 3,
    reason: 'found',
  });
  expect(await ask('SET')).toMatchObject({ state: 'in_stock' });
  await one.call('PUT', '/v1/items/BOWL', { title: 'Bowl', price: { amount: 700, currency: 'USD' } });
  expect(await ask('BOWL')).toMatchObject({ price: { amount: 700 }, title: 'Bowl' });
  await one.call('POST', '/v1/purchase-orders/PO-1/revisions', {
    line: 1,
    stage: 'cancelled',
    reason: 'other',
  });
  expect(await ask('LAMP')).toMatchObject({ state: 'out_of_stock', action: 'notify_me' });
});

test('a cart that is over gives its units back in the answer, though nobody has cleared it away', async () => {
  await one.call('POST', '/v1/stock/adjustments', {
    sku: 'CHAIR',
    location: 'main',
    delta: 1,
    reason: 'found',
  });
  await one.call('POST', '/v1/holds', { sku: 'CHAIR', quantity: 1, channel: 'web', ttlSeconds: 60 });
  expect(await ask('CHAIR')).toMatchObject({ state: 'out_of_stock' });
  one.clock.set(new Date(one.clock.now().getTime() + 61_000));
  expect(await ask('CHAIR')).toMatchObject({ state: 'in_stock', asOf: one.clock.now().toISOString() });
});

test('a policy says when money is taken, and a channel may have terms of its own', async () => {
  const charge = {
    terms: { kind: 'deposit', percent: 20 },
    channels: { wholesale: { kind: 'invoice', days: 30 } },
  };
  await one.call('PUT', '/v1/policies/backorder', { charge });
  await one.call('PUT', '/v1/purchase-orders/PO-2', purchaseOrder('CHAIR', 10, '2026-03-16'));
  expect(await ask('CHAIR', 2)).toMatchObject({
    state: 'backorder',
    now: 1,
    charge: 'You pay $12.00 when you order, and $8.00 when it ships.',
    payment: { kind: 'deposit', dueNow: { amount: 1200, currency: 'USD' }, atShipment: { amount: 800 } },
    ways: [{ way: 'apart' }, { way: 'together' }],
  });
  const wholesale = (await one.call('GET', '/v1/availability?sku=CHAIR&channel=wholesale&quantity=2')).body;
  expect(wholesale).toMatchObject({ charge: expect.stringContaining('invoice over $20.00') });
  const bad = await one.call('PUT', '/v1/policies/backorder', { charge: { terms: { kind: 'deposit' } } });
  expect(bad).toMatchObject({ status: 422, body: { errors: [{ path: 'charge.terms.percent' }] } });
});

test('the page’s language decides, and one that Kept does not speak is answered in English', async () => {
  expect(await ask('CHAIR', 2, '&locale=de-AT')).toMatchObject({
    headline: 'Ein Teil jetzt, der Rest bald',
    locale: 'de-AT',
  });
  const header = await one.call('GET', '/v1/availability?sku=CHAIR&channel=web', undefined, {
    'accept-language': 'nl, fr;q=0.8',
  });
  expect(header.body).toMatchObject({ headline: 'En stock', locale: 'fr' });
  expect(await ask('CHAIR', 1, '&locale=ja')).toMatchObject({ headline: 'In stock', locale: 'en' });
});

test('the same answer is not sent twice', async () => {
  const first = await one.call('GET', '/v1/availability?sku=MUG&channel=web');
  const again = await one.call('GET', '/v1/availability?sku=MUG&channel=web', undefined, {
    'if-none-match': String(first.headers.etag),
  });
  expect(again.status).toBe(304);
});

test('many who ask at once while orders are placed never hear of more than there is', async () => {
  const { body: before } = await one.call('GET', '/v1/availability?sku=MUG&channel=web&quantity=100');
  const placing = Array.from({ length: before.now }, () => other.call('POST', '/v1/orders', order('MUG', 1)));
  const asking = Array.from({ length: 200 }, () => ask('MUG', 100));
  const seen = await Promise.all(asking);
  for (const answer of seen) expect(answer.now).toBeLessThanOrEqual(before.now);
  await Promise.all(placing);
  await soon(async () => (await ask('MUG', 100)).now === 0);
});

test('what is unknown is said', async () => {
  expect(await one.call('GET', '/v1/availability?sku=NOPE&channel=web')).toMatchObject({ status: 404 });
  expect(await one.call('GET', '/v1/availability?sku=MUG&channel=nope')).toMatchObject({
    status: 422,
    body: { code: 'unknown_channel' },
  });
  await one.call('PUT', '/v1/items/NOPE', {
    title: 'It is there now',
    price: { amount: 1, currency: 'USD' },
  });
  expect((await ask('NOPE')).title).toBe('It is there now');
});

test('reading writes nothing', async () => {
  const events = () =>
    withBrand(
      one.kept.db,
      1,
      async (client) =>
        (await client.query('select count(*)::int as n from event where brand_id = 1')).rows[0].n,
    );
  const before = await events();
  for (let quantity = 1; quantity < 40; quantity++) await ask('CHAIR', quantity);
  expect(await events()).toBe(before);
  expect(await faultsOf(one.kept)).toEqual([]);
});
