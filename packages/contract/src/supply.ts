import { z } from 'zod';
import { SupplyStage } from './catalog.ts';
import {
  AnsweredDay,
  AnsweredMoney,
  Currency,
  Day,
  Instant,
  LineRef,
  LocationCode,
  MAXIMUM_QUANTITY,
  Price,
  Quantity,
  QuantityOrZero,
  Ref,
  Sku,
  SupplierCode,
  Uom,
  Words,
} from './common.ts';

export const StockCondition = z.enum(['sellable', 'quality_hold', 'returned', 'damaged']);

/** Units appear, vanish or were counted. */
const Adjustment = z
  .object({
    sku: Sku,
    location: LocationCode,
    condition: StockCondition.default('sellable'),
    delta: z
      .int('expected whole units')
      .min(-MAXIMUM_QUANTITY, 'expected at least -10,000,000 units')
      .max(MAXIMUM_QUANTITY, 'expected at most 10,000,000 units')
      .optional(),
    counted: QuantityOrZero.optional(),
    uom: Uom.optional(),
    reason: Words,
    at: Instant.optional(),
  })
  .refine((body) => (body.delta === undefined) !== (body.counted === undefined), {
    message: 'expected either delta or counted',
    path: ['delta'],
  });
/** Units change their condition: out of quality hold, back from a customer, broken. */
const ConditionChange = z.object({
  sku: Sku,
  location: LocationCode,
  from: StockCondition,
  to: StockCondition,
  quantity: Quantity,
  uom: Uom.optional(),
  reason: Words,
  at: Instant.optional(),
});
export const StockAdjustment = z.union([ConditionChange, Adjustment]);
export const StockLevel = z.object({
  sku: Sku,
  location: LocationCode,
  sellable: z.int(),
  quality_hold: z.int(),
  returned: z.int(),
  damaged: z.int(),
  reserved: z.int(),
  held: z.int(),
});

export const SlipReason = z.enum([
  'production',
  'materials',
  'freight',
  'customs',
  'moq',
  'quality',
  'other',
]);
/** Supply stages, and cancelled: the stages a purchase order's header or line may be in. */
export const PurchaseOrderStage = z.enum([...SupplyStage.options, 'cancelled']);

export const PurchaseOrderSchedule = z.object({
  id: LineRef,
  quantity: QuantityOrZero,
  expectedOn: Day.nullable(),
  stage: PurchaseOrderStage.optional(),
});
export const PurchaseOrderLine = z.object({
  line: LineRef,
  sku: Sku,
  quantity: QuantityOrZero,
  unitCost: Price.optional(),
  /** Null where the supplier has given no date: such a line backs nothing. */
  expectedOn: Day.nullable(),
  location: LocationCode,
  /** The line's stage wins over the header's. */
  stage: PurchaseOrderStage.optional(),
  uom: Uom.optional(),
  /** Deliveries in parts; they replace the line's own quantity and date. */
  schedules: z.array(PurchaseOrderSchedule).max(500).optional(),
  /** Units already received before Kept knew the order. */
  received: QuantityOrZero.optional(),
});
export const PurchaseOrderInput = z.object({
  supplier: SupplierCode,
  placedOn: Day,
  stage: PurchaseOrderStage,
  freightMode: Words.optional(),
  currency: Currency.optional(),
  reason: z.union([SlipReason, Words]).optional(),
  lines: z.array(PurchaseOrderLine).min(1).max(10_000),
});

/** One backing supply as planners see it. */
export const SupplyView = z.object({
  id: z.string(),
  kind: z.enum(['purchase_order', 'transfer', 'hold_release', 'production']),
  sku: Sku,
  location: LocationCode,
  purchaseOrder: Ref.optional(),
  line: LineRef.optional(),
  schedule: LineRef.optional(),
  ref: Ref.optional(),
  stage: PurchaseOrderStage,
  /** As the order says: all that is to come and has come. */
  quantity: z.int(),
  unitCost: AnsweredMoney.optional(),
  ordered: z.int(),
  received: z.int(),
  open: z.int(),
  pegged: z.int(),
  held: z.int(),
  free: z.int(),
  expectedOn: AnsweredDay.nullable(),
  /** The day its units can leave, with buffer, receiving and handling; null: backs nothing. */
  promisableOn: AnsweredDay.nullable(),
});
export const PurchaseOrder = z.object({
  ref: Ref,
  supplier: SupplierCode,
  placedOn: AnsweredDay,
  stage: PurchaseOrderStage,
  freightMode: z.string().nullable(),
  currency: z.string().nullable(),
  lines: z.array(SupplyView),
});

export const SupplyInput = z.object({
  kind: z.enum(['transfer', 'hold_release', 'production']),
  sku: Sku,
  location: LocationCode,
  quantity: QuantityOrZero,
  expectedOn: Day.nullable(),
  stage: PurchaseOrderStage.default('placed'),
  /** Where the units come from: a transfer's other location. */
  from: LocationCode.optional(),
  uom: Uom.optional(),
  reason: Words.optional(),
});

export const PurchaseOrderRevision = z
  .object({
    id: Ref.optional(),
    line: LineRef,
    schedule: LineRef.optional(),
    expectedOn: Day.nullable().optional(),
    quantity: QuantityOrZero.optional(),
    stage: PurchaseOrderStage.optional(),
    reason: z.union([SlipReason, Words]),
    at: Instant.optional(),
  })
  .refine(
    (body) => body.expectedOn !== undefined || body.quantity !== undefined || body.stage !== undefined,
    {
      message: 'expected at least one of expectedOn, quantity and stage',
      path: ['expectedOn'],
    },
  );

export const PurchaseOrderReceipt = z.object({
  /** The receipt's own id: the same one twice counts once. */
  id: Ref.optional(),
  line: LineRef,
  schedule: LineRef.optional(),
  quantity: QuantityOrZero,
  location: LocationCode.optional(),
  condition: StockCondition.default('sellable'),
  /** No more of this line will come; what is still open is given up. */
  close: z.boolean().default(false),
  uom: Uom.optional(),
  at: Instant.optional(),
});

/** What each service level would have done, by the brand's own receipts. */
export const ServiceLevels = z.object({
  levels: z
    .array(
      z.object({
        level: z.number().describe('the share of promises that is to be kept'),
        keptShare: z.number().describe('that would have been'),
        bufferDays: z.number().describe('mean calendar days between the expected and the promised day'),
        missedByDays: z.number().describe('mean days by which the others were missed; 0: none was'),
        waitDays: z
          .number()
          .nullable()
          .describe(
            'mean days from order to promised day of those who waited in the last year, with this buffer in place of the one they had; null: nobody waited',
          ),
      }),
    )
    .describe('the lowest first; empty where there are too few receipts to tell'),
  promises: z
    .int()
    .describe('that this was judged on: receipts, each foretold by what had come before its month'),
  receipts: z.int(),
  fewest: z.int().describe('receipts that it takes'),
  learntOn: AnsweredDay.nullable(),
});
