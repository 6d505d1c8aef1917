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
