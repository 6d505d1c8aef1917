import { createHash } from 'node:crypto';
import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import { takeEvents } from '../platform/event-reader.ts';
import type { Kept } from '../platform/kept.ts';
import {
  digestOfRows,
  insertSeal,
  latestSeal,
  rowsWithoutSeal,
  type Seal,
  sealsAfter,
  takeAccesses,
} from './store.ts';

/** Rows under one seal. */
const MOST = 1_000;
/** Of the time that passes, a crowd of orders keeps so many parts, and sealing gets one. */
const PARTS_LEFT = 9;
const FIRST = 'the first seal of a brand';

/**
 * Seals what was recorded since the last seal, until nothing is left. It runs behind: nobody waits for it, and of several
 * processes one does it.
 */
export async function sealAudit(
  kept: Kept,
  brandId: number,
  { stopped = () => false }: { stopped?(): boolean } = {},
): Promise<void> {
  while (!stopped()) {
    const began = performance.now();
    const sealed = await withBrand(
      kept.db,
      brandId,
      (client) => sealNext(client, brandId, kept.clock.now()),
      {
        reads: true,
      },
    );
    if (sealed < MOST) return;
    const tookMs = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, PARTS_LEFT * tookMs));
  }
}

async function sealNext(client: pg.PoolClient, brandId: number, at: Date): Promise<number> {
  const events = await takeEvents(client, brandId, 'audit', MOST);
  if (events === null) return 0;
  const accesses = await takeAccesses(client, brandId, MOST);
  if (accesses === null || events.length + accesses.length === 0) return 0;
  const before = await latestSeal(client, brandId);
  const seal = {
    number: (before?.number ?? 0) + 1,
    events: events.map(({ id }) => id),
    accesses,
    previous: before?.hash ?? FIRST,
    at: at.toISOString(),
  };
  const { digest } = await digestOfRows(client, brandId, seal);
  await insertSeal(client, brandId, { ...seal, hash: hashOf(seal, digest) });
  return Math.max(events.length, accesses.length);
}

/** What a seal says it is over, and what those rows hold. */
function hashOf(seal: Omit<Seal, 'hash'>, digest: string): string {
  const words = [seal.number, seal.events.join(), seal.accesses.join(), seal.previous, seal.at, digest];
  return createHash('sha256').update(JSON.stringify(words)).digest('hex');
}

/** What is not as it was sealed, each in a sentence. */
export async function auditFaults(client: pg.PoolClient, brandId: number): Promise<string[]> {
  const faults: string[] = [];
  let [number, previous] = [0, FIRST];
  for (;;) {
    const seals = await sealsAfter(client, brandId, number, 100);
    if (seals.length === 0) break;
    for (const seal of seals) {
      if (seal.number !== number + 1)
        faults.push(`seal ${number + 1} is gone: behind ${number} comes ${seal.number}`);
      else if (seal.previous !== previous) faults.push(`seal ${seal.number} is not over the seal before it`);
      const { digest, found } = await digestOfRows(client, brandId, seal);
      const named = seal.events.length + seal.accesses.length;
      if (found < named) faults.push(`${named - found} of ${named} rows under seal ${seal.number} are gone`);
      else if (hashOf(seal, digest) !== seal.hash)
        faults.push(`a row under seal ${seal.number}, or the seal itself, was changed`);
      [number, previous] = [seal.number, seal.hash];
    }
  }
  // The end of a chain has nothing behind it that would miss it.
  const bare = await rowsWithoutSeal(client, brandId);
  if (bare > 0) faults.push(`${bare} rows were sealed, and their seals are gone`);
  return faults;
}
