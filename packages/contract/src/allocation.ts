import { z } from 'zod';
import { RankingRule } from './catalog.ts';
import {
  AnsweredDay,
  AnsweredInstant,
  AnsweredMoney,
  ChannelCode,
  LineRef,
  listOf,
  Page,
  PolicyName,
  Quantity,
  Ref,
  Sku,
  Words,
} from './common.ts';
import { Reason } from './demand.ts';
import { PurchaseOrderInput, PurchaseOrderReceipt, PurchaseOrderRevision } from './supply.ts';

const OfOrder = { purchaseOrder: Ref };

/** One thing that is supposed to happen. They are supposed in the order given, each after those before it. */
export const Supposition = z.discriminatedUnion('kind', [
  z
    .object({ kind: z.literal('purchase_order_revision'), ...OfOrder, ...PurchaseOrderRevision.shape })
    .refine((change) => ['expectedOn', 'quantity', 'stage'].some((field) => field in change), {
      message: 'expected at least one of expectedOn, quantity and stage',
      path: ['expectedOn'],
    }),
  z.object({ kind: z.literal('receipt'), ...OfOrder, ...PurchaseOrderReceipt.shape }),
  z.object({ kind: z.literal('purchase_order'), ...OfOrder, ...PurchaseOrderInput.shape }),
  z.object({
    kind: z.literal('cancellation'),
    order: z.string().min(1).max(260).describe("Kept's id, or channel:ref"),
    /** Left out: everything that is open. */
    lines: z
      .array(z.object({ line: LineRef, quantity: Quantity }))
      .min(1)
      .max(5000)
      .optional(),
    by: z.enum(['customer', 'brand', 'law', 'channel']).default('customer'),
    reason: Words.default('cancelled'),
  }),
  z
    .object({
      kind: z.literal('ranking'),
      /** The items whose queues are ranked. Left out: those that the other changes are about. */
      skus: z.array(Sku).min(1).max(1000).optional(),
      /** As this policy ranks; or by rules and classes that no policy has yet. */
      policy: PolicyName.optional(),
      ranking: z.array(RankingRule).min(1).max(5).optional(),
      classes: z.array(Words).max(6).optional(),
    })
    .refine((change) => change.policy !== undefined || change.ranking !== undefined, {
      message: 'expected ranking, or the policy whose ranking it is',
      path: ['ranking'],
    }),
]);

export const WhatIfInput = z.object({
  changes: z.array(Supposition).min(1).max(200),
  /** The most lines that are told one by one, those with the most value at risk first; totals count them all. */
  limit: z.int().min(0).max(10_000).default(200),
  /** Whether it is also said what customers would be told and asked, what the law would end, and what would be paid back. */
  messages: z.boolean().default(true),
});

const Tally = z.object({
  lines: z.int(),
  orders: z.int(),
  customers: z.int(),
  units: z.int(),
  value: z.array(AnsweredMoney).describe('of their open units, net'),
});
const SideTallies = z.object({
  hit: Tally,
  helped: Tally,
  /** Net value of the units whose promised day could not be kept. */
  revenueAtRisk: z.array(AnsweredMoney),
});
const FromTo = <T extends z.ZodType>(value: T) => z.object({ from: value, to: value });
const Parts = z.array(z.object({ quantity: z.int(), shipBy: AnsweredDay, deliverBy: AnsweredDay }));
const PromiseChange = z.enum(['first', 'later', 'fewer', 'more', 'shrunk', 'improved', 'withdrawn']);

/** A line that would stand otherwise than it does. */
export const WhatIfLine = z.object({
  id: z.string(),
  order: z.string().describe('channel:ref'),
  orderId: z.string(),
  line: LineRef,
  sku: Sku,
  channel: ChannelCode,
  customer: z.string(),
  class: z.string().nullable(),
  /** hit: some of it leaves later or has no day; helped: some leaves earlier and none later; cancelled: units of it end. */
  effect: z.enum(['hit', 'helped', 'cancelled']),
  open: FromTo(z.int()),
  /** Units that nothing backs. */
  waiting: FromTo(z.int()),
  /** The day by which all of it leaves by the plan, whatever was promised; null: some of it has no day. */
  plannedShipBy: FromTo(AnsweredDay.nullable()),
  promise: FromTo(Parts),
  /** Units whose promised day could not be kept, and what they are worth. */
  broken: z.int(),
  revenueAtRisk: AnsweredMoney,
  /** What would be due to be told of the promise; null: nothing. */
  notice: PromiseChange.nullable(),
  reasons: z.array(Reason),
  words: z.array(z.string()),
});

