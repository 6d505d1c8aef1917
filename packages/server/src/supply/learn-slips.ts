import {
  dayNumber,
  dayText,
  learnSlips,
  type PromisableStage,
  type SlipReceipt,
  slipFeatures,
} from '@kept/engine';
import { lockBrandSettings, touchSettings } from '../catalog/index.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { loadSettings, type Settings, worldAt } from '../promising/index.ts';
import { countReceipts, readLearning, readStandings, type Standing, saveLearning } from './slip-store.ts';

/** The latest receipts that are looked back on: years for most brands, and seconds of work for the largest. */
const MOST_RECEIPTS = 20_000;

/**
 * Learns from what came, once on each of the brand's days on which something new is there. Promises that were made stand;
 * new ones are made by what was learnt.
 * @returns whether something was learnt
 */
export async function learnFromReceipts(kept: Kept, brandId: number): Promise<boolean> {
  const now = kept.clock.now();
  const read = await withBrand(kept.db, brandId, async (client) => {
    const settings = await loadSettings(client, kept.db, brandId);
    const { today } = worldAt(settings, now);
    const last = await readLearning(client, brandId);
    if (last !== null && dayNumber(last.learntOn) >= today) return null;
    const count = await countReceipts(client, brandId);
    if (count === (last?.receipts ?? 0)) return null;
    const standings = await readStandings(client, brandId, settings.timeZone, MOST_RECEIPTS);
    return { count, today, receipts: standings.map((one) => receiptOf(one, settings)) };
  });
  if (read === null) return false;
  // Outside of any transaction: nobody waits for the arithmetic.
  const learnt = learnSlips(read.receipts, read.today);
  return withBrand(kept.db, brandId, async (client) => {
    await lockBrandSettings(client, brandId);
    const last = await readLearning(client, brandId);
    if (last !== null && dayNumber(last.learntOn) >= read.today) return false;
    await saveLearning(client, brandId, dayText(read.today), read.count, learnt);
    if (learnt === null) return false;
    await touchSettings(client, brandId);
    const event = await kept.ids.take(brandId, 'event', 1);
    const data = { receipts: learnt.receipts, learntOn: dayText(read.today) };
    await recordEvents(client, brandId, [{ id: event, kind: 'slips.learnt', data, at: now.toISOString() }]);
    return true;
  });
}

function receiptOf(standing: Standing, settings: Settings): SlipReceipt {
  const place = settings.locations[standing.place]?.code ?? '';
  return {
    ...slipFeatures(standing, standing.stage as PromisableStage, place),
    expected: dayNumber(standing.expectedOn),
    received: dayNumber(standing.receivedOn),
    weight: standing.weight,
    made: standing.made === null ? null : { sku: standing.made, started: dayNumber(standing.startedOn!) },
  };
}
