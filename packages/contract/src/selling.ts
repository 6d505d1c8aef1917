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
  OptionName,
  Page,
  Quantity,
  Ref,
  Sku,
  SupplierCode,
  Words,
} from './common.ts';
import { OptionList } from './promising.ts';

/** How one item is sold before it is here, beyond its policy. What is left out is not limited. */
export const SellingTermsInput = z.object({
  preorder: z
    .object({
      /** Released for sale batch by batch; one without a day at once. */
      batches: z
        .array(z.object({ quantity: Quantity, opensOn: Day.optional() }))
        .min(1)
        .max(50)
        .optional(),
      perCustomer: Quantity.optional().describe('most units of one email address'),
    })
    .optional(),
  production: z
    .object({
      unitsPerWeek: Quantity.optional().describe('what the maker can finish in a week'),
      /** Lead times of larger orders, each from so many units on. */
      leadTimes: z
        .array(z.object({ from: Quantity, days: z.int().min(0).max(3650) }))
        .min(1)
        .max(20)
        .optional(),
      /** What it can be made with, by name, and the days that each adds: { "engraved": 3 }. */
      options: z.record(OptionName, z.int().min(0).max(3650)).optional(),
    })
    .optional(),
});
export const SellingTerms = SellingTermsInput.extend({
  sku: Sku,
  drop: z.object({ open: z.boolean() }).optional(),
  validation: z.object({ goal: z.int(), until: AnsweredDay, open: z.boolean() }).optional(),
});

/** Orders are taken before the supplier order is placed: up to a goal, until a day. */
export const ValidationInput = z
  .object({
    goal: Quantity,
    /** Most units that orders are taken for; the goal unless told. */
    most: Quantity.optional(),
    /** The last day on which orders are taken. */
    until: Day,
    supplier: SupplierCode,
    location: LocationCode,
    /** From the supplier order to the receipt; the item's own unless told. */
    leadTimeDays: z.int().min(0).max(3650).optional(),
  })
  .refine((input) => input.most === undefined || input.most >= input.goal, {
    message: 'expected the goal or more',
    path: ['most'],
  });
export const Validation = z.object({
  sku: Sku,
  number: z.int(),
  goal: z.int(),
  most: z.int(),
  until: AnsweredDay,
  supplier: SupplierCode,
  location: LocationCode,
  state: z.enum(['open', 'met', 'missed', 'ordered']),
  units: z.int().describe('ordered so far, or when it was decided'),
  purchaseOrder: Ref.nullable(),
  decidedAt: AnsweredInstant.nullable(),
});
/** The buyer places the purchase order that was proposed: its units are those that customers wait for. */
export const ValidationOrder = z.object({
  expectedOn: Day,
  stage: z.enum(['placed', 'confirmed', 'in_production']).default('placed'),
  quantity: Quantity.optional().describe('at least what was ordered'),
});

/** A limited release with a waitlist. */
const DropTerms = z.object({
  sku: Sku,
  channel: ChannelCode,
  units: Quantity,
  /** Units that each may have. */
  each: z.int().min(1).max(1000).default(1),
  method: z.enum(['first_come', 'draw']),
  /** Until then the list takes entries; then those whose turn it is are offered units. */
  closesAt: Instant,
  /** How long an offer stands. */
  offerMinutes: z.int().min(1).max(100_000).default(1440),
});
export const DropInput = DropTerms.refine((input) => input.each <= input.units, {
  message: 'expected no more than the units of the drop',
  path: ['each'],
});
const EntryState = z.enum(['waiting', 'offered', 'taken', 'passed']);
export const Drop = DropTerms.extend({
  ref: Ref,
  state: z.enum(['joining', 'offering', 'done']),
  /** SHA-256 of the seed, told before anybody joins. */
  seedDigest: z.string(),
  entries: z.int(),
  offered: z.int(),
  taken: z.int(),
});
export const DropEntryInput = z.object({
  email: z.email('expected an email address').max(320),
  locale: z.string().max(35).optional(),
});
export const DropEntry = z.object({
  entry: z.string().describe('the ticket: keep it to check the draw'),
  number: z.int().describe('in the order of joining'),
  state: EntryState,
  rank: z.int().nullable(),
  hold: z.string().nullable().describe('what an order has to name while the offer stands'),
  expiresAt: AnsweredInstant.nullable(),
});
export const DrawInput = z.object({
  /** Something public that nobody could know before the list closed, such as the day's lottery numbers. */
  beacon: Words.optional(),
});
/** All that is needed to check a draw: each score is the SHA-256 of seed, entries digest, beacon and ticket, joined by newlines. */
export const Draw = z.object({
  ref: Ref,
  method: z.enum(['first_come', 'draw']),
  seed: z.string(),
  seedDigest: z.string(),
  entriesDigest: z.string(),
  beacon: z.string().nullable(),
  ranking: z.array(
    z.object({ rank: z.int(), entry: z.string(), number: z.int(), score: z.string().nullable() }),
  ),
});

