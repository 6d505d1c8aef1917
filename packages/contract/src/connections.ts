import { z } from 'zod';
import { ChannelInput, ItemInput, LocationInput, SupplierInput } from './catalog.ts';
import {
  Amount,
  AnsweredInstant,
  ChannelCode,
  Day,
  Instant,
  LineRef,
  LocationCode,
  listOf,
  QuantityOrZero,
  Ref,
  Sku,
  SupplierCode,
  Words,
} from './common.ts';
import { Cancellation, Order, OrderChanges, OrderInput, Payment, Shipment } from './demand.ts';
import {
  PurchaseOrderInput,
  PurchaseOrderReceipt,
  PurchaseOrderRevision,
  StockCondition,
  SupplyInput,
} from './supply.ts';

/** channel:ref, or Kept's id. */
const OrderName = z.string().min(1).max(260).describe("Kept's id, or channel:ref such as web:1001");

/** What every fact says besides itself. */
const told = {
  /** What the other system calls it: with the kind, the name under which it counts once. */
  externalId: z.string().min(1).max(500),
  /** When it was changed there last: what is older than what is known is passed over. Left out: what comes last counts. */
  sourceUpdatedAt: Instant.optional(),
};

/**
 * A fact as another system tells it. States (item, listing, stock, purchase_order, supply, order, …) say how the thing is now:
 * told again they change nothing, told older they are passed over. Happenings (receipt, shipment, payment, …) count once by
 * their `externalId`.
 */
export const ConnectionFact = z.discriminatedUnion('kind', [
  // states
  z.object({ ...told, kind: z.literal('item'), item: ItemInput.extend({ sku: Sku }) }),
  z.object({ ...told, kind: z.literal('location'), location: LocationInput.extend({ code: LocationCode }) }),
  z.object({ ...told, kind: z.literal('channel'), channel: ChannelInput.extend({ code: ChannelCode }) }),
  z.object({ ...told, kind: z.literal('supplier'), supplier: SupplierInput.extend({ code: SupplierCode }) }),
  z.object({
    ...told,
    kind: z.literal('listing'),
    channel: ChannelCode,
    /** The variant as the channel names it. */
    listing: z.object({
      externalId: z.string().min(1).max(200),
      /** Null where it cannot be mapped; `problem` says why, `claimedSku` what stood there. */
      sku: Sku.nullable(),
      title: z.string().max(500),
      problem: z.enum(['blank_sku', 'duplicate_sku']).optional(),
      claimedSku: z.string().max(200).optional(),
    }),
  }),
  z.object({
    ...told,
    kind: z.literal('stock'),
    sku: Sku,
    location: LocationCode,
    condition: StockCondition.default('sellable'),
    /** Units lying there, a whole count and not a change (RULES 6: on hand, not available). */
    counted: QuantityOrZero,
    /** Units that the other system set aside and left out of `counted`; those of open orders in Kept are stock. */
    reserved: QuantityOrZero.optional(),
  }),
  z.object({
    ...told,
    kind: z.literal('purchase_order'),
    ref: Ref,
    purchaseOrder: PurchaseOrderInput,
    /** Values that the other system does not tell and that were filled in: an order that is known keeps its own. */
    assumed: z.array(z.enum(['placedOn', 'stage'])).optional(),
    /** What of each line, or of one delivery of it, has come in all, in stock units; what Kept does not know of it is received. */
    received: z
      .array(z.object({ line: LineRef, schedule: LineRef.optional(), quantity: QuantityOrZero }))
      .max(10_000)
      .optional(),
  }),
  z.object({ ...told, kind: z.literal('supply'), ref: Ref, supply: SupplyInput }),
  z.object({
    ...told,
    kind: z.literal('order'),
    /** `placed`: the channel sold it. `request`: Kept decides, and the connection is told by `tell_order`. A line's quantity is what is wanted of it now: with what has shipped, without what was cancelled. */
    order: OrderInput,
    /** What of each line has left in all, as the other system has it now; what Kept does not know of it is recorded. */
    shipped: z
      .array(z.object({ line: LineRef, quantity: QuantityOrZero }))
      .max(5000)
      .optional(),
  }),
  // happenings
  z.object({
    ...told,
    kind: z.literal('purchase_order_revision'),
    purchaseOrder: Ref,
    revision: PurchaseOrderRevision,
  }),
  z.object({ ...told, kind: z.literal('receipt'), purchaseOrder: Ref, receipt: PurchaseOrderReceipt }),
  z.object({
    ...told,
    kind: z.literal('supply_receipt'),
    ref: Ref,
    receipt: PurchaseOrderReceipt.omit({ line: true, schedule: true }),
  }),
  z.object({ ...told, kind: z.literal('change'), order: OrderName, changes: OrderChanges }),
  z.object({
    ...told,
    kind: z.literal('cancellation'),
    order: OrderName,
    /** More than is open cancels what is open. */
    cancellation: Cancellation,
  }),
  z.object({ ...told, kind: z.literal('shipment'), order: OrderName, shipment: Shipment }),
  z.object({ ...told, kind: z.literal('payment'), order: OrderName, payment: Payment }),
  /** A channel asks that what it told of people be forgotten: of a customer's orders and address, or of all of a channel's. */
  z.object({
    ...told,
    kind: z.literal('redaction'),
    orders: z.array(OrderName).max(10_000).default([]),
    /** Orders by what the other system calls them. */
    externalIds: z.array(z.string().min(1).max(500)).max(10_000).default([]),
    email: z.string().trim().min(3).max(320).optional(),
    channel: ChannelCode.optional(),
  }),
  /** A channel passes on that a customer asks for what is known of them: a person answers it. */
  z.object({ ...told, kind: z.literal('data_request'), email: z.string().trim().min(3).max(320) }),
]);
export type ConnectionFact = z.input<typeof ConnectionFact>;

