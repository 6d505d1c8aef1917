import { z } from 'zod';
import { Units } from './common.ts';

/** As much as Kept uses of FBA Inventory v1. */
export const InventorySummary = z.object({
  asin: z.string().optional(),
  fnSku: z.string().optional(),
  sellerSku: z.string().optional(),
  productName: z.string().optional(),
  lastUpdatedTime: z.string().optional(),
  inventoryDetails: z
    .object({
      fulfillableQuantity: Units.optional(),
      inboundWorkingQuantity: Units.optional(),
      inboundShippedQuantity: Units.optional(),
      inboundReceivingQuantity: Units.optional(),
      reservedQuantity: z
        .object({
          totalReservedQuantity: Units.optional(),
          pendingCustomerOrderQuantity: Units.optional(),
          pendingTransshipmentQuantity: Units.optional(),
          fcProcessingQuantity: Units.optional(),
        })
        .optional(),
      unfulfillableQuantity: z.object({ totalUnfulfillableQuantity: Units.optional() }).optional(),
    })
    .optional(),
});

export const InventorySummariesAnswer = z.object({
  payload: z.object({ inventorySummaries: z.array(InventorySummary) }),
  pagination: z.object({ nextToken: z.string().optional() }).optional(),
});

export type InventorySummary = z.output<typeof InventorySummary>;
