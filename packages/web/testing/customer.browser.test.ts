import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MailServer, mailServer } from '../../server/src/comms/testing/mail-server.ts';
import { launchChromium } from './chromium.ts';
import { expectSound } from './pages.ts';

const main = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
const KEY = 'browser-test';
let folder: string;
let post: MailServer;
let kept: ChildProcess;
let address: string;
let browser: Browser;

/** Kept as a brand runs it: its own process, a real mail server, the built pages. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-customer-'));
  post = await mailServer();
  kept = spawn(
    process.execPath,
    [main, 'start', '--port', '0', '--data', folder, '--no-demo', '--clock', 'manual'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        KEPT_SMTP_URL: post.url,
        KEPT_MAIL_FROM: 'Ember <orders@ember.example>',
        KEPT_BOOTSTRAP_KEY: KEY,
      },
    },
  );
  for await (const line of createInterface({ input: kept.stdout! })) {
    const found = /Kept is at (http:\S+)/.exec(line);
    if (found === null) continue;
    address = found[1]!;
    break;
  }
  browser = await launchChromium();
  await ask('PUT', '/v1/clock', { now: '2026-03-02T09:00:00Z' });
  await ask('PUT', '/v1/brand', { title: 'Ember & Oak', timeZone: 'UTC', currency: 'USD', country: 'US' });
  await ask('PUT', '/v1/message-settings', {
    colour: '#8a3b12',
    contact: 'help@ember.example',
    showsPlaceInQueue: true,
  });
  await ask('PUT', '/v1/channels/web', { title: 'Web', kind: 'web' });
  await ask('PUT', '/v1/locations/main', { title: 'Warehouse', channels: ['web'] });
  await ask('PUT', '/v1/items/BOWL', {
    title: 'Serving bowl, ash',
    price: { amount: 3900, currency: 'USD' },
  });
  await ask('PUT', '/v1/items/CUP', {
    title: 'Tea cup, celadon',
    price: { amount: 4200, currency: 'USD' },
    alternatives: ['BOWL'],
  });
  await ask('POST', '/v1/stock/adjustments', {
    sku: 'BOWL',
    location: 'main',
    counted: 50,
    reason: 'opening',
  });
  await ask('PUT', '/v1/purchase-orders/PO-1', {
    supplier: 'acme',
    placedOn: '2026-02-01',
    stage: 'confirmed',
    lines: [{ line: 1, sku: 'CUP', quantity: 40, expectedOn: '2026-03-23', location: 'main' }],
  });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  kept?.kill('SIGTERM');
  const [code] = await once(kept, 'exit');
  await post?.close();
  await rm(folder, { recursive: true, force: true });
  expect(code).toBe(0);
});

async function ask(method: string, path: string, body?: unknown) {
  const response = await fetch(new URL(path, address), {
    method,
    headers: {
      authorization: `Bearer ${KEY}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

let refs = 0;
async function ordered(locale: string, country: string, quantity = 2): Promise<string> {
  const ref = `C${++refs}`;
  await ask('POST', '/v1/orders', {
    ref,
    channel: 'web',
    placedAt: '2026-03-02T09:00:00Z',
    customer: { name: 'Ada Lovelace', email: `${ref.toLowerCase()}@example.com`, locale },
    shipTo: { country },
    lines: [
      {
        line: 1,
        sku: 'CUP',
        quantity,
        price: { amount: 4200, currency: 'USD' },
        statedShipBy: '2026-04-10',
        statedDeliverBy: '2026-04-20',
      },
    ],
  });
  await ask('POST', `/v1/orders/web:${ref}/payments`, {
    id: `P-${ref}`,
    kind: 'captured',
    amount: { amount: 4200 * quantity, currency: 'USD' },
    at: '2026-03-02T09:00:00Z',
  });
  return ref;
}

/** The newest mail to an order's customer whose subject says something. */
async function mailTo(ref: string, subject: RegExp) {
  const find = () =>
    post.mails.findLast(
      (mail) => subject.test(mail.subject ?? '') && JSON.stringify(mail.to).includes(ref.toLowerCase()),
    );
  await expect.poll(find, { timeout: 40_000 }).toBeTruthy();
  return find()!;
}

