import { z } from 'zod';
import { MESSAGE_KINDS } from './catalog.ts';
import {
  AnsweredDay,
  AnsweredInstant,
  AnsweredMoney,
  Country,
  Day,
  Instant,
  LineRef,
  listOf,
  Page,
  Price,
  Quantity,
  Ref,
  Sku,
  Words,
} from './common.ts';
import { Customer, Reason } from './demand.ts';

export const MessageKind = z.enum(MESSAGE_KINDS);
export const MessageState = z.enum([
  'waiting',
  'sending',
  'sent',
  'skipped',
  'failed',
  'superseded',
  'shadowed',
  'channel',
  'bounced',
]);

/** A message to a customer. Its content stands from when it was sent; before, the preview shows what it would be. */
export const Message = z.object({
  id: z.string(),
  kind: MessageKind,
  /** channel:ref. */
  order: z.string(),
  customer: z.string(),
  lines: z.array(LineRef),
  /** One message per cause. */
  cause: z.string(),
  dueAt: AnsweredInstant,
  /** The last day on which it counts, where a law wants it. */
  legalBy: AnsweredDay.nullable(),
  sentAt: AnsweredInstant.nullable(),
  state: MessageState,
  /** Why it is not out yet, in a sentence. */
  waitsFor: z.string().nullable(),
  attempts: z.int(),
  subject: z.string().nullable(),
  reasons: z.array(Reason),
});
export const MessageQuery = Page.extend({
  order: z.string().max(260).optional(),
  state: MessageState.optional(),
  kind: MessageKind.optional(),
});
export const MessagePage = listOf(Message);
export const MessagePreview = z.object({
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  language: z.string(),
  templateVersion: z.int(),
});
export const MessageSend = z.object({
  /** It was told by a person, on the phone or in a mail of their own: recorded as sent, and nothing goes out. */
  byHand: Words.optional(),
  /** A test: to this address, and recorded nowhere. */
  test: z.email().optional(),
});
export const MessageSkip = z.object({ reason: Words.default('skipped') });

const Reached = z.object({
  order: z.string(),
  customer: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
});
/** A customer who must hear something today. */
export const ToHear = Reached.extend({
  /** Null: nothing is written, and a person decides. */
  message: z.string().nullable(),
  kind: MessageKind.nullable(),
  state: MessageState.or(z.literal('undecided')),
  dueAt: AnsweredInstant.nullable(),
  legalBy: AnsweredDay.nullable(),
  /** Its day was before today. */
  late: z.boolean(),
  words: z.string(),
});
export const ToHearPage = listOf(ToHear).extend({ today: AnsweredDay });
/** A customer who was asked and has said nothing yet. */
export const Unanswered = Reached.extend({
  regime: z.string(),
  lines: z.int(),
  units: z.int(),
  askedAt: AnsweredInstant,
  silence: z.object({
    means: z.enum(['consent', 'cancelled', 'nothing']),
    /** The last day on which the customer can prevent it; null: it has none. */
    on: AnsweredDay.nullable(),
    words: z.string(),
  }),
});
export const UnansweredPage = listOf(Unanswered).extend({ today: AnsweredDay });

const Figure = z.object({
  /** count / of; null where there is nothing to divide by. */
  value: z.number().nullable(),
  count: z.int(),
  of: z.int(),
  /** What is counted / of what. */
  formula: z.string(),
});
const LimitedFigure = Figure.extend({ limit: z.number(), holds: z.boolean() });
export const MetricQuery = z.object({ from: Day.optional(), until: Day.optional() });
/** How telling customers goes. The five rates of answers add up to one: each asked order counts once, by its last word. */
export const MessageMetrics = z.object({
  from: AnsweredDay,
  until: AnsweredDay,
  cancelRate: Figure,
  consentRate: Figure,
  switchRate: Figure,
  silentRate: Figure,
  cancelledBySilenceRate: Figure,
  noticeTimeliness: Figure,
  messagesPerOrder: Figure,
  bounceRate: Figure,
  complaintRate: Figure,
  hoursToTell: z.object({
    median: z.number().nullable(),
    ninetyPercent: z.number().nullable(),
    formula: z.string(),
  }),
  /** Amazon's own limits for sellers: a share has to stay below its limit. */
  amazon: z.object({ lateShipments: LimitedFigure, cancellations: LimitedFigure }),
  /** Why customers cancelled, in their own words, most often first; null: they gave none. */
  reasons: z.array(z.object({ reason: z.string().nullable(), orders: z.int() })),
  asOf: AnsweredInstant,
});