/** What customers would be told and asked, which orders would end, and how much money would go back. Counted by order. */
export const MessagesForeseen = z.object({
  notices: z.array(z.object({ kind: z.string(), orders: z.int() })),
  /** Orders whose customers would be asked, by what their silence comes to, and between which days. */
  silence: z.array(
    z.object({
      means: z.enum(['consent', 'cancelled', 'nothing']),
      orders: z.int(),
      firstOn: AnsweredDay.nullable(),
      lastOn: AnsweredDay.nullable(),
    }),
  ),
  /** Orders with units that the change itself ends, and orders that the law would want ended at once. */
  cancelled: z.int(),
  endedByLaw: z.int(),
  /** What the change itself would send back; and what would go back as well if all who can end it by silence are silent. */
  refunds: z.array(AnsweredMoney),
  refundsIfSilent: z.array(AnsweredMoney),
  orders: z.array(
    z.object({
      order: z.string(),
      customer: z.string(),
      regime: z.string(),
      notices: z.array(z.object({ kind: z.string(), by: AnsweredDay.nullable() })),
      silence: z
        .object({ means: z.enum(['consent', 'cancelled', 'nothing']), on: AnsweredDay.nullable() })
        .nullable(),
      refundIfSilent: AnsweredMoney,
    }),
  ),
  /** Orders that are counted above and not told one by one. */
  more: z.int(),
});

export const WhatIf = SideTallies.extend({
  channels: z.array(SideTallies.extend({ channel: ChannelCode })),
  /** Customers with something at risk, the most first. */
  customers: z.array(
    z.object({
      customer: z.string(),
      class: z.string().nullable(),
      orders: z.int(),
      lines: z.int(),
      revenueAtRisk: z.array(AnsweredMoney),
    }),
  ),
  /** What would have to be told, by what it says. */
  notices: z.array(z.object({ change: PromiseChange, lines: z.int(), orders: z.int() })),
  lines: z.array(WhatIfLine),
  /** Lines that are counted above and not told one by one. */
  more: z.int(),
  messages: MessagesForeseen.nullable(),
  asOf: AnsweredInstant,
});

const BackorderId = z.string().regex(/^\d{1,15}-\d{1,9}$/, "expected a backorder's id, such as 17-1");
/** A line by all its names. */
const NamedLine = z.object({
  id: BackorderId,
  order: z.string(),
  line: LineRef,
  sku: Sku,
  channel: ChannelCode,
  customer: z.string(),
  class: z.string().nullable(),
});

export const LineLockInput = z.object({ reason: Words });
/** No ranking takes what backs a locked line; its date still moves when its backing fails. */
export const LineLock = NamedLine.extend({
  locked: z.boolean(),
  reason: z.string(),
  by: z.string(),
  at: AnsweredInstant,
});

export const MoveInput = z
  .object({
    /** The backorder that it goes directly before, or behind; or an end of the queue. */
    before: BackorderId.optional(),
    after: BackorderId.optional(),
    to: z.enum(['first', 'last']).optional(),
    reason: Words,
  })
  .refine((move) => [move.before, move.after, move.to].filter((one) => one !== undefined).length === 1, {
    message: 'expected one of before, after and to',
    path: ['before'],
  });
export const MoveUndoInput = z.object({ reason: Words.optional() });
/** A place in the queue that was given by hand. It decides who gets free, freed and short units; nobody loses one by it. */
export const Move = NamedLine.extend({
  move: z.string().describe('its own id'),
  place: FromTo(z.int().describe('of its queue, from 1')).nullable(),
  reason: z.string(),
  by: z.string(),
  at: AnsweredInstant,
  undone: z.object({ by: z.string(), at: AnsweredInstant, reason: z.string().nullable() }).nullable(),
});
export const MoveQuery = Page.extend({ sku: Sku.optional() });
export const MovePage = listOf(Move);

export const RankAgainInput = z.object({
  skus: z.array(Sku).min(1).max(10_000).optional(),
  reason: Words.optional(),
});
export const RankedAgain = z.object({
  items: z.int(),
  /** Lines that stand elsewhere now, and places given by hand that ended with it. */
  lines: z.int(),
  movesEnded: z.int(),
  /** Lines that are backed by something else now. */
  changed: z.int(),
});

