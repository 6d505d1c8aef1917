import { z } from 'zod';
import { AnsweredDay, AnsweredInstant, AnsweredMoney, Currency, Day, Instant } from './common.ts';

export const BOOK_DIMENSIONS = [
  'item',
  'supplier',
  'purchase_order',
  'channel',
  'class',
  'cause',
  'state',
  'month',
] as const;
export const BookDimension = z.enum(BOOK_DIMENSIONS);

export const BookQuery = z.object({
  asOf: Instant.optional().describe('as it was shown then; now where left out'),
  by: BookDimension.optional(),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(100)
    .describe('most rows of `groups`, the largest by value'),
});
/** Sums in one currency. */
export const BookSum = z.object({
  key: z.string(),
  title: z.string(),
  lines: z.int(),
  orders: z.int().nullable().describe('null where orders cannot be told apart by this dimension'),
  units: z.int(),
  value: AnsweredMoney.describe('net of discounts, before tax'),
  cost: AnsweredMoney.nullable().describe(
    'in the brand’s currency; null where an item has no cost, or a rate is missing',
  ),
  margin: AnsweredMoney.nullable().describe('value − cost in the brand’s currency'),
  inBrandCurrency: AnsweredMoney.nullable().describe('at the rate of the day; null without one'),
});
export const Book = z.object({
  asOf: AnsweredInstant,
  day: AnsweredDay,
  currency: Currency,
  orders: z.int(),
  customers: z.int(),
  lines: z.int(),
  units: z.int(),
  value: AnsweredMoney.nullable(),
  cost: AnsweredMoney.nullable(),
  margin: AnsweredMoney.nullable(),
  currencies: z.array(BookSum),
  states: z.array(BookSum),
  groups: z.array(BookSum).optional(),
  missingRates: z.array(Currency).describe('currencies that could not be told in the brand’s'),
});

