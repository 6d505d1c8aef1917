import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Mailbox, nullWhereGone, UNFINISHED } from './mailbox.ts';

export interface Folders {
  /** Where partners, an SFTP server or an AS2 gateway put files. */
  readonly in: string;
  /** Where they take them. */
  readonly out: string;
  /** Where taken files go, by verdict; `in/.taken` unless told. */
  readonly taken?: string | undefined;
}

/** Watched folders, of which whoever writes renames whole files into place, as Kept does itself. */
export function folderMailbox(folders: Folders): Mailbox {
  const taken = folders.taken ?? join(folders.in, '.taken');
  return {
    async list() {
      await mkdir(folders.in, { recursive: true });
      const entries = await readdir(folders.in, { withFileTypes: true });
      const found: { name: string; at: number }[] = [];
      for (const entry of entries) {
        if (!entry.isFile() || UNFINISHED.test(entry.name)) continue;
        const lies = await stat(join(folders.in, entry.name)).catch(nullWhereGone);
        if (lies !== null) found.push({ name: entry.name, at: lies.mtimeMs });
      }
      found.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1));
      return found.map(({ name, at }) => ({ name, quietMs: Date.now() - at }));
    },
    read: (name) => readFile(join(folders.in, name)).catch(nullWhereGone),
    async settle(name, verdict) {
      const to = join(taken, verdict);
      await mkdir(to, { recursive: true });
      // A name may come again; what lies there already is not written over.
      await rename(join(folders.in, name), join(to, `${randomUUID().slice(0, 8)}-${name}`)).catch(
        nullWhereGone,
      );
    },
    async put(name, bytes) {
      await mkdir(folders.out, { recursive: true });
      const unfinished = join(folders.out, `.${name}.tmp`);
      const file = await open(unfinished, 'w');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, join(folders.out, name));
    },
    async close() {},
  };
}
