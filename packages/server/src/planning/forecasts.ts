import {
  type DayNumber,
  dayNumber,
  dayText,
  defaultPolicy,
  type Forecast,
  type ItemForecast,
  itemForecast,
  type LookAlike,
  levelSpreadOf,
  type PromotionDays,
  usualDemand,
} from '@kept/engine';
import type pg from 'pg';
import type { Settings } from '../promising/index.ts';
import { type CampaignRow, readCampaigns } from './campaign-store.ts';
import { channelShares, demandDaysOf, HISTORY_WEEKS } from './demand-days.ts';
import {
  type ChannelDemand,
  readGathered,
  readHistory,
  readLookAlikes,
  type StandingChanges,
} from './demand-history-store.ts';
import { type Override, readLatestForecasts, readOverrides, type StoredForecast } from './forecast-store.ts';
import { type PlannedItem, readStandings, type Standing } from './planning-store.ts';

/** A forecast reaches a year. */
export const HORIZON_WEEKS = 52;
/** A stored forecast is planned with for so many days: runs are a week apart. */
const FRESH_DAYS = 14;
/** An item of fewer weeks is a launch, and looks at so many that are thought to sell alike. */
const LAUNCH_WEEKS = 12;
const MOST_LOOK_ALIKES = 8;

/** What a forecast was made from, beside its figures. */
export interface Basis {
  readonly historyWeeks: number;
  readonly closedDays: number;
  readonly bulkUnits: number;
  readonly lift: number;
  readonly lookAlikes: number;
  readonly methods: readonly { method: string; weight: number; error: number | null }[];
  readonly channels: readonly { channel: number; share: number }[];
}

/** A forecast whose weeks begin today. */
export interface PlannedForecast extends Forecast {
  readonly basis: Basis;
  /** What was forecast, without anybody's override. */
  readonly forecast: Float64Array;
  readonly weekdays: Float64Array;
  /** Null: none was stored lately, and this one was made now. */
  readonly madeOn: string | null;
}

/** All that forecasts of some items are made from. */
export interface ForecastInputs {
  readonly today: DayNumber;
  readonly settings: Settings;
  readonly standings: Map<number, Standing>;
  readonly demand: Map<number, ChannelDemand[]>;
  readonly changes: Map<number, StandingChanges>;
  readonly campaigns: readonly CampaignRow[];
  readonly lookAlikes: Map<number, number[]>;
  readonly everybody: Float64Array | undefined;
  readonly levelSpread: number;
}

export async function readForecastInputs(
  client: pg.PoolClient,
  brandId: number,
  items: readonly PlannedItem[],
  {
    settings,
    today,
    gathered,
    weekdays,
    levelSpread,
  }: {
    readonly settings: Settings;
    readonly today: DayNumber;
    /** Whether the history has been gathered for a run; else it is read as it is. */
    readonly gathered: boolean;
    readonly weekdays?: readonly number[] | null;
    readonly levelSpread?: number | null;
  },
): Promise<ForecastInputs> {
  const ids = items.map((one) => one.item);
  const read = (wanted: readonly number[]) =>
    gathered
      ? readGathered(client, brandId, wanted)
      : readHistory(client, brandId, wanted, settings.timeZone);
  const own = await read(ids);
  const demand = byItem(own.demand);
  const young = ids.filter((id) => (demand.get(id)?.[0]?.days[0] ?? today) > today - 7 * LAUNCH_WEEKS);
  const pairs = young.length > 0 ? await readLookAlikes(client, brandId, young, MOST_LOOK_ALIKES) : [];
  const others = [...new Set(pairs.map(({ alike }) => alike))].filter((id) => !demand.has(id));
  if (others.length > 0) for (const [id, rows] of byItem((await read(others)).demand)) demand.set(id, rows);
  const lookAlikes = new Map<number, number[]>();
  for (const { item, alike } of pairs) lookAlikes.set(item, [...(lookAlikes.get(item) ?? []), alike]);
  return {
    today,
    settings,
    standings: await readStandings(client, brandId, ids),
    demand,
    changes: new Map(own.standing.map((row) => [row.item, row])),
    campaigns: await readCampaigns(client, brandId, { since: dayText(today - 7 * HISTORY_WEEKS) }),
    lookAlikes,
    everybody: weekdays == null ? undefined : Float64Array.from(weekdays),
    levelSpread: levelSpread ?? levelSpreadOf([]),
  };
}

/** Makes an item's forecast of what was read for it. */
export function makeForecast(item: PlannedItem, inputs: ForecastInputs, weeks: number): ItemForecast {
  const days = daysOf(item, inputs);
  return itemForecast(inputs.today, days, weeks, {
    campaigns: campaignsOf(item.sku, inputs.campaigns),
    ...(inputs.everybody === undefined ? {} : { everybody: inputs.everybody }),
    lookAlikes: lookAlikesOf(item, inputs),
    levelSpread: inputs.levelSpread,
  });
}

export function daysOf(item: PlannedItem, inputs: ForecastInputs) {
  const policy = inputs.settings.policies.get(item.policy) ?? defaultPolicy('backorder');
  return demandDaysOf(
    inputs.demand.get(item.item) ?? [],
    inputs.changes.get(item.item),
    inputs.standings.get(item.item)!,
    policy,
    inputs.today,
  );
}

