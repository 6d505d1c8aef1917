import { z } from 'zod';
import {
  AnsweredDay,
  AnsweredInstant,
  AnsweredMoney,
  ChannelCode,
  Day,
  LocationCode,
  listOf,
  MAXIMUM_AMOUNT,
  Page,
  Quantity,
  Ref,
  Sku,
  SupplierCode,
} from './common.ts';

/** What-if on the inputs of a projection: nothing of it is stored. */
export const ProjectionQuery = z.object({
  days: z.coerce.number().int().min(7).max(365).default(90),
  demandFactor: z.coerce.number().min(0).max(100).default(1).describe('all demand, times this'),
  slipDays: z.coerce.number().int().min(-365).max(365).default(0).describe('all supply, so many days later'),
  extraUnits: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_000_000)
    .default(0)
    .describe('a supply more, of so many units'),
  extraOn: Day.optional().describe('the day on which it comes'),
  extraAt: LocationCode.optional().describe(
    'the location to which it comes; left out: where most of the demand is',
  ),
  slipOf: Ref.optional().describe('slipDays is of this supply alone'),
  without: Ref.optional().describe('this supply never comes'),
  backorders: z.stringbool().optional().describe('whether new demand may wait; left out: as it is'),
});

const Spread = z.object({ p10: z.number(), p50: z.number(), p90: z.number() });
export const ProjectionDay = z.object({
  day: AnsweredDay,
  stock: Spread.describe('units that lie there, reserved ones included'),
  queue: Spread.describe('units that customers wait for'),
  lost: Spread.describe('demand of the day that nobody could promise'),
  expectedDemand: z.number(),
  naive: z.number().describe('drawing every open unit today, as a spreadsheet does'),
  stockOutProbability: z
    .number()
    .describe(
      'that it has run out by the end of this day; of several pools, each by its share of the demand',
    ),
});
/** Locations that share channels: what one gives, the others miss; what another pool has serves nobody here. */
export const ProjectionPool = z.object({
  locations: z.array(LocationCode),
  channels: z.array(ChannelCode),
  share: z.number().describe('of the demand'),
  onHand: z.int(),
  reserved: z.int(),
  pegged: z.int(),
  waiting: z.int(),
  days: z.array(ProjectionDay),
  firstStockOut: AnsweredDay.nullable(),
  weeksOfCover: z.number().nullable(),
  deepestQueue: z.number(),
});
/** How the weeks to come were forecast. */
export const DemandForecast = z.object({
  weekly: z.array(z.number()),
  deviation: z.number().describe('standard deviation of one week'),
  historyWeeks: z.int(),
  madeOn: AnsweredDay.nullable().describe('null: it was made for this answer'),
  methods: z.array(z.object({ method: z.string(), weight: z.number(), error: z.number().nullable() })),
});
export const Projection = z.object({
  sku: Sku,
  title: z.string(),
  onHand: z.array(z.object({ location: LocationCode, sellable: z.int(), reserved: z.int() })),
  reserved: z.int(),
  pegged: z.int(),
  waiting: z.int(),
  days: z.array(ProjectionDay).describe('of all pools together'),
  firstStockOut: AnsweredDay.nullable().describe('by which half of the scenarios have run out'),
  weeksOfCover: z.number().nullable().describe('where most of the demand is; null: beyond the forecast'),
  deepestQueue: z.number(),
  pools: z.array(ProjectionPool),
  forecast: DemandForecast,
  asOf: AnsweredInstant,
});

export const OutlookQuery = z.object({
  days: z.coerce.number().int().min(7).max(365).default(90),
  supplier: z.string().max(120).optional(),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(100)
    .describe('so many, the first to run out first'),
});
/** How an item stands if all comes as expected: the middle of its projection. */
export const OutlookItem = z.object({
  sku: Sku,
  title: z.string(),
  supplier: SupplierCode.nullable(),
  free: z.int().describe('sellable units that nobody has; below zero: so many wait that nothing backs'),
  queue: z.int().describe('units that wait, pegged ones included'),
  weeklyDemand: z.number().describe('expected, of the first four weeks'),
  nextArrival: z.object({ supply: z.string(), on: AnsweredDay, units: z.int() }).nullable(),
  firstStockOut: AnsweredDay.describe('the first day at whose end a pool with demand has no free unit'),
  deepestQueue: z.number(),
  lost: z.number().describe('units asked for within these days that nobody could promise'),
});
export const Outlook = z.object({
  items: z.array(OutlookItem),
  runOut: z.int().describe('items that run out within these days, those beyond `limit` too'),
  looked: z.int().describe('items that were looked at'),
  withoutForecast: z.int().describe('items that could not be, until a forecast has been made of them'),
  asOf: AnsweredInstant,
});

