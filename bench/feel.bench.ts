import type { AddressInfo } from 'node:net';
import type { CDPSession, Page } from 'playwright-core';
import { buildApp } from '../packages/server/src/app.ts';
import { loadDemo } from '../packages/server/src/demo-loader.ts';
import { buildPages } from '../packages/server/src/pages.ts';
import { replan } from '../packages/server/src/promising/plan.ts';
import { launchChromium } from '../packages/web/testing/chromium.ts';
import { type BenchBrand, openBrand } from './brand.ts';
import { type Bench, type BenchOptions, type Measured, spreadOf, spreadText } from './measure.ts';
import { takeOverQueues } from './replan-brand.ts';

/**
 * How the dashboard feels in the hand, in the system's Chromium: how soon it answers on a processor four times slower, how soon what is
 * pressed is seen, and whether a long queue scrolls without a stutter. One machine serves and shows.
 */

const KEY = 'bench-key';
const SLOWER = 4;
const MOST_INTERACTIVE_MS = 1500;
const MOST_INTERACTION_MS = 100;
/** A frame that is late is one that takes longer than three of a screen of sixty a second. */
const MOST_FRAME_MS = 50;
const LINES = 100_000;
const SCROLLS = 300;
const PAGES = ['/', '/today', '/purchase-orders', '/book'] as const;
/** What is there once a page answers. */
const THERE: Record<(typeof PAGES)[number], string> = {
  '/': '[data-row]',
  '/today': 'ol li button, ol li a',
  '/purchase-orders': '[role=slider]',
  '/book': 'dl dd a',
};

/** It answers once nothing of the page keeps the processor any more: a turn of its loop comes at once. */
const ANSWERS = `new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()), 0)))`;
const WATCH_PRESSES = `window.keptPresses = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.keptPresses.push(entry.duration);
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });`;
const WATCH_FRAMES = `window.keptFrames = [];
  (() => {
    let last = performance.now();
    const frame = (now) => {
      window.keptFrames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  })();`;

export const bench: Bench = {
  name: 'feel',
  async *run({ quick }: BenchOptions): AsyncGenerator<Measured> {
    const browser = await launchChromium();
    try {
      const demo = await openBrand(10);
      try {
        await loadDemo(demo.kept, demo.brandId);
        yield* await served(demo, async function* (open) {
          for (const path of PAGES) yield await interactive(open, path, quick ? 1 : 5);
          yield await interactions(open);
        });
      } finally {
        await demo.close();
      }
      const large = await openBrand(10);
      try {
        const lines = quick ? LINES / 10 : LINES;
        await takeOverQueues(large, { lines, items: 100, purchases: { 'PO-BIG': 20 } });
        await replan(large.kept, large.brandId);
        await large.asOwner('vacuum analyze');
        yield* await served(large, async function* (open) {
          yield await scrolled(open, lines);
        });
      } finally {
        await large.close();
      }
    } finally {
      await browser.close();
    }

    type Open = () => Promise<Page>;
    async function served<T>(brand: BenchBrand, work: (open: Open) => AsyncGenerator<T>): Promise<T[]> {
      const app = await buildApp(brand.kept, { bootstrapKey: KEY, pages: await buildPages() });
      await app.listen({ port: 0, host: '127.0.0.1' });
      const { port } = app.server.address() as AddressInfo;
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        baseURL: `http://127.0.0.1:${port}`,
        extraHTTPHeaders: { authorization: `Bearer ${KEY}` },
      });
      try {
        const found: T[] = [];
        for await (const one of work(() => context.newPage())) found.push(one);
        return found;
      } finally {
        await context.close();
        await app.close();
      }
    }
  },
};

async function interactive(
  open: () => Promise<Page>,
  path: (typeof PAGES)[number],
  times: number,
): Promise<Measured> {
  const figures: number[] = [];
  for (let time = 0; time < times; time++) {
    const page = await open();
    await slowed(page, SLOWER);
    await page.goto(path, { waitUntil: 'commit' });
    await page.waitForSelector(THERE[path], { state: 'attached' });
    figures.push(await page.evaluate<number>(ANSWERS));
    await page.close();
  }
  const spread = spreadOf(figures)!;
  return row(`${path} answers, at a processor ${SLOWER} × slower`, spread, MOST_INTERACTIVE_MS);
}

/** From a press to the frame that shows it, of the slowest of some that are usual. */
async function interactions(open: () => Promise<Page>): Promise<Measured> {
  const page = await open();
  await page.goto('/');
  await page.waitForSelector('[data-row]');
  await page.evaluate(WATCH_PRESSES);
  await page.locator('[data-row]').nth(3).click();
  await page.getByRole('dialog').waitFor();
  await page.waitForTimeout(600);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.waitForTimeout(300);
  await page.getByPlaceholder('Order, customer, item').pressSequentially('2308', { delay: 80 });
  await page.waitForTimeout(800);
  await page.keyboard.press('Control+k');
  await page.waitForTimeout(300);
  await page.keyboard.type('PO-118', { delay: 60 });
  await page.waitForTimeout(800);
  const figures = await page.evaluate<number[]>('window.keptPresses');
  await page.close();
  return row(
    'a press is seen: a line opened, the queue filtered, something sought; the slowest',
    spreadOf([Math.max(16, ...figures)])!,
    MOST_INTERACTION_MS,
  );
}

async function scrolled(open: () => Promise<Page>, lines: number): Promise<Measured> {
  const page = await open();
  await page.goto('/');
  await page.waitForSelector('[data-row]');
  await page.evaluate(WATCH_FRAMES);
  await page.mouse.move(700, 600);
  for (let turn = 0; turn < SCROLLS; turn++) {
    await page.mouse.wheel(0, 700);
    await page.waitForTimeout(16);
  }
  const frames = await page.evaluate<number[]>('window.keptFrames.slice(1)');
  const rows = await page.locator('[data-row]').count();
  await page.close();
  frames.sort((one, other) => one - other);
  const at = (share: number) => frames[Math.min(frames.length - 1, Math.floor(frames.length * share))]!;
  const measured = row(
    `${lines.toLocaleString('en')} rows scroll, ${SCROLLS} turns of the wheel: a frame, p99`,
    { median: at(0.99), least: at(0.5), most: at(1) },
    MOST_FRAME_MS,
  );
  return {
    ...measured,
    note: `feel: ${rows} rows are in the page at once; of ${frames.length} frames, half took ${at(0.5).toFixed(0)} ms at most, the longest ${at(1).toFixed(0)} ms.`,
  };
}

async function slowed(page: Page, rate: number): Promise<void> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
}

function row(work: string, spread: { median: number; least: number; most: number }, most: number): Measured {
  return {
    row: {
      bench: 'feel',
      work,
      kept: spread.median,
      unit: 'ms',
      limit: null,
      peers: {},
      ratio: null,
      goal: `≤ ${most} ms`,
      holds: spread.median <= most,
    },
    spread: spreadText(spread),
  };
}
