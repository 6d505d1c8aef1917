import { dayText } from '@kept/engine';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, worldAt } from '../promising/index.ts';
import { BUYER_SIGNALS, type BuyerSignalKind, syncSignals } from '../signals/index.ts';
import { deliverRaised } from './deliver.ts';
import { foreseenFacts, standingFacts } from './facts.ts';
import { lastEvent, readLook, saveLook } from './watch-store.ts';

/** A brand on which something happened is looked over again after so long; one on which nothing did, each day. */
const AGAIN_MS = 30_000;

const FORESEEN: readonly BuyerSignalKind[] = ['runs_out_before_supply', 'supplier_worsens'];
const STANDING = BUYER_SIGNALS.filter((kind) => !FORESEEN.includes(kind));

/**
 * Looks a brand over for what its buyers must see: raises what is new, settles what is over. Two processes that look at once come to
 * the same, since a fact has one open signal.
 */
export async function lookForSignals(kept: Kept, brandId: number): Promise<void> {
  const now = kept.clock.now();
  await withBrand(kept.db, brandId, async (client) => {
    const settings = await loadSettings(client, kept.db, brandId);
    const { today } = worldAt(settings, now);
    const [last, event] = [await readLook(client, brandId), await lastEvent(client, brandId)];
    const newDay = last?.projectedOn !== dayText(today);
    const rested = last === null || now.getTime() - Date.parse(last.lookedAt) >= AGAIN_MS;
    if (!newDay && (last.event === event || !rested)) return;
    const looking = { kept, client, brandId, settings, today };
    const raised = await syncSignals(kept, client, brandId, STANDING, await standingFacts(looking));
    if (newDay)
      raised.push(...(await syncSignals(kept, client, brandId, FORESEEN, await foreseenFacts(looking))));
    await deliverRaised(kept, client, brandId, raised);
    const projectedOn = newDay ? dayText(today) : null;
    await saveLook(client, brandId, { lookedAt: now.toISOString(), event, projectedOn });
  });
}
