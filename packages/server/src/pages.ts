import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const web = join(root, 'packages/web');
const built = join(web, 'dist');

/**
 * The directory of the built pages. In a checkout whose pages are not built yet, or have changed since, they are built first.
 * @throws Error with what the build said
 */
export async function buildPages(): Promise<string> {
  if (!existsSync(join(web, 'vite.config.ts'))) return built;
  const index = join(built, 'index.html');
  const sources = [
    join(web, 'src'),
    join(web, 'index.html'),
    join(web, 'customer.html'),
    join(web, 'sign-in.html'),
    join(web, 'vite.config.ts'),
    join(root, 'packages/contract/src'),
  ];
  if (existsSync(index) && newest(sources) <= statSync(index).mtimeMs) return built;
  console.log('Building the pages …');
  await new Promise<void>((resolve, reject) => {
    const vite = spawn(
      process.execPath,
      [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'error'],
      {
        cwd: web,
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    );
    vite.on('error', reject);
    vite.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`The pages could not be built (vite ended with ${code}).`)),
    );
  });
  return built;
}

/** The latest change among files and the files below directories, in milliseconds since 1970. */
function newest(paths: readonly string[]): number {
  let latest = 0;
  for (const path of paths) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    const inside = stats.isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [];
    latest = Math.max(latest, stats.isDirectory() ? newest(inside) : stats.mtimeMs);
  }
  return latest;
}
