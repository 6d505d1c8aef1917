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
let folder: string;
let kept: ChildProcess;
let link: string;
let browser: Browser;

/** Kept as `npm start` starts it: embedded database, demo brand, real pages. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-demo-'));
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
});
afterAll(async () => {
  await browser?.close();
  kept.kill('SIGTERM');
  const [code] = await once(kept, 'exit');
  await rm(folder, { recursive: true, force: true });
  expect(code).toBe(0);
});

async function signedIn(width: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  await page.goto(link);
  await page.getByText('Wren & Thistle').first().waitFor();
  return page;
}

describe.each([1440, 390])('the demo brand at %i px', (width) => {
  test('shows who waits for what, and says why in one click', async () => {
    const page = await signedIn(width);
    await expectSound(page);
    await page.goto(new URL('/?search=23084&state=on_time', link).href);
    const row = page.locator('[data-row]', { hasText: '23084' }).first();
    await row.waitFor();
    expect(await row.textContent()).toContain('PO-118');
    await row.click();
    await page
      .getByText(/pegged to PO-118/)
      .first()
      .waitFor();
    await page
      .getByText(/Ordered|ordered through/)
      .first()
      .waitFor();
    await expectSound(page);
    await page.close();
  });
});

test.each([1440, 768, 390])(
  'the day at %i px: what needs a decision, each with a button that does it',
  async (width) => {
    const page = await signedIn(width);
    await page.goto(new URL('/today', link).href);
    await page.getByText(/things need a decision/).waitFor();
    await page.getByText(/orders can leave/).waitFor();
    await expectSound(page);
    await page.getByText('Buying', { exact: true }).click();
    await page
      .getByText(/Order by/)
      .first()
      .waitFor();
    expect(await page.getByText(/orders can leave/).count()).toBe(0);
    await page.close();
  },
);

test.each([1440, 390])(
  'an item at %i px: what will be of it, what fills whom, and what if',
  async (width) => {
    const page = await signedIn(width);
    await page.goto(new URL('/items/23084', link).href);
    await page.getByRole('img', { name: /Projected stock and queue of 23084/ }).waitFor();
    await page.getByText('What fills whom').waitFor();
    await page.getByText('PO-118', { exact: true }).first().waitFor();
    await expectSound(page);
    await page.getByRole('slider', { name: 'Demand' }).focus();
    await page.keyboard.press('End');
    await page.getByText('Demand 300 %').waitFor();
    await page.getByText('As a table', { exact: true }).click();
    await page.getByRole('columnheader', { name: 'Expected demand' }).waitFor();
    await page.goto(new URL('/items/no-such', link).href);
    await page.getByText('There is no item no-such').waitFor();
    await page.close();
  },
);

test('a draft order out of the day’s page, and its purchase order, in two presses', async () => {
  const page = await signedIn(1440);
  await page.goto(new URL('/today?role=buyer', link).href);
  await page
    .getByRole('button', { name: /^Draft an order of/ })
    .first()
    .click();
  await page.getByText(/The draft is/).waitFor();
  await page.getByRole('link', { name: 'Open it' }).click();
  await page.getByRole('heading', { name: 'Purchase orders' }).waitFor();
  await page.getByRole('slider').first().waitFor();
  await page.close();
});

test.each([1440, 390])(
  'at %i px a purchase order is supposed to slip: who is hit, then moved and moved back',
  async (width) => {
    const page = await signedIn(width);
    await page.goto(new URL('/purchase-orders?search=PO-118', link).href);
    await page
      .getByRole('button', { name: /PO-118 / })
      .first()
      .click();
    const day = page.locator('input[type=date]');
    const before = await day.inputValue();
    if (width > 1000) {
      await page.getByRole('slider', { name: /PO-118,/ }).focus();
      for (let weeks = 0; weeks < 6; weeks++) await page.keyboard.press('PageUp');
    } else await day.fill(new Date(Date.parse(before) + 98 * 86_400_000).toISOString().slice(0, 10));
    await page.getByText(/^(42|98) days later$/).waitFor();
    await page.getByText(/would leave later/).waitFor();
    await page.getByText('Promises that would break').waitFor();
    await expectSound(page);
    await page.getByRole('button', { name: /^Move it to/ }).click();
    await page.getByText(/Customers whose date moves are told/).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.waitForFunction(
      (was) => document.querySelector<HTMLInputElement>('input[type=date]')?.value === was,
      before,
    );
    await page.close();
  },
);

test('what came is received, and the orders that it frees are released, in three presses', async () => {
  const page = await signedIn(1440);
  await page.goto(new URL('/purchase-orders?search=PO-118', link).href);
  await page
    .getByRole('button', { name: /PO-118 / })
    .first()
    .click();
  await page.getByRole('button', { name: /^Receive/ }).click();
  await page.getByRole('button', { name: /^Release \d+ orders? to pick/ }).click();
  await page.getByRole('link', { name: 'Pick list' }).waitFor({ timeout: 60_000 });
  await page.close();
}, 90_000);

describe.each([1440, 768, 390])('whoever looks after customers, at %i px', (width) => {
  test('sees who must hear from us, and what they will read', async () => {
    const page = await signedIn(width);
    await page.goto(new URL('/customers', link).href);
    await page.getByText(/customers must hear from us/).waitFor();
    await expectSound(page);
    await page.getByRole('button', { name: 'Look' }).first().click();
    const letter = page.frameLocator('iframe[title="As the customer sees it"]');
    await letter.getByText(/^Hello /).waitFor();
    await page.getByRole('button', { name: 'Send now' }).click();
    await page.getByText(/No way to send is configured: set KEPT_SMTP_URL/).waitFor();
    await expectSound(page);
    await page.getByRole('link', { name: 'Words' }).click();
    await page.getByLabel('Opening').fill('We have news about {order}.');
    await page
      .frameLocator('iframe[title="As the customer sees it"]')
      .getByText(/^We have news about/)
      .last()
      .waitFor();
    await expectSound(page);
    await page.close();
  });

  test('finds an order by its customer, with the keyboard alone, and reads its story', async () => {
    const page = await signedIn(width);
    const { items } = await page.evaluate(async () =>
      (await fetch('/v1/backorders?limit=1&state=on_time')).json(),
    );
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Order, item/ }).waitFor();
    await page.keyboard.type(items[0].order.split(':')[1]);
    await page.getByRole('option').filter({ hasText: items[0].order }).first().waitFor();
    await expectSound(page);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: items[0].order }).waitFor();
    await page
      .getByText(/Backed by:/)
      .first()
      .waitFor();
    await page
      .getByText(/^Promised: /)
      .first()
      .waitFor();
    await expectSound(page);
    await page.close();
  });

  test('lists the items, those that somebody waits for first, in German too', async () => {
    const page = await signedIn(width);
    await page.goto(new URL('/items?show=waiting', link).href);
    await page
      .getByRole('link', { name: /backordered/ })
      .first()
      .waitFor();
    await expectSound(page);
    await page.getByRole('button', { name: 'DE: Deutsch' }).click();
    await page.getByRole('heading', { name: 'Artikel' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
    await expectSound(page);
    await page.getByRole('button', { name: 'EN: English' }).click();
    await page.getByRole('heading', { name: 'Items' }).waitFor();
    await page.close();
  });
});

test.each([1440, 390])(
  'at %i px several lines are selected, moved at once, and moved back',
  async (width) => {
    const page = await signedIn(width);
    await page.goto(new URL('/?sku=23084', link).href);
    const boxes = page.locator('[data-row]').getByRole('checkbox');
    await boxes.nth(0).check();
    await boxes.nth(1).check();
    await page.getByText(/^2 lines selected/).waitFor();
    await expectSound(page);
    await page.getByRole('button', { name: 'To the end' }).click();
    await page.getByText(/2 lines moved/).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText(/stand where they stood/).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText(/it cannot be undone/).waitFor();
    await page.getByRole('button', { name: 'Leave them' }).click();
    await page.getByText(/^2 lines selected/).waitFor();
    await page.getByRole('button', { name: 'Switch', exact: true }).click();
    await page.getByText(/another item for/).waitFor();
    await expectSound(page);
    // The first is switched to an item that there is; nothing of the other is lost by one that there is none of.
    await page.getByRole('button', { name: 'Leave them' }).click();
    await boxes.nth(1).uncheck();
    const change = async (sku: string) => {
      await page.getByRole('button', { name: 'Switch', exact: true }).click();
      await page.getByLabel('SKU instead').fill(sku);
      await page.getByRole('button', { name: 'Switch them' }).click();
    };
    await change('NO-SUCH-ITEM');
    await page.getByText(/For 1 line it was refused/).waitFor();
    await change('22734');
    // It does not wait for the old item any more, and so is no line of this queue.
    await page.getByText(/^1 line selected/).waitFor({ state: 'hidden' });
    await page.close();
  },
);

test('what somebody else does is seen without asking', async () => {
  const page = await signedIn(1440);
  await page.goto(new URL('/items', link).href);
  await page.getByRole('link', { name: 'Colouring pencils brown tube' }).waitFor();
  const told = page.evaluate(
    () =>
      new Promise((heard) => {
        const stream = new EventSource('/v1/stream');
        stream.addEventListener('open', () => {
          // The place from which is told is taken after the answer began.
          setTimeout(
            () =>
              void fetch('/v1/stock/adjustments', {
                method: 'POST',
                headers: { 'content-type': 'application/json' },
                body: JSON.stringify({
                  sku: '10133',
                  location: 'warehouse',
                  condition: 'sellable',
                  delta: 9000,
                  reason: 'found',
                }),
              }),
            500,
          );
        });
        stream.addEventListener('change', ({ data }) => {
          const { kind } = JSON.parse(data);
          if (!kind.startsWith('stock.')) return;
          stream.close();
          heard(kind);
        });
      }),
  );
  expect(await told).toBe('stock.adjusted');
  await page.getByText(/9,\d{3} on hand/).waitFor();
  await page.close();
});

test('on a phone the page that is open is seen among the pages there are', async () => {
  const page = await signedIn(390);
  for (const path of ['/book', '/today']) {
    await page.goto(new URL(path, link).href);
    const current = page.locator('nav [aria-current="page"]');
    await current.waitFor();
    await expect
      .poll(async () => {
        const box = await current.boundingBox();
        return box !== null && box.x >= 0 && box.x + box.width <= 390;
      })
      .toBe(true);
  }
  await page.close();
});

test('somebody without the link is asked to sign in, and is told nothing', async () => {
  const page = await browser.newPage();
  await page.goto(new URL('/', link).href);
  await page
    .getByText(/sign.in/i)
    .first()
    .waitFor();
  expect(await page.content()).not.toContain('Wren');
  await page.close();
});

describe.each([1440, 768, 390])('the settings at %i px', (width) => {
  test('each part is sound', async () => {
    const page = await signedIn(width);
    for (const tab of ['promises', 'channels', 'calendar', 'people', 'account', 'keys', 'connections']) {
      await page.goto(new URL(`/settings?tab=${tab}`, link).href);
      await page.waitForLoadState('networkidle');
      await expectSound(page);
    }
    await page.close();
  });

  test('what a service level costs is shown before it is saved', async () => {
    const page = await signedIn(width);
    const levels = [0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.975, 0.99].map((level) => ({
      level,
      keptShare: Math.max(0.81, level),
      bufferDays: Math.round(300 * Math.max(0, level - 0.75) ** 2) / 2,
      missedByDays: 9,
      waitDays: 31,
    }));
    const answer = { levels, promises: 214, receipts: 231, fewest: 20, learntOn: '2026-03-02' };
    await page.route('**/v1/service-levels', (route) => route.fulfill({ json: answer }));
    await page.goto(new URL('/settings', link).href);
    await page.getByText('With 90 of a hundred').waitFor();
    await page.getByRole('slider', { name: 'Service level' }).focus();
    for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowRight');
    await page.getByText('With 95 of a hundred').waitFor();
    await page.getByText('of 214 promises').waitFor();
    await expectSound(page);
    await page.close();
  });
});