export const BackInStockInput = z.object({
  sku: Sku,
  channel: ChannelCode,
  email: z.email('expected an email address').max(320),
  quantity: z.int().min(1).max(1000).default(1),
  locale: z.string().max(35).optional(),
});
export const BackInStock = z.object({
  id: z.string(),
  sku: Sku,
  channel: ChannelCode,
  quantity: z.int(),
  state: z.enum(['unconfirmed', 'waiting', 'told']),
  askedAt: AnsweredInstant,
  toldAt: AnsweredInstant.nullable(),
});
export const BackInStockConfirmation = z.object({ token: z.string().max(200) });
export const BackInStockPage = listOf(BackInStock.extend({ email: z.string() }));
export const BackInStockQuery = Page.extend({ sku: Sku.optional() });

/** Work that an order has started, as its maker is asked for it. */
export const ProductionRequest = z.object({
  ref: Ref.describe('the supply that the work brings: revised, received and cancelled as one'),
  sku: Sku,
  order: z.string().describe('channel:ref'),
  line: LineRef,
  quantity: z.int(),
  options: z.array(OptionName),
  location: LocationCode,
  requestedAt: AnsweredInstant,
  expectedOn: AnsweredDay.nullable(),
  /** requested, accepted by its maker, done; not_needed: its order was cancelled, and its units are free. */
  state: z.enum(['requested', 'accepted', 'done', 'not_needed']),
  acceptedAt: AnsweredInstant.nullable(),
  acceptedBy: z.string().nullable(),
  makerRef: z.string().nullable(),
  received: z.int(),
});
export const ProductionRequestPage = listOf(ProductionRequest);
export const ProductionRequestQuery = Page.extend({
  sku: Sku.optional(),
  state: z.enum(['requested', 'accepted', 'done', 'not_needed']).optional(),
});
export const ProductionAccepted = z.object({
  /** What the maker calls it. */
  makerRef: Ref.optional(),
  /** When it will be done, where that is another day than was asked for. */
  expectedOn: Day.optional(),
});

/** Demand that was not served. What was refused and ordered again under the same ref is not in it. */
export const UnmetDemand = z.object({
  sku: Sku,
  channel: ChannelCode,
  kind: z.enum(['refused', 'back_in_stock']),
  on: AnsweredDay.describe('in the brand’s zone'),
  units: z.int(),
  requests: z.int(),
});
export const UnmetDemandPage = listOf(UnmetDemand);
export const UnmetDemandQuery = Page.extend({
  sku: Sku.optional(),
  channel: ChannelCode.optional(),
  from: Day.optional(),
  until: Day.optional(),
});

/** What can be done about a signal: the call that does it, where Kept can. */
export const SignalChoice = z.object({
  choice: z.string(),
  words: z.string(),
  call: z.object({ method: z.string(), path: z.string(), body: z.unknown().optional() }).optional(),
});
export const Signal = z.object({
  id: z.string(),
  kind: z.string(),
  words: z.string(),
  sku: Sku.optional(),
  supplier: SupplierCode.optional(),
  order: z.string().optional(),
  at: AnsweredInstant,
  data: z.record(z.string(), z.unknown()),
  choices: z.array(SignalChoice),
});
export const SignalPage = listOf(Signal);
export const SignalQuery = Page.extend({ kind: z.string().max(60).optional(), sku: Sku.optional() });
export const SignalSettled = z.object({ choice: Words.optional() });

/** A line whose units nothing backs any more. */
export const SignalLine = z.object({
  order: z.string().describe('channel:ref'),
  line: LineRef,
  customer: z.string(),
  waiting: z.int(),
  value: AnsweredMoney.describe('net, of the units that wait'),
});
export const SignalLinePage = listOf(SignalLine);

const orders = z
  .array(z.string().max(260))
  .min(1)
  .max(5000)
  .optional()
  .describe('channel:ref; left out: all whose units wait');
