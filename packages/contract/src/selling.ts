import { z } from 'zod';
import {
  AnsweredDay,
  AnsweredInstant,
  ChannelCode,
  Day,
  Instant,
  LocationCode,
  listOf,
  Page,
  Quantity,
  Ref,
  Sku,
  SupplierCode,
  Words,
} from './common.ts';

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
export const DropInput = z.object({
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
const EntryState = z.enum(['waiting', 'offered', 'taken', 'passed']);
export const Drop = DropInput.extend({
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
  locale: z.string().max(35).optional(),
});
export const StorefrontAsk = z.object({
  key: storefrontKey,
  sku: Sku,
  email: z.email('expected an email address').max(320),
  quantity: z.int().min(1).max(1000).default(1),
  locale: z.string().max(35).optional(),
});
