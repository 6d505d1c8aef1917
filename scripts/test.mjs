// Runs everything that CI runs, or the named stages of it:  npm test [-- STAGE…]
//
// A stage that fails does not stop the ones after it. The last line is "N passed, N failed": every test, and each stage as one.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { findChromium, installChromium } from './chromium.mjs';

const projectDirectory = fileURLToPath(new URL('..', import.meta.url));
process.chdir(projectDirectory);

/** @typedef {{ ok: boolean, passed?: number, failed?: number, skipped?: string }} Outcome */

/** @type {Record<string, { title: string, run: () => Outcome }>} */
const stages = {
  types: { title: 'Types', run: types },
  lint: {
    title: 'Lint and format',
    run: () => run('@biomejs/biome', 'biome', 'check', '--error-on-warnings'),
  },
  structure: { title: 'Structure: who may import whom', run: structure },
  unused: { title: 'Unused files, exports and packages', run: () => run('knip', 'knip', '--no-progress') },
  packages: { title: 'Packages: pinned, known by digest and licence', run: packages },
  build: { title: 'Build of the pages', run: build },
  unit: { title: 'Unit tests', run: () => vitest('unit') },
  property: { title: 'Property tests', run: () => vitest('property') },
  database: { title: 'Database tests', run: () => vitest('database') },
  scenario: { title: 'Scenarios', run: () => vitest('scenario') },
  browser: { title: 'Browser tests', run: browser },
  bench: { title: 'Ratios, held against the last full run', run: ratios },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in stages));
if (unknown.length > 0) {
  console.error(`There is no stage ${unknown.join(', ')}. There are: ${Object.keys(stages).join(', ')}.`);
  process.exit(2);
}

let passed = 0;
let failed = 0;
const summary = [];
for (const [name, stage] of Object.entries(stages)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n── ${stage.title} ${'─'.repeat(Math.max(0, 76 - stage.title.length))}\n`);
  const begin = Date.now();
  const outcome = stage.run();
  const seconds = ((Date.now() - begin) / 1000).toFixed(1).padStart(6);
  passed += outcome.passed ?? 0;
  failed += outcome.failed ?? 0;
  if (outcome.skipped === undefined) {
    if (outcome.ok) passed++;
    else failed++;
  }
  const verdict = outcome.skipped ?? (outcome.ok ? 'passed' : 'FAILED');
  const tests =
    outcome.passed === undefined ? '' : `  ${outcome.passed} tests passed, ${outcome.failed} failed`;
  summary.push(`${seconds} s  ${stage.title}: ${verdict}${tests}`);
}

console.log(`\n${summary.join('\n')}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** The file behind a program of an installed package, so that it runs on this Node, without a shell. */
function program(packageName, name) {
  const directory = join('node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  return join(directory, typeof bin === 'string' ? bin : bin[name]);
}

/** What a registry would say is left to `npm run supply-chain`: it changes without a change here. @returns {Outcome} */
function packages() {
  const asked = ['scripts/supply-chain.mjs', '--offline'];
  return { ok: spawnSync(process.execPath, asked, { stdio: 'inherit' }).status === 0 };
}

/** @returns {Outcome} */
function run(packageName, name, ...args) {
  return {
    ok: spawnSync(process.execPath, [program(packageName, name), ...args], { stdio: 'inherit' }).status === 0,
  };
}

/** The short benches whose limits are measured beside them. Whether they need a compiler or a PostgreSQL that is not here, they say. */
function ratios() {
  const benches = ['availability', 'import', 'plan', 'projection', 'promise'];
  const { status } = spawnSync(process.execPath, ['bench/run.ts', ...benches, '--quick'], {
    stdio: 'inherit',
  });
  return { ok: status === 0 };
}

function types() {
  const projects = ['tsconfig.json', 'packages/web/tsconfig.json'].filter((path) => existsSync(path));
  return { ok: projects.map((path) => run('typescript', 'tsc', '-p', path)).every(({ ok }) => ok) };
}

function structure() {
  const args = [
    program('dependency-cruiser', 'depcruise'),
    '--config',
    '.dependency-cruiser.cjs',
    'packages',
    'scenarios',
    'bench',
    'chaos',
    'fuzz',
  ];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.stdout.write(stdout);
  // It has been seen to look at nothing, and to be content.
  const [, modules = 0, dependencies = 0] = /(\d+) modules, (\d+) dependencies cruised/.exec(stdout) ?? [];
  const looked = Number(modules) > 0 && Number(dependencies) > 0;
  if (!looked) console.log('dependency-cruiser saw no modules: its configuration does not fit.');
  return { ok: status === 0 && looked };
}

function build() {
  if (!existsSync('packages/web/vite.config.ts')) return { ok: true, skipped: 'there are none yet' };
  const built = run('vite', 'vite', 'build', 'packages/web');
  return built.ok ? { ok: firstLoadFits('packages/web/dist') } : built;
}

/** What a browser reads before the first page works: every script that the index names, compressed. */
function firstLoadFits(directory) {
  const limitBytes = 200 * 1024;
  const index = readFileSync(join(directory, 'index.html'), 'utf8');
  const scripts = [...index.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, name]) => name);
  const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(directory, name))).length, 0);
  const kilobytes = (bytes / 1024).toFixed(1);
  console.log(
    `\nFirst load: ${kilobytes} KB of gzipped JavaScript in ${scripts.length} files, of at most 200.`,
  );
  return scripts.length > 0 && bytes <= limitBytes;
}

/** @returns {Outcome} */
function vitest(project, environment = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'kept-results-'));
  const file = join(directory, 'results.json');
  const args = [
    program('vitest', 'vitest'),
    'run',
    '--project',
    project,
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const { status } = spawnSync(process.execPath, args, {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  try {
    const { numPassedTests = 0, numFailedTests = 0 } = existsSync(file)
      ? JSON.parse(readFileSync(file, 'utf8'))
      : {};
    return { ok: status === 0, passed: numPassedTests, failed: numFailedTests };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @returns {Outcome} */
function browser() {
  if (!hasBrowserTests()) return { ok: true, skipped: 'there are none yet' };
  const chromium = findChromium() ?? installChromium();
  if (chromium) return vitest('browser', { KEPT_CHROMIUM: chromium });
  console.log(
    'The browser tests need Chromium or Chrome: install one, or set KEPT_CHROMIUM to its path, and run this again.',
  );
  return process.env.CI === 'true'
    ? { ok: false }
    : { ok: true, skipped: 'SKIPPED, because there is no Chromium' };
}

function hasBrowserTests() {
  return readdirSync('packages').some((name) =>
    readdirSync(join('packages', name), { recursive: true, encoding: 'utf8' }).some(
      (path) => path.endsWith('.browser.test.ts') && !path.includes('node_modules'),
    ),
  );
}
