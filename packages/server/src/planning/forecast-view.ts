import type { ForecastOverride, ForecastQuery, ItemForecast } from '@kept/contract';
import { type DayNumber, dayNumber, dayText, usualDemand, weekBand } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, worldAt } from '../promising/index.ts';
import { readKeptApart } from './demand-history-store.ts';
import { type Override, readForecastsOf, readOverrides, type StoredForecast } from './forecast-store.ts';
import {
  campaignsOf,
  daysOf,
  type ForecastInputs,
  fromDay,
  overridden,
  plannedForecasts,
  readForecastInputs,
} from './forecasts.ts';
import { plannedItem } from './items.ts';
import type { PlannedItem } from './planning-store.ts';

type Query = z.output<typeof ForecastQuery>;
type View = z.input<typeof ItemForecast>;

/** An item's forecast, beside what planners say and what came. */
export async function forecastOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  sku: string,
  query: Query,
): Promise<View> {
  const item = await plannedItem(client, brandId, sku);
  const settings = await loadSettings(client, kept.db, brandId);
  const { today } = worldAt(settings, kept.clock.now());
  const planned = (await plannedForecasts(client, brandId, [item], settings, today, query.weeks)).get(
    item.item,
  )!;
  const inputs = await readForecastInputs(client, brandId, [item], { settings, today, gathered: false });
  const overrides = await readOverrides(client, brandId, [item.item]);
  const since = dayText(today - 7 * Math.max(52, query.past));
  const made = await readForecastsOf(client, brandId, item.item, since);
  const past = pastWeeks(item, inputs, made, overrides, Math.max(query.past, 52));
  return {
    sku: item.sku,
    title: item.title,
    madeOn: planned.madeOn,
    weeks: Array.from(planned.forecast, (forecast, week) => {
      const from = today + 7 * week;
      const said = overrides.some((one) => one.endedAt === null && covers(one, from, from + 6));
      const shown = { mean: planned.mean, deviation: planned.deviation };
      return {
        from: dayText(from),
        forecast: round(forecast),
        ...weekBand(shown, week),
        override: said ? round(planned.mean[week]!) : null,
        planned: round(planned.mean[week]!),
        campaigns: inputs.campaigns
          .filter(
            (one) =>
              !one.ended && (one.skus === null || one.skus.includes(sku)) && covers(one, from, from + 6),
          )
          .map((one) => one.ref),
      };
    }),
    past: past
      .slice(past.length - query.past)
      .map(({ from, taken, demand, seen, forecast, planned: with_ }) => ({
        from: dayText(from),
        taken,
        demand: round(demand),
        seen: round(seen),
        forecast: forecast === null ? null : round(forecast),
        planned: with_ === null ? null : round(with_),
      })),
    weekdays: Array.from(planned.weekdays, round),
    channels: planned.basis.channels.map(({ channel, share }) => ({
      channel: settings.channels[channel]!.code,
      share: round(share),
      weekly: round(share * planned.mean[0]!),
    })),
    basis: {
      historyWeeks: planned.basis.historyWeeks,
      methods: planned.basis.methods.map(({ method, weight, error }) => ({
        method,
        weight: round(weight),
        error: error === null ? null : round(error),
      })),
      closedDays: planned.basis.closedDays,
      bulkUnits: planned.basis.bulkUnits,
      ...(await readKeptApart(client, brandId, item.item)),
      lift: round(planned.basis.lift),
      lookAlikes: planned.basis.lookAlikes,
    },
    overrides: overrides.map((one) => overrideView(one, scoreOf(one, made, past))),
    accuracy: {
      forecast: accuracyOf(past, ({ forecast }) => forecast),
      planned: accuracyOf(past, (week) => week.planned),
    },
  };
}

interface Past {
  readonly from: DayNumber;
  readonly taken: number;
  readonly demand: number;
  readonly seen: number;
  readonly forecast: number | null;
  readonly planned: number | null;
}

