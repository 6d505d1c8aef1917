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

async function ring(ref: string) {
  const answer = await say('POST', '/v1/orders', {
    ref,
    channel: 'web',
    placedAt: one.clock.now().toISOString(),
    customer: { name: ref },
    shipTo: { country: 'US' },
    lines: [{ line: 1, sku: 'RING', quantity: 1, price: { amount: 1000, currency: 'USD' } }],
  });
  const [line] = answer.lines;
  const reason = line.promise.reasons.find(({ code }: { code: string }) => code === 'pegged_to_supply');
  return { line, reason, work: line.commitments[0].supply.ref as string };
}

test('made to order: its stated lead time is promised until its own work says how long it takes', {
  timeout: 90_000,
}, async () => {
  await givenShop(one, {});
  const everyDay = { workdays: [1, 2, 3, 4, 5, 6, 7], holidays: [] };
  await say('PUT', '/v1/locations/main', { title: 'Workshop', channels: ['web'], calendar: everyDay });
  await say('PUT', '/v1/items/RING', {
    title: 'Ring',
    price: { amount: 1000, currency: 'USD' },
    policy: 'made_to_order',
    leadTimeDays: 21,
  });
  const works: string[] = [];
  // One is ordered every second day and made eight days later.
  for (let number = 0; number < 28; number++) {
    await say('PUT', '/v1/clock', { now: `${day(1 + 2 * number)}T09:00:00Z` });
    if (number >= 4) await say('POST', `/v1/supplies/${works[number - 4]}/receipts`, { quantity: 1 });
    const { line, reason, work } = await ring(`ring-${number}`);
    works.push(work);
    if (number > 0) continue;
    expect(reason).toMatchObject({
      expectedOn: day(22),
      leadTime: 'stated',
      leadTimeDays: 21,
      buffer: 'prior',
    });
    expect(line.promise.shipBy).toBe(day(22 + 14 + 1));
  }
  await say('PUT', '/v1/clock', { now: `${day(60)}T09:00:00Z` });
  const { line, reason } = await ring('after');
  expect(reason).toMatchObject({
    expectedOn: day(68),
    leadTime: 'receipts',
    leadTimeDays: 8,
    made: 24,
    buffer: 'receipts',
    bufferDays: 0,
    receipts: 24,
  });
  expect(line.promise.shipBy).toBe(day(68 + 1));
  const stands = (await one.call('GET', '/v1/orders/web:ring-27')).body;
  expect(stands.lines[0].promise.version).toBe(1);

  const { items } = (await one.call('GET', '/v1/backorders?order=web:after')).body;
  const { words } = (await one.call('GET', `/v1/backorders/${items[0].id}/explanation`)).body;
  expect(words.planner.join(' ')).toContain('Such work takes 8 days (learnt from 24 made).');
  expect(words.customer.join(' ')).not.toContain('learnt');
});
