import { afterAll, expect, test } from 'vitest';
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
await givenShop(shop, { LAMP: 0 });
await shop.call('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('LAMP', 50, '2026-03-09'));
afterAll(async () => {
  expect(await faultsOf(shop.kept)).toEqual([]);
  await shop.close();
  await stripe.close();
});

const usd = (amount: number) => ({ amount, currency: 'USD' });
const ok = async (method: string, path: string, body?: unknown) => {
  const answer = await shop.call(method, path, body);
  if (answer.status >= 300)
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const terms = (of: object) => ok('PUT', '/v1/policies/backorder', { charge: { terms: of } });
const charge = (ref: string) => ok('GET', `/v1/orders/web:${ref}/charge`);
const signals = async (kind: string) => (await ok('GET', `/v1/signals?kind=${kind}`)).items;

/** Events are read below the oldest transaction of the whole server, and other tests have theirs. */
async function due(): Promise<void> {
  const seen = () =>
    withBrand(shop.kept.db, 1, async (client) => {
      const { rows } = await client.query(
        'select coalesce(max(transaction) < pg_snapshot_xmin(pg_current_snapshot()), true) as seen from event',
      );
      return rows[0].seen as boolean;
    });
  await expect.poll(seen, { timeout: 30_000, interval: 20 }).toBe(true);
  await decideDue(shop.kept, 1);
}

let intents = 0;
const intent = (amount: number, method: string | null = 'pm_saved') =>
  stripe.create({ amount, currency: 'usd', customer: method && 'cus_1', payment_method: method });
async function pay(ref: string, kind: 'authorised' | 'captured', amount: number, reference: string) {
  const id = `p-${++intents}`;
  const at = shop.clock.now().toISOString();
  await ok('POST', `/v1/orders/web:${ref}/payments`, {
    ...{ id, kind, amount: usd(amount), at, provider: 'stripe', reference },
  });
  return id;
}
const ship = (ref: string, quantity: number) =>
  ok('POST', `/v1/orders/web:${ref}/shipments`, { lines: [{ line: 1, quantity, location: 'main' }] });

test('what was stated when a line was ordered stays, whatever the policy says later', async () => {
  await terms({ kind: 'deposit', percent: 25 });
  const page = await ok('GET', '/v1/availability?sku=LAMP&channel=web&quantity=2&locale=en-US');
  await ok('POST', '/v1/orders', order('LAMP', 2, { ref: 'F1', customer: { name: 'Ada', locale: 'en-US' } }));
  await terms({ kind: 'at_shipment' });
  await ok('POST', '/v1/orders', order('LAMP', 2, { ref: 'F2' }));
  expect(await charge('F1')).toMatchObject({
    lines: [
      { terms: 'deposit', stated: { dueNow: page.payment.dueNow, atShipment: page.payment.atShipment } },
    ],
  });
  expect(await charge('F2')).toMatchObject({ lines: [{ terms: 'at_shipment' }] });
});

test('units added to a line stay by its terms, and a new line is by those in force', async () => {
  await ok('POST', '/v1/orders/web:F1/changes', {
    lines: [
      { line: 1, quantity: 3 },
      { line: 2, sku: 'LAMP', quantity: 1, price: usd(1000) },
    ],
  });
  expect(await charge('F1')).toMatchObject({
    lines: [{ terms: 'deposit', open: 3 }, { terms: 'at_shipment' }],
  });
});

test('a deposit’s balance is taken by the same card once the goods have left, part by part, to the cent', async () => {
  await terms({ kind: 'deposit', percent: 33 });
  await ok('POST', '/v1/orders', order('LAMP', 3, { ref: 'D1' }));
  expect(await charge('D1')).toMatchObject({
    lines: [{ stated: { dueNow: usd(990), atShipment: usd(2010) } }],
  });
  const deposit = intent(990);
  Object.assign(deposit, { status: 'succeeded', amount_received: 990 });
  await pay('D1', 'captured', 990, deposit.id);
  await ok('POST', '/v1/purchase-orders/PO-1/receipts', { line: 1, quantity: 20 });
  await ship('D1', 1);
  expect(await charge('D1')).toMatchObject({ prepaid: usd(660), owed: usd(670) });
  await due();
  await due();
  expect(await charge('D1')).toMatchObject({ captured: usd(1660), prepaid: usd(660), owed: usd(0) });
  await ship('D1', 2);
  await due();
  expect(await charge('D1')).toMatchObject({
    captured: usd(3000),
    prepaid: usd(0),
    owed: usd(0),
    credit: usd(0),
  });
  const taken = stripe.intents().filter((one) => one.metadata.follows !== undefined);
  expect(taken.map((one) => one.amount_received)).toEqual([670, 1340]);
});

test('what was set aside is captured at shipment, and what a part left of it is taken by the card', async () => {
  await terms({ kind: 'authorise' });
  await ok('POST', '/v1/orders', order('LAMP', 2, { ref: 'A1' }));
  const aside = intent(2000);
  await pay('A1', 'authorised', 2000, aside.id);
  await ship('A1', 1);
  await due();
  expect(aside).toMatchObject({ status: 'succeeded', amount_received: 1000 });
  await ship('A1', 1);
  await due();
  expect(await charge('A1')).toMatchObject({ captured: usd(2000), owed: usd(0), authorisations: [] });
});

test('at shipment a saved card is charged, for the goods and what sending them costs', async () => {
  await terms({ kind: 'at_shipment' });
  await ok('POST', '/v1/orders', order('LAMP', 1, { ref: 'S1', shipping: usd(450) }));
  await pay('S1', 'authorised', 0, stripe.save('pm_saved'));
  expect(await charge('S1')).toMatchObject({ authorisations: [] });
  await ship('S1', 1);
  await due();
  expect(await charge('S1')).toMatchObject({ captured: usd(1450), owed: usd(0) });
});

test('a card that says no is a signal with its choices; once the customer pays it is over', async () => {
  await ok('POST', '/v1/orders', order('LAMP', 1, { ref: 'N1' }));
  await pay('N1', 'authorised', 0, stripe.save('pm_declined'));
  await ship('N1', 1);
  await due();
  expect(await signals('collection_failed')).toMatchObject([
    {
      order: 'web:N1',
      data: { amount: usd(1000) },
      choices: [{ choice: 'try_again' }, { choice: 'collect_by_hand' }],
    },
  ]);
  await ok('POST', '/v1/orders/web:N1/collections');
  expect(await charge('N1')).toMatchObject({ captured: usd(0), owed: usd(1000) });
  const at = shop.clock.now().toISOString();
  await ok('POST', '/v1/orders/web:N1/payments', { id: 'bank', kind: 'captured', amount: usd(1000), at });
  await ok('POST', '/v1/orders/web:N1/collections');
  expect(await signals('collection_failed')).toEqual([]);
});

test('an outage is no refusal: it is tried again, and taken once', async () => {
  await ok('POST', '/v1/orders', order('LAMP', 1, { ref: 'O1' }));
  await pay('O1', 'authorised', 0, stripe.save('pm_saved'));
  await ship('O1', 1);
  stripe.outage(true);
  await due();
  expect(await charge('O1')).toMatchObject({ captured: usd(0), owed: usd(1000) });
  expect(await signals('collection_failed')).toMatchObject([{ order: 'web:O1' }]);
  stripe.outage(false);
  shop.clock.set(new Date(shop.clock.now().getTime() + 120_000));
  await due();
  await due();
  expect(await charge('O1')).toMatchObject({ captured: usd(1000), owed: usd(0) });
  expect(await signals('collection_failed')).toEqual([]);
});

test('what is invoiced or was paid at order is nobody’s to collect', async () => {
  await terms({ kind: 'invoice', days: 30 });
  await ok('POST', '/v1/orders', order('LAMP', 1, { ref: 'I1' }));
  await ship('I1', 1);
  await due();
  expect(await charge('I1')).toMatchObject({ owed: usd(1000), captured: usd(0) });
  expect(await signals('collection_failed')).toEqual([]);
});

test('what a channel sold and told no payment of is the channel’s to collect', async () => {
  await terms({ kind: 'at_shipment' });
  const placedAt = shop.clock.now().toISOString();
  await ok('POST', '/v1/orders', order('LAMP', 1, { ref: 'C1', mode: 'placed', placedAt }));
  await ship('C1', 1);
  await due();
  expect(await charge('C1')).toMatchObject({ owed: usd(1000) });
  expect(await signals('collection_failed')).toEqual([]);
});

test('a campaign that misses its goal gives everybody’s money back by itself, the way it came', async () => {
  await terms({ kind: 'at_order' });
  const price = usd(1000);
  await ok('PUT', '/v1/items/KAYAK', {
    title: 'Kayak',
    price,
    policy: 'demand_validation',
    leadTimeDays: 20,
  });
  const until = shop.clock.now().toISOString().slice(0, 10);
  await ok('PUT', '/v1/validations/KAYAK', { goal: 50, until, supplier: 'acme', location: 'main' });
  await ok('POST', '/v1/orders', order('KAYAK', 2, { ref: 'K1', placedAt: shop.clock.now().toISOString() }));
  const paid = intent(2000);
  Object.assign(paid, { status: 'succeeded', amount_received: 2000 });
  await pay('K1', 'captured', 2000, paid.id);
  shop.clock.set(new Date(shop.clock.now().getTime() + 2 * 86_400_000));
  await due();
  await due();
  expect(stripe.refunded(paid.id)).toBe(2000);
  expect(await charge('K1')).toMatchObject({ refunded: usd(2000), refundDue: usd(0), prepaid: usd(0) });
});

test('promises that died: cancelled and refunded by one call', async () => {
  await ok('PUT', '/v1/items/RADIO', { title: 'Radio', price: usd(1000) });
  await ok('PUT', '/v1/purchase-orders/PO-R', purchaseOrder('RADIO', 5, '2026-03-23'));
  await ok('POST', '/v1/orders', order('RADIO', 3, { ref: 'R1', placedAt: shop.clock.now().toISOString() }));
  const paid = intent(3000);
  Object.assign(paid, { status: 'succeeded', amount_received: 3000 });
  await pay('R1', 'captured', 3000, paid.id);
  await ok('POST', '/v1/purchase-orders/PO-R/revisions', { line: 1, stage: 'cancelled', reason: 'closed' });
  const [signal] = await signals('promises_unbacked');
  const { call } = signal.choices.find((one: { choice: string }) => one.choice === 'cancel_and_refund');
  expect(await ok(call.method, call.path, call.body)).toMatchObject({
    orders: ['web:R1'],
    failed: [],
    waiting: 0,
  });
  await due();
  expect(stripe.refunded(paid.id)).toBe(3000);
  expect(await signals('promises_unbacked')).toEqual([]);
});

test('an authorisation that cannot be renewed in an outage is told, tried again, and the signal goes', async () => {
  await terms({ kind: 'authorise' });
  await ok('PUT', '/v1/purchase-orders/PO-2', purchaseOrder('LAMP', 50, '2026-04-20'));
  await ok('POST', '/v1/orders', order('LAMP', 40, { ref: 'L1', placedAt: shop.clock.now().toISOString() }));
  const aside = intent(40_000);
  const id = await pay('L1', 'authorised', 40_000, aside.id);
  shop.clock.set(new Date(shop.clock.now().getTime() + 4.6 * 86_400_000));
  stripe.outage(true);
  await decideDue(shop.kept, 1);
  expect(await signals('authorisation_lapsing')).toMatchObject([{ data: { payment: id, final: false } }]);
  stripe.outage(false);
  await decideDue(shop.kept, 1);
  expect(await signals('authorisation_lapsing')).toEqual([]);
  expect(aside.status).toBe('canceled');
  expect(await charge('L1')).toMatchObject({ authorisations: [{ payment: `${id}+` }] });
});
