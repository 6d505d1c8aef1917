import { z } from 'zod';
import { AnsweredDay, AnsweredInstant, ChannelCode, Day, Ref, Sku, Words } from './common.ts';

/** Demand to come and demand that was, by week. */
export const ForecastQuery = z.object({
  weeks: z.coerce.number().int().min(1).max(52).default(13),
  past: z.coerce.number().int().min(0).max(156).default(13).describe('weeks that were, beside them'),
});
export const ForecastWeek = z.object({
  from: AnsweredDay,
  forecast: z.number(),
  p10: z.number(),
  p50: z.number(),
  p90: z.number(),
  override: z.number().nullable().describe('what planners say of the week, where they do'),
  planned: z.number().describe('what is planned with: the override, or the forecast'),
  campaigns: z.array(Ref),
});
export const PastWeek = z.object({
  from: AnsweredDay,
  taken: z.number().describe('units of orders taken, whatever was shipped'),
  demand: z
    .number()
    .describe(
      'usual demand: without bulk orders and campaigns, and with what closed days would have brought',
    ),
  seen: z.number().describe('share of the week that was seen: without closed days and campaigns'),
  forecast: z.number().nullable().describe('the latest that was made before the week'),
  planned: z.number().nullable().describe('the same with the overrides of that day'),
});
export const OverrideInput = z
  .object({
    from: Day,
    until: Day,
    weekly: z.number().min(0).max(10_000_000).optional().describe('units a week'),
    factor: z.number().min(0).max(100).optional().describe('the forecast, times this'),
    reason: Words,
  })
  .refine(({ from, until }) => until >= from, { path: ['until'], error: 'expected a day not before from' })
  .refine(({ weekly, factor }) => (weekly === undefined) !== (factor === undefined), {
    path: ['weekly'],
    error: 'expected either weekly or factor',
  });
export const ForecastOverride = z.object({
  id: z.int(),
  from: AnsweredDay,
  until: AnsweredDay,
  weekly: z.number().nullable(),
  factor: z.number().nullable(),
  reason: z.string(),
  by: z.string(),
  at: AnsweredInstant,
  endedAt: AnsweredInstant.nullable(),
  score: z
    .object({
      weeks: z.int(),
      forecastError: z
        .number()
        .describe('mean absolute error of what was forecast without it, in units a week'),
      overrideError: z.number(),
      better: z.boolean(),
    })
    .nullable()
    .describe('null: no week of it is over, or nothing was forecast before it'),
});
const Score = z.object({
  weeks: z.int(),
  meanAbsoluteError: z.number().describe('units a week'),
  bias: z.number().describe('units a week; above 0: too much was forecast'),
});
export const ItemForecast = z.object({
  sku: Sku,
  title: z.string(),
  madeOn: AnsweredDay.nullable().describe('null: none is stored, and this one was made for the answer'),
  weeks: z.array(ForecastWeek),
  past: z.array(PastWeek),
  weekdays: z.array(z.number()).describe('demand by day of the week, Monday first; the average is 1'),
  channels: z.array(
    z.object({ channel: ChannelCode, share: z.number(), weekly: z.number().describe('of the first week') }),
  ),
  basis: z.object({
    historyWeeks: z.int(),
    methods: z.array(z.object({ method: z.string(), weight: z.number(), error: z.number().nullable() })),
    closedDays: z.int().describe('days on which it could not be had: censored, not zero'),
    bulkUnits: z.number().describe('of bulk orders that came once'),
    cancelledUnits: z.int().describe('by customers and channels'),
    returnedUnits: z.int(),
    lift: z.number().describe('what a campaign day sells, as a multiple of a usual one'),
    lookAlikes: z.int().describe('items that a launch was drawn to'),
  }),
  overrides: z.array(ForecastOverride),
  accuracy: z.object({
    forecast: Score.nullable(),
    planned: Score.nullable().describe('the same weeks, with the overrides of their day'),
  }),
});

export const ForecastRun = z.object({
  madeOn: AnsweredDay,
  startedAt: AnsweredInstant,
  doneAt: AnsweredInstant.nullable(),
  items: z.int(),
  itemsDone: z.int(),
  parts: z.int(),
  partsDone: z.int(),
  troubles: z.array(z.string()),
});
export const ForecastRuns = z.object({ items: z.array(ForecastRun) });
export const OverridePath = z.object({ sku: Sku, id: z.coerce.number().int().min(1) });
export const LookAlikesInput = z.object({ skus: z.array(Sku).max(50) });

/** The promotion calendar. */
export const CampaignInput = z
  .object({
    title: Words,
    from: Day,
    until: Day,
    toldOn: Day.optional().describe('the day planning was told; today unless given. It never moves later'),
    skus: z.array(Sku).min(1).max(10_000).optional().describe('left out: every item'),
    channels: z.array(ChannelCode).min(1).max(100).optional().describe('left out: every channel'),
    lift: z
      .number()
      .positive()
      .max(100)
      .optional()
      .describe('expected demand as a multiple of the usual one; left out: what earlier campaigns did'),
    ended: z.boolean().default(false).describe('called off'),
  })
  .refine(({ from, until }) => until >= from, { path: ['until'], error: 'expected a day not before from' });
export const Campaign = z.object({
  ref: Ref,
  title: z.string(),
  from: AnsweredDay,
  until: AnsweredDay,
  toldOn: AnsweredDay,
  skus: z.array(Sku).nullable(),
  channels: z.array(ChannelCode).nullable(),
  lift: z.number().nullable(),
  ended: z.boolean(),
});
export const Campaigns = z.object({ items: z.array(Campaign) });
