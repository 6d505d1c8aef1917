import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const project = resolve(import.meta.dirname, '..');
const cruiser = join(project, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

vi.setConfig({ testTimeout: 30_000 }); // each test starts the cruiser

let directory;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kept-structure-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** A house in which every rule is heeded; tests add what breaks one. */
const SOUND = {
  'packages/engine/src/index.ts': `export { day } from './day.ts';`,
  'packages/engine/src/day.ts': 'export const day = 1;',
  'packages/engine/src/day.test.ts': `import './day.ts'; import 'node:fs';`,
  'packages/server/src/app.ts': `import './supply/index.ts';`,
  'packages/server/src/supply/index.ts': `export { store } from './store.ts';`,
  'packages/server/src/supply/store.ts': `import '../platform/log.ts'; import '../demand/index.ts'; export const store = 1;`,
  'packages/server/src/demand/index.ts': `import './store.ts';`,
  'packages/server/src/demand/store.ts': `import '../../../engine/src/index.ts';`,
  'packages/server/src/platform/log.ts': 'export const log = 1;',
};

/** The names of the rules that the files break. */
async function violations(files) {
  for (const [path, source] of Object.entries({ 'tsconfig.json': '{}', ...SOUND, ...files })) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), source);
  }
  const config = join(project, '.dependency-cruiser.cjs');
  const args = [cruiser, '--config', config, '--output-type', 'json', 'packages'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: directory, encoding: 'utf8' });
  const { summary } = JSON.parse(stdout);
  expect(summary.totalCruised).toBeGreaterThan(5);
  return [...new Set(summary.violations.map(({ rule }) => rule.name))];
}

test('a sound house breaks no rule', async () => {
  expect(await violations({})).toEqual([]);
});

test.each([
  ['engine-is-pure', 'packages/engine/src/day.ts', `import 'node:fs';`],
  ['engine-is-pure', 'packages/engine/src/day.ts', `import '../../server/src/platform/log.ts';`],
  ['contract-stands-alone', 'packages/contract/src/order.ts', `import '../../engine/src/day.ts';`],
  [
    'web-knows-no-server',
    'packages/web/src/page.ts',
    `import type {} from '../../server/src/platform/log.ts';`,
  ],
  ['server-knows-no-web', 'packages/server/src/app.ts', `import '../../web/src/page.ts';`],
  ['capability-by-its-door', 'packages/server/src/supply/index.ts', `import '../demand/store.ts';`],
  ['capability-by-its-door-from-the-top', 'packages/server/src/app.ts', `import './demand/store.ts';`],
  ['platform-knows-no-capability', 'packages/server/src/platform/log.ts', `import '../demand/index.ts';`],
  ['no-test-in-production', 'packages/engine/src/index.ts', `import './day.test.ts';`],
  ['no-circle', 'packages/server/src/demand/store.ts', `import './index.ts';`],
  ['no-orphan', 'packages/server/src/demand/left-over.ts', 'export const nothing = 1;'],
  ['resolvable', 'packages/server/src/demand/store.ts', `import './gone.ts';`],
])('%s: %s with %s', async (rule, path, source) => {
  const page = { 'packages/web/src/page.ts': `import './text.ts';`, 'packages/web/src/text.ts': '' };
  expect(await violations({ ...page, [path]: source })).toContain(rule);
});