/** Where a customer is reached. What is left out stays as it is; null takes it away. */
export const OrderContact = z
  .object({
    email: z.email().nullable().optional(),
    phone: Customer.shape.phone.unwrap().nullable().optional(),
  })
  .refine((contact) => contact.email !== undefined || contact.phone !== undefined, {
    message: 'expected email, phone or both',
    path: ['email'],
  });

/** What a mail server, a gateway or a brand's own sender heard of a message after it was sent. */
export const MessageReport = z
  .object({
    /** As it travelled with the message: the local part of its Message-ID, or the id of its webhook. */
    reference: z.string().max(400).optional(),
    /** Or by Kept's own id. */
    message: z.coerce.number().int().positive().optional(),
    kind: z.enum(['delivered', 'deferred', 'bounced', 'complained']),
    detail: z.string().trim().max(2000).default(''),
    /** Left out: now. */
    at: Instant.optional(),
  })
  .refine((report) => (report.reference === undefined) !== (report.message === undefined), {
    message: 'expected either reference or message',
    path: ['reference'],
  });
/** What became of a report: the message that it is about; none where it is about nothing that Kept sent. */
export const MessageReported = z.object({
  message: z.string().nullable(),
  kind: z.enum(['delivered', 'deferred', 'bounced', 'complained']).nullable(),
  state: MessageState.nullable(),
});
export const MessageRetry = z.object({
  state: z.enum(['failed', 'bounced']).default('failed'),
  kind: MessageKind.optional(),
});
export const MessageRetried = z.object({ messages: z.int() });

