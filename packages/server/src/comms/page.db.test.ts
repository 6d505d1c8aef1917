import { afterAll, expect, test } from 'vitest';
import { manualClock } from '../platform/clock.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, purchaseOrder, START, testKept } from '../testing/brand.ts';

const { url } = await testDatabase();
const clock = manualClock(START);
const one = await testKept(url, clock, { sender: null, pageUrl: 'https://orders.ember.example' });
afterAll(async () => {
  expect(await faultsOf(one.kept)).toEqual([]);
  await one.close();
});
const ok = async (method: string, path: string, body?: unknown) => {
  const answer = await one.call(method, path, body);
  if (answer.status >= 300)
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const slip = (expectedOn: string, reason: string) =>
  ok('POST', '/v1/purchase-orders/PO-1/revisions', { line: 1, expectedOn, reason });
const later = (minutes: number) =>
  ok('PUT', '/v1/clock', { now: new Date(clock.now().getTime() + minutes * 60_000).toISOString() });

await givenShop(one, { CUP: 0, POT: 0 });
await ok('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('CUP', 100, '2026-03-23'));
await ok('PUT', '/v1/purchase-orders/PO-2', purchaseOrder('POT', 100, '2026-03-23'));

async function placed(ref: string) {
  const { lines: _, ...input } = order('CUP', 1, {
    ref,
    customer: { name: 'Ada', email: 'ada@example.com' },
  });
  const usd = (amount: number) => ({ amount, currency: 'USD' });
  const price = usd(1000);
  await ok('POST', '/v1/orders', {
    ...input,
    shipping: usd(500),
    lines: [
      {
        line: 1,
        sku: 'CUP',
        quantity: 3,
        price,
        discount: usd(100),
        tax: usd(200),
        statedShipBy: '2026-06-30',
      },
      { line: 2, sku: 'POT', quantity: 2, price, statedShipBy: '2026-06-30' },
    ],
  });
  const at = clock.now().toISOString();
  const payment = { id: `P-${ref}`, kind: 'captured', amount: usd(5600), at };
  await ok('POST', `/v1/orders/web:${ref}/payments`, payment);
  return new URL((await ok('POST', `/v1/orders/web:${ref}/link`)).url).pathname;
}

test('what goes back for a part is said before it is cancelled, and is what then goes back', async () => {
  const path = await placed('PART');
  const tried = (lines: unknown) => ok('POST', `${path}/refund`, { lines });
  // Two of three: their share of the discount and the tax; no shipping, since the rest still leaves.
  const part = await tried([{ line: 1, quantity: 2 }]);
  expect(part.refund).toMatchObject({ kind: 'refund', amount: { amount: 2067, currency: 'USD' } });
  expect((await tried([{ line: 2 }])).refund.amount.amount).toBe(2000);
  const all = await tried([{ line: 1 }, { line: 2 }]);
  expect(all.refund).toEqual((await ok('GET', path)).refund);
  expect(all.refund.amount.amount).toBe(5600);
  const page = await ok('POST', `${path}/choice`, {
    choice: 'cancel',
    lines: [{ line: 1, quantity: 2 }],
    confirmed: true,
  });
  expect(page.refunds).toMatchObject([{ amount: part.refund.amount, dueOn: part.refund.by, done: false }]);
  expect((await one.call('POST', `${path}/refund`, { lines: [{ line: 1 }, { line: 1 }] })).status).toBe(422);
});

test('why the date moved is still said after a part is cancelled, and is of the newest move', async () => {
  const path = await placed('WHY');
  const why = async () => (await ok('GET', path)).lines[0].why;
  expect(await why()).toBeNull();
  await slip('2026-04-20', 'customs');
  expect(await why()).toBe('Customs is holding our delivery.');
  await ok('POST', `${path}/choice`, {
    choice: 'cancel',
    lines: [{ line: 1, quantity: 1 }],
    confirmed: true,
  });
  expect(await why()).toBe('Customs is holding our delivery.');
  const { text } = await ok('POST', '/v1/message-templates/delay_notice/preview', { order: 'web:WHY' });
  expect(text).toContain('Customs is holding our delivery.');
  await slip('2026-05-25', 'freight');
  await later(1);
  expect(await why()).toBe('The transport to us was held up.');
});
