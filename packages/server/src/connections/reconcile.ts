import { startOfDay } from '@kept/engine';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, worldAt } from '../promising/index.ts';
import { type Applied, applyFacts } from './apply-facts.ts';
import { insertNote, moveReconciliation } from './connection-store.ts';
import type { Page } from './connector.ts';
import type { OpenedConnection } from './opened.ts';
import { forgetOldPushes } from './push-store.ts';
import { retryWaiting } from './refusals.ts';
import { readStreams } from './stream-store.ts';

/** At this hour of the brand's, when its shops are quiet. */
const NIGHT_HOUR = 3;
const HOUR_MS = 3_600_000;
/** What changed in the last two days is compared: a night that fails is made good by the next. */
const BACK_MS = 48 * HOUR_MS;
/** Nobody sends a push again after so long. */
const PUSHES_KEPT_MS = 4 * 24 * HOUR_MS;

/**
 * Every night, what each stream has changed of late is read again and compared: what was missed (a webhook that never came, a
 * page that was lost there) is applied, and a note says how much and what. Facts count once, so that nothing is counted twice.
 */
export async function reconcile(
  kept: Kept,
  brandId: number,
  opened: OpenedConnection,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const { row } = opened;
  const now = kept.clock.now();
  if (row.reconcileAt !== null && row.reconcileAt > now.toISOString()) return;
  const night = await nextNight(kept, brandId, now);
  const mine = await withBrand(kept.db, brandId, (client) => moveReconciliation(client, brandId, row, night));
  // A new connection has its back-fill; another process may have begun.
  if (!mine || row.reconcileAt === null) return;
  try {
    await reconcileNow(kept, brandId, opened, now, signal);
  } catch (error) {
    if (signal?.aborted) return;
    const words = `What was missed could not be looked for: ${error instanceof Error ? error.message : error}. It is tried again in an hour.`;
    await withBrand(kept.db, brandId, async (client) => {
      const next = { name: row.name, reconcileAt: night.toISOString() };
      await moveReconciliation(client, brandId, next, new Date(now.getTime() + HOUR_MS));
      await insertNote(client, brandId, row.name, { at: now, level: 'warning', words, data: '{}' });
    });
  }
}

/** @returns what was found and healed, by stream */
export async function reconcileNow(
  kept: Kept,
  brandId: number,
  { row: { name }, connector, connection }: OpenedConnection,
  now: Date,
  signal?: AbortSignal,
): Promise<Record<string, Applied>> {
  const since = new Date(now.getTime() - BACK_MS);
  const streams = await withBrand(kept.db, brandId, (client) => readStreams(client, brandId, name), {
    reads: true,
  });
  const found: Record<string, Applied> = {};
  for (const stream of connector.streams) {
    // What is being read from the beginning misses nothing.
    if (streams.find((one) => one.stream === stream)?.phase !== 'following') continue;
    const pages: AsyncIterable<Page> =
      connection.reconcile?.(stream, since, { from: since, signal }) ??
      connection.changes(stream, null, { from: since, signal });
    const total: Applied = { applied: 0, unchanged: 0, refused: 0, examples: [] };
    for await (const page of pages) {
      const applied = await applyFacts(kept, brandId, name, page.facts, { again: true });
      total.applied += applied.applied;
      total.unchanged += applied.unchanged;
      total.refused += applied.refused;
      total.examples.push(...applied.examples.slice(0, 20 - total.examples.length));
      signal?.throwIfAborted();
    }
    found[stream] = total;
  }
  await retryWaiting(kept, brandId, name);
  const healed = Object.values(found).reduce((sum, one) => sum + one.applied, 0);
  const examples = Object.values(found).flatMap((one) => one.examples);
  await withBrand(kept.db, brandId, async (client) => {
    await insertNote(client, brandId, name, {
      at: now,
      level: healed > 0 ? 'healed' : 'info',
      words:
        healed > 0
          ? `The reconciliation found ${healed} that had been missed, and applied them: ${examples
              .slice(0, 5)
              .map((one) => `${one.kind.replaceAll('_', ' ')} ${one.externalId}`)
              .join(', ')}${healed > 5 ? ' …' : ''}.`
          : 'The reconciliation found nothing that had been missed.',
      data: JSON.stringify(found),
    });
    await forgetOldPushes(client, brandId, new Date(now.getTime() - PUSHES_KEPT_MS));
  });
  return found;
}

async function nextNight(kept: Kept, brandId: number, now: Date): Promise<Date> {
  const settings = await withBrand(kept.db, brandId, (client) => loadSettings(client, kept.db, brandId), {
    reads: true,
  });
  const { today } = worldAt(settings, now);
  const nights = [0, 1].map((days) => startOfDay(today + days, settings.timeZone) + NIGHT_HOUR * HOUR_MS);
  return new Date(nights.find((at) => at > now.getTime())!);
}
