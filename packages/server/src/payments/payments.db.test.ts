import { afterAll, expect, test } from 'vitest';
import { NOTHING_OUTGOING, tell } from '../comms/index.ts';
import { decideDue } from '../due.ts';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, purchaseOrder, testKept } from '../testing/brand.ts';
import { registerProvider, stripeProvider } from './index.ts';
import { openStripeStandin } from './testing/stripe-standin.ts';

const { url } = await testDatabase();
const shop = await testKept(url);
const stripe = await openStripeStandin();
registerProvider(shop.kept, stripeProvider({ secretKey: 'sk_test_standin', url: stripe.url }));
await givenShop(shop, { LAMP: 0, RADIO: 0 });
await shop.call('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('LAMP', 50, '2026-04-06'));
afterAll(async () => {
  await shop.close();
  await stripe.close();
});

const usd = (amount: number) => ({ amount, currency: 'USD' });
const at = '2026-03-02T09:00:00Z';

async function paidOrder(
  ref: string,
  quantity: number,
  kind: 'authorised' | 'captured',
  method = 'pm_saved',
) {
  await shop.call('POST', '/v1/orders', order('LAMP', quantity, { ref }));
  const intent = stripe.create({
    amount: quantity * 1000,
    currency: 'usd',
    customer: 'cus_1',
    payment_method: method,
  });
  if (kind === 'captured') Object.assign(intent, { status: 'succeeded', amount_received: intent.amount });
  const payment = {
    id: `p-${ref}`,
    kind,
    amount: usd(quantity * 1000),
    at,
    provider: 'stripe',
    reference: intent.id,
    network: 'visa',
  };
  expect((await shop.call('POST', `/v1/orders/web:${ref}/payments`, payment)).status).toBe(200);
  return intent;
}
const charge = async (ref: string) => (await shop.call('GET', `/v1/orders/web:${ref}/charge`)).body;

test('what is due goes back to the payment it came by, once', async () => {
  const intent = await paidOrder('R1', 3, 'captured');
  await shop.call('POST', '/v1/orders/web:R1/cancellations', { lines: [{ line: 1, quantity: 2 }] });
  expect(await charge('R1')).toMatchObject({
    prepaid: usd(1000),
    refundDue: usd(2000),
    refunds: [{ payment: 'p-R1', provider: 'stripe', amount: usd(2000) }],
  });
  const { body } = await shop.call('POST', '/v1/orders/web:R1/refunds');
  expect(body).toMatchObject({ refunded: usd(2000), refundDue: usd(0), prepaid: usd(1000), refunds: [] });
  await shop.call('POST', '/v1/orders/web:R1/refunds');
  expect(stripe.refunded(intent.id)).toBe(2000);
});

test('two who ask at once for what is due give it back once, and both are answered', async () => {
  const intent = await paidOrder('R3', 4, 'captured');
  const cancel = () =>
    shop.call('POST', '/v1/orders/web:R3/cancellations', { lines: [{ line: 1, quantity: 1 }] });
  await cancel();
  const give = () => shop.call('POST', '/v1/orders/web:R3/refunds');
  const answers = await Promise.all([give(), give(), cancel(), give()]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  await give();
  expect(await charge('R3')).toMatchObject({ refunded: usd(2000), refundDue: usd(0), prepaid: usd(2000) });
  expect(stripe.refunded(intent.id)).toBe(2000);
});

test('a refund that was asked before a crash is the same one after it, whatever was cancelled meanwhile', async () => {
  const intent = await paidOrder('R4', 3, 'captured');
  const cancel = () =>
    shop.call('POST', '/v1/orders/web:R4/cancellations', { lines: [{ line: 1, quantity: 1 }] });
  await cancel();
  // The provider gives it back; that it did is lost on the way.
  stripe.losesAnswers(true);
  await shop.call('POST', '/v1/orders/web:R4/refunds');
  stripe.losesAnswers(false);
  expect(await charge('R4')).toMatchObject({ refunded: usd(0), refundDue: usd(1000) });
  expect(stripe.refunded(intent.id)).toBe(1000);
  await cancel();
  expect((await shop.call('POST', '/v1/orders/web:R4/refunds')).body).toMatchObject({
    refunded: usd(2000),
    refundDue: usd(0),
  });
  expect(stripe.refunded(intent.id)).toBe(2000);
  expect((await shop.call('GET', '/v1/signals?kind=refund_failed')).body.items).toEqual([]);
});

test('what somebody gave back by hand while the provider was not reached does not go back again', async () => {
  const intent = await paidOrder('R5', 1, 'captured');
  await shop.call('POST', '/v1/orders/web:R5/cancellations', {});
  stripe.outage(true);
  await shop.call('POST', '/v1/orders/web:R5/refunds');
  stripe.outage(false);
  const byHand = { id: 'transfer', kind: 'refunded', amount: usd(1000), at, of: 'p-R5' };
  expect((await shop.call('POST', '/v1/orders/web:R5/payments', byHand)).status).toBe(200);
  const { body } = await shop.call('POST', '/v1/orders/web:R5/refunds');
  expect(body).toMatchObject({ refunded: usd(1000), refundDue: usd(0), credit: usd(0) });
  expect(stripe.refunded(intent.id)).toBe(0);
});

test('money that people handle is a signal, and never store credit', async () => {
  await shop.call('POST', '/v1/orders', order('LAMP', 1, { ref: 'R2' }));
  await shop.call('POST', '/v1/orders/web:R2/payments', {
    id: 'cash',
    kind: 'captured',
    amount: usd(1000),
    at,
  });
  await shop.call('POST', '/v1/orders/web:R2/cancellations', {});
  expect((await shop.call('POST', '/v1/orders/web:R2/refunds')).body).toMatchObject({ refundDue: usd(1000) });
  const { body } = await shop.call('GET', '/v1/signals?kind=refund_failed');
  expect(body.items).toMatchObject([{ order: 'web:R2', choices: [{ choice: 'refund_by_hand' }] }]);
});

test('a saved card is authorised anew before it lapses; a declined one is told, and the old stands', async () => {
  const saved = await paidOrder('A1', 1, 'authorised');
  const declined = await paidOrder('A2', 1, 'authorised', 'pm_declined');
  shop.clock.set(new Date('2026-03-08T09:00:00Z'));
  await decideDue(shop.kept, 1);
  await decideDue(shop.kept, 1);
  expect(saved.status).toBe('canceled');
  const { authorisations } = await charge('A1');
  expect(authorisations).toMatchObject([{ payment: 'p-A1+', provider: 'stripe' }]);
  expect(declined.status).toBe('requires_capture');
  const { body } = await shop.call('GET', '/v1/signals?kind=authorisation_lapsing');
  expect(body.items).toMatchObject([
    { order: 'web:A2', data: { payment: 'p-A2', reason: 'the bank wants its customer' } },
  ]);
});

test('who asked to be told is told once confirmed, in order, as many as what came can serve', async () => {
  const ask = (email: string, quantity: number) =>
    shop.call('POST', '/v1/back-in-stock', { sku: 'RADIO', channel: 'web', email, quantity });
  for (const [email, quantity] of [
    ['ada@example.com', 1],
    ['ben@example.com', 2],
    ['cleo@example.com', 1],
  ] as const) {
    shop.clock.set(new Date(shop.clock.now().getTime() + 1000));
    expect((await ask(email, quantity)).status).toBe(201);
  }
  const events = (kind: string) =>
    withBrand(shop.kept.db, 1, async (client) =>
      (
        await client.query('select data from event where brand_id = 1 and kind = $1 order by event_id', [
          kind,
        ])
      ).rows.map((row) => JSON.parse(row.data)),
    );
  for (const { token } of await events('back_in_stock.asked'))
    expect((await shop.call('POST', '/v1/back-in-stock/confirmations', { token })).body.state).toBe(
      'waiting',
    );
  const arrive = async (delta: number) => {
    await shop.call('POST', '/v1/stock/adjustments', {
      sku: 'RADIO',
      location: 'main',
      delta,
      reason: 'found',
    });
    await decideDue(shop.kept, 1);
    return (await events('back_in_stock.told')).map((one) => one.email);
  };
  expect(await arrive(2)).toEqual(['ada@example.com']);
  expect(await arrive(1)).toEqual(['ada@example.com', 'ben@example.com']);
  expect(await arrive(1)).toEqual(['ada@example.com', 'ben@example.com', 'cleo@example.com']);
  expect(await faultsOf(shop.kept)).toEqual([]);
});

test('what a customer cancels on their page is asked of the provider, once, and seen to be back', async () => {
  const intent = await paidOrder('R9', 2, 'captured');
  const choice = { answer: { choice: 'cancel', confirmed: true } };
  expect((await shop.call('POST', '/v1/orders/web:R9/choices', choice)).status).toBe(200);
  const refund = async () => (await shop.call('GET', '/v1/refunds?order=web:R9')).body.items[0];
  // What a customer decides is done also where Kept only shows what it would send.
  await shop.call('PUT', '/v1/message-settings', { shadow: true });
  await tell(shop.kept, 1, NOTHING_OUTGOING);
  await shop.call('PUT', '/v1/message-settings', {});
  for (let round = 0; round < 3; round++) await tell(shop.kept, 1, NOTHING_OUTGOING);
  expect(stripe.refunded(intent.id)).toBe(2000);
  expect((await refund()).doneAt).not.toBeNull();
  expect(await charge('R9')).toMatchObject({ refunded: usd(2000), refundDue: usd(0) });
});
