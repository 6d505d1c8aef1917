import { afterAll, expect, test } from 'vitest';
import { registerProvider, stripeProvider } from '../payments/index.ts';
import { openStripeStandin } from '../payments/testing/stripe-standin.ts';
import { manualClock } from '../platform/clock.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, purchaseOrder, START, testKept } from '../testing/brand.ts';
import { type Outgoing, smtpSender } from './index.ts';
import { mailServer } from './testing/mail-server.ts';

const { url } = await testDatabase();
const post = await mailServer();
const clock = manualClock(START);
const outgoing: Outgoing = {
  sender: smtpSender(post.url, 'Ember <orders@ember.example>'),
  pageUrl: 'https://orders.ember.example',
};
const one = await testKept(url, clock, outgoing);
const stripe = await openStripeStandin();
registerProvider(one.kept, stripeProvider({ secretKey: 'sk_test_standin', url: stripe.url }));
afterAll(async () => {
  expect(await faultsOf(one.kept)).toEqual([]);
  await one.close();
  outgoing.sender!.close();
  await Promise.all([post.close(), stripe.close()]);
});

const ok = async (method: string, path: string, body?: unknown) => {
  const answer = await one.call(method, path, body);
  if (answer.status >= 300)
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const at = (now: string) => ok('PUT', '/v1/clock', { now });
const usd = (amount: number) => ({ amount, currency: 'USD' });
const captured = async (ref: string) => (await ok('GET', `/v1/orders/web:${ref}/charge`)).captured.amount;
const refunded = async (ref: string) => (await ok('GET', `/v1/orders/web:${ref}/charge`)).refunded.amount;
const signals = async (kind: string) =>
  (await ok('GET', `/v1/signals?kind=${kind}`)).items.map((signal: { order: string }) => signal.order);

await givenShop(one, { LAMP: 10, CUP: 0 });
await ok('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('CUP', 100, '2026-03-23'));
/** An order with money that Stripe took or keeps a card for. */
async function paid(ref: string, sku: string, taken: number): Promise<void> {
  const { lines, ...input } = order(sku, 1, { ref, customer: { name: 'Ada', email: 'ada@example.com' } });
  await ok('POST', '/v1/orders', { ...input, lines: [{ ...lines[0]!, statedShipBy: '2026-04-10' }] });
  const intent = stripe.create({
    amount: taken,
    currency: 'usd',
    customer: 'cus_1',
    payment_method: 'pm_saved',
  });
  Object.assign(intent, { status: 'succeeded', amount_received: taken });
  const payment = { id: `P-${ref}`, kind: 'captured', amount: usd(taken), at: clock.now().toISOString() };
  await ok('POST', `/v1/orders/web:${ref}/payments`, {
    ...payment,
    provider: 'stripe',
    reference: intent.id,
  });
}

test('a brand that watches: Kept ends nothing and moves no money of its own; what people decide is carried out', async () => {
  await ok('PUT', '/v1/policies/backorder', { charge: { terms: { kind: 'deposit', percent: 25 } } });
  for (const ref of ['SILENT', 'NO', 'AGENT']) await paid(ref, 'CUP', 250);
  await paid('GONE', 'LAMP', 250);
  await at('2026-03-02T10:00:00Z');
  // Told in earnest; what silence then comes to falls into the days of watching.
  await ok('POST', '/v1/purchase-orders/PO-1/revisions', {
    line: 1,
    expectedOn: '2026-07-01',
    reason: 'freight',
  });
  await at('2026-03-02T18:00:00Z');
  const [duty] = (await ok('GET', '/v1/duties?order=web:SILENT')).items;
  expect(duty).toMatchObject({
    state: 'awaiting_consent',
    silence: { means: 'cancelled', on: '2026-05-10' },
  });
  await ok('PUT', '/v1/message-settings', { shadow: true, note: 'a week of watching' });
  const sent = post.mails.length;

  // Goods leave, and their balance would be taken.
  await ok('POST', '/v1/orders/web:GONE/shipments', { lines: [{ line: 1, quantity: 1, location: 'main' }] });
  await at('2026-03-03T10:00:00Z');
  expect(await captured('GONE')).toBe(250);
  expect(await signals('collection_failed')).toEqual(['web:GONE']);

  // A customer on the page, and a person at the brand.
  const link = new URL((await ok('POST', '/v1/orders/web:NO/link')).url).pathname;
  await ok('POST', `${link}/choice`, { choice: 'cancel', confirmed: true });
  await ok('POST', '/v1/orders/web:AGENT/choices', { answer: { choice: 'cancel', confirmed: true } });
  await at('2026-03-04T10:00:00Z');
  expect([await refunded('NO'), await refunded('AGENT')]).toEqual([250, 250]);

  // Silence is left to a person.
  await at('2026-05-12T10:00:00Z');
  expect((await ok('GET', '/v1/orders/web:SILENT')).lines[0].open).toBe(1);
  expect((await ok('GET', '/v1/duties?order=web:SILENT')).items[0].state).toBe('cancel');
  expect(await refunded('SILENT')).toBe(0);
  expect(post.mails).toHaveLength(sent);

  // A person takes what was held, and its signal is over.
  await ok('POST', '/v1/orders/web:GONE/collections');
  expect(await captured('GONE')).toBe(1000);
  expect(await signals('collection_failed')).toEqual([]);
});

test('a day that passes cancels, and what it would give back waits for a person', async () => {
  const { lines, ...input } = order('CUP', 1, { ref: 'WINDOW' });
  await ok('POST', '/v1/orders', {
    ...input,
    mode: 'placed',
    lines: [{ ...lines[0]!, cancelAfter: '2026-05-20' }],
  });
  const intent = stripe.create({ amount: 1000, currency: 'usd', customer: null, payment_method: null });
  Object.assign(intent, { status: 'succeeded', amount_received: 1000 });
  const payment = { id: 'P-WINDOW', kind: 'captured', amount: usd(1000), at: clock.now().toISOString() };
  await ok('POST', '/v1/orders/web:WINDOW/payments', {
    ...payment,
    provider: 'stripe',
    reference: intent.id,
  });
  await at('2026-05-22T10:00:00Z');
  expect(await refunded('WINDOW')).toBe(0);
  expect(await signals('refund_failed')).toEqual(['web:WINDOW']);
  await ok('POST', '/v1/orders/web:WINDOW/refunds');
  expect(await refunded('WINDOW')).toBe(1000);
  expect(await signals('refund_failed')).toEqual([]);
});
