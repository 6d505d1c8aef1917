import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from './brand.ts';
import { type Bench, type BenchOptions, type Measured, spreadOf, spreadText } from './measure.ts';
import { installPeer } from './peers/peer.ts';

/**
 * Each main page on the demo brand, judged by Lighthouse in the system's Chromium: as a desk sees it, and as a slow phone on a slow network
 * does (Lighthouse's own settings for both). The least of its three judgements that say something of a page is told.
 */

const MAIN = fileURLToPath(new URL('../packages/server/src/main.ts', import.meta.url));
const DIRECTORY = fileURLToPath(new URL('peers/lighthouse', import.meta.url));
const PAGES = ['/', '/today', '/items', '/purchase-orders', '/customers', '/book', '/settings', '/import'];
const LEAST_SCORE = 95;
const CHROMIUM = process.env.CHROME_PATH ?? '/usr/bin/chromium';

interface Judged {
  readonly categories: Record<string, { readonly score: number | null }>;
  readonly audits: Record<string, { readonly numericValue?: number } | undefined>;
}

export const bench: Bench = {
  name: 'pages',
  async *run({ quick, peers }: BenchOptions): AsyncGenerator<Measured> {
    if (!peers) {
      console.error('pages: Lighthouse judges them with --peers.');
      return;
    }
    await installPeer(DIRECTORY, 'lighthouse');
    const folder = await temporaryDirectory();
    const kept = spawn(process.execPath, [MAIN, 'start', '--port', '0', '--data', join(folder, 'data')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const link = await linkOf(kept);
      const headers = join(folder, 'headers.json');
      await writeFile(headers, JSON.stringify({ Cookie: await cookieOf(link) }));
      const forms = quick ? (['desktop'] as const) : (['desktop', 'mobile'] as const);
      for (const form of forms)
        for (const page of quick ? PAGES.slice(0, 2) : PAGES) {
          const runs: Judged[] = [];
          for (let turn = 0; turn < (quick ? 1 : 3); turn++)
            runs.push(await judge(new URL(page, link).href, form, headers, join(folder, 'judged.json')));
          yield rowOf(page, form, runs);
        }
    } finally {
      kept.kill('SIGTERM');
      await once(kept, 'exit');
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function rowOf(page: string, form: 'desktop' | 'mobile', runs: readonly Judged[]): Measured {
  const of = (name: string) => spreadOf(runs.map((run) => 100 * (run.categories[name]?.score ?? 0)))!;
  const performance = of('performance');
  const others = Math.min(of('accessibility').median, of('best-practices').median);
  const least = Math.min(performance.median, others);
  const interactive = spreadOf(runs.map((run) => run.audits.interactive?.numericValue ?? 0))!;
  return {
    row: {
      bench: 'pages',
      work: `${page}, ${form}: interactive in ${(interactive.median / 1000).toFixed(1)} s`,
      kept: least,
      unit: '/100',
      limit: 100,
      peers: {},
      ratio: least / 100,
      goal: form === 'desktop' ? `≥ ${LEAST_SCORE}` : 'told',
      holds: form === 'desktop' ? least >= LEAST_SCORE : null,
    },
    spread: spreadText(performance),
    note: 'pages: the least of performance, accessibility and best practices, medians of three runs; the phone is Lighthouse’s own, on its slow 4G and at a quarter of the processor.',
  };
}

async function linkOf(kept: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: kept.stdout! })) {
    const found = /http:\S+token=\S+/.exec(line);
    if (found !== null) return found[0];
  }
  throw new Error('Kept did not start.');
}

async function cookieOf(link: string): Promise<string> {
  const { headers } = await fetch(link, { redirect: 'manual' });
  return headers.getSetCookie()[0]!.split(';')[0]!;
}

async function judge(
  url: string,
  form: 'desktop' | 'mobile',
  headers: string,
  into: string,
): Promise<Judged> {
  const flags = ['--quiet', '--output=json', `--output-path=${into}`, `--extra-headers=${headers}`];
  const chromium = '--chrome-flags=--headless --no-sandbox --disable-gpu --disable-background-networking';
  const asked = '--only-categories=performance,accessibility,best-practices';
  const child = spawn(
    process.execPath,
    [
      join(DIRECTORY, 'node_modules/lighthouse/cli/index.js'),
      url,
      ...flags,
      chromium,
      asked,
      ...(form === 'desktop' ? ['--preset=desktop'] : []),
    ],
    { stdio: 'inherit', env: { ...process.env, CHROME_PATH: CHROMIUM } },
  );
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`Lighthouse ended with ${code}.`);
  return JSON.parse(await readFile(into, 'utf8'));
}
