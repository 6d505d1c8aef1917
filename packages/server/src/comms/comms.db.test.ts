import { afterAll, describe, expect, test } from 'vitest';
import { manualClock } from '../platform/clock.ts';
import { testDatabase } from '../platform/testing/database.ts';
import {
  faultsOf,
  givenShop,
  order,
  purchaseOrder,
  START,
  type TestKept,
  testKept,
} from '../testing/brand.ts';
import { Evidence, evidencePdf, smtpSender } from './index.ts';
import { mailServer } from './testing/mail-server.ts';

const { url } = await testDatabase();
const post = await mailServer();
const clock = manualClock(START);
const sender = smtpSender(post.url, 'Ember <orders@ember.example>');
const one: TestKept = await testKept(url, clock, { sender, pageUrl: 'https://orders.ember.example' });
afterAll(async () => {
  expect(await faultsOf(one.kept)).toEqual([]);
  await one.close();
  sender.close();
  await post.close();
});

await givenShop(one, {});

/** The clock goes on, by a minute unless told, and what is due on the way happens. */
async function later(minutes = 1): Promise<void> {
  const now = new Date(clock.now().getTime() + minutes * 60_000).toISOString();
  expect((await one.call('PUT', '/v1/clock', { now })).status).toBe(200);
}
const until = async (instant: string) => {
  expect((await one.call('PUT', '/v1/clock', { now: instant })).status).toBe(200);
};

const ok = async (method: string, path: string, body?: unknown) => {
  const answer = await one.call(method, path, body);
  if (answer.status >= 300)
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};

let items = 0;
/** An item whose units come with a purchase order of its own, expected three weeks ahead. */
async function awaited(quantity = 10, expectedOn = '2026-03-23') {
  const number = ++items;
  const sku = `CUP-${number}`;
  await ok('PUT', `/v1/items/${sku}`, { title: `Cup ${number}`, price: { amount: 2400, currency: 'USD' } });
  await ok('PUT', `/v1/purchase-orders/PO-${number}`, purchaseOrder(sku, quantity, expectedOn));
  return { sku, po: `PO-${number}` };
}

let refs = 0;
const ordered = (sku: string, more: Record<string, unknown> = {}, line: Record<string, unknown> = {}) => {
  const ref = `M${++refs}`;
  return order(sku, 1, {
    ref,
    placedAt: clock.now().toISOString(),
    customer: { name: 'Ada Lovelace', email: `${ref.toLowerCase()}@example.com` },
    lines: [{ line: 1, sku, quantity: 1, price: { amount: 2400, currency: 'USD' }, ...line }],
    ...more,
  });
};

const slip = (po: string, expectedOn: string | null, reason = 'freight') =>
  ok('POST', `/v1/purchase-orders/${po}/revisions`, { line: 1, expectedOn, reason });
const stateOf = async (sku: string) => (await ok('GET', `/v1/backorders?sku=${sku}`)).items[0]?.state;
const bookOf = async (state: string) => {
  const { groups } = await ok('GET', '/v1/book?by=state');
  const one = groups.find((group: { key: string }) => group.key === state);
  return { lines: one?.lines ?? 0, value: one?.value.amount ?? 0 };
};
const messagesOf = async (ref: string) =>
  (await ok('GET', `/v1/messages?order=web:${ref}`)).items.toReversed() as Record<string, never>[];
const kindsOf = async (ref: string) =>
  (await messagesOf(ref)).map((message) => `${message.kind} ${message.state}`);
const mailsTo = (ref: string) =>
  post.mails.filter((mail) => String((mail.to as { text: string }).text).startsWith(ref.toLowerCase()));

