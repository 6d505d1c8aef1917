import { setImmediate } from 'node:timers/promises';
import { dayNumber, dayText, levelSpreadOf, reorder } from '@kept/engine';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, worldAt } from '../promising/index.ts';
import { gatherHistory, readWeekdays, readWeeklies } from './demand-history-store.ts';
import {
  type ClaimedPart,
  claimPart,
  failPart,
  finishPart,
  insertParts,
  insertRun,
  latestRun,
  restartRun,
} from './forecast-run-store.ts';
import {
  insertForecasts,
  type ReorderState,
  readOverrides,
  type StoredForecast,
  saveReorderStates,
} from './forecast-store.ts';
import { basisOf, HORIZON_WEEKS, makeForecast, overridden, readForecastInputs } from './forecasts.ts';
import { readPlannedItems } from './planning-store.ts';
import { reorderFactsOf, USUAL_TERMS } from './suggestions.ts';

/** Longer than any part takes; a process that dies keeps its part from others for so long. */
const LEASE_SECONDS = 120;
/** Small enough to share a brand among workers, large enough that what a part reads costs little. */
const PART_ITEMS = 200;
/** How far levels move is learnt from a year of so many items. */
const LEARNT_WEEKS = 65;
const LEARNT_ITEMS = 2000;
/** Runs are a week apart. */
const RUN_EVERY_DAYS = 7;

/** Starts the week's run where it is time for it. */
export async function startDueForecasts(kept: Kept, brandId: number): Promise<void> {
  await withBrand(kept.db, brandId, async (client) => {
    const { today } = worldAt(await loadSettings(client, kept.db, brandId), kept.clock.now());
    const last = await latestRun(client, brandId);
    if (last !== null && today - dayNumber(last) < RUN_EVERY_DAYS && today >= dayNumber(last)) return;
    await insertRun(client, brandId, dayText(today), kept.clock.now().toISOString(), HORIZON_WEEKS);
  });
}

/** Starts a run now; one that goes on is joined, and today's that is over is begun again. */
export async function startForecasts(kept: Kept, brandId: number): Promise<void> {
  await withBrand(kept.db, brandId, async (client) => {
    const { today } = worldAt(await loadSettings(client, kept.db, brandId), kept.clock.now());
    const now = kept.clock.now().toISOString();
    const created = await insertRun(client, brandId, dayText(today), now, HORIZON_WEEKS);
    if (!created) await restartRun(client, brandId, dayText(today), now);
  });
}

/**
 * Does parts of the latest run until none is left to take. Any number of processes may do so at once: a part is claimed and committed
 * before it is worked on, and what was made of it is written with its end in one transaction.
 * @returns how many parts were done here
 */
export async function workForecasts(
  kept: Kept,
  brandId: number,
  {
    stopped,
    leaseSeconds = LEASE_SECONDS,
  }: { readonly stopped?: () => boolean; readonly leaseSeconds?: number } = {},
): Promise<number> {
  let done = 0;
  while (stopped?.() !== true) {
    const part = await withBrand(kept.db, brandId, (client) => claimPart(client, brandId, leaseSeconds));
    if (part === null) break;
    try {
      if (part.part === 0) await gather(kept, brandId, part);
      else await forecastPart(kept, brandId, part);
      done++;
    } catch (err) {
      kept.log.error({ err, part: part.part, madeOn: part.madeOn }, 'a part of the forecasts failed');
      const trouble = err instanceof Error ? err.message : String(err);
      await withBrand(kept.db, brandId, (client) => failPart(client, brandId, part, trouble));
    }
  }
  return done;
}

async function gather(kept: Kept, brandId: number, part: ClaimedPart): Promise<void> {
  await withBrand(kept.db, brandId, async (client) => {
    // First, so that a second process that thinks this one dead waits for it and then does nothing.
    if (!(await finishPart(client, brandId, part))) return;
    const { timeZone } = await loadSettings(client, kept.db, brandId);
    await gatherHistory(client, brandId, timeZone);
    const weekdays = await readWeekdays(client, brandId, part.madeOn);
    const weeklies = await readWeeklies(client, brandId, part.madeOn, LEARNT_WEEKS, LEARNT_ITEMS);
    await insertParts(client, brandId, part.madeOn, PART_ITEMS, weekdays, levelSpreadOf(weeklies));
  });
}

async function forecastPart(kept: Kept, brandId: number, part: ClaimedPart): Promise<void> {
  const today = dayNumber(part.madeOn);
  const { items, inputs, overrides } = await withBrand(
    kept.db,
    brandId,
    async (client) => {
      const settings = await loadSettings(client, kept.db, brandId);
      const items = await readPlannedItems(client, brandId, { items: part.items }, null, part.items.length);
      const terms = {
        settings,
        today,
        gathered: true,
        weekdays: part.weekdays,
        levelSpread: part.levelSpread,
      };
      const inputs = await readForecastInputs(client, brandId, items, terms);
      const overrides = Map.groupBy(await readOverrides(client, brandId, part.items), (one) => one.item);
      return { items, inputs, overrides };
    },
    { reads: true },
  );
  const forecasts: StoredForecast[] = [];
  const states: ReorderState[] = [];
  for (const item of items) {
    const made = makeForecast(item, inputs, part.horizonWeeks);
    forecasts.push({
      item: item.item,
      madeOn: part.madeOn,
      mean: Array.from(made.mean),
      deviation: made.deviation,
      alike: made.alike,
      weekdays: Array.from(made.weekdays),
      basis: JSON.stringify(basisOf(item, made, inputs)),
    });
    if (item.lifecycle === 'active') {
      const demand = { ...made, mean: overridden(made.mean, today, overrides.get(item.item) ?? []) };
      const facts = reorderFactsOf(item, inputs.standings.get(item.item)!, demand, today, USUAL_TERMS);
      const answer = reorder(facts);
      states.push({ item: item.item, ...answer, due: answer.wanted > 0 || answer.orderBy === today });
    }
    // Whoever else is served by this process does not wait for the arithmetic of a whole part.
    await setImmediate();
  }
  await withBrand(kept.db, brandId, async (client) => {
    if (!(await finishPart(client, brandId, part))) return;
    await insertForecasts(client, brandId, part.madeOn, forecasts);
    await saveReorderStates(client, brandId, part.madeOn, states);
  });
}