export const ReorderQuery = Page.extend({
  sku: Sku.optional(),
  supplier: z.string().max(120).optional(),
  serviceLevel: z.coerce.number().min(0.5).max(0.999).default(0.95),
  reviewDays: z.coerce.number().int().min(1).max(92).default(7),
});
export const ReorderOption = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('new_po'), quantity: z.int(), orderBy: AnsweredDay }),
  z.object({ kind: z.literal('expedite'), purchaseOrder: z.string(), from: AnsweredDay, to: AnsweredDay }),
  z.object({ kind: z.literal('split'), first: z.int(), second: z.int() }),
  z.object({ kind: z.literal('substitute'), skus: z.array(Sku) }),
  z.object({ kind: z.literal('stop_selling') }),
]);
export const ReorderSuggestion = z.object({
  sku: Sku,
  title: z.string(),
  supplier: z.string().nullable(),
  quantity: z.int(),
  wanted: z.int().describe('before MOQ and order multiple'),
  orderBy: AnsweredDay,
  dueSince: AnsweredDay.describe('the day on which it was first seen below its reorder point'),
  expectedOn: AnsweredDay.describe('if it is ordered by then'),
  value: AnsweredMoney.nullable(),
  position: z.int(),
  reorderPoint: z.int(),
  orderUpTo: z.int(),
  queue: z.int(),
  weeklyDemand: z.number(),
  leadTimeDays: z.int(),
  assumed: z.array(z.string()).describe('what nobody told Kept, and what it took instead'),
  why: z.string(),
  options: z.array(ReorderOption),
});
/** A page speaks of so many items by SKU, those without a suggestion left out: it may be short, or empty, and not the last. */
export const ReorderPage = listOf(ReorderSuggestion);

export const AcceptInput = z.object({
  quantity: Quantity,
  expectedOn: Day.optional(),
  location: LocationCode.optional(),
  /** The draft's reference; one is made where none is given. */
  ref: Ref.optional(),
});
export const Accepted = z.object({
  purchaseOrder: Ref,
  supplier: z.string(),
  quantity: z.int(),
  expectedOn: AnsweredDay,
});

/** What the supplier asks for a unit of larger orders, in the currency of the item's cost. */
export const PriceBreaks = z.object({
  breaks: z
    .array(z.object({ from: Quantity, unitCost: z.int().min(0).max(MAXIMUM_AMOUNT).describe('minor units') }))
    .max(20),
});
export const JointQuery = z.object({
  supplier: SupplierCode,
  budget: z.coerce.number().int().min(0).optional().describe('at most so much, in minor units'),
  containerUnits: z.coerce.number().int().min(1).max(10_000_000).optional().describe('at most so many units'),
  fill: z.stringbool().default(false).describe('fill the container up with what runs out next'),
  serviceLevel: z.coerce.number().min(0.5).max(0.999).default(0.95),
  reviewDays: z.coerce.number().int().min(1).max(92).default(7),
});
export const JointProposal = z.object({
  supplier: SupplierCode,
  lines: z.array(
    z.object({
      sku: Sku,
      title: z.string(),
      quantity: z.int(),
      wanted: z.int().describe('without limits, as the supplier takes it'),
      unitCost: AnsweredMoney.nullable(),
      priceBreak: z.boolean().describe('the quantity was raised to reach a lower price'),
      why: z.string(),
    }),
  ),
  units: z.int(),
  cost: z.int().describe('minor units of the currency below; items without a cost are left out'),
  currency: z.string().nullable(),
  wantedUnits: z.int(),
  wantedCost: z.int(),
  limitedBy: z.enum(['budget', 'container']).nullable(),
});
export const JointInput = z.object({
  supplier: SupplierCode,
  lines: z
    .array(z.object({ sku: Sku, quantity: Quantity }))
    .min(1)
    .max(1000),
  ref: Ref.optional(),
  expectedOn: Day.optional(),
  location: LocationCode.optional(),
});
export const JointAccepted = z.object({
  purchaseOrder: Ref,
  supplier: z.string(),
  lines: z.int(),
  units: z.int(),
});
