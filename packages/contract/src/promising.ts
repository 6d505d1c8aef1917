import { z } from 'zod';
import {
  AnsweredDay,
  AnsweredInstant,
  AnsweredMoney,
  ChannelCode,
  Day,
  LineRef,
  listOf,
  Page,
  Quantity,
  Ref,
  Sku,
} from './common.ts';
import { Commitment, PromiseVersion, Reason } from './demand.ts';

export const HoldInput = z.object({
  sku: Sku,
  quantity: Quantity,
  channel: ChannelCode,
  ttlSeconds: z.int().min(1).max(86_400).default(600),
});
export const Hold = z.object({
  id: z.string(),
  sku: Sku,
  channel: ChannelCode,
  quantity: z.int(),
  expiresAt: AnsweredInstant,
  commitments: z.array(Commitment),
});

/** Names of an item's options, separated by commas: 'engraved,oak'. */
export const OptionList = z
  .string()
  .max(1300)
  .transform((text) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  );
export const AvailabilityQuery = z.object({
  sku: Sku,
  channel: ChannelCode,
  quantity: z.coerce.number().pipe(Quantity).default(1),
  shipTo: z.string().max(100).optional(),
  /** What a made-to-order item is to be made with, separated by commas. */
  options: OptionList.optional(),
  /** BCP 47, such as de-AT; else the Accept-Language header decides. */
  locale: z.string().max(35).optional(),
});
export const AvailabilityState = z.enum([
  'in_stock',
  'backorder',
  'preorder',
  'made_to_order',
  'drop',
  'demand_validation',
  'out_of_stock',
  'discontinued',
]);
/** What a shopper of this channel can have: increments, capped at what was asked. */
export const Availability = z.object({
  sku: Sku,
  channel: ChannelCode,
  quantity: z.int(),
  state: AvailabilityState,
  now: z.int(),
  later: z.array(z.object({ quantity: z.int(), shipBy: AnsweredDay })),
  /** When the money is taken, as a sentence; `payment` has the figures. */
  charge: z.string(),
  /** What the shopper is told, as a sentence or two. */
  copy: z.string(),
  headline: z.string(),
  /** What the button says, and what it does. */
  button: z.string(),
  action: z.enum(['buy', 'choose_fewer', 'join_waitlist', 'notify_me', 'see_alternatives']),
  missing: z.int().describe('units asked for that nothing can be promised for'),
  range: z.object({ from: AnsweredDay, to: AnsweredDay }).nullable().describe('of what is not here now'),
  /** A mixed answer leaves the choice how it is sent. */
  ways: z.array(z.object({ way: z.enum(['apart', 'together']), words: z.string() })),
  price: AnsweredMoney.describe('of one unit'),
  payment: z.object({
    kind: z.enum(['at_order', 'deposit', 'authorise', 'at_shipment', 'invoice', 'nothing']),
    dueNow: AnsweredMoney,
    authorised: AnsweredMoney,
    atShipment: AnsweredMoney,
    invoiced: AnsweredMoney,
  }),
  title: z.string(),
  locale: z.string(),
  launchOn: AnsweredDay.optional(),
  alternatives: z.array(z.object({ sku: Sku, title: z.string() })).optional(),
  alternativesTitle: z.string().optional(),
  /** Where the shopper can leave an address: what its field is called, and what is said when it is done. */
  form: z.object({ label: z.string(), done: z.string() }).optional(),
  asOf: AnsweredInstant,
});

export const BackorderState = z.enum(['on_time', 'late', 'unbacked', 'awaiting_consent']);
export const BackorderSort = z.enum([
  'queue',
  'sku',
  'customer',
  'channel',
  'quantity',
  'value',
  'waitingSince',
  'shipBy',
  'state',
]);
export const BackorderQuery = Page.extend({
  sku: Sku.optional(),
  channel: ChannelCode.optional(),
  state: BackorderState.optional(),
  purchaseOrder: Ref.optional(),
  supplier: z.string().max(120).optional(),
  order: z.string().max(260).optional(),
  /** Part of an order reference, customer, SKU or title. */
  search: z.string().max(120).optional(),
  sort: BackorderSort.default('queue'),
  direction: z.enum(['asc', 'desc']).default('asc'),
});
/** One line that waits. Its quantity is what no reservation backs: pegged + waiting. */
export const Backorder = z.object({
  id: z.string(),
  order: z.string().describe('channel:ref'),
  orderId: z.string(),
  line: LineRef,
  sku: Sku,
  title: z.string(),
  channel: ChannelCode,
  customer: z.string(),
  quantity: z.int(),
  value: AnsweredMoney,
  waitingSince: AnsweredInstant,
  promise: PromiseVersion.nullable(),
  /** The day the plan now says, whatever was promised; null where units wait without backing. */
  plannedShipBy: AnsweredDay.nullable(),
  /** It does not leave before this day: its window's, or its item's launch. */
  notBefore: AnsweredDay.optional(),
  /** Units that have not left by this day are cancelled. */
  cancelAfter: AnsweredDay.optional(),
  commitments: z.array(Commitment),
  state: BackorderState,
  cause: z.string().optional(),
});

