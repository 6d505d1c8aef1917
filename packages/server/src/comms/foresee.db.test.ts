import { afterAll, expect, test } from 'vitest';
import { manualClock } from '../platform/clock.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, purchaseOrder, START, testKept } from '../testing/brand.ts';
import { smtpSender } from './index.ts';
import { mailServer } from './testing/mail-server.ts';

const { url } = await testDatabase();
const post = await mailServer();
const clock = manualClock(START);
const sender = smtpSender(post.url, 'Ember <orders@ember.example>');
const one = await testKept(url, clock, { sender, pageUrl: 'https://orders.ember.example' });
afterAll(async () => {
  expect(await faultsOf(one.kept)).toEqual([]);
  await one.close();
  sender.close();
  await post.close();
});

const ok = async (method: string, path: string, body?: unknown) => {
  const answer = await one.call(method, path, body);
  if (answer.status >= 300)
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const later = (minutes: number) =>
  ok('PUT', '/v1/clock', { now: new Date(clock.now().getTime() + minutes * 60_000).toISOString() });

type Silence = { means: string; on: string | null } | null;
/** Consent by silence has no day: once it is told, nothing hangs on it any more. */
const dated = (silence: Silence) => (silence?.means === 'consent' ? null : silence);

/** What really was told and asked, in the preview's words. */
async function happened(refs: readonly string[], seen: ReadonlyMap<string, number>) {
  const orders = [];
  for (const ref of refs) {
    const messages = (await ok('GET', `/v1/messages?order=web:${ref}`)).items as {
      kind: string;
      legalBy: string;
    }[];
    const fresh = messages.slice(0, messages.length - (seen.get(ref) ?? 0));
    const [duty] = (await ok('GET', `/v1/duties?order=web:${ref}`)).items;
    if (fresh.length > 0)
      orders.push({
        order: `web:${ref}`,
        regime: duty.regime,
        notices: fresh.map(({ kind, legalBy }) => ({ kind, by: legalBy })),
        silence: fresh[0]!.kind.endsWith('delay_notice') ? dated(duty.silence) : null,
      });
  }
  return orders;
}
const counts = async (refs: readonly string[]) =>
  new Map(
    await Promise.all(
      refs.map(
        async (ref) => [ref, (await ok('GET', `/v1/messages?order=web:${ref}`)).items.length] as const,
      ),
    ),
  );
const byOrder = (a: { order: string }, b: { order: string }) => (a.order < b.order ? -1 : 1);

test('what a slip is foreseen to tell, ask and cost is what it then tells, asks and costs', async () => {
  await givenShop(one, {});
  await ok('PUT', '/v1/items/CUP', { title: 'Cup', price: { amount: 2400, currency: 'USD' } });
  await ok('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('CUP', 20, '2026-03-23'));
  const refs = ['us-long', 'us-short', 'de', 'gb', 'ca', 'far'];
  const place = (ref: string, country: string, line: Record<string, unknown>) =>
    ok(
      'POST',
      '/v1/orders',
      order('CUP', 2, {
        ref,
        placedAt: clock.now().toISOString(),
        customer: { name: 'Ada', email: `${ref}@example.com` },
        shipTo: { country },
        lines: [{ line: 1, sku: 'CUP', quantity: 2, price: { amount: 2400, currency: 'USD' }, ...line }],
      }),
    );
  await place('us-long', 'US', { statedShipBy: '2026-04-03' });
  await place('us-short', 'US', { statedShipBy: '2026-04-20' });
  await place('de', 'DE', { statedDeliverBy: '2026-04-12' });
  await place('gb', 'GB', { statedDeliverBy: '2026-04-12' });
  await place('ca', 'CA', {});
  await place('far', 'US', { statedShipBy: '2026-12-31' });
  for (const ref of refs)
    await ok('POST', `/v1/orders/web:${ref}/payments`, {
      id: `P-${ref}`,
      kind: 'captured',
      amount: { amount: 4800, currency: 'USD' },
      at: clock.now().toISOString(),
    });
  await later(1);

  let told = 0;
  for (const expectedOn of ['2026-04-30', '2026-06-10', '2026-04-25']) {
    const change = { line: 1, expectedOn, reason: 'freight' };
    const seen = await counts(refs);
    const { messages } = await ok('POST', '/v1/what-if', {
      changes: [{ kind: 'purchase_order_revision', purchaseOrder: 'PO-1', ...change }],
    });
    expect(await counts(refs)).toEqual(seen);
    await ok('POST', '/v1/purchase-orders/PO-1/revisions', change);
    await later(300);
    const real = await happened(refs, seen);
    const foreseen = messages.orders.map(
      (one: { order: string; regime: string; notices: unknown; silence: Silence }) => ({
        order: one.order,
        regime: one.regime,
        notices: one.notices,
        silence: dated(one.silence),
      }),
    );
    expect(foreseen.toSorted(byOrder)).toEqual(real.toSorted(byOrder));
    told += real.length;
    // All were paid 48 dollars.
    const ends = real.filter(({ silence }) => silence?.means === 'cancelled').length;
    expect(messages.refundsIfSilent).toEqual(ends === 0 ? [] : [{ amount: 4800 * ends, currency: 'USD' }]);
  }
  // All six hear of the first slip, and of the second; nobody of a date that is a little better.
  expect(told).toBe(12);
});

test('a cancellation is foreseen with its message and its refund; without messages nothing is read', async () => {
  const changes = [{ kind: 'cancellation', order: 'web:far', lines: [{ line: 1, quantity: 1 }] }];
  const { messages } = await ok('POST', '/v1/what-if', { changes });
  expect(messages).toMatchObject({
    notices: [{ kind: 'cancelled', orders: 1 }],
    cancelled: 1,
    refunds: [{ amount: 2400, currency: 'USD' }],
  });
  expect((await ok('POST', '/v1/what-if', { changes, messages: false })).messages).toBeNull();
  await ok('POST', '/v1/orders/web:far/cancellations', {
    lines: [{ line: 1, quantity: 1 }],
    reason: 'too many',
  });
  await later(1);
  expect((await ok('GET', '/v1/refunds?order=web:far')).items).toMatchObject([
    { amount: { amount: 2400, currency: 'USD' } },
  ]);
});
