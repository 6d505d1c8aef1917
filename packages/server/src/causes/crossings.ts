import { dayText } from '@kept/engine';
import { pageSuggestions } from '../planning/index.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, worldAt } from '../promising/index.ts';
import { closeCrossings, lastCrossingLook, openCrossings, recordCrossingLook } from './crossing-store.ts';

/** Items looked at in one transaction. */
const PAGE = 200;

/**
 * Once on each of the brand's days: items whose position has fallen to their reorder point are noted with what is needed, before MOQ and
 * order multiple, and when that was. Afterwards nobody could tell, since ordering is what moves the position.
 */
export async function noteCrossings(kept: Kept, brandId: number): Promise<void> {
  const today = await withBrand(
    kept.db,
    brandId,
    async (client) => {
      const day = dayText(worldAt(await loadSettings(client, kept.db, brandId), kept.clock.now()).today);
      return (await lastCrossingLook(client, brandId)) === day ? null : day;
    },
    { reads: true },
  );
  if (today === null) return;
  const due = new Set<string>();
  for (let cursor: string | undefined | null; cursor !== null; ) {
    const from: string | undefined = cursor;
    cursor = await withBrand(kept.db, brandId, async (client) => {
      const page = await pageSuggestions(kept, client, brandId, {
        limit: PAGE,
        cursor: from,
        ...{ serviceLevel: 0.95, reviewDays: 7 },
      });
      for (const { sku } of page.items) due.add(sku);
      await openCrossings(client, brandId, today, page.items);
      return page.next;
    });
  }
  await withBrand(kept.db, brandId, async (client) => {
    await closeCrossings(client, brandId, today, [...due]);
    await recordCrossingLook(client, brandId, today);
  });
}
