import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Backorder, Explanation, listOf } from '@kept/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';
import { buildPages, expectSound } from './pages.ts';
import { type Stub, startStub } from './stub-server.ts';

const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

let pages: string;
let browser: Browser;
let stub: Stub;
let page: Page;

beforeAll(async () => {
  pages = await mkdtemp(join(tmpdir(), 'kept-pages-'));
  await buildPages(pages);
  [browser, stub] = await Promise.all([launchChromium(), startStub({ pages })]);
}, 60_000);

afterEach(async () => {
  stub.mood = 'usual';
  await page?.context().close();
});

afterAll(async () => {
  await browser?.close();
  await stub?.close();
  await rm(pages, { recursive: true, force: true });
});

async function open(path = '/', viewport = desk, colorScheme: 'light' | 'dark' = 'light') {
  const context = await browser.newContext({
    viewport,
    colorScheme,
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  page = await context.newPage();
  await page.goto(stub.url + path);
  return page;
}

const rows = () => page.locator('[data-row]');
const openedQueue = async (path?: string, viewport?: typeof desk, scheme?: 'light' | 'dark') => {
  await open(path, viewport, scheme);
  await rows().first().waitFor();
};
const expectAddress = (part: string) =>
  page.waitForFunction((text) => decodeURIComponent(location.search).includes(text), part);
const firstRowSays = (text: string) =>
  page.waitForFunction((words) => document.querySelector('[data-row]')?.textContent?.includes(words), text);
const values = async () =>
  page.$$eval('[data-row] [title^="£"]', (cells) =>
    cells.map((cell) => Number(cell.getAttribute('title')!.replace(/[£,]/g, ''))),
  );

test('the stub answers what the contract says', async () => {
  await open('/');
  const list = await (await fetch(`${stub.url}/v1/backorders?limit=1000`)).json();
  expect(listOf(Backorder).safeParse(list).error).toBeUndefined();
  for (const line of stub.lines.slice(0, 40)) {
    const story = await (await fetch(`${stub.url}/v1/backorders/${line.id}/explanation`)).json();
    expect(Explanation.safeParse(story).error).toBeUndefined();
  }
});

test('the first load takes at most 200 KB of gzipped JavaScript, the drawer not included', async () => {
  const html = await readFile(join(pages, 'index.html'), 'utf8');
  const first = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => match[1]!);
  const sizes = await Promise.all(
    first.map(async (name) => gzipSync(await readFile(join(pages, name))).length),
  );
  expect(sizes.reduce((bytes, size) => bytes + size, 0)).toBeLessThanOrEqual(200 * 1024);
  const built = await readdir(join(pages, 'assets'));
  const drawer = built.find((name) => /^LineDrawer.*\.js$/.test(name));
  expect(drawer).toBeDefined();
  expect(first).not.toContain(`assets/${drawer}`);
});

test('the frame is seen before any script is there', async () => {
  const context = await browser.newContext({ viewport: phone });
  page = await context.newPage();
  await page.route('**/assets/*.js', (route) => route.abort());
  await page.goto(stub.url);
  const wordmark = page.getByText('Kept', { exact: true });
  await wordmark.waitFor();
  expect(await wordmark.evaluate((one) => getComputedStyle(one).fontWeight)).toBe('700');
  expect(await page.locator('.first-frame i').count()).toBeGreaterThan(3);
});

test('what came of a deed on many lines is told, though none of them waits any more', async () => {
  await openedQueue();
  let held: (() => void) | undefined;
  const letGo = new Promise<void>((go) => {
    held = go;
  });
  await page.route('**/cancellations', async (route) => {
    await letGo;
    await route.fulfill({ status: 200, contentType: 'application/json', body: '{}' });
  });
  await page.getByRole('checkbox').first().check();
  const bar = page.getByRole('region', { name: 'What to do with the selected lines' });
  await bar.getByRole('button', { name: 'Cancel', exact: true }).click();
  await bar.getByRole('button', { name: 'Cancel them' }).click();
  await bar.getByText('0 of 1').waitFor();
  held?.();
  await bar.getByText('1 line was cancelled.').waitFor();
  expect(await bar.getByRole('button', { name: 'Tell them now' }).count()).toBe(0);
  await bar.getByRole('button', { name: 'Close' }).click();
  await bar.waitFor({ state: 'detached' });
});

describe('the queue', () => {
  test('shows who waits for what, since when, promised for when, backed by what', async () => {
    await openedQueue();
    const text = await rows().first().textContent();
    const line = stub.lines[0]!;
    for (const words of [line.title, line.sku, line.customer, line.order, 'PO-', 'On time', 'days'])
      expect(text).toContain(words);
    expect(await page.locator('h1 + p').textContent()).toContain('2,000 lines');
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('2001');
  });

  test('is sorted by a click on a column, and says so in the address', async () => {
    await openedQueue();
    await page.getByRole('button', { name: 'Value' }).click();
    await expectAddress('sort=value&direction=desc');
    await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
    const falling = await values();
    expect(falling).toEqual([...falling].sort((left, right) => right - left));
    expect(await page.getByRole('columnheader', { name: 'Value' }).getAttribute('aria-sort')).toBe(
      'descending',
    );
    await page.reload();
    await rows().first().waitFor();
    expect(await values()).toEqual(falling);
  });

  test('is filtered by state, channel, SKU, purchase order and words, all in the address', async () => {
    await openedQueue();
    await page.getByRole('button', { name: /^Late/ }).click();
    await expectAddress('state=late');
    await firstRowSays('Late');
    await page.getByLabel('Channel').selectOption('wholesale');
    await expectAddress('channel=wholesale');
    await page
      .getByLabel('Clear filters')
      .or(page.getByRole('button', { name: 'Clear filters' }))
      .click();
    await page.waitForFunction(() => location.search === '');
    await page.getByLabel('Purchase order', { exact: true }).fill('PO-1044');
    await expectAddress('purchaseOrder=PO-1044');
    await firstRowSays('PO-10');
    await page.getByLabel('Search', { exact: true }).fill('bunting');
    await expectAddress('search=bunting');
    await firstRowSays('Party Bunting');
    await page.goBack();
    expect(await page.getByLabel('Search', { exact: true }).inputValue()).toBe('');
  });

  test('opens as it was shared: a link with filters and an open line', async () => {
    const line = stub.lines.find(({ state }) => state === 'late')!;
    await openedQueue(`/?state=late&open=${line.id}`);
    const story = page.getByRole('dialog');
    await story.getByText('Why it stands here').waitFor();
    expect(await story.textContent()).toContain(line.order);
    expect(await page.getByRole('button', { name: /^Late/ }).getAttribute('aria-pressed')).toBe('true');
  });

  test('loads on while it is scrolled, and keeps few rows in the page', async () => {
    await openedQueue();
    for (let step = 0; step < 60 && stub.requests.every((path) => !path.includes('cursor=1000')); step++) {
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      await page.waitForFunction(() => document.querySelectorAll('[data-row]').length > 0);
      await page.evaluate(
        () => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))),
      );
    }
    expect(stub.requests.some((path) => path.includes('cursor=1000'))).toBe(true);
    expect(await rows().count()).toBeLessThan(60);
  });
});

