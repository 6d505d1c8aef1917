import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';

/**
 * The walk of docs/TOUR.md, step by step, under the headings that it has there. With KEPT_TOUR=pictures it takes the pictures anew:
 *
 *   KEPT_TOUR=pictures npm test -- browser
 */

const main = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
const tour = readFileSync(join(docs, 'TOUR.md'), 'utf8');
const headings = [...tour.matchAll(/^## \d+\. (.+)$/gm)].map(([, heading]) => heading!);
let folder: string;
let kept: ChildProcess;
let link: string;
let browser: Browser;
let page: Page;
let walked = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-tour-'));
  kept = spawn(process.execPath, [main, 'start', '--port', '0', '--data', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: kept.stdout! })) {
    const found = /http:\S+token=\S+/.exec(line);
    if (found === null) continue;
    link = found[0];
    break;
  }
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(() => {
    const counted = window as unknown as { clicks: number };
    counted.clicks = Number(window.sessionStorage.getItem('clicks') ?? 0);
    window.addEventListener(
      'click',
      ({ isTrusted, detail }) => {
        if (!isTrusted || detail === 0) return;
        window.sessionStorage.setItem('clicks', String(++counted.clicks));
      },
      true,
    );
  });
  await page.goto(link);
  await page.getByText('Wren & Thistle').first().waitFor();
});
afterAll(async () => {
  await browser?.close();
  kept.kill('SIGTERM');
  await once(kept, 'exit');
  await rm(folder, { recursive: true, force: true });
});

/** A step of the tour: its heading stands there, in this order, and its picture lies beside. */
async function step(heading: string, picture: string): Promise<void> {
  expect(headings[walked++]).toBe(heading);
  expect(tour).toContain(`(tour/${picture}.png)`);
  if (process.env.KEPT_TOUR === 'pictures')
    await page.screenshot({ path: join(docs, 'tour', `${picture}.png`) });
  expect(existsSync(join(docs, 'tour', `${picture}.png`)), `docs/tour/${picture}.png`).toBe(true);
}

const go = (path: string) => page.goto(new URL(path, link).href);

async function clicksOf(work: () => Promise<void>): Promise<number> {
  const clicks = () => page.evaluate(() => Number(window.sessionStorage.getItem('clicks') ?? 0));
  const before = await clicks();
  await work();
  return (await clicks()) - before;
}

async function delayNotices(): Promise<number> {
  return page.evaluate(async () => {
    const answer = await fetch('/v1/messages?kind=delay_notice&limit=1000');
    return (await answer.json()).items.length;
  });
}

test('the queue, and the story of a line', async () => {
  await page.locator('[data-row]').first().waitFor();
  await step('The queue', 'queue');
  await go('/?search=23084&state=on_time');
  await page.locator('[data-row]', { hasText: '23084' }).first().click();
  await page
    .getByText(/pegged to PO-118/)
    .first()
    .waitFor();
  await step('Why this customer waits', 'line');
});

test('what needs a decision, and what will be of an item', async () => {
  await go('/today');
  await page.getByText(/things need a decision/).waitFor();
  await step('Today', 'today');
  await go('/items/23084');
  await page.getByText('Stock and queue, day by day').waitFor();
  await page.getByText('What fills whom').waitFor();
  await page.waitForLoadState('networkidle');
  await step('An item', 'item');
});

test('a purchase order is late: its customers are told in at most four clicks', async () => {
  await go('/purchase-orders?search=PO-118');
  const line = page.getByRole('button', { name: /PO-118 / }).first();
  await line.waitFor();
  const before = await delayNotices();
  const day = page.locator('input[type=date]');
  let was = '';
  const clicks = await clicksOf(async () => {
    await line.click();
    was = await day.inputValue();
    await day.fill(new Date(Date.parse(was) + 98 * 86_400_000).toISOString().slice(0, 10));
    await page.getByText('Promises that would break').waitFor();
    await step('A purchase order is late', 'late');
    await page.getByRole('button', { name: /^Move it to/ }).click();
    await page.getByText(/Customers whose date moves are told/).waitFor();
  });
  expect(clicks).toBeLessThanOrEqual(4);
  await expect.poll(delayNotices, { timeout: 60_000 }).toBeGreaterThan(before);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => day.inputValue()).toBe(was);
});

test('goods came: orders are released in at most three clicks', async () => {
  await go('/purchase-orders?search=PO-118');
  const line = page.getByRole('button', { name: /PO-118 / }).first();
  await line.waitFor();
  const clicks = await clicksOf(async () => {
    await line.click();
    await page.getByRole('button', { name: /^Receive/ }).click();
    await page.getByRole('button', { name: /^Release \d+ orders? to pick/ }).click();
    await page.getByRole('link', { name: 'Pick list' }).waitFor({ timeout: 60_000 });
  });
  expect(clicks).toBeLessThanOrEqual(3);
  await step('The goods are here', 'receive');
}, 120_000);

test('who must hear from us, the book, the settings, and files of one’s own', async () => {
  await go('/customers');
  await page.getByText(/customers must hear from us/).waitFor();
  await page.getByRole('button', { name: 'Look' }).first().click();
  await page
    .frameLocator('iframe[title="As the customer sees it"]')
    .getByText(/^Hello /)
    .waitFor();
  await step('Who must hear from us', 'customers');
  await go('/book');
  await page.getByText('Coming down').waitFor();
  await page.waitForLoadState('networkidle');
  await step('The book', 'book');
  await go('/settings');
  await page.getByText('Of a hundred promises').waitFor();
  await step('The settings', 'settings');
  await go('/import');
  await page.getByText('Drop files here').waitFor();
  await step('Your own files', 'import');
  expect(walked).toBe(headings.length);
});