/** Which rows of the book; all of it where nothing is told. */
export const BookLinesQuery = z.object({
  by: BookDimension.optional(),
  key: z.string().max(260).optional().describe('of a group of `/v1/book?by=`'),
  currency: Currency.optional(),
  basis: z.enum(['order', 'first', 'latest']).optional(),
  age: z.string().max(20).optional().describe('of a bucket of `/v1/book/ageing?basis=`'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(400).optional(),
});
export const BookLine = z.object({
  order: z.string(),
  line: z.union([z.string(), z.number()]),
  sku: z.string(),
  title: z.string(),
  customer: z.string(),
  channel: z.string(),
  class: z.string(),
  placedOn: AnsweredDay,
  units: z.int(),
  value: AnsweredMoney,
  cost: AnsweredMoney.nullable(),
  state: z.string(),
  cause: z.string(),
  plannedOn: AnsweredDay.nullable(),
  firstPromise: AnsweredDay.nullable(),
  latestPromise: AnsweredDay.nullable(),
  supplies: z
    .array(z.object({ ref: z.string().nullable(), units: z.int(), value: z.int() }))
    .describe('what its units wait for; null: nothing'),
});
export const BookLines = z.object({ items: z.array(BookLine), next: z.string().nullable() });

/** What moved the book: its rows behind a figure of the history. */
export const BookMovesQuery = z.object({
  from: Day.optional(),
  to: Day.optional(),
  kind: z.string().max(40).optional(),
  by: z.string().max(40).optional(),
  currency: Currency.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(400).optional(),
});
export const BookMoves = z.object({
  items: z.array(
    z.object({
      order: z.string(),
      line: z.union([z.string(), z.number()]),
      sku: z.string(),
      customer: z.string(),
      at: AnsweredInstant,
      day: AnsweredDay,
      kind: z.string(),
      by: z.string(),
      units: z.int().describe('how many came or went'),
      value: AnsweredMoney.describe('what came or went'),
      cause: z.string(),
      causeBefore: z.string().nullable(),
    }),
  ),
  next: z.string().nullable(),
});

const Moved = z.object({
  kind: z
    .string()
    .describe(
      'new, reopened, filled, shipped, cancelled, switched, repriced, recosted, attributed (to another cause), moved, opening',
    ),
  by: z.string(),
  lines: z.int(),
  orders: z.int().nullable(),
  units: z.int(),
  value: z.int().describe('minor units'),
});
const Level = z.object({
  lines: z.int(),
  orders: z.int().nullable().describe('null by cause: an order’s lines may have several'),
  units: z.int(),
  value: z.int(),
});
const Part = z.object({ key: z.string(), lines: z.int(), units: z.int(), value: z.int() });
export const BookHistoryQuery = z.object({
  from: Day.optional(),
  to: Day.optional(),
  currency: Currency.optional().describe('the brand’s unless told'),
  by: z.enum(['cause', 'channel']).optional().describe('tells each day’s end in parts that add up to it'),
  cause: z.string().max(60).optional().describe('only what waits for this cause'),
});
export const BookHistory = z.object({
  currency: Currency,
  opening: Level,
  days: z.array(
    z.object({ day: AnsweredDay, closing: Level, parts: z.array(Part).optional(), moves: z.array(Moved) }),
  ),
});

export const BookAgeingQuery = z.object({
  basis: z
    .enum(['order', 'first', 'latest'])
    .default('order')
    .describe('days since the order, or past a promise'),
  asOf: Instant.optional(),
});
const AgeRow = z.object({
  key: z.string(),
  lines: z.int(),
  units: z.int(),
  values: z.array(AnsweredMoney),
});
export const BookAgeing = z.object({
  basis: z.string(),
  day: AnsweredDay,
  buckets: z.array(AgeRow),
  oldest: z.array(
    z.object({
      order: z.string(),
      line: z.union([z.string(), z.number()]),
      sku: z.string(),
      title: z.string(),
      customer: z.string(),
      placedOn: AnsweredDay,
      days: z.int(),
      units: z.int(),
      value: AnsweredMoney,
      firstPromise: AnsweredDay.nullable(),
      latestPromise: AnsweredDay.nullable(),
    }),
  ),
});

export const BookBurnDownQuery = z.object({
  days: z.coerce.number().int().min(7).max(365).default(120),
  measure: z.enum(['value', 'units']).default('value'),
});
export const BookBurnDown = z.object({
  currency: Currency,
  measure: z.string(),
  sofar: z.array(z.object({ day: AnsweredDay, left: z.int() })),
  ahead: z.array(
    z.object({
      day: AnsweredDay,
      promised: z.int().describe('left if every latest promise is kept'),
      lastWeek: z.int().describe('left by the promises as they stood a week ago'),
      p10: z.int(),
      p50: z.int(),
      p90: z.int(),
    }),
  ),
  halfOn: AnsweredDay.nullable(),
  goneOn: AnsweredDay.nullable().describe('all that is backed'),
  withoutSupply: z.int(),
  slip: z
    .int()
    .describe('area between the promises of a week ago and those of now, from today on, in measure × days'),
});

export const BookMetricsQuery = z.object({ from: Day.optional(), to: Day.optional() });
export const BookMetrics = z.object({
  from: AnsweredDay,
  to: AnsweredDay,
  currency: Currency,
  metrics: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      unit: z.string(),
      formula: z.string(),
      denominator: z.string(),
      source: z.string(),
      value: z.number().nullable().describe('null: not enough data'),
      numerator: z.number().nullable(),
      over: z.number().nullable(),
    }),
  ),
  cancelled: z.array(z.object({ by: z.string(), reason: z.string(), lines: z.int(), units: z.int() })),
  repurchaseBySlip: z.array(z.object({ slip: z.string(), customers: z.int(), again: z.int() })),
  slipCost: z
    .object({
      perDay: z.number().describe('more lines cancelled, as a share, for each day of slip'),
      low: z.number(),
      high: z.number(),
      lines: z.int(),
      cancelled: z.int(),
      perDayValue: AnsweredMoney.nullable().describe('of the book as it is now'),
    })
    .nullable()
    .describe('null: not enough data'),
});

