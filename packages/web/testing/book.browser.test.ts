import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';
import { expectSound } from './pages.ts';

const main = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
const KEY = 'browser-test';
let folder: string;
let kept: ChildProcess;
let address: string;
let signIn: string;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-book-'));
  kept = spawn(
    process.execPath,
    [main, 'start', '--port', '0', '--data', folder, '--no-demo', '--clock', 'manual'],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, KEPT_BOOTSTRAP_KEY: KEY } },
  );
  for await (const line of createInterface({ input: kept.stdout! })) {
    address = /Kept is at (http:\S+)/.exec(line)?.[1] ?? address;
    signIn = /Sign in: +(http:\S+)/.exec(line)?.[1] ?? signIn;
    if (signIn !== undefined) break;
  }
  browser = await launchChromium();
  await aBook();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  const ended = once(kept, 'exit');
  kept.kill('SIGTERM');
  await ended;
  await rm(folder, { recursive: true, force: true });
});

async function ask(method: string, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${address}${path}`, {
    method,
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
}

const usd = (amount: number) => ({ amount, currency: 'USD' });

/** Three weeks of a small brand: orders, a slip, a part receipt, a cancellation, deposits. */
async function aBook(): Promise<void> {
  await ask('PUT', '/v1/clock', { now: '2026-03-02T09:00:00Z' });
  await ask('PUT', '/v1/brand', { title: 'Ember & Oak', timeZone: 'UTC', currency: 'USD', country: 'US' });
  await ask('PUT', '/v1/channels/web', { title: 'Web', kind: 'web' });
  await ask('PUT', '/v1/locations/main', { title: 'Warehouse', channels: ['web'] });
  await ask('PUT', '/v1/suppliers/kiln', { title: 'The Kiln', paymentTerms: 'net 30' });
  for (const [sku, title, price] of [
    ['BOWL', 'Serving bowl, ash', 3900],
    ['CUP', 'Tea cup, celadon', 1800],
  ] as const) {
    await ask('PUT', `/v1/items/${sku}`, {
      title,
      price: usd(price),
      cost: usd(price / 3),
      supplier: 'kiln',
    });
    await ask('PUT', `/v1/purchase-orders/PO-${sku}`, {
      supplier: 'kiln',
      placedOn: '2026-02-20',
      stage: 'confirmed',
      currency: 'USD',
      lines: [
        { line: 1, sku, quantity: 60, unitCost: usd(price / 3), expectedOn: '2026-03-30', location: 'main' },
      ],
    });
  }
  for (let number = 1; number <= 12; number++) {
    await ask('PUT', '/v1/clock', { now: new Date(Date.UTC(2026, 2, 2 + number, 9)).toISOString() });
    await ask('POST', '/v1/orders', {
      ref: String(1000 + number),
      channel: 'web',
      mode: 'placed',
      placedAt: new Date(Date.UTC(2026, 2, 2 + number, 8)).toISOString(),
      customer: { name: `Customer ${number}`, email: `c${number}@example.com` },
      shipTo: { country: 'US' },
      lines: [
        {
          line: 1,
          sku: number % 3 === 0 ? 'CUP' : 'BOWL',
          quantity: 1 + (number % 4),
          price: usd(number % 3 === 0 ? 1800 : 3900),
        },
      ],
    });
    if (number % 2 === 0)
      await ask('POST', `/v1/orders/web:${1000 + number}/payments`, {
        id: `p${number}`,
        kind: 'captured',
        amount: usd(2000),
        at: new Date(Date.UTC(2026, 2, 2 + number, 9)).toISOString(),
      });
  }
  await ask('POST', '/v1/purchase-orders/PO-CUP/receipts', { line: 1, quantity: 4 });
  await ask('POST', '/v1/orders/web:1005/cancellations', {
    by: 'customer',
    lines: [{ line: 1, quantity: 1 }],
    reason: 'too late',
  });
  await ask('PUT', '/v1/clock', { now: '2026-03-23T09:00:00Z' });
  await ask('POST', '/v1/purchase-orders/PO-BOWL/revisions', {
    line: 1,
    expectedOn: '2026-05-11',
    reason: 'freight',
  });
}

async function open(width: number, dark = false): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
  });
  const page = await context.newPage();
  await context.setExtraHTTPHeaders({ authorization: `Bearer ${KEY}` });
  await page.goto(`${address}/book`);
  await page.getByRole('heading', { name: 'The oldest lines' }).waitFor();
  await page.getByText('First promise kept').waitFor();
  await page.getByRole('heading', { name: 'How it ties to the book' }).waitFor();
  return page;
}

describe('the book’s page', () => {
  test.each([
    [390, false],
    [1440, false],
    [390, true],
    [1440, true],
  ])('is sound at %i px (dark: %s)', async (width, dark) => {
    const page = await open(width, dark);
    await expectSound(page);
    if (process.env.KEPT_SHOTS)
      await page.screenshot({
        path: join(process.env.KEPT_SHOTS, `book-${width}-${dark ? 'dark' : 'light'}.png`),
        fullPage: true,
      });
    await page.context().close();
  });

  test('says what the API says, and opens to the lines behind a figure', async () => {
    const page = await open(1440);
    const answer = await fetch(`${address}/v1/book`, { headers: { authorization: `Bearer ${KEY}` } });
    const book = (await answer.json()) as { units: number; value: { amount: number } };
    const value = (book.value.amount / 100).toLocaleString('en', { minimumFractionDigits: 2 });
    expect(
      await page
        .getByRole('term')
        .filter({ hasText: /^Value$/ })
        .locator('..')
        .textContent(),
    ).toContain(value);
    await page.getByRole('combobox').first().selectOption('item');
    await page.getByRole('link', { name: 'Serving bowl, ash' }).first().click();
    await page.waitForURL(/book\/lines.*key=BOWL/);
    await page.getByText('Serving bowl, ash').first().waitFor();
    await page.context().close();
  });
});
