import { z } from 'zod';
import {
  AnsweredDay,
  AnsweredInstant,
  AnsweredMoney,
  ChannelCode,
  Day,
  Instant,
  LineRef,
  LocationCode,
  listOf,
  Page,
  QuantityOrZero,
  Sku,
  SupplierCode,
  Words,
} from './common.ts';

export const Cause = z.enum([
  'forecast_undershoot',
  'supplier_delay',
  'multichannel_oversell',
  'moq_shortfall',
  'promotional_surprise',
  'quality_or_returns_hold',
  'limited_drop',
  'made_to_order',
  'demand_validation',
  'undetermined',
]);
/** Causes share by weight; weights sum to 1. */
export const WeightedCause = z.object({ cause: Cause, weight: z.number() });

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
export const EpisodeQuery = Page.extend({
  sku: Sku.optional(),
  supplier: SupplierCode.optional(),
  channel: ChannelCode.optional().describe('a backorder of it came from there'),
  cause: Cause.optional().describe('the heaviest'),
  open: flag.optional(),
  from: Day.optional().describe('that lasted until this day, or longer'),
  to: Day.optional().describe('that began by this day'),
});
export const CauseEvidence = z.object({
  cause: Cause,
  units: z.number().describe('units of the shortage that it explains'),
  words: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});
/** From an item's first backorder in a stock pool until its queue there is empty. */
export const Episode = z.object({
  id: z.string(),
  sku: Sku,
  title: z.string(),
  locations: z.array(LocationCode).describe('the stock pool'),
  supplier: SupplierCode.nullable(),
  openedAt: AnsweredInstant,
  closedAt: AnsweredInstant.nullable(),
  orders: z.int(),
  units: z.int().describe('of all its backorders, each at its most'),
  value: AnsweredMoney.nullable().describe('of those units, net'),
  unitDays: z.number().describe('days waited, over all those units'),
  deepest: z.int().describe('units that waited at once in its first two weeks'),
  movedPromises: z.int(),
  causes: z.array(
    WeightedCause.extend({
      kind: z
        .enum(['one_off', 'structural', 'intended', 'unknown'])
        .describe('one-off asks for a fix, structural for a change of plan'),
    }),
  ),
  by: z.enum(['evidence', 'person']),
  recurrence: z.object({ ofItem: z.int(), ofSupplier: z.int(), days: z.int() }),
  found: z
    .object({ causes: z.array(WeightedCause), confidence: z.number(), evidence: z.array(CauseEvidence) })
    .nullable()
    .describe('what the records say; null until they were read'),
  tag: z
    .object({
      causes: z.array(WeightedCause).nullable(),
      note: z.string().nullable(),
      by: z.string(),
      at: AnsweredInstant,
    })
    .nullable(),
  lookedAt: AnsweredInstant.nullable(),
});
export const EpisodePage = listOf(Episode);
export const EpisodeDetail = Episode.extend({
  backorders: z.array(
    z.object({
      order: z.string(),
      line: LineRef,
      channel: ChannelCode,
      beganAt: AnsweredInstant,
      until: AnsweredInstant.nullable(),
      units: z.int(),
      value: AnsweredMoney,
      causes: z.array(WeightedCause).describe('those in force when it began'),
    }),
  ),
  moved: z.array(
    z.object({
      order: z.string(),
      line: LineRef,
      version: z.int(),
      change: z.string(),
      shipBy: AnsweredDay.nullable(),
      madeAt: AnsweredInstant,
      cause: Cause,
      detail: z.string().nullable().describe('the supplier’s own reason, else the fact that moved it'),
    }),
  ),
});
/** Weights need not sum to 1: they are shares of their sum. Null takes a person's causes back. */
export const EpisodeTag = z.object({
  causes: z
    .array(z.object({ cause: Cause, weight: z.number().positive().max(1000).default(1) }))
    .min(1)
    .max(9)
    .refine(
      (causes) => new Set(causes.map(({ cause }) => cause)).size === causes.length,
      'expected each cause once',
    )
    .nullable(),
  note: Words.optional(),
});

export const CausesQuery = z.object({
  by: z.enum(['cause', 'supplier', 'buyer', 'channel', 'item', 'month']).default('cause'),
  rank: z.enum(['units', 'value', 'unitDays']).default('units'),
  cause: Cause.optional(),
  supplier: SupplierCode.optional(),
  channel: ChannelCode.optional(),
  sku: Sku.optional(),
  from: Day.optional().describe('backorders that began on this day or later'),
  to: Day.optional(),
});
/** Pareto: what made customers wait, the most first. A backorder of several causes counts by their weights. */
export const CausesAnswer = z.object({
  by: z.string(),
  rank: z.string(),
  items: z.array(
    z.object({
      key: z.string().nullable().describe('null: none is known'),
      units: z.number(),
      value: z.array(AnsweredMoney),
      unitDays: z.number(),
      backorders: z.int(),
      episodes: z.int(),
      movedPromises: z.int(),
      share: z.number().describe('of what is ranked by'),
      cumulative: z.number(),
    }),
  ),
  asOf: AnsweredInstant,
});

/** What a channel was told it may sell: the evidence when several sold the same units. */
export const OffersInput = z.object({
  at: Instant.optional().describe('when it was told; now unless said'),
  offers: z
    .array(z.object({ sku: Sku, quantity: QuantityOrZero }))
    .min(1)
    .max(10_000),
});
export const OffersRecorded = z.object({ recorded: z.int() });
