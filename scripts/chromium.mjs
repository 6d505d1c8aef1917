// Finds a Chromium for the browser tests, and installs Debian's where there is apt-get.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Where the usual installers put it without telling PATH. */
const PLACES = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  join(process.env.PROGRAMFILES ?? '', 'Google/Chrome/Application/chrome.exe'),
  join(process.env['PROGRAMFILES(X86)'] ?? '', 'Microsoft/Edge/Application/msedge.exe'),
];

/**
 * The path of a Chromium or Chrome; KEPT_CHROMIUM comes first.
 * @returns {string | undefined}
 */
export function findChromium() {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((directory) => NAMES.map((name) => join(directory, name)));
  return [process.env.KEPT_CHROMIUM ?? '', ...onPath, ...PLACES].find(
    (path) => path !== '' && existsSync(path),
  );
}

/**
 * Installs Debian's or Ubuntu's Chromium where that is allowed.
 * @returns {string | undefined} its path, if it is there now
 */
export function installChromium() {
  const aptGet = ['/usr/bin/apt-get', '/bin/apt-get'].find((path) => existsSync(path));
  if (!aptGet || process.getuid?.() !== 0) return undefined;
  console.log('The browser tests need a Chromium: installing the system’s by apt-get, once.');
  const run = (...args) =>
    spawnSync(aptGet, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  run('update', '-q');
  run('install', '-q', '-y', '--no-install-recommends', 'chromium');
  return findChromium();
}
