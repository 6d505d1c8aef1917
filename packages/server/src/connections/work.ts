import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { listConnections } from './connection-store.ts';
import { breakConnection, closeConnections, openConnection } from './opened.ts';
import { readChanges } from './read-changes.ts';

export interface WorkOptions {
  readonly signal?: AbortSignal;
}

/** Does once all that is to be done for a brand's connections now, one after the other: for tests, stories and commands. */
export async function workConnections(kept: Kept, brandId: number, options: WorkOptions = {}): Promise<void> {
  const rows = await withBrand(kept.db, brandId, (client) => listConnections(client, brandId), {
    reads: true,
  });
  for (const { name, state } of rows) {
    if (state !== 'active' || options.signal?.aborted) continue;
    const opened = await openConnection(kept, brandId, name).catch((error: Error) =>
      breakConnection(kept, brandId, name, error).then(() => null),
    );
    if (opened !== null) await readChanges(kept, brandId, opened, options);
  }
}

/** How often is looked for what there is to do. */
const EVERY_MS = 500;

/** Works until it is told to stop: each connection by itself, so that a slow one holds up no other. */
export function runConnections(kept: Kept, brandId: number): () => Promise<void> {
  const stop = new AbortController();
  const running = new Map<string, Promise<void>>();
  const begin = (name: string, work: () => Promise<unknown>) => {
    if (running.has(name) || stop.signal.aborted) return;
    const run = work()
      .catch((err) =>
        kept.log.error({ err, connection: name }, 'a connection could not be worked on; it is tried again'),
      )
      .then(() => void running.delete(name));
    running.set(name, run);
  };
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= withBrand(kept.db, brandId, (client) => listConnections(client, brandId), { reads: true })
      .then((rows) => {
        for (const { name, state } of rows)
          if (state === 'active')
            begin(`read ${name}`, async () => {
              const opened = await openConnection(kept, brandId, name).catch((error: Error) =>
                breakConnection(kept, brandId, name, error).then(() => null),
              );
              if (opened !== null) await readChanges(kept, brandId, opened, { signal: stop.signal });
            });
      })
      .catch((err) => kept.log.error({ err }, 'connections could not be looked at; it is tried again'))
      .finally(() => {
        looking = undefined;
      });
  }, EVERY_MS);
  return async () => {
    stop.abort();
    clearInterval(timer);
    await looking;
    await Promise.all(running.values());
    await closeConnections(kept);
  };
}
