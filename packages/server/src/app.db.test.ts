import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from './platform/testing/database.ts';
import { givenShop, order, type TestKept, testKept } from './testing/brand.ts';

const { url } = await testDatabase();
let one: TestKept;
beforeAll(async () => {
  one = await testKept(url);
});
afterAll(() => one.close());

test('before anything has happened, time may begin anywhere; afterwards it only goes forward', async () => {
  const moved = await one.call('PUT', '/v1/clock', { now: '2020-02-28T08:00:00Z' });
  expect(moved).toMatchObject({ status: 200, body: { now: '2020-02-28T08:00:00.000Z' } });
  await givenShop(one, { LAMP: 1 });
  const back = await one.call('PUT', '/v1/clock', { now: '2020-02-27T08:00:00Z' });
  expect(back).toMatchObject({ status: 409, body: { code: 'conflict' } });
  expect((await one.call('PUT', '/v1/clock', { now: '2020-03-01T08:00:00Z' })).status).toBe(200);
});

test('a hold keeps units from others until its time is over, and then gives them back by itself', async () => {
  const hold = await one.call('POST', '/v1/holds', {
    sku: 'LAMP',
    quantity: 1,
    channel: 'web',
    ttlSeconds: 60,
  });
  expect(hold.status).toBe(201);
  const placedAt = '2020-03-01T08:00:00Z';
  expect((await one.call('POST', '/v1/orders', order('LAMP', 1, { placedAt }))).status).toBe(409);
  await one.call('PUT', '/v1/clock', { now: '2020-03-01T08:01:01Z' });
  expect((await one.call('POST', '/v1/orders', order('LAMP', 1, { placedAt }))).status).toBe(201);
});

test('the API describes itself: every route under /v1 is there with a summary', async () => {
  const { body } = await one.call('GET', '/openapi.json');
  expect(body.openapi).toMatch(/^3\.1/);
  for (const path of [
    '/v1/orders',
    '/v1/availability',
    '/v1/backorders',
    '/v1/purchase-orders/{ref}/receipts',
    '/v1/imports',
  ])
    expect(Object.keys(body.paths)).toContain(path);
  const silent = Object.entries<Record<string, { summary?: string }>>(body.paths)
    .filter(([path]) => path.startsWith('/v1/') && path !== '/v1/clock')
    .flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { summary }]) => (summary ? [] : [`${method} ${path}`])),
    );
  expect(silent).toEqual([]);
});

test('an address that is not there and a body that cannot be read are problems like all others', async () => {
  expect(await one.call('GET', '/v1/nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  const broken = await one.call('POST', '/v1/orders', 'not json', { 'content-type': 'application/json' });
  expect(broken).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
});

test('a body that is announced as JSON and then not sent is no body', async () => {
  const json = { 'content-type': 'application/json' };
  expect(await one.call('DELETE', '/v1/holds/none', undefined, json)).toMatchObject({ status: 404 });
  expect(await one.call('POST', '/v1/orders', undefined, json)).toMatchObject({
    status: 422,
    body: { code: 'invalid_input' },
  });
});
