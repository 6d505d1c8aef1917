import { z } from 'zod';
import { Units } from './common.ts';

/** Amazon writes the envelope's names with a capital in some notifications and without in others. */
const Envelope = z.preprocess(
  (body) => (typeof body === 'object' && body !== null ? lowered(body as Record<string, unknown>) : body),
  z.object({
    notificationType: z.string(),
    eventTime: z.string().optional(),
    payload: z.unknown(),
    notificationMetadata: z.object({ notificationId: z.string() }).optional(),
  }),
);

export const Notification = Envelope;
export const OrderChange = z.object({
  OrderChangeNotification: z.object({
    AmazonOrderId: z.string().min(1),
    Summary: z.object({ MarketplaceId: z.string().optional() }).optional(),
  }),
});
export const InventoryChange = z.object({
  SKU: z.string().min(1),
  FulfillmentInventoryByMarketplace: z.array(
    z.object({
      MarketplaceId: z.string(),
      ItemName: z.string().optional(),
      FulfillmentInventory: z.object({
        Fulfillable: Units,
        Unfulfillable: Units,
        ReservedQuantityBreakdown: z.object({
          WarehouseProcessing: Units,
          WarehouseTransfer: Units,
          PendingCustomerOrder: Units,
        }),
      }),
    }),
  ),
});
export const DestinationsAnswer = z.object({
  payload: z
    .array(
      z.object({
        destinationId: z.string(),
        name: z.string(),
        resource: z.object({ sqs: z.object({ arn: z.string() }).optional() }),
      }),
    )
    .default([]),
});
export const DestinationAnswer = z.object({ payload: z.object({ destinationId: z.string() }) });
export const SubscriptionAnswer = z.object({
  payload: z.object({ subscriptionId: z.string(), destinationId: z.string() }),
});

/** Of the object and of the one level below that holds the metadata. */
function lowered(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      const low = name.charAt(0).toLowerCase() + name.slice(1);
      const metadata = low === 'notificationMetadata' && typeof value === 'object' && value !== null;
      return [low, metadata ? lowered(value as Record<string, unknown>) : value];
    }),
  );
}