describe('a backordered order, from its confirmation to its parcel', () => {
  test('each touchpoint once, in a mail that can be read', async () => {
    const { sku } = await awaited();
    const placed = ordered(sku, {}, { statedShipBy: '2026-04-30' });
    const { lines } = await ok('POST', '/v1/orders', placed);
    await later();
    await later();
    expect(await kindsOf(placed.ref)).toEqual(['confirmation sent']);
    const [mail] = mailsTo(placed.ref);
    expect(mail!.from?.text).toContain('orders@ember.example');
    expect(mail!.subject).toBe(`Your order ${placed.ref}: what comes when`);
    expect(mail!.text).toContain('Hello Ada,');
    expect(lines[0].promise.shipBy).toBe('2026-04-03');
    expect(mail!.text).toContain('Leaves us by Friday 3 April');
    expect(mail!.html).toContain('Leaves us by Friday 3 April');
    expect(mail!.text).toMatch(/https:\/\/orders\.ember\.example\/c\/\S+/);

    // A week before 3 April is 27 March.
    await until('2026-03-26T12:00:00Z');
    expect(await kindsOf(placed.ref)).toEqual(['confirmation sent']);
    await until('2026-03-27T12:00:00Z');
    expect(await kindsOf(placed.ref)).toEqual(['confirmation sent', 'update sent']);

    await ok('POST', `/v1/orders/web:${placed.ref}/shipments`, {
      lines: [{ line: 1, quantity: 1 }],
      carrier: 'UPS',
      tracking: '1Z999',
    });
    await later();
    expect(await kindsOf(placed.ref)).toEqual(['confirmation sent', 'update sent', 'shipped sent']);
    expect(mailsTo(placed.ref)[2]!.text).toContain('Thank you for waiting.');
    expect(mailsTo(placed.ref)[2]!.text).toContain('1Z999');
    await until('2026-05-10T12:00:00Z');
    expect(mailsTo(placed.ref)).toHaveLength(3);
  });
});