test('follows what changes, and keeps the reader’s place and chosen line', async () => {
  await openedQueue();
  await page.evaluate(() => window.scrollTo(0, 3000));
  await page.locator('[data-row="bo_50"]').click();
  await page.getByRole('dialog').getByText('What happened').waitFor();
  await page.keyboard.press('Escape');
  const place = () => page.$eval('[data-row="bo_50"]', (row) => Math.round(row.getBoundingClientRect().top));
  const before = await place();
  const newcomer = { ...stub.lines[0]!, id: 'bo_new', customer: 'Newcomer' };
  stub.lines.unshift(newcomer);
  try {
    await page.waitForFunction(() =>
      document.querySelector('h1 + p')?.textContent?.startsWith('2,001 lines'),
    );
    await page.waitForFunction(() => document.querySelector('[data-row="bo_50"]'));
    expect(await place()).toBe(before);
    expect(await page.locator('[data-row="bo_50"]').getAttribute('data-active')).toBe('true');
  } finally {
    stub.lines.shift();
  }
});

describe('a line', () => {
  test('opens with a click and tells its story', async () => {
    await openedQueue();
    await rows().first().click();
    await expectAddress('open=bo_1');
    const story = page.getByRole('dialog');
    await story.getByText('What happened').waitFor();
    const text = await story.textContent();
    for (const words of ['Why it stands here', 'Backed by', 'on the way', 'Who is ahead', 'first promise'])
      expect(text).toContain(words);
    await page.keyboard.press('Escape');
    await story.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => location.search)).toBe('');
  });

  test('that no longer waits says so', async () => {
    await openedQueue('/?open=bo_gone');
    await page.getByText('This line no longer waits').waitFor();
  });

  test('leads to all the lines of its purchase order', async () => {
    await openedQueue('/?open=bo_1');
    await page.getByRole('dialog').getByRole('button', { name: /^PO-/ }).first().click();
    await expectAddress('purchaseOrder=PO-');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
});

