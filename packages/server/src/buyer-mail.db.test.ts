import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportWeek } from './book/index.ts';
import { buyerMail } from './buyer-mail.ts';
import { smtpSender } from './comms/index.ts';
import { mailServer } from './comms/testing/mail-server.ts';
import { decideDue } from './due.ts';
import { withBrand } from './platform/database.ts';
import { testDatabase } from './platform/testing/database.ts';
import { faultsOf, givenShop, order, purchaseOrder, testKept } from './testing/brand.ts';
import { tellBuyers } from './watch/index.ts';

const { url } = await testDatabase();
const post = await mailServer();
const one = await testKept(url);
const outgoing = { sender: smtpSender(post.url, 'Kept <kept@ember.example>'), pageUrl: null };
const teller = fileURLToPath(new URL('./testing/buyer-teller.ts', import.meta.url));
const READERS = Array.from({ length: 20 }, (_, at) => `cfo${at}@example.com`);
const KILLS = 8;

beforeAll(async () => {
  await givenShop(one, { LAMP: 0 });
  await one.call('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('LAMP', 10, '2026-03-23'));
  await one.call('POST', '/v1/orders', order('LAMP', 4));
});
afterAll(async () => {
  expect(await faultsOf(one.kept)).toEqual([]);
  outgoing.sender.close();
  await one.close();
  await post.close();
});

const open = () =>
  withBrand(one.kept.db, 1, async (client) => {
    const { rows } = await client.query(
      'select count(*)::int as open from signal_delivery where brand_id = 1 and done_at is null',
    );
    return rows[0].open as number;
  });
const tellOnce = async () => {
  await reportWeek(one.kept, 1, outgoing);
  await tellBuyers(one.kept, 1, { mail: buyerMail(outgoing), privateTargets: false });
};
const subjects = () => post.mails.map(({ subject }) => subject);
const clock = (now: string) => one.clock.set(new Date(now));

test('the week’s page goes out once its hour has come, again where the server says later, and late where nobody was there', async () => {
  clock('2026-03-04T10:00:00Z'); // a Wednesday
  const report = { recipients: ['cfo@example.com'], weekday: 3, hour: 9 };
  expect((await one.call('PUT', '/v1/book/settings', { report })).status).toBe(200);
  await tellOnce();
  expect(post.mails).toHaveLength(0); // Its hour had passed when it was asked for.
  clock('2026-03-11T08:59:00Z');
  await tellOnce();
  expect(post.mails).toHaveLength(0);
  clock('2026-03-11T09:00:00Z');
  post.refuse(451, 1);
  await tellOnce();
  expect(post.mails).toHaveLength(0);
  clock('2026-03-11T09:01:00Z');
  await tellOnce();
  await tellOnce();
  expect(subjects()).toEqual([expect.stringContaining('the backorder book on 2026-03-11')]);
  expect(post.mails[0]!.html).toContain('40.00 USD');
  expect(post.mails[0]!.text).toContain('Coming down');
  // The whole of Wednesday the 18th nobody ran.
  clock('2026-03-20T03:00:00Z');
  await tellOnce();
  await tellOnce();
  expect(post.mails).toHaveLength(2);
  clock('2026-03-24T03:00:00Z');
  await tellOnce();
  expect(post.mails).toHaveLength(2);
});

test(`${KILLS} kills between writing, sending and recording the week’s page and the buyers’ digest: none missing, none twice`, async () => {
  clock('2026-03-25T08:00:00Z');
  await decideDue(one.kept, 1);
  post.mails.length = 0;
  const report = { recipients: READERS, weekday: 3, hour: 9 };
  await one.call('PUT', '/v1/book/settings', { report });
  const digest = { at: '09:00', weekdays: [3], to: READERS };
  const changed = await one.call('PUT', '/v1/signals/settings', { digest, buyers: [], webhooks: [] });
  expect(changed, JSON.stringify(changed.body)).toMatchObject({ status: 200 });
  clock('2026-03-25T09:30:00Z');
  const start = () =>
    spawn(process.execPath, [teller, url, post.url, one.clock.now().toISOString()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  for (let kill = 0; kill < KILLS; kill++) {
    const child: ChildProcess = start();
    await once(child.stdout!, 'data');
    await new Promise((resolve) => setTimeout(resolve, (kill * 29) % 120));
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const last = start();
  const sent = () => new Set(post.mails.map(({ to, subject }) => `${JSON.stringify(to)} ${subject}`)).size;
  await expect.poll(sent, { timeout: 40_000 }).toBe(2 * READERS.length);
  await expect.poll(open, { timeout: 20_000 }).toBe(0);
  last.kill('SIGKILL');
  await once(last, 'exit');
  // At least once towards SMTP: whoever got two can tell by their Message-ID that they are one.
  const ids = Map.groupBy(post.mails, ({ to, subject }) => `${JSON.stringify(to)} ${subject}`);
  for (const same of ids.values()) expect(new Set(same.map(({ messageId }) => messageId)).size).toBe(1);
}, 120_000);
