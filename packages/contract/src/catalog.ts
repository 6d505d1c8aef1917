import { z } from 'zod';
import {
  AnsweredDay,
  ChannelCode,
  Country,
  Day,
  Instant,
  LocationCode,
  MAXIMUM_AMOUNT,
  PolicyName,
  Price,
  Quantity,
  QuantityOrZero,
  Sku,
  SupplierCode,
  Uom,
  Words,
} from './common.ts';

export const Lifecycle = z.enum(['upcoming', 'active', 'discontinued']);

export const ItemInput = z.object({
  title: Words,
  price: Price,
  cost: Price.optional(),
  supplier: SupplierCode.optional(),
  lifecycle: Lifecycle.optional(),
  /** How the item may be sold when it is not here; 'backorder' unless told. */
  policy: PolicyName.optional(),
  leadTimeDays: z.int().min(0).max(3650).optional(),
  moq: Quantity.optional(),
  orderMultiple: Quantity.optional(),
  /** A kit: sold as one, promised whole or not at all, on its last component's date. */
  components: z
    .array(z.object({ sku: Sku, quantity: Quantity }))
    .max(100)
    .optional(),
  alternatives: z.array(Sku).max(100).optional(),
  /** Units of measure with their integer factor: { "case": 12 }. */
  uoms: z.record(Uom, Quantity).optional(),
  launchOn: Day.optional(),
});
export const Item = ItemInput.extend({
  sku: Sku,
  lifecycle: Lifecycle,
  policy: PolicyName,
  launchOn: AnsweredDay.optional(),
  stock: z.array(
    z.object({
      location: LocationCode,
      sellable: z.int(),
      reserved: z.int(),
      held: z.int(),
      qualityHold: z.int(),
      returned: z.int(),
      damaged: z.int(),
    }),
  ),
  backordered: z.int().describe('units that no reservation backs: pegged + waiting'),
});

/** Days of the week that work (1 Monday … 7 Sunday) and holidays, by day. */
export const Calendar = z.object({
  workdays: z.array(z.int().min(1).max(7)).min(1).max(7).default([1, 2, 3, 4, 5]),
  holidays: z.array(Day).max(2000).default([]),
});

const transit = z.int().min(0).max(365);
/** Calendar days from leaving here to the customer; a country's own win. 3 at home and 7 abroad unless told. */
export const TransitDays = z.object({
  domestic: transit.default(3),
  abroad: transit.default(7),
  countries: z.record(Country, transit).default({}),
});

export const LocationInput = z.object({
  title: Words,
  /** The channels this location serves. Left out: every channel. */
  channels: z.array(ChannelCode).max(1000).optional(),
  calendar: Calendar.optional(),
  /** Orders after this time of day ship on the next working day; in the location's time zone. */
  cutOff: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as 14:00')
    .optional(),
  timeZone: z.string().max(60).optional(),
  country: Country.optional(),
  transitDays: TransitDays.optional(),
  /** A closed location's stock and supply back nothing. */
  closed: z.boolean().optional(),
});
export const Location = LocationInput.extend({ code: LocationCode });

/** The touchpoints. */
export const MESSAGE_KINDS = [
  'confirmation',
  'update',
  'delay_notice',
  'renewed_delay_notice',
  'improved',
  'shipped',
  'cancelled',
  'refunded',
] as const;

export const ChannelInput = z.object({
  title: Words,
  kind: Words,
  /** The longest promise this channel may make, in days (Amazon sellers: 30). */
  maximumPromiseDays: z.int().min(0).max(3650).optional(),
  /** Who tells the customers of this channel: Kept by email, the channel, or nobody. */
  messages: z.enum(['email', 'channel', 'none']).optional(),
  /** What the channel sends itself, where Kept sends the rest: a shop that confirms its orders (RULES 30). */
  sends: z.array(z.enum(MESSAGE_KINDS)).max(20).optional(),
});
export const Channel = ChannelInput.extend({ code: ChannelCode });

export const SupplierInput = z.object({
  title: Words,
  status: z.enum(['active', 'abandoned']).optional(),
  leadTimeDays: z.int().min(0).max(3650).optional(),
  moq: Quantity.optional(),
  paymentTerms: Words.optional(),
  calendar: Calendar.optional(),
});
export const Supplier = SupplierInput.extend({ code: SupplierCode });

export const SupplyStage = z.enum(['draft', 'placed', 'confirmed', 'in_production', 'in_transit', 'arrived']);

