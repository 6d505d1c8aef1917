import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { applyFacts, isOfThePlace } from './apply-facts.ts';
import { AccessLost, Busy } from './connector.ts';
import { keepClaim } from './keep-claim.ts';
import { breakConnection, type OpenedConnection } from './opened.ts';
import { retryWaiting } from './refusals.ts';
import {
  beginStreams,
  claimStream,
  moveCursor,
  readStreams,
  releaseStream,
  renewClaim,
  type StreamRow,
} from './stream-store.ts';

/** How long a reader's claim lasts without a sign of it: after a crash, another goes on when it is over. It is renewed four times as often. */
const LEASE_SECONDS = 20;
/** A stream that was read to its end is read again after this; pushes are faster. */
const EVERY_MS = 60_000;
const LONGEST_WAIT_MS = 60 * 60_000;

export interface ReadOptions {
  readonly signal?: AbortSignal;
  readonly leaseSeconds?: number;
}

/**
 * Reads what a connection's streams have changed: page by page, each applied before its cursor is kept and before the next is
 * asked for. Of a back-fill the streams come one after the other, since each refers to those before it; afterwards each goes by itself.
 * @returns how many facts were told
 */
export async function readChanges(
  kept: Kept,
  brandId: number,
  opened: OpenedConnection,
  options: ReadOptions = {},
): Promise<number> {
  const { connector, row } = opened;
  const streams = await withBrand(kept.db, brandId, async (client) => {
    const known = await readStreams(client, brandId, row.name);
    const missing = connector.streams.filter((stream) => !known.some((one) => one.stream === stream));
    if (missing.length === 0) return known;
    await beginStreams(client, brandId, row.name, missing, kept.clock.now());
    return readStreams(client, brandId, row.name);
  });
  let facts = 0;
  for (const stream of connector.streams) {
    if (options.signal?.aborted) break;
    const known = streams.find((one) => one.stream === stream)!;
    const claimed = await withBrand(kept.db, brandId, (client) =>
      claimStream(client, brandId, row.name, stream, kept.clock.now(), options.leaseSeconds ?? LEASE_SECONDS),
    );
    if (claimed === null) {
      if (known.phase === 'back_fill') break;
      continue;
    }
    const { told, ended, goOn } = await readStream(kept, brandId, opened, claimed, options);
    facts += told;
    if (!goOn || (claimed.phase === 'back_fill' && !ended)) break;
  }
  return facts;
}

async function readStream(
  kept: Kept,
  brandId: number,
  opened: OpenedConnection,
  stream: StreamRow,
  { signal, leaseSeconds = LEASE_SECONDS }: ReadOptions,
): Promise<{ told: number; ended: boolean; goOn: boolean }> {
  const { name } = opened.row;
  const release = (outcome: { ended: boolean; afterMs: number; attempts: number; trouble: string | null }) =>
    withBrand(kept.db, brandId, (client) => {
      const now = kept.clock.now();
      const readAt = new Date(now.getTime() + outcome.afterMs);
      return releaseStream(client, brandId, name, stream, { ...outcome, now, readAt });
    });
  const letGo = keepClaim(kept, brandId, name, leaseSeconds, (client) =>
    renewClaim(client, brandId, name, stream, leaseSeconds),
  );
  let told = 0;
  try {
    const from = stream.fromAt === null ? undefined : new Date(stream.fromAt);
    for await (const page of opened.connection.changes(stream.stream, stream.cursor, { from, signal })) {
      const applied = await applyFacts(kept, brandId, name, page.facts, { again: stream.again });
      told += page.facts.length;
      if (applied.applied > 0) await retryWaiting(kept, brandId, name);
      const mine = await withBrand(kept.db, brandId, (client) =>
        moveCursor(
          client,
          brandId,
          name,
          stream,
          { cursor: page.cursor, progress: page.progress ?? null, facts: page.facts.length },
          leaseSeconds,
        ),
      );
      // Paused, restarted, or taken over: what was applied counts once, and another goes on.
      if (!mine) return { told, ended: false, goOn: false };
      if (signal?.aborted) break;
    }
    const ended = signal?.aborted !== true;
    await release({ ended, afterMs: ended ? EVERY_MS : 0, attempts: 0, trouble: null });
    return { told, ended, goOn: true };
  } catch (error) {
    if (signal?.aborted) {
      await release({ ended: false, afterMs: 0, attempts: stream.attempts, trouble: null });
      return { told, ended: false, goOn: false };
    }
    return { told, ended: false, goOn: await failed(kept, brandId, opened, stream, error, release) };
  } finally {
    letGo();
  }
}

async function failed(
  kept: Kept,
  brandId: number,
  { row: { name } }: OpenedConnection,
  stream: StreamRow,
  error: unknown,
  release: (outcome: {
    ended: boolean;
    afterMs: number;
    attempts: number;
    trouble: string | null;
  }) => Promise<void>,
): Promise<boolean> {
  const words = error instanceof Error ? error.message : String(error);
  if (error instanceof Busy) {
    const afterMs = Math.max(0, error.after.getTime() - kept.clock.now().getTime());
    await release({ ended: false, afterMs, attempts: stream.attempts, trouble: null });
    return true;
  }
  if (error instanceof AccessLost) {
    await release({ ended: false, afterMs: 0, attempts: stream.attempts, trouble: words });
    await breakConnection(kept, brandId, name, error);
    return false;
  }
  // Of one's own database: nothing was lost, and whoever calls says so.
  if (isOfThePlace(error)) throw error;
  const attempts = stream.attempts + 1;
  kept.log.warn(
    { err: error, connection: name, stream: stream.stream },
    'a stream could not be read; it is tried again',
  );
  await release({ ended: false, afterMs: waitMs(attempts), attempts, trouble: words });
  return true;
}

/** A second, then two, four … and once an hour at the end. */
export const waitMs = (attempts: number) => Math.min(LONGEST_WAIT_MS, 1000 * 2 ** Math.min(attempts - 1, 12));
