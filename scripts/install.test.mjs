import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ensureInstalled, packagesMatch } from './install.mjs';

const KOA = { version: '1.0.0', resolved: 'https://registry.example/koa-1.0.0.tgz' };
const lock = JSON.stringify({ packages: { '': { name: 'x' }, 'node_modules/koa': KOA } });

let project;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'kept-install-'));
  await put('package.json', '{}');
  await put('package-lock.json', lock);
  // An npm that notes how it was called, and installs a Node.
  const npm = await put(
    'npm.js',
    `const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
     appendFileSync('calls', process.argv.slice(2, process.argv[3] === '--no-save' ? 4 : 3).join(' ') + '\\n');
     if (process.env.FAKE_NPM_FAILS) process.exit(1);
     mkdirSync('node_modules/node/bin', { recursive: true });
     writeFileSync('node_modules/node/bin/${process.platform === 'win32' ? 'node.exe' : 'node'}', '');`,
  );
  vi.stubEnv('npm_execpath', npm);
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(project, { recursive: true });
});

async function put(name, content) {
  const path = join(project, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
  return path;
}

const calls = () => readFile(join(project, 'calls'), 'utf8').catch(() => '');

test('a fresh clone is installed once', async () => {
  expect(await ensureInstalled(project)).toContain(join('node_modules', 'node', 'bin'));
  expect(await ensureInstalled(project)).toBeDefined();
  expect(await calls()).toBe('install --no-save\n');
});

test('again when the lock has changed', async () => {
  await ensureInstalled(project);
  await put('package-lock.json', lock.replace('1.0.0', '1.0.1'));
  await ensureInstalled(project);
  await ensureInstalled(project);
  expect(await calls()).toBe('install --no-save\ninstall --no-save\n');
});

test('without a lock, npm makes one', async () => {
  await rm(join(project, 'package-lock.json'));
  await ensureInstalled(project);
  expect(await calls()).toBe('install\n');
});

test('what somebody installed with npm themselves is taken as it is', async () => {
  await put('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/koa': KOA } }));
  await put(`node_modules/node/bin/${process.platform === 'win32' ? 'node.exe' : 'node'}`, '');
  expect(await ensureInstalled(project)).toBeDefined();
  expect(await calls()).toBe('');
});

test('an installation that fails is told, and tried again the next time', async () => {
  vi.stubEnv('FAKE_NPM_FAILS', '1');
  expect(await ensureInstalled(project)).toBeUndefined();
  expect(console.error).toHaveBeenLastCalledWith(expect.stringContaining('The installation failed'));
  vi.stubEnv('FAKE_NPM_FAILS', '');
  expect(await ensureInstalled(project)).toBeDefined();
  expect(await calls()).toBe('install --no-save\ninstall --no-save\n');
});

test.each([
  ['the same', { 'node_modules/koa': KOA }, true],
  ['another version', { 'node_modules/koa': { ...KOA, version: '1.0.1' } }, false],
  [
    'from another place',
    { 'node_modules/koa': { ...KOA, resolved: 'https://elsewhere.example/koa.tgz' } },
    false,
  ],
  ['missing', {}, false],
])('an installed package that is %s', (_how, installed, fits) => {
  expect(packagesMatch({ '': {}, 'packages/server': {}, 'node_modules/koa': KOA }, installed)).toBe(fits);
});

test('packages for other machines need not be there', () => {
  expect(packagesMatch({ 'node_modules/fsevents': { ...KOA, optional: true } }, {})).toBe(true);
});
