import { z } from 'zod';
import { At } from './common.ts';

/** As much as Kept uses of Fulfillment Inbound 2024-03-20. */
export const InboundPlansAnswer = z.object({
  inboundPlans: z
    .array(z.object({ inboundPlanId: z.string(), lastUpdatedAt: At, status: z.string() }))
    .default([]),
  pagination: z.object({ nextToken: z.string().optional() }).optional(),
});

export const InboundPlan = z.object({
  inboundPlanId: z.string(),
  lastUpdatedAt: At,
  status: z.string(),
  shipments: z.array(z.object({ shipmentId: z.string(), status: z.string().optional() })).default([]),
});

export const InboundShipment = z.object({
  shipmentId: z.string(),
  shipmentConfirmationId: z.string().optional(),
  name: z.string().optional(),
  status: z.string().optional(),
  dates: z
    .object({ readyToShipWindow: z.object({ start: At.optional(), end: At.optional() }).optional() })
    .optional(),
  selectedDeliveryWindow: z.object({ startDate: At, endDate: At }).optional(),
});

export const ShipmentItemsAnswer = z.object({
  items: z.array(z.object({ msku: z.string(), quantity: z.int().min(1) })).default([]),
  pagination: z.object({ nextToken: z.string().optional() }).optional(),
});

export type InboundShipment = z.output<typeof InboundShipment>;