const Colour = z.string().regex(/^#[0-9a-f]{6}$/i, 'expected a colour such as #1f5f4a');
/** How a brand speaks to its customers. Each change is kept, with who made it. */
export const MessageSettings = z.object({
  /** Writes everything and sends nothing. */
  shadow: z.boolean().default(false),
  paused: z.boolean().default(false),
  /** Where an article is sold, with {sku} in it; {hold} is filled in with what an offer keeps for its customer. */
  itemUrl: z
    .string()
    .regex(/^https?:\/\/\S+$/, 'expected an address such as https://shop.example/products/{sku}')
    .max(500)
    .optional(),
  ratePerMinute: z.int().min(1).max(100_000).default(1200),
  replyTo: z.email().optional(),
  /** Where customers reach their own page: the address in front of /c/. */
  pageUrl: z.url().optional(),
  logo: z.url().optional(),
  colour: Colour.default('#1f5f4a'),
  language: z.enum(['en', 'de']).default('en'),
  /** Who the customer writes to. */
  contact: z.string().trim().max(200).optional(),
  updateDays: z.int().min(1).max(60).default(7),
  everyWeeks: z.int().min(1).max(26).nullable().default(4),
  quietHours: z.int().min(0).max(72).default(4),
  /** Whether the customer's page says how many are served before them. */
  showsPlaceInQueue: z.boolean().default(false),
  linkDays: z.int().min(1).max(730).default(180),
  /** What silence does by law, Kept carries out by itself; `ask` leaves it to a person. */
  cancelsByLaw: z.enum(['automatic', 'ask']).default('automatic'),
  /** What of 16 CFR 435 does not bind the brand's orders, on counsel's word. */
  usExemption: z
    .enum(['cash_on_delivery', 'seeds_and_plants', 'subscription', 'prenotification', 'business_orders'])
    .nullable()
    .default(null),
  /** Why, and on whose word: kept with the change. */
  note: Words.optional(),
});
export const MessageSettingsRecord = MessageSettings.extend({
  version: z.int(),
  actor: z.string(),
  at: AnsweredInstant.nullable(),
  /** Messages by state: how far a large sending has come. */
  messages: z.record(z.string(), z.int()),
  /** How mail leaves; null: no way is configured, and messages wait. */
  sender: z.string().nullable(),
});

/** The brand's own words around what has to be said. Placeholders: {name}, {order}, {brand}. */
export const MessageTemplateInput = z.object({
  subject: z.string().trim().min(1).max(200).optional(),
  opening: z.string().trim().max(2000).optional(),
  closing: z.string().trim().max(2000).optional(),
});
export const MessageTemplate = MessageTemplateInput.extend({
  kind: MessageKind,
  language: z.string(),
  version: z.int(),
  actor: z.string().optional(),
  at: AnsweredInstant.optional(),
  /** 0 to 100 (Flesch, Amstad), of opening and closing; 60 and more is plain. Null: there is nothing to read. */
  readingEase: z.int().nullable(),
  /** What could be said better. */
  remarks: z.array(z.object({ path: z.string(), message: z.string() })),
});
export const MessageTemplateTry = MessageTemplateInput.extend({ order: z.string().min(1).max(260) });

/** What a customer may choose on their own page, or tell an agent. */
export const CustomerChoice = z.discriminatedUnion('choice', [
  z.object({
    choice: z.literal('wait'),
    lines: z.array(LineRef).min(1).max(5000).optional(),
    /** The day that the customer saw and agrees to; left out: the newest that was promised. */
    until: Day.optional(),
    /** However long it takes. */
    untilAnyDay: z.boolean().default(false),
  }),
  z.object({
    choice: z.literal('cancel'),
    /** Left out: everything that is open. */
    lines: z
      .array(z.object({ line: LineRef, quantity: Quantity.optional() }))
      .min(1)
      .max(5000)
      .optional(),
    reason: Words.optional(),
    /** The second step of two: what was shown was confirmed. */
    confirmed: z.literal(true),
  }),
  z.object({ choice: z.literal('switch'), line: LineRef, sku: Sku, confirmed: z.literal(true) }),
  z.object({
    choice: z.literal('additional_period'),
    until: Day,
    lines: z.array(LineRef).min(1).max(5000).optional(),
  }),
]);
/** What an agent wrote down for a customer. */
export const AgentChoice = z.object({ id: Ref.optional(), answer: CustomerChoice, note: Words.optional() });

export const SwitchInput = z.object({
  id: Ref.optional(),
  line: LineRef,
  /** The item instead. */
  sku: Sku,
  /** Its price; left out: the item's own. */
  price: Price.optional(),
  quantity: Quantity.optional(),
  reason: Words.optional(),
});

const LawRow = z.object({
  id: z.string(),
  regime: z.string(),
  state: z.string(),
  must: z.string(),
  silence: z.string().nullable(),
  source: z.string(),
});
/** What the law, a contract or the brand's own rule asks for a line, as of now. */
export const LineDuty = z.object({
  order: z.string(),
  customer: z.string(),
  shipTo: Country,
  line: LineRef,
  sku: Sku,
  open: z.int(),
  regime: z.string(),
  state: z.string(),
  original: AnsweredDay.nullable(),
  deadline: AnsweredDay.nullable(),
  expected: AnsweredDay.nullable(),
  notice: z
    .object({ kind: z.string(), indefinite: z.boolean(), by: AnsweredDay.nullable(), sendBy: AnsweredDay })
    .nullable(),
  silence: z.object({ means: z.string(), on: AnsweredDay.nullable() }).nullable(),
  cancelledOn: AnsweredDay.nullable(),
  customerMay: z.array(z.string()),
  missed: z.array(z.object({ row: z.string(), on: AnsweredDay, source: z.string() })),
  rows: z.array(LawRow),
});
export const DutyQuery = Page.extend({
  order: z.string().max(260).optional(),
  state: z.string().max(40).optional(),
});
export const DutyPage = listOf(LineDuty);

export const RefundDue = z.object({
  order: z.string(),
  kind: z.enum(['refund', 'statement', 'confirm']),
  basis: z.string(),
  regime: z.string(),
  amount: AnsweredMoney,
  aroseOn: AnsweredDay,
  dueOn: AnsweredDay,
  rule: z.string(),
  source: z.string(),
  doneAt: AnsweredInstant.nullable(),
  late: z.boolean(),
});
export const RefundPage = listOf(RefundDue);

/** A customer's own page: one order, in plain words, and what may be chosen. Without a login; the address is the key. */
export const CustomerPage = z.object({
  brand: z.object({
    name: z.string(),
    colour: z.string(),
    logo: z.string().nullable(),
    contact: z.string().nullable(),
  }),
  language: z.enum(['en', 'de']),
  today: AnsweredDay,
  order: z.object({ ref: z.string(), name: z.string(), placedOn: AnsweredDay, currency: z.string() }),
  lines: z.array(
    z.object({
      line: LineRef,
      title: z.string(),
      ordered: z.int(),
      shipped: z.int(),
      cancelled: z.int(),
      open: z.int(),
      price: AnsweredMoney,
      /** What of it leaves when. */
      parts: z.array(z.object({ quantity: z.int(), shipBy: AnsweredDay })),
      /** The day that was promised first, where it is another now. */
      firstShipBy: AnsweredDay.nullable(),
      /** Why it moved, as a sentence in the page's language. */
      why: z.string().nullable(),
      /** The customer agreed to wait: until a day, or for as long as it takes (null). */
      agreed: z.object({ until: AnsweredDay.nullable() }).nullable(),
      /** How many are served before, if the brand wishes to tell. */
      ahead: z.int().nullable(),
      /** The day that a yes agrees to. */
      waitUntil: AnsweredDay.nullable(),
      alternatives: z.array(
        z.object({
          sku: Sku,
          title: z.string(),
          /** Of one, against what was ordered; below zero is cheaper. */
          difference: AnsweredMoney,
          /** Null: it can leave now. */
          shipBy: AnsweredDay.nullable(),
        }),
      ),
    }),
  ),
  timeline: z.array(z.object({ on: AnsweredDay, words: z.string() })),
  /** What saying nothing comes to, as a sentence; null: nothing hangs on it. */
  silence: z.string().nullable(),
  /** What cancelling all that is open would pay back, how and by when. */
  refund: z
    .object({
      kind: z.enum(['refund', 'statement', 'confirm']),
      amount: AnsweredMoney,
      by: AnsweredDay,
      whole: z.boolean(),
    })
    .nullable(),
  refunds: z.array(
    z.object({ amount: AnsweredMoney, dueOn: AnsweredDay, done: z.boolean(), kind: z.string() }),
  ),
  canChoose: z.boolean(),
});
export const CustomerLink = z.object({ url: z.string(), expiresAt: AnsweredInstant });

/** A message to somebody who waits without an order: to be told, or for their turn; or about more than one order. */
export const NoticeKind = z.enum([
  'back_in_stock_confirm',
  'back_in_stock',
  'drop_joined',
  'drop_offered',
  'drop_passed',
  'validation_met',
  'substitute_offered',
]);
export const Notice = z.object({
  id: z.string(),
  kind: NoticeKind,
  to: z.string(),
  sku: Sku.nullable(),
  order: z.string().nullable(),
  state: z.enum(['waiting', 'sending', 'sent', 'failed', 'skipped', 'shadowed']),
  writtenAt: AnsweredInstant,
  sentAt: AnsweredInstant.nullable(),
  trouble: z.string().nullable(),
  subject: z.string(),
  text: z.string(),
});
export const NoticePage = listOf(Notice);
export const NoticeQuery = Page.extend({
  kind: NoticeKind.optional(),
  to: z.string().max(320).optional(),
  sku: Sku.optional(),
});