const perStage = <T extends z.ZodType>(value: T) =>
  z.object({
    placed: value.optional(),
    confirmed: value.optional(),
    in_production: value.optional(),
    in_transit: value.optional(),
    arrived: value.optional(),
  });

export const PolicyKind = z.enum([
  'backorder',
  'preorder',
  'made_to_order',
  'drop',
  'demand_validation',
  'out_of_stock',
]);
export const RankingRule = z.enum(['class', 'promise_date', 'order_time', 'value', 'ship_complete']);

/** When the money for units that wait is taken. */
export const ChargeTerms = z
  .union([
    z.object({ kind: z.literal('at_order') }),
    z.object({
      kind: z.literal('deposit'),
      amount: z.int().min(1).max(MAXIMUM_AMOUNT).optional().describe('minor units, for each unit that waits'),
      percent: z.int().min(1).max(100).optional().describe('of what the waiting units cost'),
    }),
    z.object({ kind: z.literal('authorise') }),
    z.object({ kind: z.literal('at_shipment') }),
    z.object({ kind: z.literal('invoice'), days: z.int().min(0).max(365) }),
  ])
  .refine(
    (terms) => terms.kind !== 'deposit' || (terms.amount === undefined) !== (terms.percent === undefined),
    {
      message: 'expected either amount or percent',
      path: ['percent'],
    },
  );

/** How items are sold when they are not here. The built-in ones carry their kind's name and may be changed. */
export const PolicyInput = z.object({
  kind: PolicyKind.optional(),
  /** No request is promised later than this many days from the order; 70 (10 weeks) unless told. */
  longestWaitDays: z.int().min(0).max(3650).optional(),
  /** The most units that may be on backorder at once; null: only supply limits it. */
  cap: QuantityOrZero.nullable().optional(),
  /** Working days from arrival to sellable stock. */
  receivingDays: z.int().min(0).max(365).optional(),
  /** Working days from sellable stock to leaving the location. */
  handlingDays: z.int().min(0).max(365).optional(),
  /** The share of promises that is to be kept, 0.9 unless told: sets the days of buffer that are learnt from receipts. */
  serviceLevel: z.number().min(0.5).max(0.99).optional(),
  /** Calendar days added to a supply's expected date, by its stage, before anything is promised from it. They stay fixed, whatever is learnt. */
  bufferDays: perStage(z.int().min(0).max(3650)).optional(),
  /** Per cent of a supply that may be promised, by its stage; 100 unless told. */
  promisablePercent: perStage(z.int().min(0).max(100)).optional(),
  /** The queue's ranking, first rule first. Lines that wait already keep their place until they are ranked again. */
  ranking: z
    .array(RankingRule)
    .min(1)
    .max(5)
    .refine((rules) => new Set(rules).size === rules.length, 'expected each rule once')
    .optional(),
  /** Customer classes, the most important first; a class not named ranks after those. */
  classes: z.array(Words).max(6).optional(),
  /** A better date is told only when it gains this many days; null: never. */
  improveByDays: z.int().min(1).max(3650).nullable().optional(),
  /** When money is taken; `channels` may have terms of their own. At order unless told. */
  charge: z
    .object({ terms: ChargeTerms, channels: z.record(ChannelCode, ChargeTerms).optional() })
    .optional(),
  /** Which reserved units are released to pick by themselves: none, those of whole orders, or parts as well. */
  release: z.enum(['by_hand', 'whole', 'parts']).optional(),
});
export const Policy = PolicyInput.extend({
  name: PolicyName,
  kind: PolicyKind,
  fixedBuffers: z
    .array(z.string())
    .describe('stages whose bufferDays the brand has set; the others are learnt'),
});

/** A channel's limits for an item, over stock and supply. */
export const ItemChannelInput = z.object({
  /** Units (or per cent of what is free) that no other channel may take; shrinks one for one as this channel commits. */
  protected: QuantityOrZero.optional(),
  /** Units (or per cent of what is free) that this channel leaves unsold, of what is here first: a margin against miscounts and late news. Orders that it has sold all the same may use them. */
  buffer: QuantityOrZero.optional(),
  /** The most open plus shipped units of the period. */
  maximum: QuantityOrZero.optional(),
  unit: z.enum(['units', 'share']).default('units'),
  from: Day.optional(),
  until: Day.optional(),
});
export const ItemChannel = ItemChannelInput.extend({
  sku: Sku,
  channel: ChannelCode,
  from: AnsweredDay.optional(),
  until: AnsweredDay.optional(),
  committed: z.int().describe('open plus shipped units of the period'),
});

export const Clock = z.object({ now: Instant });