export const Strategy = z.enum(['win', 'gain', 'improve', 'redistribute', 'fill', 'lose']);
export const ReallocationInput = z.object({
  sku: Sku,
  /** What may happen to each class of customers. */
  strategies: z.record(z.string(), Strategy).default({}),
  /** To classes that are not named, and customers without one. */
  otherwise: Strategy.default('gain'),
  /** Instead: exchanges of units between two orders by which more promises are kept and none is broken. */
  swaps: z.boolean().default(false),
  reason: Words,
});
const Source = z.object({
  kind: z.enum(['reserved', 'pegged']),
  location: z.string().optional(),
  purchaseOrder: Ref.optional(),
  line: LineRef.optional(),
  ref: Ref.optional(),
  shipBy: AnsweredDay.nullable(),
});
/** Units of one item given out anew: who gains beside who loses. Nothing happens before it is approved. */
export const Reallocation = z.object({
  id: z.string(),
  sku: Sku,
  kind: z.enum(['strategies', 'swaps']),
  strategies: z.record(z.string(), Strategy),
  otherwise: Strategy,
  reason: z.string(),
  by: z.string(),
  at: AnsweredInstant,
  /** The item as it was looked at: an approval holds while it is so. */
  version: z.string(),
  state: z.enum(['proposed', 'approved']),
  approved: z.object({ by: z.string(), at: AnsweredInstant }).nullable(),
  transfers: z.array(
    z.object({ quantity: z.int(), source: Source, from: NamedLine.nullable(), to: NamedLine.nullable() }),
  ),
  /** Lines whose strategy cannot be kept to the full. */
  exceptions: z.array(
    z.object({ line: NamedLine, strategy: Strategy, missing: z.int(), requested: AnsweredDay.nullable() }),
  ),
  /** Units that somebody had and nobody has afterwards. */
  freed: z.int(),
  /** Units of promises that are kept by it and would not be otherwise. */
  kept: z.int(),
  effects: z.array(WhatIfLine),
  messages: MessagesForeseen.nullable(),
});
export const ReallocationQuery = Page.extend({ sku: Sku.optional() });
export const ReallocationPage = listOf(Reallocation.omit({ effects: true, messages: true }));

export const ReleaseQuery = Page.extend({
  sku: Sku.optional(),
  order: z.string().max(260).optional(),
  state: z.enum(['whole', 'part', 'blocked']).optional(),
});
const ReleaseLine = z.object({
  line: LineRef,
  sku: Sku,
  open: z.int(),
  /** Being picked already, and what could be released now. */
  released: z.int(),
  releasable: z.int(),
  promise: AnsweredDay.nullable(),
});
/** An order with reserved units, and what of it can be released to pick. */
export const Release = z.object({
  id: z.string().describe("the order's id"),
  order: z.string(),
  channel: ChannelCode,
  customer: z.string(),
  class: z.string().nullable(),
  state: z.enum(['whole', 'part', 'blocked']),
  blockedBy: z
    .enum(['unpaid', 'ships_complete', 'not_before', 'released_already', 'nothing_reserved'])
    .nullable(),
  lines: z.array(ReleaseLine),
  /** The earliest day promised of it; its promise is at stake where that is today or past, and it could leave. */
  shipBy: AnsweredDay.nullable(),
  atStake: z.boolean(),
  /** The order as it was looked at: an approval may name it. */
  version: z.string(),
});
export const ReleasePage = listOf(Release).extend({
  /** Items of these orders where units could be swapped so that more promises are kept: POST /v1/reallocations with `swaps`. */
  swaps: z.array(z.object({ sku: Sku, kept: z.int() })).optional(),
  asOf: AnsweredInstant,
});
export const ReleaseApproval = z.object({
  /** Left out: all that can be released. */
  lines: z
    .array(z.object({ line: LineRef, quantity: Quantity }))
    .min(1)
    .max(5000)
    .optional(),
  version: z.string().max(100).optional(),
});
export const PickQuery = z.object({
  format: z.enum(['json', 'csv']).default('json'),
  location: z.string().max(120).optional(),
});
/** Units to be picked: released, and not shipped yet. */
export const Pick = z.object({
  location: z.string(),
  order: z.string(),
  line: LineRef,
  sku: Sku,
  title: z.string(),
  quantity: z.int(),
  customer: z.string(),
  country: z.string(),
  shipBy: AnsweredDay.nullable(),
  releasedAt: AnsweredInstant,
  releasedBy: z.string(),
});
export const PickList = z.object({ items: z.array(Pick), asOf: AnsweredInstant });

export const RankingQuery = z.object({ sku: Sku });
const LatenessFigures = z.object({
  /** Days after the first promised one, over all units. */
  unitDaysLate: z.int(),
  /** The same, each unit by its net value in minor units. */
  valueDaysLate: z.int(),
  lateUnits: z.int(),
  waitingUnits: z.int(),
});
/** An item's queue against the best that could be made of its units. */
export const RankingComparison = z.object({
  sku: Sku,
  ranking: z.array(RankingRule),
  lines: z.int(),
  units: z.int(),
  /** As units stand now, and as ranking would give them out from nothing. */
  now: LatenessFigures,
  byRanking: LatenessFigures,
  /** Exact: no giving out has fewer unit-days late, and none fewer value-days. */
  best: LatenessFigures.pick({ unitDaysLate: true, valueDaysLate: true }),
  /** A unit that nothing backs counts as if it left on this day. */
  horizon: AnsweredDay,
  asOf: AnsweredInstant,
});
