import type { Projection, ProjectionQuery } from '@kept/contract';
import {
  arrivalSpread,
  type Band,
  type DayNumber,
  dayNumber,
  dayText,
  defaultPolicy,
  demandFactors,
  demandOver,
  FanMaker,
  naiveProjection,
  type Policy,
  type ProjectionColumns,
  type PromisableStage,
  type SeenArrival,
} from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, type Settings, worldAt } from '../promising/index.ts';
import { readArrivals } from './arrival-store.ts';
import { type PlannedForecast, plannedForecasts } from './forecasts.ts';
import { plannedItem } from './items.ts';
import { type PlannedItem, type PlannedSupply, readStandings, type Standing } from './planning-store.ts';

/** The fan shows tenths: a few hundred scenarios hold them still. */
const PATHS = 400;
/** Arrivals that are learnt from: the latest. */
const MOST_ARRIVALS = 2000;
/** The same day gives the same fan. */
const SEED = 20_260_314;

type Query = z.output<typeof ProjectionQuery>;

export async function projectionOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  sku: string,
  query: Query,
): Promise<z.input<typeof Projection>> {
  const item = await plannedItem(client, brandId, sku);
  const settings = await loadSettings(client, kept.db, brandId);
  const now = kept.clock.now();
  const { today } = worldAt(settings, now);
  const weeks = Math.ceil(query.days / 7);
  const forecast = (await plannedForecasts(client, brandId, [item], settings, today, weeks)).get(item.item)!;
  const standing = (await readStandings(client, brandId, [item.item])).get(item.item)!;
  const policy = settings.policies.get(item.policy) ?? defaultPolicy('backorder');
  const seen = await arrivalsSeen(client, brandId, settings, today);
  return project({ item, standing, forecast, seen, policy, today, now, query });
}

/** Arrivals from which it is learnt how early and how late supplies come. */
export function arrivalsSeen(
  client: pg.PoolClient,
  brandId: number,
  settings: Settings,
  today: DayNumber,
): Promise<readonly SeenArrival[]> {
  return readArrivals(client, brandId, dayText(today), settings.timeZone, MOST_ARRIVALS);
}

interface Facts {
  readonly item: PlannedItem;
  readonly standing: Standing;
  readonly forecast: PlannedForecast;
  readonly seen: readonly SeenArrival[];
  readonly policy: Policy;
  readonly today: DayNumber;
  readonly now: Date;
  readonly query: Query;
}

function project({
  item,
  standing,
  forecast,
  seen,
  policy,
  today,
  now,
  query,
}: Facts): z.input<typeof Projection> {
  const weeks = Math.ceil(query.days / 7);
  const supplies = [
    ...standing.supplies.filter((one) => one.plannedOn !== null && one.stage !== 'draft'),
    ...extraSupply(query),
  ];
  const columns = columnsOf({ item, standing, policy, today, query, weeks, supplies, mean: forecast.mean });
  const { days: dayFactors, level: levelFactors } = demandFactors(forecast);
  const slips = supplies.map((one, at) =>
    slipsOf(one, seen, policy, today, columns.arrivalDay[at]! - query.slipDays),
  );
  const fan = new FanMaker(columns, { paths: PATHS, seed: SEED }).fan(0, { dayFactors, levelFactors, slips });
  const naive = naiveProjection(columns, 0);
  const free = columns.free[0]! - columns.waiting[0]!;
  const day = (band: Band, at: number) => ({
    p10: round(band.p10[at]!),
    p50: round(band.p50[at]!),
    p90: round(band.p90[at]!),
  });
  return {
    sku: item.sku,
    title: item.title,
    onHand: standing.stock.map(({ location, sellable, reserved }) => ({ location, sellable, reserved })),
    reserved: standing.reserved,
    pegged: standing.pegged,
    waiting: standing.waiting,
    days: Array.from({ length: query.days }, (_, at) => ({
      day: dayText(today + at),
      stock: day(fan.stock, at),
      queue: day(fan.queue, at),
      lost: day(fan.lost, at),
      expectedDemand: round(columns.dailyDemand[Math.floor(at / 7)]!),
      naive: round(naive[at]!),
      stockOutProbability: round(fan.stockOutBy[at]!),
    })),
    firstStockOut: fan.firstStockOut === null ? null : dayText(today + fan.firstStockOut),
    weeksOfCover: coverOf(free, columns.dailyDemand),
    deepestQueue: round(Math.max(0, ...fan.queue.p50)),
    forecast: {
      weekly: Array.from(forecast.mean, round),
      deviation: round(forecast.deviation),
      historyWeeks: forecast.basis.historyWeeks,
      madeOn: forecast.madeOn,
      methods: forecast.weights.map(({ method, weight, error }) => ({
        method,
        weight: round(weight),
        error: error && round(error),
      })),
    },
    asOf: now.toISOString(),
  };
}

