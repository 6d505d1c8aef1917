import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { buildClientSchema, type GraphQLSchema } from 'graphql';

const run = promisify(execFile);
/** Ships every version of the schema; it is fetched and not installed, because of what it depends on. */
const PACKAGE = '@shopify/dev-mcp@1.16.0';
const CACHE = new URL('../../../../../../node_modules/.cache/kept-shopify-1.16.0', import.meta.url).pathname;
const FETCH_MS = 60_000;

/** Shopify's own schema of a version of its Admin API; null where the package cannot be had, which is said. */
export async function publishedSchema(version: string): Promise<GraphQLSchema | null> {
  try {
    if (!existsSync(CACHE)) await fetchPackage();
    const packed = await readFile(join(CACHE, `dist/data/admin_${version}.json.gz`));
    return buildClientSchema(JSON.parse(gunzipSync(packed).toString()).data);
  } catch (error) {
    console.warn(
      `Skipped: ${PACKAGE}, which ships Shopify's schema, cannot be had here (${(error as Error).message.split('\n')[0]}).`,
    );
    return null;
  }
}

async function fetchPackage(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'kept-shopify-'));
  try {
    await run('npm', ['pack', PACKAGE, '--pack-destination', directory, '--silent'], { timeout: FETCH_MS });
    await run('tar', [
      'xzf',
      join(directory, 'shopify-dev-mcp-1.16.0.tgz'),
      '-C',
      directory,
      '--wildcards',
      'package/dist/data/admin_*',
    ]);
    await mkdir(join(CACHE, '..'), { recursive: true });
    await rename(join(directory, 'package'), CACHE).catch(async (error) => {
      // Another test came first, or the cache is on another disk.
      if (!existsSync(CACHE))
        await run('cp', ['-r', join(directory, 'package'), CACHE]).catch(() => Promise.reject(error));
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