const OrderLines = z
  .array(z.object({ line: LineRef, sku: Sku, quantity: z.int() }))
  .describe('of the order; quantities in units of the line');

/** What every action says besides itself. */
const asked = {
  /** The same for every attempt: the same twice is done once. */
  id: z.string(),
  at: AnsweredInstant,
};
const ofOrder = {
  ...asked,
  /** `externalId`: what the fact that told it was called there, where a fact did. */
  order: z.object({ channel: ChannelCode, ref: Ref, externalId: z.string().optional() }),
};

/** What Kept asks another system to do. */
export const ConnectionAction = z.discriminatedUnion('kind', [
  z.object({
    ...ofOrder,
    kind: z.literal('cancel'),
    lines: OrderLines,
    /** Whether the order ends whole. */
    whole: z.boolean(),
    by: z.enum(['customer', 'brand', 'law', 'channel']),
    reason: z.string(),
  }),
  z.object({
    ...ofOrder,
    kind: z.literal('refund'),
    amount: Amount,
    /** The payment that it goes back to, as the fact of it named it; left out: the last ones first. */
    payment: z.string().optional(),
    reason: z.string(),
  }),
  z.object({
    ...ofOrder,
    kind: z.literal('switch'),
    from: z.object({ line: LineRef, sku: Sku, quantity: z.int() }),
    to: z.object({ line: LineRef, sku: Sku, quantity: z.int(), price: Amount }),
  }),
  z.object({
    ...ofOrder,
    kind: z.literal('hold'),
    lines: OrderLines,
    /** Why it does not leave yet. */
    reason: z.enum(['awaiting_stock', 'awaiting_customer', 'other']),
    words: z.string(),
  }),
  z.object({ ...ofOrder, kind: z.literal('release'), lines: OrderLines }),
  z.object({
    ...ofOrder,
    kind: z.literal('reschedule'),
    lines: z.array(z.object({ line: LineRef, sku: Sku, quantity: z.int(), shipBy: Day })),
  }),
  z.object({
    ...ofOrder,
    kind: z.literal('confirm_shipment'),
    lines: OrderLines,
    location: LocationCode.optional(),
    carrier: z.string().optional(),
    tracking: z.string().optional(),
    shippedAt: AnsweredInstant,
  }),
  /** What Kept has decided of an order, whole, as it stands: the answer to a partner's purchase order, and each news of it. */
  z.object({
    ...ofOrder,
    kind: z.literal('tell_order'),
    news: z.enum(['placed', 'refused', 'moved', 'changed']),
    /** Null: it was refused. */
    state: Order.nullable(),
    /** Of an order that was refused: code and words, and how much of each line could have been had. */
    refusal: z.looseObject({ code: z.string(), detail: z.string() }).optional(),
  }),
  z.object({
    ...asked,
    kind: z.literal('draft_purchase_order'),
    ref: Ref,
    purchaseOrder: PurchaseOrderInput,
  }),
  z.object({
    ...asked,
    kind: z.literal('promise_date'),
    purchaseOrder: Ref,
    line: LineRef,
    schedule: LineRef.optional(),
    sku: Sku,
    expectedOn: Day.nullable(),
    reason: z.string(),
  }),
  z.object({
    ...asked,
    kind: z.literal('write_receipt'),
    purchaseOrder: Ref,
    line: LineRef,
    schedule: LineRef.optional(),
    sku: Sku,
    quantity: z.int(),
    location: LocationCode.optional(),
    close: z.boolean(),
  }),
]);
export type ConnectionAction = z.output<typeof ConnectionAction>;