test('the keyboard alone walks the queue', async () => {
  await openedQueue();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-row'));
  const focusIs = (id: string) =>
    page.waitForFunction((row) => document.activeElement?.getAttribute('data-row') === row, id);
  await page.keyboard.press('/');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Search');
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await focusIs('bo_1');
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  await focusIs('bo_3');
  await page.keyboard.press('k');
  await focusIs('bo_2');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('What happened').waitFor();
  await page.keyboard.press('j');
  await expectAddress('open=bo_3');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await focusIs('bo_3');
  for (let step = 0; step < 40; step++) await page.keyboard.press('j');
  await focusIs('bo_43');
  expect(await focused()).toBe('bo_43');
});

describe('what stands in the place of rows', () => {
  test('nobody is waiting', async () => {
    stub.mood = 'empty';
    await open();
    await page.getByRole('heading', { name: 'Nobody is waiting' }).waitFor();
  });

  test('nothing matches, and one button clears the filters', async () => {
    await open('/?search=zebra');
    await page.getByRole('heading', { name: 'No line matches these filters' }).waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).last().click();
    await rows().first().waitFor();
  });

  test('no answer, and trying again once there is one', async () => {
    stub.mood = 'failing';
    await open();
    await page.getByRole('heading', { name: 'The queue could not be read' }).waitFor();
    stub.mood = 'usual';
    await page.getByRole('button', { name: 'Try again' }).click();
    await rows().first().waitFor();
  });

  test('signed out, and where the way in is', async () => {
    stub.mood = 'signed-out';
    await open();
    await page.getByRole('heading', { name: 'Sign in to Kept' }).waitFor();
    expect(await page.locator('main').textContent()).toContain('npm start');
  });
});

describe('a phone', () => {
  test('sorts and filters its cards', async () => {
    await openedQueue('/', phone);
    await page.getByRole('button', { name: 'Sort and filter' }).click();
    await page.getByLabel('Sort', { exact: true }).selectOption('value');
    await page.getByRole('button', { name: 'Rising. Turn round' }).click();
    await expectAddress('sort=value&direction=desc');
    await page.getByLabel('Channel').selectOption('wholesale');
    await expectAddress('channel=wholesale');
    await firstRowSays('wholesale:');
  });

  test('shows a story on the whole screen', async () => {
    await openedQueue('/', phone);
    await rows().first().click();
    const box = await page.getByRole('dialog').boundingBox();
    expect(box?.width).toBe(phone.width);
  });
});

test('light and dark follow the system until the reader chooses', async () => {
  await openedQueue('/', desk, 'dark');
  const scheme = () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme);
  expect(await scheme()).toBe('dark');
  await page.getByRole('button', { name: /^Theme/ }).click();
  expect(await scheme()).toBe('light');
  await page.reload();
  await rows().first().waitFor();
  expect(await scheme()).toBe('light');
});

describe.each([
  ['390 px', phone],
  ['768 px', { width: 768, height: 1024 }],
  ['1440 px', desk],
])('at %s', (_, viewport) => {
  test.each(['light', 'dark'] as const)(
    'in %s: nothing overflows, axe finds no violation',
    async (scheme) => {
      const line = stub.lines.find(
        ({ state, commitments }) => state === 'unbacked' && commitments.length > 1,
      )!;
      await openedQueue('/', viewport, scheme);
      await expectSound(page);
      await page.goto(`${stub.url}/?open=${line.id}`);
      await page.getByRole('dialog').getByText('What happened').waitFor();
      await expectSound(page);
    },
  );
});
