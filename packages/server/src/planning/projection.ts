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
  type Fan,
  FanMaker,
  naiveProjection,
  type Policy,
  type PromisableStage,
  type SeenArrival,
  shareOfForecast,
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
import { type Coming, columnsOf, itemPools, type Pool, takesBackorders } from './projection-pools.ts';

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
  return project({ item, standing, forecast, seen, settings, policy, today, now, query });
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
  readonly settings: Settings;
  readonly policy: Policy;
  readonly today: DayNumber;
  readonly now: Date;
  readonly query: Query;
}

function project(facts: Facts): z.input<typeof Projection> {
  const { item, standing, forecast, seen, settings, policy, today, now, query } = facts;
  const { days } = query;
  const coming = comingOf(facts);
  let pools = itemPools(settings, standing, coming, forecast.basis.channels);
  const extra = extraSupply(facts, pools);
  if (extra !== null) pools = itemPools(settings, standing, [...coming, extra], forecast.basis.channels);
  const mayWait = query.backorders ?? takesBackorders(item.lifecycle, policy);
  const columns = columnsOf({ pools, mayWait, days, demandFactor: query.demandFactor, mean: forecast.mean });
  const uncertainties = pools.map(({ share, supplies }) => {
    const factors = demandFactors(shareOfForecast(forecast, share));
    const slips = supplies.map((one) => slipsOf(one, seen, policy, today, plannedIn(one, query)));
    return { dayFactors: factors.days, levelFactors: factors.level, slips };
  });
  const fans = new FanMaker(columns, { paths: PATHS, seed: SEED }).fansTogether(
    uncertainties,
    pools.map(({ share }) => share),
  );
  const weeks = Math.ceil(days / 7);
  const parts = pools.map((pool, at) => {
    const daily = columns.dailyDemand.subarray(at * weeks, (at + 1) * weeks);
    return { fan: fans.each[at]!, naive: naiveProjection(columns, at), daily, pool };
  });
  const views = parts.map(({ fan, naive, daily, pool }, at) => {
    const free = columns.free[at]! - pool.waiting;
    const { locations, channels, share, sellable, reserved, waiting, supplies } = pool;
    return {
      ...{
        locations: [...locations],
        channels: [...channels],
        share: round(share),
        onHand: sellable,
        reserved,
      },
      pegged: supplies.reduce((sum, one) => sum + one.pegged, 0),
      waiting,
      ...viewOf(fan, naive, daily, today),
      weeksOfCover: coverOf(free, daily),
    };
  });
  const sum = (of: (part: (typeof parts)[number]) => ArrayLike<number>, at: number) =>
    parts.reduce((total, part) => total + of(part)[at]!, 0);
  const naive = Float64Array.from({ length: days }, (_, at) => sum((part) => part.naive, at));
  const daily = Float32Array.from({ length: weeks }, (_, at) => sum((part) => part.daily, at));
  return {
    sku: item.sku,
    title: item.title,
    onHand: standing.stock.map(({ location, sellable, reserved }) => ({ location, sellable, reserved })),
    reserved: standing.reserved,
    pegged: standing.pegged,
    waiting: standing.waiting,
    ...viewOf(fans.whole, naive, daily, today),
    weeksOfCover: views[0]!.weeksOfCover,
    pools: views,
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

function viewOf(fan: Fan, naive: Float64Array, daily: Float32Array, today: DayNumber) {
  const spread = (band: Band, at: number) => ({
    p10: round(band.p10[at]!),
    p50: round(band.p50[at]!),
    p90: round(band.p90[at]!),
  });
  return {
    days: Array.from(naive, (units, at) => ({
      day: dayText(today + at),
      stock: spread(fan.stock, at),
      queue: spread(fan.queue, at),
      lost: spread(fan.lost, at),
      expectedDemand: round(daily[Math.floor(at / 7)]!),
      naive: round(units),
      stockOutProbability: round(fan.stockOutBy[at]!),
    })),
    firstStockOut: fan.firstStockOut === null ? null : dayText(today + fan.firstStockOut),
    deepestQueue: round(fan.queue.p50.reduce((most, units) => Math.max(most, units), 0)),
  };
}

/** What is placed and has a day, as it is supposed to come. */
function comingOf({ standing, today, query }: Facts): Coming[] {
  const { slipDays, slipOf, without } = query;
  for (const [path, ref] of Object.entries({ slipOf, without }))
    if (ref !== undefined && !standing.supplies.some(({ name }) => name === ref))
      throw new KeptError(
        'invalid_input',
        `${path}: no open supply of the item is called ${JSON.stringify(ref)}.`,
        {
          errors: [
            { path, message: 'expected the reference of an open supply of the item', in: 'querystring' },
          ],
        },
      );
  return standing.supplies
    .filter((one) => one.plannedOn !== null && one.stage !== 'draft' && one.name !== without)
    .map((one) => {
      const slips = slipOf === undefined || one.name === slipOf ? slipDays : 0;
      return { ...one, inDays: Math.max(0, dayNumber(one.plannedOn!) - today + slips) };
    });
}

function extraSupply({ query, settings, today, standing }: Facts, pools: readonly Pool[]): Coming | null {
  const { extraUnits, extraOn, extraAt, days } = query;
  if (extraUnits === 0) return null;
  if (extraOn === undefined)
    throw new KeptError(
      'invalid_input',
      `extraOn: expected the day on which the ${extraUnits} units come, within ${days} days.`,
      {
        errors: [{ path: 'extraOn', message: 'expected a day with extraUnits', in: 'querystring' }],
      },
    );
  const to = extraAt ?? pools[0]!.locations[0] ?? standing.stock[0]?.location;
  const place = to === undefined ? 0 : settings.placeOf.get(to);
  if (place === undefined)
    throw new KeptError('unknown_location', `extraAt: no location has the code ${JSON.stringify(to)}.`, {
      errors: [{ path: 'extraAt', message: 'expected the code of a location', in: 'querystring' }],
    });
  return {
    ...{ name: 'what-if', kind: 'what_if', stage: 'arrived', supplier: null, freight: null, place },
    ...{ open: extraUnits, pegged: 0, held: 0, expectedOn: extraOn, plannedOn: extraOn },
    inDays: Math.max(0, dayNumber(extraOn) - today),
  };
}

function bufferOf(policy: Policy, stage: string): number {
  return policy.bufferDays[stage as PromisableStage] ?? 0;
}

export type ComingSupply = Pick<
  PlannedSupply,
  'kind' | 'stage' | 'supplier' | 'freight' | 'expectedOn' | 'plannedOn'
>;

/** Days from today to the day for which it is planned, without what a what-if lets it slip. */
function plannedIn({ inDays, name }: Coming, { slipDays, slipOf }: Query): number {
  return inDays - (slipOf === undefined || name === slipOf ? slipDays : 0);
}

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
