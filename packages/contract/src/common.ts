import { z } from 'zod';

/** The largest quantity of one line, movement or supply, in stock units. */
export const MAXIMUM_QUANTITY = 10_000_000;
/** The largest amount of one price, in minor units a unit. */
export const MAXIMUM_AMOUNT = 100_000_000_000;
/** The largest amount of a whole line or order, in minor units: price × quantity, discount, tax, shipping, a payment. */
export const MAXIMUM_LINE_AMOUNT = 10_000_000_000_000;

const FIRST_DAY = '1970-01-01';
const LAST_DAY = '2199-12-31';
const FIRST_INSTANT = Date.parse(`${FIRST_DAY}T00:00:00.000Z`);
const LAST_INSTANT = Date.parse(`${LAST_DAY}T23:59:59.999Z`);
/** No place on Earth is further from UTC. */
const MOST_OFFSET_MINUTES = 14 * 60;

/** A calendar day as answers tell it: what is computed may lie beyond the days that are taken. */
export const AnsweredDay = z.iso.date().meta({ examples: ['2026-03-14'] });
/** An instant as answers tell it, in UTC. */
export const AnsweredInstant = z.iso.datetime({ offset: true });
/** A calendar day, 'YYYY-MM-DD', that exists, of the years that Kept plans for. */
export const Day = z.iso
  .date({ error: 'expected a day that exists, as YYYY-MM-DD', abort: true })
  .refine((day) => day >= FIRST_DAY && day <= LAST_DAY, `expected a day from ${FIRST_DAY} to ${LAST_DAY}`)
  .meta({ examples: ['2026-03-14'] });
/** An instant, ISO 8601 with an offset or Z; it is read as UTC, to the millisecond. */
export const Instant = z.iso
  .datetime({ offset: true, error: 'expected an instant such as 2026-03-14T09:30:00Z', abort: true })
  .refine((text) => offsetMinutes(text) <= MOST_OFFSET_MINUTES, {
    error: 'expected an offset from -14:00 to +14:00',
    abort: true,
  })
  .refine(isPlannedFor, { error: `expected an instant from ${FIRST_DAY} to ${LAST_DAY}`, abort: true })
  .overwrite((text) => new Date(text).toISOString());

const code = (what: string) =>
  z
    .string()
    .trim()
    .min(1, `expected ${what}`)
    .max(120, `expected ${what} of at most 120 characters`)
    .refine((text) => !hasControlCharacter(text), `expected ${what} without control characters`);

export const Sku = code('a SKU');
export const LocationCode = code('a location code');
export const ChannelCode = code('a channel code');
export const SupplierCode = code('a supplier code');
export const PolicyName = code('a policy name');
/** What the other system calls the thing: an order's, a purchase order's or a supply's reference. */
export const Ref = code('a reference');
/** Free text a person reads: titles, reasons, notes. */
export const Words = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine((text) => !text.includes('\u0000'), 'expected text without null characters');

/** A line's name inside its order or purchase order; answered as it was given. */
export const LineRef = z.union([z.int().min(0).max(Number.MAX_SAFE_INTEGER), code('a line')]);

/** Whole units, one or more. */
export const Quantity = z
  .int('expected whole units')
  .min(1, 'expected at least 1 unit')
  .max(MAXIMUM_QUANTITY, 'expected at most 10,000,000 units');
/** Whole units, zero or more. */
export const QuantityOrZero = z
  .int('expected whole units')
  .min(0, 'expected 0 units or more')
  .max(MAXIMUM_QUANTITY, 'expected at most 10,000,000 units');

/** ISO 4217, three capitals. */
export const Currency = z.string().regex(/^[A-Z]{3}$/, 'expected a currency code such as USD');
/** Integer minor units with a currency: 1999 USD is $19.99. */
export const Money = z.object({
  amount: z
    .int('expected whole minor units')
    .min(-MAXIMUM_AMOUNT, 'expected a smaller amount')
    .max(MAXIMUM_AMOUNT, 'expected a smaller amount'),
  currency: Currency,
});
export const Price = Money.refine((money) => money.amount >= 0, 'expected a price of zero or more');
/** Of a whole line, order or payment; zero or more. */
export const Amount = z.object({
  amount: z
    .int('expected whole minor units')
    .min(0, 'expected an amount of zero or more')
    .max(MAXIMUM_LINE_AMOUNT, 'expected at most 10,000,000,000,000 minor units'),
  currency: Currency,
});
/** Money as answers tell it: sums pass what one price may be. */
export const AnsweredMoney = z.object({ amount: z.int(), currency: Currency });

/** ISO 3166-1 alpha-2, two capitals. */
export const Country = z.string().regex(/^[A-Z]{2}$/, 'expected a country code such as US');

/** Units of measure of an item: how many stock units one of them is. Order, purchase-order and receipt lines may use them. */
export const Uom = code('a unit of measure');

/** RFC 9457 problem, with Kept's stable code and, for input, the path of each bad field. */
export const Problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

/** Lists page by cursor. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
export const Page = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(400).optional(),
});

function offsetMinutes(instant: string): number {
  const [, hours, minutes] = /[+-](\d\d):(\d\d)$/.exec(instant) ?? [];
  return Number(hours ?? 0) * 60 + Number(minutes ?? 0);
}

function isPlannedFor(instant: string): boolean {
  const at = Date.parse(instant);
  return at >= FIRST_INSTANT && at <= LAST_INSTANT;
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) < 32) return true;
  return false;
}

/** One of the ways in which an item can be made: 'engraved'. */
export const OptionName = z.string().trim().min(1).max(60);
