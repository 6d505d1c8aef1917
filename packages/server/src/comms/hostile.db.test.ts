import { afterAll, expect, test } from 'vitest';
import { manualClock } from '../platform/clock.ts';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, purchaseOrder, START, testKept } from '../testing/brand.ts';
import { type Outgoing, smtpSender, tell } from './index.ts';
import { claimMessages, recordState } from './message-store.ts';
import type { OutgoingMessage } from './sender.ts';
import { mailServer } from './testing/mail-server.ts';

const { url } = await testDatabase();
const post = await mailServer();
const clock = manualClock(START);
const pageUrl = 'https://orders.ember.example';
const outgoing: Outgoing = { sender: smtpSender(post.url, 'Ember <orders@ember.example>'), pageUrl };
const one = await testKept(url, clock, outgoing);
const other = await testKept(url, clock);
afterAll(async () => {
  expect(await faultsOf(one.kept)).toEqual([]);
  await Promise.all([one.close(), other.close()]);
  outgoing.sender!.close();
  await post.close();
});

const ok = async (method: string, path: string, body?: unknown) => {
  const answer = await one.call(method, path, body);
  if (answer.status >= 300)
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};
await givenShop(one, { CUP: 0, POT: 0, GOLD: 0 });
await ok('PUT', '/v1/items/GOLD', { title: 'Gold', price: { amount: 900_000, currency: 'USD' } });
await ok('PUT', '/v1/items/CUP', {
  title: 'Cup',
  price: { amount: 1000, currency: 'USD' },
  alternatives: ['POT'],
});
for (const sku of ['CUP', 'POT', 'GOLD'])
  await ok('PUT', `/v1/purchase-orders/PO-${sku}`, purchaseOrder(sku, 500, '2026-03-23'));

const placed = async (customer: object, quantity = 3) => {
  const { lines, ...input } = order('CUP', quantity, { customer });
  const stated = { ...lines[0]!, statedShipBy: '2026-06-30' };
  await ok('POST', '/v1/orders', { ...input, lines: [stated] });
  return input.ref;
};
const linkOf = async (ref: string) =>
  new URL((await ok('POST', `/v1/orders/web:${ref}/link`)).url).pathname as string;
const told = () => tell(one.kept, 1, outgoing);
const messagesOf = async (ref: string) => (await ok('GET', `/v1/messages?order=web:${ref}`)).items;

test('a link opens as it was made and in no other spelling, and a made-up one is no error of ours', async () => {
  const path = await linkOf(await placed({ name: 'Ada' }));
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const opened = [];
  for (const letter of letters) {
    const changed = path.slice(0, -1) + letter;
    if ((await one.call('GET', changed)).status === 200) opened.push(changed);
  }
  expect(opened).toEqual([path]);
  const signature = path.slice(-43);
  for (const body of ['zzzzzzzz-1-tp18r0-tyakr0', '1-zzzzzzzzzzz-tp18r0-tyakr0', '2-1-tp18r0-zzzzzz'])
    expect((await one.call('GET', `/c/${body}.${signature}`)).status).toBe(404);
});

test('a page carries out what it offered, and nothing that was only written into its requests', async () => {
  const ref = await placed({ name: 'Ada' });
  const path = `${await linkOf(ref)}/choice`;
  const refused = async (choice: object) => {
    const { status, body } = await one.call('POST', path, choice);
    expect(status).toBe(422);
    return body.errors[0].message;
  };
  // GOLD could be had; nobody offered it for a cup.
  expect(await refused({ choice: 'switch', line: 1, sku: 'GOLD', confirmed: true })).toContain(
    'alternatives',
  );
  const twice = [
    { line: 1, quantity: 2 },
    { line: '1', quantity: 2 },
  ];
  expect(await refused({ choice: 'cancel', lines: twice, confirmed: true })).toBe('expected each line once');
  expect(await refused({ choice: 'wait', lines: [1, 1] })).toBe('expected each line once');
  expect(await refused({ choice: 'wait', until: '1990-01-01' })).toBe('expected today or a later day');
  expect(await ok('GET', `/v1/orders/web:${ref}`)).toMatchObject({ lines: [{ open: 3, cancelled: 0 }] });
  expect(await ok('POST', path, { choice: 'switch', line: 1, sku: 'POT', confirmed: true })).toMatchObject({
    lines: [{ open: 0 }, { title: 'POT', open: 3 }],
  });
});