test('a setting is changed with the keyboard alone, and put back', async () => {
  const page = await signedIn(1440);
  await page.goto(new URL('/settings', link).href);
  const days = page.getByLabel('Longest wait, in days');
  await days.waitFor();
  const before = await days.inputValue();
  await days.fill('56');
  await page.keyboard.press('Enter');
  await page.getByText('Saved.').waitFor();
  await page.reload();
  await expect.poll(() => page.getByLabel('Longest wait, in days').inputValue()).toBe('56');
  await page.getByLabel('Longest wait, in days').fill(before);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('As it was before.').waitFor();
  await page.reload();
  await expect.poll(() => page.getByLabel('Longest wait, in days').inputValue()).toBe('56');
  await page.close();
});

test('somebody is invited, and a key is made that is shown once', async () => {
  const page = await signedIn(390);
  await page.goto(new URL('/settings?tab=people', link).href);
  await page.getByLabel('E-mail').fill('ida@wren.example');
  await page.getByLabel('Name').fill('Ida Wren');
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await expect.poll(() => page.getByLabel(/Send them this link/).inputValue()).toContain('/sign-in');
  await page.goto(new URL('/settings?tab=keys', link).href);
  await page.getByLabel('What it is for').fill('warehouse');
  await page.getByLabel('supply: read').check();
  await page.getByRole('button', { name: 'Make a key' }).click();
  await expect.poll(() => page.getByLabel(/it is not shown again/).inputValue()).toMatch(/\S{20,}/);
  await page.getByText('supply:read').waitFor();
  await page.close();
});

