import { copyFile, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
/** What a clone does not bring, or what starting does not need. */
const LEFT_OUT = /^(node_modules|dist|docs|\.git|\.kept)$/;

/** A checkout of its own, installed and not built, so that starting it can be measured from the beginning. */
export interface Checkout {
  readonly directory: string;
  /** Takes the built pages away again. */
  unbuild(): Promise<void>;
}

export async function checkout(directory: string): Promise<Checkout> {
  await copy(PROJECT, directory);
  return {
    directory,
    unbuild: () => rm(join(directory, 'packages/web/dist'), { recursive: true, force: true }),
  };
}

/** Copies sources; the installed packages are shared, each folder of them where it was. */
async function copy(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.name === 'node_modules') await symlink(source, target, 'junction');
    else if (LEFT_OUT.test(entry.name)) continue;
    else if (entry.isDirectory()) await copy(source, target);
    else await copyFile(source, target);
  }
}