test('a name is greeted, and is no way to write into our mail', async () => {
  const names = {
    '<b>Eve</b>': 'Hello,',
    'You won https://evil.example/prize': 'Hello,',
    'Ada\r\n\r\nBcc: all@example.com': 'Hello,',
    'Ada\r\n\r\nYour parcel is lost': 'Hello Ada Your parcel is lost,',
    '\u202egnp.exe\u2066 Ada': 'Hello gnp.exe Ada,',
    'نیلوفر\u200cسادات': 'Hello نیلوفر\u200cسادات,',
    [`Ada${' and on'.repeat(30)}`]: 'Hello,',
  };
  for (const [name, greeting] of Object.entries(names)) {
    const before = post.mails.length;
    await placed({ name, email: 'ada@example.com' });
    await told();
    const [mail, ...others] = post.mails.slice(before);
    expect(others).toEqual([]);
    expect(mail!.text!.split('\n')[0]).toBe(greeting);
    expect(mail!.bcc).toBeUndefined();
  }
});

test('a line break or a heading in a template’s subject makes no header', async () => {
  const ref = await placed({ name: 'Ada', email: 'ada@example.com' });
  await ok('PUT', '/v1/message-templates/confirmation/en', {
    subject: 'News {name}\r\nBcc: all@example.com',
  });
  await told();
  const mail = post.mails.at(-1)!;
  expect(mail.subject).toContain('News Ada');
  expect(mail.bcc).toBeUndefined();
  expect((await messagesOf(ref))[0].state).toBe('sent');
});

test.each([
  'ada@example.com, eve@example.com',
  'Ada <ada@example.com>',
  'ada',
  'ada@example.com\nBcc: x@y.z',
])('mail goes to one address; %j is a person’s matter', async (email) => {
  const before = post.mails.length;
  const ref = await placed({ name: 'Ada', email });
  await told();
  expect(post.mails).toHaveLength(before);
  expect((await messagesOf(ref))[0]).toMatchObject({ state: 'failed', attempts: 1 });
  await ok('PUT', `/v1/orders/web:${ref}/contact`, { email: 'ada@example.com' });
  await ok('POST', '/v1/messages/retry', {});
  await told();
  expect((await messagesOf(ref))[0].state).toBe('sent');
});

test('two processes and a server slower than the lease: once each, and no attempt is counted that was not made', async () => {
  const refs = [];
  for (let number = 0; number < 24; number++)
    refs.push(await placed({ name: 'Ada', email: 'slow@example.com' }));
  const sent: string[] = [];
  const slow: Outgoing = {
    pageUrl,
    leaseSeconds: 1,
    sender: {
      name: 'slow',
      reaches: 'email',
      async send({ reference }: OutgoingMessage) {
        await new Promise((resolve) => setTimeout(resolve, 400));
        sent.push(reference);
        return { kind: 'sent' };
      },
      close() {},
    },
  };
  // Six turns of four each take longer than twice the lease.
  let over = false;
  const first = tell(one.kept, 1, slow).finally(() => {
    over = true;
  });
  const second = async () => {
    while (!over) {
      await tell(other.kept, 1, slow);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await Promise.all([first, second()]);
  expect(sent).toHaveLength(refs.length);
  expect(new Set(sent).size).toBe(refs.length);
  for (const ref of refs) expect((await messagesOf(ref))[0]).toMatchObject({ state: 'sent', attempts: 1 });
});

test('a process that stood still does not undo what another did meanwhile', async () => {
  const ref = await placed({ name: 'Ada', email: 'ada@example.com' });
  await tell(one.kept, 1, { sender: null, pageUrl });
  const now = clock.now().toISOString();
  const claim = () => withBrand(one.kept.db, 1, (client) => claimMessages(client, 1, now, 50, 0));
  const [stood] = await claim();
  const [took] = await claim();
  expect(took).toMatchObject({ message_id: stood!.message_id, attempts: 2 });
  const answer = (attempt: number) =>
    withBrand(one.kept.db, 1, (client) =>
      recordState(client, 1, stood!.message_id, 'waiting', 'timed out', { attempt }),
    );
  expect(await answer(1)).toBe(false);
  expect((await messagesOf(ref))[0].state).toBe('sending');
  expect(await answer(2)).toBe(true);
  await told();
  expect((await messagesOf(ref))[0].state).toBe('sent');
});