describe('the law’s clock', () => {
  test('US: a long slip is told, silence cancels at T+30, the refund is due seven working days later', async () => {
    const { sku, po } = await awaited(10, '2026-05-20');
    const placed = ordered(sku, {}, { statedShipBy: '2026-06-10' });
    await ok('POST', '/v1/orders', placed);
    await ok('POST', `/v1/orders/web:${placed.ref}/payments`, {
      id: 'P1',
      kind: 'captured',
      amount: { amount: 2400, currency: 'USD' },
      at: clock.now().toISOString(),
    });
    await later();
    await slip(po, '2026-07-20', 'production');
    await later(300);
    expect(await kindsOf(placed.ref)).toEqual(['confirmation sent', 'delay_notice sent']);
    const notice = mailsTo(placed.ref)[1]!;
    expect(notice.subject).toBe(`Your order ${placed.ref} has a new date: please choose`);
    // T is Wednesday 10 June; T+30 is Friday 10 July, whenever the notice went out.
    expect(notice.text).toContain('If we do not hear from you by Friday 10 July');
    expect(notice.text).toContain('Making it took longer than planned.');

    const [duty] = (await ok('GET', `/v1/duties?order=web:${placed.ref}`)).items;
    expect(duty).toMatchObject({
      regime: 'us',
      state: 'awaiting_consent',
      original: '2026-06-10',
      silence: { means: 'cancelled', on: '2026-07-10' },
    });
    // The queue and the book say so too, and the book of a moment before the notice does not.
    expect(await stateOf(sku)).toBe('awaiting_consent');
    expect(await bookOf('awaiting_consent')).toEqual({ lines: 1, value: 2400 });

    // 10 July ends at 04:00 UTC of the 11th in New York, where the day ends first.
    await until('2026-07-11T03:30:00Z');
    expect((await ok('GET', `/v1/orders/web:${placed.ref}`)).lines[0].open).toBe(1);
    await until('2026-07-11T09:30:00Z');
    expect((await ok('GET', `/v1/orders/web:${placed.ref}`)).lines[0]).toMatchObject({
      open: 0,
      cancelled: 1,
    });
    expect((await kindsOf(placed.ref)).at(-1)).toBe('cancelled sent');
    const { items: owed } = await ok('GET', `/v1/refunds?order=web:${placed.ref}`);
    // Seven working days after Friday 10 July: Tuesday 21 July.
    expect(owed).toMatchObject([
      {
        kind: 'refund',
        basis: 'delay',
        amount: { amount: 2400, currency: 'USD' },
        aroseOn: '2026-07-10',
        dueOn: '2026-07-21',
        doneAt: null,
      },
    ]);
    expect(mailsTo(placed.ref).at(-1)!.text).toContain('We pay back US$24.00 by Tuesday 21 July');

    await ok('POST', `/v1/orders/web:${placed.ref}/payments`, {
      id: 'R1',
      kind: 'refunded',
      amount: { amount: 2400, currency: 'USD' },
      at: clock.now().toISOString(),
    });
    await later();
    expect((await ok('GET', `/v1/refunds?order=web:${placed.ref}`)).items[0].doneAt).not.toBeNull();
    expect((await kindsOf(placed.ref)).at(-1)).toBe('refunded sent');
  });

  test('EU: silence cancels nothing and agrees to nothing; a yes on the page does', async () => {
    const { sku, po } = await awaited(10, '2026-09-01');
    const placed = ordered(
      sku,
      {
        shipTo: { country: 'DE' },
        customer: { name: 'Emmy Noether', email: `m${refs + 1}@example.com`, locale: 'de-DE' },
      },
      { statedDeliverBy: '2026-09-25' },
    );
    await ok('POST', '/v1/orders', placed);
    await later();
    await slip(po, '2026-10-20');
    await later(300);
    const notice = mailsTo(placed.ref)[1]!;
    expect(notice.subject).toContain('neuen Termin');
    expect(notice.text).toContain('Der neue Termin gilt nur, wenn du zustimmst.');
    const [duty] = (await ok('GET', `/v1/duties?order=web:${placed.ref}`)).items;
    expect(duty).toMatchObject({
      regime: 'eu',
      state: 'awaiting_consent',
      silence: { means: 'nothing', on: null },
    });
    expect(await stateOf(sku)).toBe('awaiting_consent');

    const path = `/c/${/\/c\/([^?\s]+)/.exec(notice.text!)![1]}`;
    const page = (await one.call('GET', path, undefined, { authorization: '' })).body;
    expect(page.lines[0]).toMatchObject({ open: 1, why: 'Der Transport zu uns wurde aufgehalten.' });
    const wait = await one.call('POST', `${path}/choice`, { choice: 'wait', until: page.lines[0].waitUntil });
    expect(wait.status).toBe(200);
    expect(wait.body.lines[0].agreed).toEqual({ until: page.lines[0].waitUntil });
    expect((await ok('GET', `/v1/duties?order=web:${placed.ref}`)).items[0]).toMatchObject({
      state: 'in_time',
      deadline: page.lines[0].waitUntil,
    });
    await later();
    expect(await stateOf(sku)).toBe('on_time');
    expect(await bookOf('awaiting_consent')).toEqual({ lines: 0, value: 0 });
    expect(await faultsOf(one.kept)).toEqual([]);
  });

  test('two lines that slip together are one message', async () => {
    const first = await awaited();
    const second = await awaited();
    const placed = order(first.sku, 1, {
      ref: `M${++refs}`,
      placedAt: clock.now().toISOString(),
      customer: { name: 'Ada', email: `m${refs}@example.com` },
      lines: [first, second].map(({ sku }, index) => ({
        line: index + 1,
        sku,
        quantity: 1,
        price: { amount: 2400, currency: 'USD' },
        statedShipBy: '2027-01-31',
      })),
      mode: 'placed',
    });
    await ok('POST', '/v1/orders', placed);
    await later();
    await slip(first.po, '2026-12-01');
    await slip(second.po, '2026-12-08');
    await later(300);
    expect((await kindsOf(placed.ref)).filter((kind) => kind.startsWith('delay'))).toHaveLength(1);
    expect((await messagesOf(placed.ref)).at(-1)!.lines).toEqual([1, 2]);
  });
});