export function basisOf(item: PlannedItem, forecast: ItemForecast, inputs: ForecastInputs): Basis {
  return {
    historyWeeks: forecast.historyWeeks,
    closedDays: forecast.closedDays,
    bulkUnits: forecast.bulkUnits,
    lift: forecast.lift,
    lookAlikes: forecast.lookAlikes,
    methods: forecast.weights.map(({ method, weight, error }) => ({ method, weight, error })),
    channels: channelShares(inputs.demand.get(item.item) ?? [], inputs.today),
  };
}

/** Promotions that an item is in; those that were called off did not happen. */
export function campaignsOf(sku: string, campaigns: readonly CampaignRow[]): PromotionDays[] {
  return campaigns
    .filter(({ skus, ended }) => !ended && (skus === null || skus.includes(sku)))
    .map(({ fromOn, untilOn, lift }) => ({ from: dayNumber(fromOn), until: dayNumber(untilOn), lift }));
}

function lookAlikesOf({ item }: PlannedItem, inputs: ForecastInputs): LookAlike[] {
  return (inputs.lookAlikes.get(item) ?? [])
    .map((id) => {
      const demand = inputs.demand.get(id) ?? [];
      const first = Math.min(...demand.map(({ days }) => days[0]!));
      if (!(inputs.today - first >= 7 * LAUNCH_WEEKS)) return { weekly: new Float64Array(0) };
      const units = new Float64Array(inputs.today - first);
      for (const one of demand)
        for (const [place, day] of one.days.entries())
          if (day < inputs.today) units[day - first]! += one.units[place]!;
      const none = { largest: new Float64Array(units.length), unmet: new Float64Array(units.length) };
      return usualDemand({ from: first, units, closed: new Uint8Array(units.length), ...none }, []);
    })
    .filter(({ weekly }) => weekly.length > 0);
}

/**
 * What items are planned with from today on: the stored forecast where there is a fresh one, else one that is made now; and what planners
 * say over it.
 */
export async function plannedForecasts(
  client: pg.PoolClient,
  brandId: number,
  items: readonly PlannedItem[],
  settings: Settings,
  today: DayNumber,
  weeks: number,
): Promise<Map<number, PlannedForecast>> {
  const ids = items.map((one) => one.item);
  const stored = new Map(
    (await readLatestForecasts(client, brandId, ids, dayText(today), FRESH_DAYS)).map((row) => [
      row.item,
      row,
    ]),
  );
  const missing = items.filter(({ item }) => !stored.has(item));
  const inputs =
    missing.length > 0
      ? await readForecastInputs(client, brandId, missing, { settings, today, gathered: false })
      : null;
  const overrides = Map.groupBy(await readOverrides(client, brandId, ids), (one) => one.item);
  return new Map(
    items.map((item) => {
      const row = stored.get(item.item);
      const made = row === undefined ? makeForecast(item, inputs!, weeks) : null;
      const basis = made === null ? (JSON.parse(row!.basis) as Basis) : basisOf(item, made, inputs!);
      const plain = made === null ? fromDay(row!, today, weeks) : made.mean;
      const planned: PlannedForecast = {
        mean: overridden(plain, today, overrides.get(item.item) ?? []),
        forecast: plain,
        deviation: made?.deviation ?? row!.deviation,
        alike: made?.alike ?? row!.alike,
        weights: basis.methods,
        weekdays: made?.weekdays ?? Float64Array.from(row!.weekdays),
        basis,
        madeOn: row?.madeOn ?? null,
      };
      return [item.item, planned];
    }),
  );
}

/** A stored forecast's weeks as weeks from a later day on; the last one stands for those after it. */
export function fromDay(
  { madeOn, mean }: Pick<StoredForecast, 'madeOn' | 'mean'>,
  from: DayNumber,
  weeks: number,
): Float64Array {
  const late = from - dayNumber(madeOn);
  const answer = new Float64Array(weeks);
  for (let day = 0; day < 7 * weeks; day++)
    answer[Math.floor(day / 7)]! += (mean[Math.min(mean.length - 1, Math.floor((day + late) / 7))] ?? 0) / 7;
  return answer;
}

/** A forecast with what planners say of some of its days; who spoke last is heard. */
export function overridden(
  mean: Float64Array,
  from: DayNumber,
  overrides: readonly Override[],
): Float64Array {
  const standing = overrides.filter((one) => one.endedAt === null);
  if (standing.length === 0) return mean;
  const answer = new Float64Array(mean.length);
  for (let day = 0; day < 7 * mean.length; day++) {
    const week = Math.floor(day / 7);
    const over = standing.findLast(
      (one) => dayNumber(one.fromOn) <= from + day && from + day <= dayNumber(one.untilOn),
    );
    answer[week]! += (over === undefined ? mean[week]! : (over.weekly ?? mean[week]! * over.factor!)) / 7;
  }
  return answer;
}

function byItem(rows: readonly ChannelDemand[]): Map<number, ChannelDemand[]> {
  return Map.groupBy(rows, (row) => row.item);
}