function columnsOf(facts: {
  item: PlannedItem;
  standing: Standing;
  policy: Policy;
  today: DayNumber;
  query: Query;
  weeks: number;
  supplies: readonly PlannedSupply[];
  mean: Float64Array;
}): ProjectionColumns {
  const { item, standing, policy, today, query, weeks, supplies, mean } = facts;
  const sellable = standing.stock.reduce((sum, one) => sum + one.sellable, 0);
  const kept = standing.stock.reduce((sum, one) => sum + one.reserved + one.held, 0);
  const takesBackorders = item.lifecycle === 'active' && policy.kind !== 'out_of_stock';
  return {
    items: 1,
    days: query.days,
    free: Float64Array.of(sellable - kept),
    reserved: Float64Array.of(standing.reserved),
    reservedDay: Int32Array.of(1),
    waiting: Float64Array.of(standing.waiting),
    mayWait: Uint8Array.of(takesBackorders ? 1 : 0),
    dailyDemand: Float32Array.from({ length: weeks }, (_, week) => (query.demandFactor * mean[week]!) / 7),
    arrivalFrom: Int32Array.of(0, supplies.length),
    arrivalDay: Int32Array.from(supplies, (one) =>
      Math.max(0, dayNumber(one.plannedOn!) - today + (one.kind === 'what_if' ? 0 : query.slipDays)),
    ),
    arrivalFree: Float64Array.from(supplies, (one) => Math.max(0, one.open - one.pegged - one.held)),
    arrivalPegged: Float64Array.from(supplies, (one) => one.pegged),
  };
}

function extraSupply({ extraUnits, extraOn, days }: Query): PlannedSupply[] {
  if (extraUnits === 0) return [];
  if (extraOn === undefined)
    throw new KeptError(
      'invalid_input',
      `extraOn: expected the day on which the ${extraUnits} units come, within ${days} days.`,
      {
        errors: [{ path: 'extraOn', message: 'expected a day with extraUnits', in: 'querystring' }],
      },
    );
  const what = { name: 'what-if', kind: 'what_if', stage: 'arrived', supplier: null, freight: null } as const;
  return [{ ...what, open: extraUnits, pegged: 0, held: 0, expectedOn: extraOn, plannedOn: extraOn }];
}

function bufferOf(policy: Policy, stage: string): number {
  return policy.bufferDays[stage as PromisableStage] ?? 0;
}

export type ComingSupply = Pick<
  PlannedSupply,
  'kind' | 'stage' | 'supplier' | 'freight' | 'expectedOn' | 'plannedOn'
>;

/** Days that it comes later than its planned day, or earlier, as those came that stood alike. */
export function slipsOf(
  supply: ComingSupply,
  seen: readonly SeenArrival[],
  policy: Policy,
  today: DayNumber,
  plannedIn: number,
): Float64Array {
  if (supply.kind === 'what_if') return Float64Array.of(0);
  const expected = dayNumber(supply.expectedOn ?? supply.plannedOn!);
  const spread = arrivalSpread(seen, { ...supply, expected }, today, bufferOf(policy, supply.stage));
  // What lies between coming and leaving is in the planned day already.
  return spread.map((day) => Math.max(day - (expected - today), -plannedIn));
}

function coverOf(free: number, daily: Float32Array): number | null {
  if (free <= 0) return 0;
  const weekly = Float64Array.from(daily, (units) => units * 7);
  let left = free;
  for (const [week, units] of weekly.entries()) {
    if (units >= left) return round(week + left / units);
    left -= units;
  }
  const last = demandOver({ mean: weekly, deviation: 0, alike: 0, weights: [] }, 1).mean;
  return last > 0 ? round(free / last) : null;
}

const round = (value: number) => Math.round(value * 100) / 100;
