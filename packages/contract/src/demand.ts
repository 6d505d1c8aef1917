import { z } from 'zod';
import {
  Amount,
  AnsweredDay,
  AnsweredInstant,
  AnsweredMoney,
  ChannelCode,
  Country,
  Day,
  Instant,
  LineRef,
  LocationCode,
  MAXIMUM_LINE_AMOUNT,
  OptionName,
  Price,
  Quantity,
  QuantityOrZero,
  Ref,
  Sku,
  Uom,
  Words,
} from './common.ts';

export const OrderLineInput = z.object({
  line: LineRef,
  sku: Sku,
  quantity: Quantity,
  /** Per unit, before tax and discount. */
  price: Price,
  /** On the whole line. */
  discount: Amount.optional(),
  /** On the whole line. */
  tax: Amount.optional(),
  kind: z.enum(['sale', 'replacement', 'gift']).default('sale'),
  /** A cart's hold that this line consumes. */
  hold: z.string().max(60).optional(),
  uom: Uom.optional(),
  /** The line is decided as of this day, from the latest supply that keeps it. */
  notBefore: Day.optional(),
  /** Units not shipped by this day are cancelled. */
  cancelAfter: Day.optional(),
  /** What it is to be made with: names of the item's terms. */
  options: z.array(OptionName).max(20).optional(),
  /** What the customer was told before ordering. */
  statedShipBy: Day.optional(),
  statedDeliverBy: Day.optional(),
});

export const Customer = z.object({
  name: z.string().trim().max(300).default(''),
  email: z.string().trim().max(320).optional(),
  /** With its country's code, such as +442071838750: reached where there is no mail address. */
  phone: z
    .string()
    .trim()
    .regex(/^\+[1-9][\d ()-]{5,24}$/, 'expected a telephone number with its country, such as +442071838750')
    .optional(),
  class: Words.optional(),
  locale: z.string().max(35).optional(),
});

export const OrderInput = z
  .object({
    ref: Ref,
    channel: ChannelCode,
    /** request: Kept decides and may refuse. placed: a channel already sold it, so it is recorded whatever backs it. */
    mode: z.enum(['request', 'placed']).default('request'),
    placedAt: Instant,
    sourceUpdatedAt: Instant.optional(),
    customer: Customer,
    business: z.boolean().default(false),
    shipTo: z.object({
      country: Country,
      region: z.string().max(100).optional(),
      zip: z.string().max(20).optional(),
    }),
    shipComplete: z.boolean().default(false),
    allowPartial: z.boolean().default(false),
    acceptBackorder: z.boolean().default(true),
    shipping: Amount.optional(),
    shippingTax: Amount.optional(),
    /** An order that is not paid yet is backed until then, and given up when it passes unpaid. */
    paymentDueAt: Instant.optional(),
    /** The order that this one replaces, as channel:ref or Kept's id. */
    replaces: z.string().max(260).optional(),
    lines: z.array(OrderLineInput).min(1).max(5000),
  })
  .superRefine((order, context) => {
    refuseTwice(order.lines, context);
    const currency = order.lines[0]?.price.currency;
    const inCurrency = (money: { currency: string } | undefined, path: PropertyKey[]) => {
      if (money === undefined || currency === undefined || money.currency === currency) return;
      const message = `expected ${currency}, as the order's prices`;
      context.addIssue({ code: 'custom', path: [...path, 'currency'], message });
    };
    inCurrency(order.shipping, ['shipping']);
    inCurrency(order.shippingTax, ['shippingTax']);
    for (const [index, line] of order.lines.entries()) {
      const at = ['lines', index];
      inCurrency(line.discount, [...at, 'discount']);
      inCurrency(line.tax, [...at, 'tax']);
      const value = line.price.amount * line.quantity;
      if (value > MAXIMUM_LINE_AMOUNT)
        context.addIssue({
          code: 'custom',
          path: [...at, 'price', 'amount'],
          message: 'expected price × quantity of at most 10,000,000,000,000 minor units',
        });
      else if (line.discount !== undefined && line.discount.amount > value)
        context.addIssue({
          code: 'custom',
          path: [...at, 'discount', 'amount'],
          message: `expected at most price × quantity, ${value}`,
        });
    }
  });

export const Commitment = z.object({
  kind: z.enum(['reserved', 'pegged', 'waiting']),
  quantity: z.int(),
  /** The component, for a kit; its quantity is in component units. */
  sku: Sku.optional(),
  location: LocationCode.optional(),
  supply: z
    .object({
      kind: z.enum(['purchase_order', 'transfer', 'hold_release', 'production']),
      purchaseOrder: z.string().optional(),
      line: LineRef.optional(),
      schedule: LineRef.optional(),
      ref: z.string().optional(),
      expectedOn: AnsweredDay.nullable().optional(),
      stage: z.string().optional(),
    })
    .optional(),
  /** The day these units leave; null while nothing backs them. */
  shipBy: AnsweredDay.nullable(),
});
/** A reason, as a code with its data; every audience's words are made from it. */
export const Reason = z.object({ code: z.string() }).catchall(z.unknown());
export const PromisePart = z.object({ quantity: z.int(), shipBy: AnsweredDay, deliverBy: AnsweredDay });
export const PromiseVersion = z.object({
  version: z.int(),
  /** Units promised; those that nothing backs are not among them. */
  quantity: z.int(),
  /** The last part's. */
  shipBy: AnsweredDay,
  deliverBy: AnsweredDay,
  parts: z.array(PromisePart),
  reasons: z.array(Reason),
});
export const OrderLine = z.object({
  line: LineRef,
  sku: Sku,
  ordered: z.int(),
  shipped: z.int(),
  cancelled: z.int(),
  open: z.int(),
  commitments: z.array(Commitment),
  promise: PromiseVersion.nullable(),
  refused: z.int().optional().describe('units of a partial request that could not be promised'),
});
export const Order = z.object({
  id: z.string(),
  ref: Ref,
  channel: ChannelCode,
  mode: z.enum(['request', 'placed']).optional(),
  placedAt: AnsweredInstant.optional(),
  lines: z.array(OrderLine),
});
export const CannotPromise = z.object({
  line: LineRef,
  sku: Sku,
  asked: z.int(),
  /** The most units that could be promised within the channel's limits. */
  available: z.int(),
  /** The date of the last of them; null where there are none. */
  by: AnsweredDay.nullable(),
});