const Counts = z.object({ lines: z.int(), units: z.int() });
/** A page of the queue. The first page brings the totals of all that the filters let through. */
export const BackorderPage = listOf(Backorder).extend({
  totals: Counts.extend({
    value: z.array(AnsweredMoney),
    byState: z.partialRecord(BackorderState, Counts).describe('whichever state is filtered by'),
  }).optional(),
  asOf: AnsweredInstant,
});

/** What first told the customer of a version: the answer to the order, a message, a person, or the channel in its own way. */
export const Told = z.object({
  by: z.enum(['order', 'message', 'hand', 'channel']),
  at: AnsweredInstant.nullable().describe(
    'null: it has not gone out yet, or the channel sends it when it likes',
  ),
  message: z.string().optional().describe('its id'),
  kind: z.string().optional(),
  writtenAt: AnsweredInstant.optional(),
});

/** Which fact made a version, whose it was, and by which rules it was reckoned. */
const PromiseOrigin = z.object({
  caused: z.object({
    event: z.string().describe('its kind in the event log, such as purchase_order.revised'),
    by: z
      .string()
      .nullable()
      .describe('as the audit trail names them, such as key:erp; null: Kept itself, as when a day passes'),
  }),
  reckonedBy: z
    .object({
      rules: z.int().describe('the number of the engine’s rules of promising'),
      settings: z.int().describe('the version of the brand’s settings: calendars, policies, what is learnt'),
    })
    .nullable()
    .describe('null: of a version from before this was kept'),
});

const Sentences = z.object({
  planner: z.array(z.string()),
  agent: z.array(z.string()),
  customer: z.array(z.string()),
});
const WordsFor = z.object({
  planner: z.string().nullable(),
  agent: z.string().nullable(),
  customer: z.string().nullable(),
});
/** Why a line stands where it stands: one set of reasons, each audience's own words. */
export const Explanation = z.object({
  backorder: Backorder.optional().describe('while the line waits'),
  order: z.string(),
  line: LineRef,
  sku: Sku,
  words: Sentences,
  reasons: z.array(Reason),
  ahead: Counts,
  promises: z.array(
    PromiseVersion.extend({
      madeAt: AnsweredInstant,
      told: Told.nullable().describe('null: the customer was not told of it'),
      ...PromiseOrigin.shape,
      words: z.array(z.string()).optional().describe('the planner’s'),
      wordsFor: Sentences,
    }),
  ),
  history: z.array(
    z.object({
      at: AnsweredInstant,
      kind: z.string(),
      words: z.string().describe('the planner’s'),
      wordsFor: WordsFor.describe('null: nothing that concerns that reader'),
    }),
  ),
});

const LedgerFilter = z.object({
  channel: ChannelCode.optional(),
  /** Of a purchase order that backs it. */
  supplier: z.string().max(120).optional(),
  from: Day.optional(),
  to: Day.optional(),
});
/** `from` and `to` are days on which versions were made, in UTC. */
export const PromiseQuery = Page.extend({
  order: z.string().max(260).optional(),
  sku: Sku.optional(),
  ...LedgerFilter.shape,
});
/** A version of the ledger; one that was withdrawn speaks of no units and has no days. */
export const PromiseEntry = PromiseVersion.extend({
  order: z.string(),
  line: LineRef,
  sku: Sku,
  shipBy: AnsweredDay.nullable(),
  deliverBy: AnsweredDay.nullable(),
  change: z.enum(['first', 'later', 'fewer', 'more', 'shrunk', 'improved', 'withdrawn']),
  madeAt: AnsweredInstant,
  told: Told.nullable().describe('null: the customer was not told of it'),
  ...PromiseOrigin.shape,
});
export const PromisePage = listOf(PromiseEntry);

const KeptPromises = z.object({
  promises: z.int().describe('that have fallen due, or were kept before'),
  kept: z.int(),
  keptShare: z.number().nullable().describe('null where none has fallen due'),
});
/** `from` and `to` are the days that were promised. */
export const AccuracyQuery = LedgerFilter.extend({
  by: z.enum(['month', 'supplier', 'channel']).default('month'),
});
/**
 * How many promises were kept: all units shipped by the day promised, units cancelled since aside. The first promise of a
 * line, the latest one that had a day, and the latest one that the customer was told of are judged apart. A line without a supplier was promised from stock.
 */
export const PromiseAccuracy = z.object({
  by: z.enum(['month', 'supplier', 'channel']),
  first: KeptPromises,
  latest: KeptPromises,
  told: KeptPromises,
  groups: z.array(
    z.object({
      group: z.string().nullable(),
      first: KeptPromises,
      latest: KeptPromises,
      told: KeptPromises,
    }),
  ),
  asOf: AnsweredInstant,
});

export const PlanInput = z.object({ skus: z.array(Sku).max(100_000).optional() });
export const PlanResult = z.object({
  items: z.int(),
  lines: z.int(),
  changed: z.int(),
  promises: z.int(),
  unbacked: z.int(),
  milliseconds: z.number(),
});
