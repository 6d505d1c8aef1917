import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The checkout's own directory: this file lies in packages/server/src/platform. */
const PROJECT_DIR = resolve(import.meta.dirname, '../../../..');

/** Where root's data goes when the project lies where the server's user cannot follow. */
export const SYSTEM_DATA_DIR = '/var/lib/kept';

/** `.kept` beside the project, or, for root with a project below a closed directory such as /root, /var/lib/kept. */
export function defaultDataDir(): string {
  const beside = join(PROJECT_DIR, '.kept');
  return process.getuid?.() === 0 && closedDirectory(beside) !== undefined ? SYSTEM_DATA_DIR : beside;
}

/**
 * PostgreSQL refuses to run as root, so that root's server runs as the user postgres, who must be able to pass through
 * every directory above the data.
 * @returns the highest directory on the way to `path` that others may not enter; undefined if there is none
 */
export function closedDirectory(path: string): string | undefined {
  const above = dirname(path);
  const higher = above === path ? undefined : closedDirectory(above);
  if (higher !== undefined || !existsSync(path)) return higher;
  const othersMayEnter = (statSync(path).mode & 0o001) !== 0;
  return othersMayEnter ? undefined : path;
}