/** One of a signal's choices, carried out. */
export const SignalChosen = z.discriminatedUnion('choice', [
  z.object({
    choice: z.literal('expedite'),
    /** Supply that is there already, brought forward … */
    purchaseOrder: Ref,
    line: LineRef.default(1),
    expectedOn: Day,
    /** … or another, with its supplier. */
    supplier: SupplierCode.optional(),
    quantity: Quantity.optional(),
    location: LocationCode.optional(),
    freightMode: z.string().max(60).optional(),
  }),
  z.object({
    choice: z.literal('substitute'),
    sku: Sku,
    /** offer: their customers are asked, and choose on their page; switch: they have agreed. */
    how: z.enum(['offer', 'switch']).default('offer'),
    orders,
  }),
  z.object({ choice: z.literal('cancel_and_refund'), reason: Words.default('cannot_be_kept'), orders }),
]);
export const SignalOutcome = z.object({
  choice: z.string(),
  /** Orders that it was carried out for. */
  orders: z.array(z.string()),
  /** Those that it could not be carried out for, each with why. */
  failed: z.array(z.object({ order: z.string(), reason: z.string() })),
  /** Units of the item that still wait. */
  waiting: z.int(),
});

/** A key that stands in a shop's pages for everybody to see. It reads what shoppers of one channel are told. */
export const PublishableKeyInput = z.object({ name: Words, channel: ChannelCode });
export const PublishableKey = PublishableKeyInput.extend({
  key: z.string().optional().describe('told once, when it is made'),
  createdAt: AnsweredInstant,
});
export const PublishableKeyList = listOf(PublishableKey);

/** A brand's own words of a language, by the path of what they replace: "states.backorder.dated.text". */
export const OwnWords = z.record(z.string().max(100), z.string().max(1000));
export const CopyWords = z.object({
  language: z.enum(['en', 'de', 'fr', 'es']),
  own: OwnWords,
  /** Every text as it is said now, with the placeholders that it needs. */
  texts: z.array(z.object({ path: z.string(), text: z.string(), placeholders: z.array(z.string()) })),
});

const storefrontKey = z.string().max(80).describe('a publishable key');
export const StorefrontQuery = z.object({
  key: storefrontKey,
  sku: Sku,
  channel: ChannelCode.optional().describe('that of the key, where it is said'),
  quantity: z.coerce.number().pipe(Quantity).default(1),
  shipTo: z.string().max(100).optional(),
  options: OptionList.optional(),
  locale: z.string().max(35).optional(),
});
/** A cart before it is ordered: what of it goes when, and whether it should be one order. */
export const CartInput = z.object({
  channel: ChannelCode,
  lines: z
    .array(
      z.object({
        line: LineRef.optional().describe("the cart's own name of it; left out, its place from 1 on"),
        sku: Sku,
        quantity: Quantity,
      }),
    )
    .min(1)
    .max(250),
  shipTo: z.string().max(100).optional(),
  locale: z.string().max(35).optional(),
});
export const StorefrontCart = CartInput.extend({
  key: storefrontKey,
  channel: ChannelCode.optional().describe('that of the key, where it is said'),
});
const CartUnits = z.object({ line: LineRef, sku: Sku, quantity: z.int() });
export const Cart = z.object({
  channel: ChannelCode,
  lines: z.array(
    z.object({
      line: LineRef,
      sku: Sku,
      title: z.string(),
      quantity: z.int(),
      now: z.int(),
      later: z.array(z.object({ quantity: z.int(), shipBy: AnsweredDay })),
      missing: z.int().describe('units that nothing can be promised for'),
    }),
  ),
  /** What leaves together where each unit leaves as soon as it can: an order each, where they are to keep their days. */
  parcels: z.array(
    z.object({
      shipBy: AnsweredDay.nullable().describe('null: it is here, and leaves now'),
      lines: z.array(CartUnits),
    }),
  ),
  /** More than one parcel. */
  mixed: z.boolean(),
  /** Units that wait have more than one day: a shop that knows one due date of an order would give all of them the soonest. */
  severalDueDates: z.boolean(),
  /** Of a mixed cart: each as soon as it can, or everything on the last day; as a shopper is told. */
  ways: z.array(z.object({ way: z.enum(['apart', 'together']), words: z.string() })),
  missing: z.int(),
  locale: z.string(),
  asOf: AnsweredInstant,
});
export const StorefrontAsk = z.object({
  key: storefrontKey,
  sku: Sku,
  email: z.email('expected an email address').max(320),
  quantity: z.int().min(1).max(1000).default(1),
  locale: z.string().max(35).optional(),
});