/** The weeks that end yesterday, each beside the latest forecast that was made before it began. */
function pastWeeks(
  item: PlannedItem,
  inputs: ForecastInputs,
  made: readonly StoredForecast[],
  overrides: readonly Override[],
  weeks: number,
): Past[] {
  const days = daysOf(item, inputs);
  const usual = usualDemand(days, campaignsOf(item.sku, inputs.campaigns), inputs.everybody);
  const first = days.units.length - 7 * usual.weekly.length;
  return Array.from({ length: weeks }, (_, index) => {
    const back = weeks - index;
    const from = inputs.today - 7 * back;
    const at = usual.weekly.length - back;
    const known = made.findLast((one) => dayNumber(one.madeOn) <= from);
    const forecast = known === undefined ? null : fromDay(known, from, 1);
    // What stood when the week began: later words came too late for it.
    const stood = overrides
      .filter((one) => dayNumber(one.madeOn) <= from)
      .map((one) =>
        one.endedAt !== null && dayNumber(one.endedAt.slice(0, 10)) > from ? { ...one, endedAt: null } : one,
      );
    const begin = first + 7 * at;
    return {
      from,
      taken: at < 0 ? 0 : days.units.subarray(begin, begin + 7).reduce((sum, units) => sum + units, 0),
      demand: usual.weekly[at] ?? 0,
      seen: usual.seen[at] ?? 1,
      forecast: forecast?.[0] ?? null,
      planned: forecast === null ? null : overridden(forecast, from, stood)[0]!,
    };
  });
}

/** Weeks of which most was seen, by what was taken in them; the rest would be scored against a guess. */
function accuracyOf(
  past: readonly Past[],
  said: (week: Past) => number | null,
): View['accuracy']['forecast'] {
  let weeks = 0;
  let absolute = 0;
  let bias = 0;
  for (const week of past) {
    const value = said(week);
    if (value === null || week.seen < LEAST_SEEN) continue;
    weeks++;
    absolute += Math.abs(value - week.taken);
    bias += value - week.taken;
  }
  return weeks === 0
    ? null
    : { weeks, meanAbsoluteError: round(absolute / weeks), bias: round(bias / weeks) };
}

const LEAST_SEEN = 0.7;

/** Whole weeks of an override that are over, against the forecast that stood when it was made. */
function scoreOf(
  override: Override,
  made: readonly StoredForecast[],
  past: readonly Past[],
): z.input<typeof ForecastOverride>['score'] {
  const known = made.findLast((one) => one.madeOn <= override.madeOn);
  if (known === undefined) return null;
  let weeks = 0;
  let forecastError = 0;
  let overrideError = 0;
  for (const { from, taken, seen } of past) {
    if (from < dayNumber(override.fromOn) || from + 6 > dayNumber(override.untilOn) || seen < LEAST_SEEN)
      continue;
    const forecast = fromDay(known, from, 1)[0]!;
    weeks++;
    forecastError += Math.abs(forecast - taken);
    overrideError += Math.abs((override.weekly ?? forecast * override.factor!) - taken);
  }
  if (weeks === 0) return null;
  return {
    weeks,
    forecastError: round(forecastError / weeks),
    overrideError: round(overrideError / weeks),
    better: overrideError < forecastError,
  };
}

export function overrideView(
  one: Override,
  score: z.input<typeof ForecastOverride>['score'],
): z.input<typeof ForecastOverride> {
  return {
    id: one.number,
    from: one.fromOn,
    until: one.untilOn,
    weekly: one.weekly,
    factor: one.factor,
    reason: one.reason,
    by: one.actor,
    at: one.madeAt,
    endedAt: one.endedAt,
    score,
  };
}

function covers(
  { fromOn, untilOn }: { fromOn: string; untilOn: string },
  from: DayNumber,
  until: DayNumber,
): boolean {
  return dayNumber(fromOn) <= until && from <= dayNumber(untilOn);
}

const round = (value: number) => Math.round(value * 100) / 100;
