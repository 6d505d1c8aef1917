import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';
import { expectSound } from './pages.ts';

const main = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
let folder: string;
let kept: ChildProcess;
let link: string;
let browser: Browser;
let page: Page;

/** Kept with nothing in it yet. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-empty-'));
  kept = spawn(process.execPath, [main, 'start', '--no-demo', '--port', '0', '--data', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: kept.stdout! })) {
    const found = /http:\S+token=\S+/.exec(line);
    if (found === null) continue;
    link = found[0];
    break;
  }
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(link);
});
afterAll(async () => {
  await browser?.close();
  kept.kill('SIGTERM');
  const [code] = await once(kept, 'exit');
  await rm(folder, { recursive: true, force: true });
  expect(code).toBe(0);
});

const csv = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const ITEMS = csv('items.csv', 'sku,title,price,currency\nMUG,Mug,12.50,GBP\nLAMP,Lamp,49.00,GBP\n');
const STOCK = csv('stock.csv', 'sku,counted\nMUG,3\nLAMP,0\n');
const PURCHASES = csv(
  'purchases.csv',
  'ref,sku,quantity,supplier,stage,expected_on\nPO-1,MUG,20,Azure,confirmed,2199-05-04\n',
);
const ordersOf = (quantity: string) =>
  csv(
    'sales 2026.csv',
    `Order No;Item Code;Pieces;Unit Price;Ordered On;channel\nA-1;MUG;2;12,50;2026-03-01;web\nA-2;MUG;${quantity};12,50;2026-03-02;web\n`,
  );

test('an empty brand is led to its first files', async () => {
  await page.goto(new URL('/', link).href);
  await page.getByText('From nothing to your first queue').waitFor();
  await expect.poll(() => page.getByText('not yet').count()).toBe(4);
  for (const width of [1440, 768, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expectSound(page);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('link', { name: 'Drop files' }).click();
  await page.getByText('Drop files here').waitFor();
});

test('what is wrong is shown where it stands, and asked where the file does not tell', async () => {
  await page
    .getByLabel('Choose files')
    .last()
    .setInputFiles([ITEMS, STOCK, PURCHASES, ordersOf('five')]);
  const orders = page.getByRole('article', { name: 'sales 2026.csv' });
  await orders.getByText('does not tell by its columns what it is').waitFor();
  await page.getByRole('article', { name: 'items.csv' }).getByText('can be taken').waitFor();
  await orders.getByLabel('What it is').selectOption('orders');
  await orders.getByRole('button', { name: 'Check again' }).click();
  await orders.getByLabel('quantity', { exact: true }).waitFor();
  for (const [field, column] of [
    ['quantity', 'Pieces'],
    ['placed_at', 'Ordered On'],
  ] as const)
    await orders.getByLabel(field, { exact: true }).selectOption(column);
  await orders.getByRole('button', { name: 'Check again' }).click();
  await orders.locator('td[data-wrong]', { hasText: 'five' }).waitFor();
  for (const width of [1440, 768, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expectSound(page);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await orders.getByRole('button', { name: 'Put sales 2026.csv away' }).click();
});

test('the files are taken in the order in which they need each other, and somebody waits', async () => {
  await page
    .getByLabel('Choose files')
    .last()
    .setInputFiles([ordersOf('5')]);
  const orders = page.getByRole('article', { name: 'sales 2026.csv' });
  await orders.getByLabel('What it is').selectOption('orders');
  await orders.getByRole('button', { name: 'Check again' }).click();
  await orders.getByLabel('quantity', { exact: true }).waitFor();
  for (const [field, column] of [
    ['quantity', 'Pieces'],
    ['placed_at', 'Ordered On'],
  ] as const)
    await orders.getByLabel(field, { exact: true }).selectOption(column);
  await orders.getByRole('button', { name: 'Check again' }).click();
  await page.getByRole('button', { name: 'Take these 4 files' }).click();
  await page.getByText('All are in.').waitFor();
  await page.getByRole('link', { name: 'See the queue' }).click();
  await page.locator('[data-row]', { hasText: 'MUG' }).first().waitFor();
  // It is found again by whoever left the page.
  await page.goto(new URL('/import', link).href);
  await page.getByText('Earlier imports of this browser').waitFor();
  await page.getByRole('article', { name: 'sales 2026.csv' }).getByText('is in').waitFor();
});
