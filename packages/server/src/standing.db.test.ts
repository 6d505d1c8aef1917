import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from './platform/testing/database.ts';
import { standingOf } from './standing.ts';
import { givenShop, order, type TestKept, testKept } from './testing/brand.ts';

const { url } = await testDatabase();
let one: TestKept;
beforeAll(async () => {
  one = await testKept(url);
  await givenShop(one, { LAMP: 1 });
});
afterAll(() => one.close());

const figures = async () =>
  Object.fromEntries((await standingOf(one.kept, 1)).map(({ name, value }) => [name, value]));

test('how the brand stands is told to whoever watches: units without backing, promises that are over, messages due', async () => {
  expect(await figures()).toMatchObject({
    kept_unbacked_units: 0,
    kept_late_promises: 0,
    kept_clock_drift_seconds: expect.any(Number),
    kept_messages_due: 0,
  });
  const sold = order('LAMP', 4, { mode: 'placed', ref: 'S1' });
  expect((await one.call('POST', '/v1/orders', sold)).status).toBe(201);
  expect(await figures()).toMatchObject({ kept_unbacked_units: 3 });
  one.clock.set(new Date('2026-04-02T09:00:00Z'));
  expect(await figures()).toMatchObject({ kept_late_promises: 1 });
  const { body } = await one.call('GET', '/metrics');
  expect(body).toMatch(/^kept_unbacked_units 3$/m);
  expect(body).toMatch(/^kept_http_request_seconds_bucket/m);
});
