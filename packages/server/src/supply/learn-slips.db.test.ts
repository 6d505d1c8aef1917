import { dayNumber, dayText } from '@kept/engine';
import { afterAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, START, type TestKept, testKept } from '../testing/brand.ts';

const { url } = await testDatabase();
const one: TestKept = await testKept(url);
const first = dayNumber(START.toISOString().slice(0, 10));
const day = (after: number) => dayText(first + after);

afterAll(async () => {
  expect(await faultsOf(one.kept)).toEqual([]);
  await one.close();
});

async function say(method: string, path: string, body: unknown) {
  const answer = await one.call(method, path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}

const order = (ref: string, quantity: number) =>
  say('POST', '/v1/orders', {
    ref,
    channel: 'web',
    placedAt: one.clock.now().toISOString(),
    customer: { name: ref },
    shipTo: { country: 'US' },
    lines: [{ line: 1, sku: 'MUG', quantity, price: { amount: 1000, currency: 'USD' } }],
  });

const buy = (ref: string, expectedOn: string) =>
  say('PUT', `/v1/purchase-orders/${ref}`, {
    supplier: 'azure',
    placedOn: day(0),
    stage: 'confirmed',
    freightMode: 'sea',
    lines: [{ line: 1, sku: 'MUG', quantity: 5, location: 'main', expectedOn }],
  });

interface Placed {
  lines: { promise: { reasons: { code: string }[] } }[];
}
const peg = ({ lines }: Placed) => lines[0]!.promise.reasons.find(({ code }) => code === 'pegged_to_supply');

test('new promises are made by what a supplier’s receipts were late; old ones stand', {
  timeout: 60_000,
}, async () => {
  await givenShop(one, { MUG: 0 });
  const everyDay = { workdays: [1, 2, 3, 4, 5, 6, 7], holidays: [] };
  await say('PUT', '/v1/locations/main', {
    title: 'Warehouse',
    channels: ['web', 'wholesale'],
    calendar: everyDay,
  });
  await say('PUT', '/v1/policies/backorder', { longestWaitDays: 365 });
  // Each order is due a day after the one before, and comes six days late.
  for (let number = 0; number < 40; number++) await buy(`PO-${number}`, day(10 + number));
  await buy('PO-LAST', day(150));
  await buy('PO-LATER', day(160));
  const before = await order('before', 5 * 40 + 5);
  expect(peg(before)).toMatchObject({ buffer: 'prior', bufferDays: 10, serviceLevel: 0.9 });

  for (let number = 0; number < 40; number++) {
    await say('PUT', '/v1/clock', { now: `${day(16 + number)}T09:00:00Z` });
    await say('POST', `/v1/purchase-orders/PO-${number}/receipts`, { line: 1, quantity: 5 });
  }
  await say('PUT', '/v1/clock', { now: `${day(60)}T09:00:00Z` });

  const after = await order('after', 5);
  expect(peg(after)).toMatchObject({
    purchaseOrder: 'PO-LATER',
    buffer: 'receipts',
    bufferDays: 6,
    serviceLevel: 0.9,
    receipts: 40,
  });
  expect(after.lines[0].promise.shipBy).toBe(day(160 + 6 + 1));
  const stands = (await one.call('GET', '/v1/orders/web:before')).body;
  expect(stands.lines[0].promise).toMatchObject({ shipBy: before.lines[0].promise.shipBy });

  // All came within two months: none was foretold by twenty others that had come before its month.
  const levels = (await one.call('GET', '/v1/service-levels')).body;
  expect(levels).toEqual({
    levels: [],
    promises: 0,
    receipts: 40,
    fewest: 20,
    learntOn: expect.stringMatching(/^2026-/),
  });

  await say('PUT', '/v1/policies/backorder', { longestWaitDays: 365, bufferDays: { confirmed: 3 } });
  await buy('PO-FIXED', day(170));
  expect(peg(await order('fixed', 5))).toMatchObject({ buffer: 'policy', bufferDays: 3 });
});

test('the ledger tells how many promises were kept, first and latest, and why', async () => {
  await say('POST', '/v1/orders/web:before/shipments', {
    lines: [{ line: 1, quantity: 200, location: 'main' }],
    shippedAt: one.clock.now().toISOString(),
  });
  const accuracy = async (query: string) => (await one.call('GET', `/v1/promises/accuracy${query}`)).body;
  // PO-LAST's day is to come: nothing can be said yet.
  expect(await accuracy('')).toMatchObject({ first: { promises: 0, keptShare: null } });
  await say('PUT', '/v1/clock', { now: `${day(185)}T09:00:00Z` });
  for (const ref of ['PO-LAST', 'PO-LATER', 'PO-FIXED'])
    await say('POST', `/v1/purchase-orders/${ref}/receipts`, { line: 1, quantity: 5 });
  await say('POST', '/v1/orders/web:after/shipments', {
    lines: [{ line: 1, quantity: 5, location: 'main' }],
  });
  const whole = await accuracy('?by=supplier');
  expect(whole.groups.map((group: { group: string }) => group.group)).toEqual(['azure']);
  expect(whole.first).toMatchObject({ promises: 3, kept: 0, keptShare: 0 });
  // Told anew when the orders were overdue: web:after left by its latest day, the others' are still to come.
  expect(whole.latest).toEqual({ promises: 1, kept: 1, keptShare: 1 });
  expect((await accuracy('?by=channel&channel=wholesale')).groups).toEqual([]);

  const ledger = (await one.call('GET', '/v1/promises?supplier=azure&channel=web')).body.items;
  expect(new Set(ledger.map((entry: { order: string }) => entry.order))).toEqual(
    new Set(['web:before', 'web:after', 'web:fixed']),
  );
  expect((await one.call('GET', '/v1/promises?supplier=nobody')).body.items).toEqual([]);
  expect((await one.call('GET', `/v1/promises?to=${day(-1)}`)).body.items).toEqual([]);
});