/** What a channel may be told of an item: never more than can be promised there, net of everybody. */
export const PublishedAvailability = z.object({
  sku: Sku,
  channel: ChannelCode,
  /** The channel's own variants of it. */
  externalIds: z.array(z.string()),
  title: z.string(),
  /** in_stock, backorder, preorder, made_to_order, drop, out_of_stock or discontinued: of the next unit that is asked for. */
  state: z.string(),
  /** Units that can be had now. */
  now: z.int(),
  /** Units that can be had later, each with the day on which it leaves; beside `now`. */
  later: z.array(z.object({ quantity: z.int(), shipBy: Day })),
  /** What the shopper reads, in the brand's language. */
  copy: z.string(),
  /** When the money of a unit that waits is taken: at_order, deposit, authorise, at_shipment, invoice. */
  charge: z.string(),
  launchOn: Day.optional(),
  asOf: AnsweredInstant,
});
export type PublishedAvailability = z.output<typeof PublishedAvailability>;

export const ConnectionFinding = z.object({
  /** Stable, such as missing_scope. */
  code: z.string(),
  level: z.enum(['ok', 'warning', 'broken']),
  /** What is wrong and how to mend it. */
  words: z.string(),
});
export type ConnectionFinding = z.output<typeof ConnectionFinding>;

export const ConnectionName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'expected lower-case letters, digits and dashes, at most 60');

export const ConnectionInput = z.object({
  /** Which connector: GET /v1/connectors lists them. */
  kind: z.string().min(1).max(40),
  title: Words.optional(),
  settings: z.record(z.string(), z.unknown()).default({}),
  /** Kept encrypted, and never answered. Left out: they stay as they are. */
  secrets: z.record(z.string(), z.unknown()).optional(),
});

export const Connection = z.object({
  name: ConnectionName,
  kind: z.string(),
  role: z.enum(['channel', 'erp']),
  title: z.string(),
  state: z.enum(['active', 'paused', 'broken', 'disconnected']),
  /** Why it is broken. */
  trouble: z.string().nullable(),
  settings: z.record(z.string(), z.unknown()),
  hasSecrets: z.boolean(),
  streams: z.array(
    z.object({
      stream: z.string(),
      /** back_fill: everything from the beginning, for the first time or from a date. */
      phase: z.enum(['back_fill', 'following']),
      /** Of a back-fill, 0 to 1; null: not known. */
      progress: z.number().nullable(),
      facts: z.int().describe('that it told, in all'),
      lastReadAt: AnsweredInstant.nullable(),
      trouble: z.string().nullable(),
    }),
  ),
  waiting: z.object({
    pushes: z.int(),
    actions: z.int(),
    refusedActions: z.int(),
    availabilities: z.int(),
    refusedFacts: z.int(),
  }),
  createdAt: AnsweredInstant,
});
export const ConnectionList = listOf(Connection);

export const ConnectorView = z.object({
  kind: z.string(),
  role: z.enum(['channel', 'erp']),
  title: z.string(),
  streams: z.array(z.string()),
  can: z.object({
    push: z.boolean(),
    publish: z.boolean(),
    act: z.array(z.string()),
    authorise: z.boolean(),
  }),
  settings: z.record(z.string(), z.unknown()).describe('JSON Schema'),
  secrets: z.record(z.string(), z.unknown()).describe('JSON Schema'),
});
export const ConnectorList = z.object({ items: z.array(ConnectorView) });

export const RefusedFact = z.object({
  kind: z.string(),
  externalId: z.string(),
  /** As it was told. */
  fact: z.unknown(),
  /** Stable: unknown_sku, invalid_input, … */
  code: z.string(),
  words: z.string(),
  attempts: z.int(),
  firstAt: AnsweredInstant,
  lastAt: AnsweredInstant,
});
export const RefusedFactList = listOf(RefusedFact);
export const FactsApplied = z.object({ applied: z.int(), unchanged: z.int(), refused: z.int() });

export const ConnectionActionView = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.enum(['waiting', 'pending', 'done', 'refused', 'withdrawn']),
  /** As it is asked. */
  action: z.unknown(),
  /** Kept's id of the order that it is about. */
  order: z.string().nullable(),
  attempts: z.int(),
  /** Why it waits, or was refused. */
  trouble: z.string().nullable(),
  /** What it is called there, once it is done. */
  reference: z.string().nullable(),
  createdAt: AnsweredInstant,
  doneAt: AnsweredInstant.nullable(),
});
export const ConnectionActionList = listOf(ConnectionActionView);

export const ConnectionNote = z.object({
  id: z.string(),
  at: AnsweredInstant,
  /** healed: the reconciliation found something that had been missed. */
  level: z.enum(['info', 'warning', 'healed', 'broken']),
  words: z.string(),
  data: z.unknown(),
});
export const ConnectionNoteList = listOf(ConnectionNote);

export const AuthorisationBegun = z.object({
  url: z.string().describe('where a person is to be sent'),
  expiresAt: AnsweredInstant,
  ticket: z.string().optional().describe('for whoever asks by key; a browser has it as a cookie'),
});