describe('sending', () => {
  test('a server that says later is asked again, and one that says never is a person’s matter', async () => {
    const { sku } = await awaited(10, '2026-08-20');
    const first = ordered(sku, {}, { statedShipBy: '2027-02-28' });
    post.refuse(451, 1);
    await ok('POST', '/v1/orders', first);
    await later();
    expect((await messagesOf(first.ref))[0]).toMatchObject({ state: 'waiting', attempts: 1 });
    await later(2);
    expect((await messagesOf(first.ref))[0]).toMatchObject({ state: 'sent', attempts: 2 });

    const second = ordered(sku, {}, { statedShipBy: '2027-02-28' });
    post.refuse(550, 1);
    await ok('POST', '/v1/orders', second);
    await later();
    const [failed] = await messagesOf(second.ref);
    expect(failed).toMatchObject({ state: 'failed' });
    const sent = await ok('POST', `/v1/messages/${failed!.id}/send`, {});
    expect(sent.state).toBe('sent');
    expect(mailsTo(second.ref)).toHaveLength(1);
    expect((await one.call('POST', `/v1/messages/${failed!.id}/send`, {})).status).toBe(409);
  });

  test('shadow mode writes all and sends none; paused waits', async () => {
    const { sku } = await awaited(10, '2026-08-20');
    await ok('PUT', '/v1/message-settings', { shadow: true });
    const shadowed = ordered(sku, {}, { statedShipBy: '2027-02-28' });
    await ok('POST', '/v1/orders', shadowed);
    await later();
    expect(await kindsOf(shadowed.ref)).toEqual(['confirmation shadowed']);
    const { id } = (await messagesOf(shadowed.ref))[0]!;
    expect((await ok('GET', `/v1/messages/${id}/preview`)).text).toContain('Hello Ada,');
    await ok('PUT', '/v1/message-settings', { paused: true });
    const paused = ordered(sku, {}, { statedShipBy: '2027-02-28' });
    await ok('POST', '/v1/orders', paused);
    await later();
    expect((await messagesOf(paused.ref))[0]).toMatchObject({
      state: 'waiting',
      waitsFor: 'Sending is paused.',
    });
    const settings = await ok('PUT', '/v1/message-settings', {});
    expect(settings).toMatchObject({ version: 3, actor: 'key:bootstrap' });
    await later();
    expect(mailsTo(shadowed.ref)).toHaveLength(0);
    expect(await kindsOf(paused.ref)).toEqual(['confirmation sent']);
  });

  test('a channel that speaks for itself, and one that nobody tells', async () => {
    const { sku } = await awaited(10, '2026-08-20');
    await ok('PUT', '/v1/channels/market', { title: 'Market', kind: 'amazon' });
    await ok('PUT', '/v1/channels/silent', { title: 'Silent', kind: 'web', messages: 'none' });
    await ok('PUT', '/v1/channels/shop', { title: 'Shop', kind: 'shopify' });
    await ok('PUT', '/v1/locations/main', { title: 'Warehouse' });
    for (const channel of ['market', 'silent', 'shop'])
      await ok('POST', '/v1/orders', {
        ...ordered(sku, {}, { statedShipBy: '2027-02-28' }),
        ref: 'X',
        channel,
      });
    await later();
    const states = async (channel: string) =>
      (await ok('GET', `/v1/messages?order=${channel}:X`)).items.map(
        (message: Record<string, string>) => `${message.kind} ${message.state}`,
      );
    expect(await states('market')).toEqual(['confirmation channel']);
    expect(await states('silent')).toEqual([]);
    expect(await states('shop')).toEqual([]);
  });
});

