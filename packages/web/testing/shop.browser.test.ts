import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';
import { expectSound } from './pages.ts';

const main = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
const widget = fileURLToPath(new URL('../dist/widget/kept-availability.js', import.meta.url));
const MOST_BYTES = 12 * 1024;
const KEY = 'shop-test-key';
let folder: string;
let kept: ChildProcess;
let shop: string;
let browser: Browser;

/** Kept as `npm start` starts it: embedded database, demo brand with its shop window, the element as it is built. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-shop-'));
  kept = spawn(process.execPath, [main, 'start', '--port', '0', '--data', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, KEPT_BOOTSTRAP_KEY: KEY },
  });
  for await (const line of createInterface({ input: kept.stdout! })) {
    const found = /http:\S+\/shop/.exec(line);
    if (found === null) continue;
    shop = found[0];
    break;
  }
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  kept.kill('SIGTERM');
  await once(kept, 'exit');
  await rm(folder, { recursive: true, force: true });
});

async function open(path: string, width = 1440): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  await page.goto(`${shop}${path}`);
  await page.locator('kept-availability[state]').first().waitFor();
  return page;
}
const part = (page: Page, name: string) => page.locator(`kept-availability [part="${name}"]:visible`).first();
const textOf = async (page: Page, name: string) => (await part(page, name).textContent()) ?? '';

test('the element is at most 12 KB on the wire', async () => {
  const script = await readFile(widget);
  expect(gzipSync(script, { level: 9 }).length).toBeLessThanOrEqual(MOST_BYTES);
  expect(script.toString()).not.toMatch(/\bimport\s*["'{]/);
});

describe.each([1440, 390])('the shop at %i px', (width) => {
  test('shows an article in each state, each in its own words', async () => {
    const page = await open('?lang=en-GB', width);
    await page.waitForFunction(() => document.querySelectorAll('kept-availability[state]').length === 9);
    const states = await page.$$eval('kept-availability', (all) =>
      all.map((one) => one.getAttribute('state')),
    );
    expect(new Set(states)).toEqual(
      new Set([
        'in_stock',
        'backorder',
        'preorder',
        'made_to_order',
        'drop',
        'demand_validation',
        'out_of_stock',
        'discontinued',
      ]),
    );
    await expectSound(page);
    if (process.env.KEPT_SCREENSHOTS)
      await page.screenshot({ path: `${process.env.KEPT_SCREENSHOTS}/shop-${width}.png`, fullPage: true });
    await page.close();
  });

  test.each(['LANTERN', 'ALMANAC', 'PRINT', 'DESK', 'BASKET', 'KETTLE'])(
    'one article, %s, holds together',
    async (sku) => {
      const page = await open(`/SHOP-${sku}?lang=de`, width);
      await expectSound(page);
      if (process.env.KEPT_SCREENSHOTS)
        await page.screenshot({ path: `${process.env.KEPT_SCREENSHOTS}/${sku}-${width}.png` });
      await page.close();
    },
  );
});

test('the quantity decides: all here, a part later, and not that many', async () => {
  const page = await open('/SHOP-LANTERN?lang=en-GB');
  expect(await textOf(page, 'headline')).toBe('In stock');
  await page.getByLabel('Quantity').fill('7');
  await part(page, 'ways').waitFor();
  expect(await textOf(page, 'text')).toMatch(/5 now and 2 by \w{3},? \d+ \w+/);
  const bought = page.evaluate(
    () =>
      new Promise((resolve) =>
        document.addEventListener('kept-buy', (event) => resolve((event as CustomEvent).detail), {
          once: true,
        }),
      ),
  );
  await page.locator('kept-availability input[value="together"]').check();
  await part(page, 'button').click();
  expect(await bought).toMatchObject({ sku: 'SHOP-LANTERN', quantity: 7, way: 'together' });
  await page.getByLabel('Quantity').fill('40');
  await page.getByRole('button', { name: 'Choose fewer' }).waitFor();
  await part(page, 'button').click();
  await part(page, 'ways').waitFor();
  expect(await page.getByLabel('Quantity').inputValue()).toBe('25');
  await page.close();
});

test.each([
  ['en-GB', 'Pre-order', /ships by/],
  ['de', 'Vorbestellen', /Versand bis/],
  ['fr', 'Précommande', /expédition/],
  ['es', 'Preventa', /Se envía|se envía/],
])('the page’s language is the element’s: %s', async (lang, headline, text) => {
  const page = await open(`/SHOP-ALMANAC?lang=${lang}`);
  expect(await textOf(page, 'headline')).toBe(headline);
  expect(await textOf(page, 'text')).toMatch(text);
  await page.close();
});

test('with the keyboard alone one joins a list', async () => {
  const page = await open('/SHOP-PRINT?lang=en-GB');
  await page.getByLabel('Quantity').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await part(page, 'input').waitFor();
  await page.keyboard.type('ada@example.com');
  await page.keyboard.press('Enter');
  await page.getByText('You are on the list').waitFor();
  await expectSound(page);
  await page.close();
});

test('with the keyboard alone one changes the quantity, chooses one parcel and buys', async () => {
  const page = await open('/SHOP-LANTERN?lang=en-GB');
  await page.getByLabel('Quantity').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('7');
  await part(page, 'ways').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  expect(await page.locator('kept-availability input[value="together"]').isChecked()).toBe(true);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('In your basket: 7 × Storm lantern').waitFor();
  await expectSound(page);
  if (process.env.KEPT_SCREENSHOTS)
    await page.screenshot({ path: `${process.env.KEPT_SCREENSHOTS}/bought.png` });
  await page.close();
});

test('money is stated as each policy takes it', async () => {
  const page = await open('/SHOP-BLANKET?lang=en-GB');
  expect(await textOf(page, 'charge')).toBe('You pay £36.00 when you order, and £84.00 when it ships.');
  await page.goto(`${shop}/SHOP-ALMANAC?lang=en-GB`);
  await page.getByText('£18.00 is set aside on your card when you order, and taken when it ships.').waitFor();
  await page.close();
});

test('a screen reader hears what changed, and everything has a name', async () => {
  const page = await open('/SHOP-BASKET?lang=en-GB');
  const live = page.locator('kept-availability').getByRole('status').first();
  expect(await live.textContent()).toContain('Sold out');
  await page.getByRole('button', { name: 'Tell me when it is back' }).click();
  expect(await page.getByRole('textbox', { name: 'Your email' }).isVisible()).toBe(true);
  const links = page.getByRole('group', { name: 'You may like instead' }).getByRole('link');
  expect(await links.allTextContents()).toEqual(['Storm lantern', 'Stoneware mug']);
  await page.getByRole('textbox', { name: 'Your email' }).fill('ben@example.com');
  await page.getByRole('textbox', { name: 'Your email' }).press('Enter');
  await page.getByText('We sent you an email').waitFor();
  await expectSound(page);
  await page.close();
});

test.each([1440, 390])(
  'the page that confirms is read and pressed by keyboard alone, at %i px',
  async (width) => {
    const origin = new URL(shop).origin;
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const email = `reader-${width}@example.com`;
    const body = JSON.stringify({ sku: 'SHOP-BASKET', channel: 'web', email, locale: 'es' });
    await fetch(`${origin}/v1/back-in-stock`, { method: 'POST', headers, body });
    const link = async () => {
      const answer = await fetch(`${origin}/v1/notices?to=${email}`, { headers });
      return /http:\S+\/b\/\S+/.exec((await answer.json()).items[0]?.text ?? '')?.[0];
    };
    await expect.poll(link, { timeout: 30_000 }).toBeDefined();
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    await page.goto((await link())!);
    expect(await page.title()).toBe('¿Te avisamos cuando vuelva Willow log basket?');
    await expectSound(page);
    if (process.env.KEPT_SCREENSHOTS)
      await page.screenshot({ path: `${process.env.KEPT_SCREENSHOTS}/confirm-${width}.png` });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Gracias.').waitFor();
    await expectSound(page);
    await page.close();
  },
);

test('search engines read the same: schema.org, dated', async () => {
  const jsonLd = async (sku: string) => {
    const html = await (await fetch(`${shop}/SHOP-${sku}`)).text();
    return JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)![1]!).offers;
  };
  expect(await jsonLd('MUG')).toMatchObject({
    availability: 'https://schema.org/InStock',
    price: '14.00',
    priceCurrency: 'GBP',
  });
  expect(await jsonLd('TEAPOT')).toMatchObject({
    availability: 'https://schema.org/BackOrder',
    availabilityStarts: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
  });
  expect(await jsonLd('ALMANAC')).toMatchObject({
    availability: 'https://schema.org/PreOrder',
    availabilityStarts: expect.any(String),
  });
  expect(await jsonLd('KETTLE')).toMatchObject({ availability: 'https://schema.org/Discontinued' });
});

test('a shop elsewhere may ask with its key, and with nothing else', async () => {
  const origin = new URL(shop).origin;
  const html = await (await fetch(`${shop}/SHOP-MUG`)).text();
  const key = / key="([^"]+)"/.exec(html)![1]!;
  const ask = (query: string) => fetch(`${origin}/storefront/v1/availability?${query}`);
  const answer = await ask(`key=${key}&sku=SHOP-MUG&locale=fr`);
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(await answer.json()).toMatchObject({ state: 'in_stock', headline: 'En stock', channel: 'web' });
  expect((await ask('key=kept_pub_1_nothing&sku=SHOP-MUG')).status).toBe(401);
  expect((await ask(`key=${key}&sku=SHOP-MUG&channel=amazon`)).status).toBe(403);
  const orders = await fetch(`${origin}/v1/backorders`, { headers: { authorization: `Bearer ${key}` } });
  expect(orders.status).toBe(401);
  const script = await fetch(`${origin}/widget/kept-availability.js`);
  expect(script.headers.get('access-control-allow-origin')).toBe('*');
});

test('the brand’s own words are said, and one that lacks its day is refused', async () => {
  const origin = new URL(shop).origin;
  const put = (words: object) =>
    fetch(`${origin}/v1/copy/en`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(words),
    });
  const bad = await put({ 'states.backorder.dated.text': 'Soon!' });
  expect(bad.status).toBe(422);
  expect(await bad.json()).toMatchObject({
    errors: [{ path: 'states.backorder.dated.text', message: 'lacks {day}' }],
  });
  expect((await put({ 'states.backorder.dated.headline': 'On its way to us' })).status).toBe(200);
  const page = await open('/SHOP-TEAPOT?lang=en-GB');
  expect(await textOf(page, 'headline')).toBe('On its way to us');
  await page.close();
});
