import { z } from 'zod';

/** The largest quantity of one line, movement or supply: one billion units keeps every sum within 2^53. */
export const MAXIMUM_QUANTITY = 1_000_000_000;
/** The largest amount of one price, in minor units: ten trillion, so that price × quantity is checked before it is stored. */
export const MAXIMUM_AMOUNT = 10_000_000_000_000;

/** A calendar day, 'YYYY-MM-DD', that exists. */
export const Day = z.iso.date('expected a day that exists, as YYYY-MM-DD').meta({ examples: ['2026-03-14'] });
/** An instant, ISO 8601 with an offset or Z; answers are always in UTC. */
export const Instant = z.iso.datetime({
  offset: true,
  error: 'expected an instant such as 2026-03-14T09:30:00Z',
});

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
  .max(MAXIMUM_QUANTITY, 'expected at most 1,000,000,000 units');
/** Whole units, zero or more. */
export const QuantityOrZero = z
  .int('expected whole units')
  .min(0, 'expected 0 units or more')
  .max(MAXIMUM_QUANTITY, 'expected at most 1,000,000,000 units');

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

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) < 32) return true;
  return false;
}