export const ContactsInput = z.object({
  source: z.string().min(1).max(60).describe('the helpdesk, such as gorgias'),
  contacts: z
    .array(
      z.object({
        id: z.string().min(1).max(200).describe('the helpdesk’s own; the same twice counts once'),
        at: Instant,
        order: z.string().min(1).max(260).optional().describe('Kept’s id or channel:ref'),
        email: z
          .email()
          .max(320)
          .optional()
          .describe('finds the newest order of it up to then, one that waited first; it is not kept'),
        topic: z.string().max(200).optional(),
      }),
    )
    .min(1)
    .max(1000),
});
export const ContactsRecorded = z.object({
  recorded: z.int(),
  known: z.int().describe('were recorded before'),
  unmatched: z
    .array(z.string())
    .describe('ids of contacts for which no order was found; they are kept without one'),
});

export const BookMoney = z.object({
  asOf: AnsweredInstant,
  recognition: z.enum(['shipment', 'delivery']),
  deferred: z.array(
    z.object({
      currency: Currency,
      captured: z.int().describe('net of tax, as all of these'),
      refunded: z.int(),
      recognised: z.int(),
      deferred: z.int(),
      receivable: z.int(),
      tax: z.int(),
      inBrandCurrency: AnsweredMoney.nullable().describe('deferred, at the historical rates'),
    }),
  ),
  reconciliation: z.array(
    z.object({
      currency: Currency,
      book: z.int(),
      prepaid: z.int(),
      unpaid: z.int(),
      prepaidReserved: z.int().describe('paid, set aside, not shipped'),
      otherDeferred: z.int().describe('shipping, cancelled and not yet refunded, paid beyond the order'),
      deferred: z.int(),
    }),
  ),
  refundsOwed: z.array(
    z.object({ order: z.string(), amount: AnsweredMoney, dueOn: AnsweredDay, basis: z.string() }),
  ),
  months: z.array(z.object({ month: z.string(), currency: Currency, units: z.int(), value: z.int() })),
  workingCapital: z.array(
    z.object({
      purchaseOrder: z.string(),
      supplier: z.string(),
      expectedOn: AnsweredDay.nullable(),
      paymentTerms: z.string().nullable(),
      payOn: AnsweredDay.nullable(),
      payable: AnsweredMoney.nullable(),
      book: AnsweredMoney.array(),
      prepaid: AnsweredMoney.array().describe('customers’ money that is in already'),
    }),
  ),
  missingRates: z.array(Currency),
});

export const JournalQuery = z.object({
  from: Day.optional(),
  to: Day.optional(),
  format: z.enum(['json', 'quickbooks', 'xero', 'netsuite']).default('json'),
});
export const Journal = z.object({
  entries: z.array(
    z.object({
      number: z.string(),
      at: AnsweredInstant,
      day: AnsweredDay,
      order: z.string(),
      kind: z.string(),
      name: z.string(),
      currency: Currency,
      postings: z.array(z.object({ account: z.string(), amount: z.int(), base: z.int() })),
    }),
  ),
  deferred: z.array(AnsweredMoney).describe('what the entries up to the end leave in deferred revenue'),
});

export const Rates = z.object({
  rates: z.record(Currency, z.string().regex(/^\d{1,12}(\.\d{1,12})?$/, 'expected a decimal such as 1.0834')),
});
export const BookSettings = z.object({
  recognition: z.enum(['shipment', 'delivery']).default('shipment'),
  report: z
    .object({
      recipients: z.array(z.email()).min(1).max(20),
      weekday: z.int().min(1).max(7).describe('1 is Monday'),
      hour: z.int().min(0).max(23).describe('in the brand’s zone'),
    })
    .nullable()
    .default(null),
});