describe('the customer’s page', () => {
  test('a forged, an expired and a revoked link open nothing; a part may be cancelled', async () => {
    const { sku } = await awaited(10, '2026-08-20');
    const placed = order(sku, 3, {
      ref: `M${++refs}`,
      placedAt: clock.now().toISOString(),
      customer: { name: 'Ada', email: 'ada@example.com' },
      lines: [
        { line: 1, sku, quantity: 3, price: { amount: 2400, currency: 'USD' }, statedShipBy: '2027-02-28' },
      ],
    });
    await ok('POST', '/v1/orders', placed);
    const { url: link } = await ok('POST', `/v1/orders/web:${placed.ref}/link`);
    const path = new URL(link).pathname;
    expect((await one.call('GET', path)).status).toBe(200);
    expect((await one.call('GET', `${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`)).status).toBe(404);
    expect((await one.call('GET', '/c/nothing')).status).toBe(404);

    const cancelled = await one.call('POST', `${path}/choice`, {
      choice: 'cancel',
      lines: [{ line: 1, quantity: 1 }],
      reason: 'too many',
      confirmed: true,
    });
    expect(cancelled.body.lines[0]).toMatchObject({ open: 2, cancelled: 1 });
    // What goes back is on the page that is printed, at once.
    expect(cancelled.body.refunds).toMatchObject([
      { amount: { amount: 2400, currency: 'USD' }, done: false },
    ]);
    const unconfirmed = await one.call('POST', `${path}/choice`, { choice: 'cancel' });
    expect(unconfirmed.status).toBe(422);

    await later();
    expect((await one.call('DELETE', `/v1/orders/web:${placed.ref}/link`)).status).toBe(204);
    expect((await one.call('GET', path)).status).toBe(404);
    await later();
    const { url: fresh } = await ok('POST', `/v1/orders/web:${placed.ref}/link`);
    expect((await one.call('GET', new URL(fresh).pathname)).status).toBe(200);
  });

  test('a switch takes what is there, keeps the place in a queue, and is refused where nothing can be promised', async () => {
    const { sku } = await awaited(10, '2026-08-20');
    await ok('PUT', '/v1/items/OTHER', { title: 'Other cup', price: { amount: 2000, currency: 'USD' } });
    await ok('PUT', `/v1/items/${sku}`, {
      title: 'Cup',
      price: { amount: 2400, currency: 'USD' },
      alternatives: ['OTHER', 'NONE'],
    });
    await ok('PUT', '/v1/items/NONE', { title: 'None', price: { amount: 2000, currency: 'USD' } });
    await ok('POST', '/v1/stock/adjustments', {
      sku: 'OTHER',
      location: 'main',
      counted: 1,
      reason: 'opening',
    });
    const placed = ordered(sku, {}, { statedShipBy: '2027-02-28' });
    await ok('POST', '/v1/orders', placed);
    const { url: link } = await ok('POST', `/v1/orders/web:${placed.ref}/link`);
    const path = new URL(link).pathname;
    const page = (await one.call('GET', path)).body;
    expect(page.lines[0].alternatives).toEqual([
      { sku: 'OTHER', title: 'Other cup', difference: { amount: -400, currency: 'USD' }, shipBy: null },
    ]);
    const refused = await one.call('POST', `${path}/choice`, {
      choice: 'switch',
      line: 1,
      sku: 'NONE',
      confirmed: true,
    });
    expect(refused.status).toBe(409);
    const switched = await one.call('POST', `${path}/choice`, {
      choice: 'switch',
      line: 1,
      sku: 'OTHER',
      confirmed: true,
    });
    expect(switched.body.lines).toMatchObject([
      { cancelled: 1, open: 0 },
      { title: 'Other cup', open: 1 },
    ]);
    expect(await ok('GET', `/v1/orders/web:${placed.ref}`)).toMatchObject({
      lines: [{ open: 0 }, { sku: 'OTHER', commitments: [{ kind: 'reserved' }] }],
    });
    await later();
    expect((await kindsOf(placed.ref)).some((kind) => kind.startsWith('cancelled'))).toBe(false);
  });

  test('an agent chooses for a customer, and is named in the evidence', async () => {
    const { sku } = await awaited(10, '2026-08-20');
    const placed = ordered(sku, {}, { statedShipBy: '2027-02-28' });
    await ok('POST', '/v1/orders', placed);
    await ok('POST', `/v1/orders/web:${placed.ref}/choices`, {
      id: 'call-1',
      answer: { choice: 'wait', untilAnyDay: true },
      note: 'said on the phone',
    });
    await ok('POST', `/v1/orders/web:${placed.ref}/choices`, {
      id: 'call-1',
      answer: { choice: 'wait', untilAnyDay: true },
      note: 'said on the phone',
    });
    await later();
    const evidence = await ok('GET', `/v1/orders/web:${placed.ref}/evidence`);
    expect(evidence.answers).toMatchObject([
      { line: 1, choice: 'wait', until: null, actor: 'key:bootstrap', reason: 'said on the phone' },
    ]);
    expect(evidence.messages).toMatchObject([
      { kind: 'confirmation', state: 'sent', to: `${placed.ref.toLowerCase()}@example.com` },
    ]);
    expect(evidence.messages[0].text).toContain('Hello Ada,');
    expect(evidence.lines[0].statedShipBy).toBe('2027-02-28');
    expect(evidence.duties[0].rows[0].source).toContain('16 CFR 435');
    const chunks: Buffer[] = [];
    for await (const chunk of evidencePdf(Evidence.parse(evidence))) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).subarray(0, 5).toString()).toBe('%PDF-');
  });
});
