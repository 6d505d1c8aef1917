import type { Outlook, OutlookItem, OutlookQuery } from '@kept/contract';
import { type DayNumber, dayNumber, dayText, defaultPolicy, firstStockOuts, projectAll } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, type Settings, worldAt } from '../promising/index.ts';
import { readForecastItems } from './forecast-store.ts';
import { FRESH_DAYS, type PlannedForecast, plannedForecasts } from './forecasts.ts';
import { type PlannedItem, readPlannedItems, readStandings, type Standing } from './planning-store.ts';
import { columnsOf, itemPools, takesBackorders } from './projection-pools.ts';

/** Items are read and projected so many at a time, so that a large brand needs no more memory than a small one. */
const PART = 2000;
/** So many forecasts are made for an answer where none are stored; beyond it, they wait for the next run. */
const MOST_MADE = 300;

type Item = z.input<typeof OutlookItem>;

/** Every item of a brand along its expected demand, with the soonest to run out first. */
export async function outlookOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { days, supplier, limit }: z.output<typeof OutlookQuery>,
): Promise<z.input<typeof Outlook>> {
  const settings = await loadSettings(client, kept.db, brandId);
  const now = kept.clock.now();
  const { today } = worldAt(settings, now);
  const found: Item[] = [];
  let looked = 0;
  let withoutForecast = 0;
  let mayMake = MOST_MADE;
  for (let after: string | null = null; ; ) {
    const part: PlannedItem[] = await readPlannedItems(client, brandId, { supplier }, after, PART);
    const all = part.map(({ item }) => item);
    const stored = await readForecastItems(client, brandId, all, dayText(today), FRESH_DAYS);
    const items = part.filter(({ item, lifecycle }) => {
      if (lifecycle !== 'active') return false;
      if (stored.has(item) || mayMake-- > 0) return true;
      withoutForecast++;
      return false;
    });
    const forecasts = await plannedForecasts(client, brandId, items, settings, today, Math.ceil(days / 7));
    const ids = items.map(({ item }) => item);
    const standings = await readStandings(client, brandId, ids);
    for (const item of items) {
      const one = lookAt(item, standings.get(item.item)!, forecasts.get(item.item)!, settings, today, days);
      if (one !== null) found.push(one);
    }
    looked += items.length;
    if (part.length < PART) break;
    after = part.at(-1)!.sku;
  }
  found.sort(
    (one, other) =>
      one.firstStockOut.localeCompare(other.firstStockOut) ||
      other.deepestQueue + other.lost - (one.deepestQueue + one.lost) ||
      one.sku.localeCompare(other.sku),
  );
  return {
    items: found.slice(0, limit),
    runOut: found.length,
    looked,
    withoutForecast,
    asOf: now.toISOString(),
  };
}

/** Null: it does not run out. */
function lookAt(
  { sku, title, supplier, lifecycle, policy }: PlannedItem,
  standing: Standing,
  forecast: PlannedForecast,
  settings: Settings,
  today: DayNumber,
  days: number,
): Item | null {
  const coming = standing.supplies
    .filter(({ plannedOn, stage }) => plannedOn !== null && stage !== 'draft')
    .map((one) => ({ ...one, inDays: Math.max(0, dayNumber(one.plannedOn!) - today) }));
  const pools = itemPools(settings, standing, coming, forecast.basis.channels);
  const mayWait = takesBackorders(lifecycle, settings.policies.get(policy) ?? defaultPolicy('backorder'));
  const columns = columnsOf({ pools, mayWait, days, demandFactor: 1, mean: forecast.mean });
  // Most items of a brand do not run out.
  if (firstStockOuts(columns).every((day) => day < 0)) return null;
  const { firstStockOut, deepestQueue, lost } = projectAll(columns);
  const asked = pools.flatMap(({ share, waiting }, at) => (share > 0 || waiting > 0 ? [at] : []));
  const first = Math.min(
    ...asked.flatMap((at) => {
      const day = firstStockOut[at]!;
      // Nobody asks for one that has sold nothing: it is empty, and misses nobody.
      return day >= 0 && (deepestQueue[at]! > 0 || lost[at]! > 0) ? [day] : [];
    }),
  );
  if (first === Infinity) return null;
  const sum = (values: Float64Array) => round(values.reduce((total, units) => total + units, 0));
  const next = coming.toSorted((one, other) => one.inDays - other.inDays)[0];
  return {
    sku,
    title,
    supplier,
    free: columns.free.reduce((total, units, at) => total + units - columns.waiting[at]!, 0),
    queue: standing.pegged + standing.waiting,
    weeklyDemand: round(
      forecast.mean.slice(0, 4).reduce((total, units) => total + units, 0) /
        Math.min(4, forecast.mean.length),
    ),
    nextArrival:
      next === undefined ? null : { supply: next.name, on: dayText(today + next.inDays), units: next.open },
    firstStockOut: dayText(today + first),
    deepestQueue: sum(deepestQueue),
    lost: sum(lost),
  };
}

const round = (value: number) => Math.round(value * 10) / 10;