export const OrderChanges = z
  .object({
    id: Ref.optional(),
    sourceUpdatedAt: Instant.optional(),
    lines: z
      .array(
        z.object({
          line: LineRef,
          /** The line's new total; 0 cancels what is open. */
          quantity: QuantityOrZero.optional(),
          sku: Sku.optional(),
          price: Price.optional(),
          options: z.array(OptionName).max(20).optional().describe('of a new line'),
          notBefore: Day.nullable().optional(),
          cancelAfter: Day.nullable().optional(),
        }),
      )
      .min(1)
      .max(5000),
    reason: Words.optional(),
  })
  .superRefine((changes, context) => refuseTwice(changes.lines, context));
export const Cancellation = z
  .object({
    id: Ref.optional(),
    by: z.enum(['customer', 'brand', 'law', 'channel']).default('customer'),
    /** Left out: everything that is open. */
    lines: z
      .array(z.object({ line: LineRef, quantity: Quantity }))
      .min(1)
      .max(5000)
      .optional(),
    reason: Words.default('cancelled'),
  })
  .superRefine((cancellation, context) => refuseTwice(cancellation.lines ?? [], context));
export const Shipment = z.object({
  id: Ref.optional(),
  lines: z
    .array(z.object({ line: LineRef, quantity: Quantity, location: LocationCode.optional() }))
    .min(1)
    .max(5000),
  carrier: Words.optional(),
  tracking: Words.optional(),
  shippedAt: Instant.optional(),
  deliveredOn: Day.optional(),
});
export const Payment = z.object({
  id: Ref,
  kind: z.enum(['authorised', 'captured', 'refunded', 'disputed']),
  amount: Amount,
  at: Instant,
  captureBefore: Instant.optional(),
  /** Through whom it went: manual unless told; `stripe` and `shopify` are renewed, taken and given back there. */
  provider: z.enum(['manual', 'stripe', 'shopify']).optional(),
  /** What it is called there. */
  reference: Ref.optional(),
  /** The card's: visa, mastercard, amex, discover. */
  network: z.string().max(40).optional(),
  /** Of a refund or a capture: the payment that it belongs to. */
  of: Ref.optional(),
});
/** Where an order's money stands. captured − refunded = Σ prepaid + Σ paid + refundDue + credit, always. */
export const OrderCharge = z.object({
  order: z.string(),
  captured: AnsweredMoney,
  refunded: AnsweredMoney,
  disputed: AnsweredMoney,
  prepaid: AnsweredMoney.describe('collected for goods that have not shipped'),
  owed: AnsweredMoney.describe('shipped and not paid for'),
  refundDue: AnsweredMoney.describe('collected for what was cancelled'),
  credit: AnsweredMoney.describe('collected beyond what everything costs'),
  /** How what is due goes back: the way it came, the last payment first. */
  refunds: z.array(z.object({ payment: Ref, provider: z.string(), amount: AnsweredMoney })),
  /** What was stated when it was ordered, in the customer's language. */
  stated: z.array(z.string()),
  lines: z.array(
    z.object({
      line: LineRef,
      /** Those in force when it was ordered: what a policy says later does not change them. */
      terms: z.enum(['at_order', 'deposit', 'authorise', 'at_shipment', 'invoice']),
      stated: z
        .object({
          dueNow: AnsweredMoney,
          authorised: AnsweredMoney,
          atShipment: AnsweredMoney,
          invoiced: AnsweredMoney,
        })
        .nullable()
        .describe('null: of an order from before this was recorded'),
      open: z.int(),
      openAmount: AnsweredMoney,
      prepaid: AnsweredMoney,
      paid: AnsweredMoney,
      owed: AnsweredMoney,
    }),
  ),
  authorisations: z.array(
    z.object({ payment: Ref, provider: z.string(), amount: AnsweredMoney, lapsesAt: AnsweredInstant }),
  ),
});

/** Lines are named once: what was meant by two entries for one line would be a guess. */
function refuseTwice(lines: readonly { line: string | number }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, { line }] of lines.entries()) {
    const key = String(line);
    if (seen.has(key))
      context.addIssue({
        code: 'custom',
        path: ['lines', index, 'line'],
        message: `line ${key} is there twice`,
      });
    seen.add(key);
  }
}
