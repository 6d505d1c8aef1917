import { setInterval } from 'node:timers';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { carryOut } from './carry-out.ts';
import { listConnections } from './connection-store.ts';
import { followLog } from './follow-log.ts';
import { takeUpHeldBack } from './held-back.ts';
import { breakConnection, closeConnections, type OpenedConnection, openConnection } from './opened.ts';
import { publishAvailability } from './publish.ts';
import { decidePushes, onPush } from './pushes.ts';
import { readChanges } from './read-changes.ts';
import { reconcile } from './reconcile.ts';

export interface WorkOptions {
  readonly signal?: AbortSignal;
  /** How long what a process works on stays its own without a sign of it; some seconds unless told. */
  readonly leaseSeconds?: number;
}

type Work = (kept: Kept, brandId: number, opened: OpenedConnection, options: WorkOptions) => Promise<unknown>;

/** What is done for each connection, each by itself: what takes long holds up none of the others. */
const WORK: Readonly<Record<string, Work>> = {
  read: readChanges,
  push: decidePushes,
  async act(kept, brandId, opened, options) {
    await carryOut(kept, brandId, opened, options);
    await takeUpHeldBack(kept, brandId, opened, options);
  },
  publish: publishAvailability,
  reconcile,
};

/** Does once all that is to be done for a brand's connections now, one after the other: for tests, stories and commands. */
export async function workConnections(kept: Kept, brandId: number, options: WorkOptions = {}): Promise<void> {
  const rows = await withBrand(kept.db, brandId, (client) => listConnections(client, brandId), {
    reads: true,
  });
  const active = rows.filter(({ state }) => state === 'active');
  const each = async (works: readonly Work[]) => {
    for (const { name } of active)
      for (const work of works) {
        const opened = options.signal?.aborted ? null : await openedOrBroken(kept, brandId, name);
        if (opened !== null) await work(kept, brandId, opened, options);
      }
  };
  await each([WORK.read!, WORK.push!]);
  await followLog(kept, brandId, options);
  await each([WORK.act!, WORK.publish!, WORK.reconcile!]);
}

/** A connection whose secrets do not open is a person's. */
function openedOrBroken(kept: Kept, brandId: number, name: string): Promise<OpenedConnection | null> {
  return openConnection(kept, brandId, name).catch(async (error: Error) => {
    await breakConnection(kept, brandId, name, error);
    return null;
  });
}

/** How often is looked for what there is to do; pushes are heard of at once. */
const EVERY_MS = 250;

/** Works until it is told to stop: each connection by itself, so that a slow one holds up no other. */
export function runConnections(
  kept: Kept,
  brandId: number,
  { leaseSeconds }: Pick<WorkOptions, 'leaseSeconds'> = {},
): () => Promise<void> {
  const stop = new AbortController();
  const options = { signal: stop.signal, ...(leaseSeconds === undefined ? {} : { leaseSeconds }) };
  const running = new Map<string, Promise<void>>();
  /** What was asked for while it ran, and so perhaps too late for it. */
  const again = new Set<string>();
  const begin = (key: string, work: () => Promise<unknown>): void => {
    if (stop.signal.aborted) return;
    if (running.has(key)) {
      again.add(key);
      return;
    }
    const run = work()
      .catch((err) =>
        kept.log.error({ err, work: key }, 'a connection could not be worked on; it is tried again'),
      )
      .then(() => {
        running.delete(key);
        if (again.delete(key)) begin(key, work);
      });
    running.set(key, run);
  };
  const beginOne = (name: string, what: string) =>
    begin(`${what} ${name}`, async () => {
      const opened = await openedOrBroken(kept, brandId, name);
      if (opened !== null) await WORK[what]!(kept, brandId, opened, options);
    });
  const look = async () => {
    const rows = await withBrand(kept.db, brandId, (client) => listConnections(client, brandId), {
      reads: true,
    });
    if (rows.length === 0) return;
    await followLog(kept, brandId, options);
    for (const { name, state } of rows)
      if (state === 'active')
        for (const what of Object.keys(WORK)) if (!running.has(`${what} ${name}`)) beginOne(name, what);
  };
  onPush(kept, (name) => beginOne(name, 'push'));
  const timer = setInterval(() => {
    if (!running.has('look')) begin('look', look);
  }, EVERY_MS);
  return async () => {
    stop.abort();
    clearInterval(timer);
    onPush(kept, null);
    while (running.size > 0) await Promise.all(running.values());
    await closeConnections(kept);
  };
}
