import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The system's Chromium, with a fresh profile and nothing going on in the background. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.KEPT_CHROMIUM ?? findChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

function findChromium(): string {
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    for (const name of names) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder; the next one may have it.
      }
    }
  throw new Error(
    'No Chromium found. Install Chromium or Google Chrome, or name its executable in KEPT_CHROMIUM.',
  );
}