describe.each([1440, 390])('in German, at %i px', (width) => {
  test('every page is sound, and no word of it is cut', async () => {
    const page = await signedIn(width);
    await page.evaluate(() => window.localStorage.setItem('kept-language', 'de'));
    const pages: [string, string][] = [
      ['/', 'Rückstände'],
      ['/today', 'Heute'],
      ['/items/23084', 'Bestand und Schlange, Tag für Tag'],
      ['/purchase-orders', 'Einkaufsbestellungen'],
      ['/book', 'Was es mit Umsatz und Kunden macht'],
      ['/settings', 'Servicegrad'],
      ['/import', 'Dateien einlesen'],
    ];
    for (const [path, word] of pages) {
      await page.goto(new URL(path, link).href);
      await page.getByText(word).first().waitFor();
      await page.waitForLoadState('load');
      await expectSound(page);
    }
    // What the server found is told in German as well: signals, what can be done about them, and orders to be made.
    await page.goto(new URL('/today', link).href);
    await page
      .getByText(/je Woche werden verlangt/)
      .first()
      .waitFor();
    const told = await page.locator('main').textContent();
    expect(told).not.toMatch(/comes after what|cannot be replenished|nothing backs|a week joining|Have it /);
    // What waits by now: those before have received and released.
    await page.goto(new URL('/', link).href);
    await page.locator('[data-row]').first().click();
    await page.getByText('Warum sie hier steht').waitFor();
    await expectSound(page);
    await page.close();
  });
});

test('whoever comes back is told what happened meanwhile', async () => {
  const page = await signedIn(1440);
  const before = new Date(Date.now() - 3_600_000).toISOString();
  await page.evaluate((last) => {
    window.localStorage.setItem('kept-seen', JSON.stringify({ before: null, last }));
  }, before);
  await page.goto(new URL('/today', link).href);
  await page.getByText(/Since your last visit, .*purchase orders? moved/).waitFor();
  await expectSound(page);
  // Reading on is no new visit.
  await page.reload();
  await page.getByText(/Since your last visit/).waitFor();
  await page.close();
});