async function open(path: string, width: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  await page.goto(path);
  return page;
}

describe('a slip, from the mail to the choice', () => {
  test('the mail fits a phone and a desk, and each of its links leads to the page', async () => {
    const refs = [
      await ordered('en-US', 'US'),
      await ordered('de-DE', 'DE'),
      await ordered('en-GB', 'GB', 3),
    ];
    await mailTo(refs[2]!, /what comes when/);
    await ask('POST', '/v1/purchase-orders/PO-1/revisions', {
      line: 1,
      expectedOn: '2026-04-14',
      reason: 'customs',
    });
    await ask('PUT', '/v1/clock', { now: '2026-03-02T14:00:00Z' });
    const mail = await mailTo(refs[0]!, /new date/);
    const german = await mailTo(refs[1]!, /neuen Termin/);
    for (const width of [390, 700])
      for (const one of [mail, german]) {
        const page = await browser.newPage({ viewport: { width, height: 900 } });
        await page.setContent(String(one.html));
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow).toBeLessThanOrEqual(0);
        expect(await page.locator('a').count()).toBe(3);
        await page.close();
      }
    const links = [...String(mail.html).matchAll(/href="([^"]+\/c\/[^"]+)"/g)].map((match) => match[1]!);
    expect(links.map((link) => new URL(link).search)).toEqual([
      '?choice=wait',
      '?choice=switch',
      '?choice=cancel',
    ]);

    // By opening a link nothing is chosen: mail programs open links by themselves.
    const page = await open(links[2]!, 390);
    await page.getByRole('heading', { name: `Your order ${refs[0]}` }).waitFor();
    await expectSound(page);
    expect((await ask('GET', `/v1/orders/web:${refs[0]}`)).lines[0].open).toBe(2);
    await page.getByLabel('Tea cup, celadon').selectOption('1');
    await page.getByRole('button', { name: 'Cancel now' }).click();
    await page.getByText('Thank you. It is done.').waitFor();
    await expectSound(page);
    expect((await ask('GET', `/v1/orders/web:${refs[0]}`)).lines[0]).toMatchObject({ open: 1, cancelled: 1 });
    await page.close();
  });

  test('a wait in German, and a switch in British English', async () => {
    const wait = await open(await linkOf('C2'), 390);
    await wait.getByText('Der Zoll hält unsere Lieferung fest.').waitFor();
    await wait.getByText('Der neue Termin gilt nur, wenn du zustimmst.').waitFor();
    await expectSound(wait);
    await wait.getByRole('button', { name: 'Ich warte' }).click();
    await wait.getByRole('button', { name: 'Ja, ich warte' }).click();
    await wait.getByText('Danke. Das ist erledigt.').waitFor();
    await wait.getByText(/Du wartest bis .*, hast du gesagt/).waitFor();
    await wait.close();
    expect((await ask('GET', '/v1/duties?order=web:C2')).items[0]).toMatchObject({
      regime: 'eu',
      state: 'in_time',
    });

    const change = await open(await linkOf('C3'), 1440);
    await change.getByRole('button', { name: 'Choose something else' }).click();
    await change.getByText('Costs US$3.00 less each').waitFor();
    await expectSound(change);
    await change.getByRole('button', { name: 'Take this one instead' }).click();
    await change.getByText('Thank you. It is done.').waitFor();
    await change.getByRole('heading', { name: '3 × Serving bowl, ash' }).waitFor();
    await change.close();
    expect((await ask('GET', '/v1/orders/web:C3')).lines[1]).toMatchObject({ sku: 'BOWL', open: 3 });
  });

  test('a revoked link says so, and shows nothing', async () => {
    const link = await linkOf('C1');
    await ask('DELETE', '/v1/orders/web:C1/link');
    const page = await open(link, 390);
    await page.getByRole('heading', { name: 'This link no longer works' }).waitFor();
    expect(await page.textContent('body')).not.toContain('Tea cup');
    await expectSound(page);
    await page.close();
  });
});

async function linkOf(ref: string): Promise<string> {
  return (await ask('POST', `/v1/orders/web:${ref}/link`)).url;
}
