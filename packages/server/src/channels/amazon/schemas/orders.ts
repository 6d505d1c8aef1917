import { z } from 'zod';
import { AmazonMoney, At, Units } from './common.ts';

/** As much as Kept uses of the orders of Orders API 2026-01-01. */
export const FulfillmentStatus = z.enum([
  'PENDING_AVAILABILITY',
  'PENDING',
  'UNSHIPPED',
  'PARTIALLY_SHIPPED',
  'SHIPPED',
  'CANCELLED',
  'UNFULFILLABLE',
]);

const Window = z.object({ earliestDateTime: At.optional(), latestDateTime: At.optional() });

export const AmazonOrderItem = z.object({
  orderItemId: z.string().min(1),
  quantityOrdered: Units,
  product: z.object({
    asin: z.string().optional(),
    title: z.string().optional(),
    sellerSku: z.string().optional(),
    price: z.object({ unitPrice: AmazonMoney.optional() }).optional(),
  }),
  proceeds: z
    .object({
      breakdowns: z.array(z.object({ type: z.string(), subtotal: AmazonMoney })).optional(),
    })
    .optional(),
  cancellation: z
    .object({
      cancellationRequest: z
        .object({ requester: z.string().optional(), cancelReason: z.string().optional() })
        .optional(),
      cancellationExecution: z
        .object({ cancelledBy: z.string().optional(), cancelReason: z.string().optional() })
        .optional(),
    })
    .optional(),
  fulfillment: z
    .object({ quantityFulfilled: Units.optional(), quantityUnfulfilled: Units.optional() })
    .optional(),
});

export const AmazonOrder = z.object({
  orderId: z.string().min(1),
  createdTime: At,
  lastUpdatedTime: At,
  programs: z.array(z.string()).optional(),
  associatedOrders: z
    .array(z.object({ orderId: z.string().optional(), associationType: z.string().optional() }))
    .optional(),
  salesChannel: z.object({ channelName: z.string(), marketplaceId: z.string().optional() }),
  recipient: z
    .object({
      deliveryAddress: z
        .object({
          stateOrRegion: z.string().optional(),
          postalCode: z.string().optional(),
          countryCode: z.string().optional(),
        })
        .optional(),
    })
    .optional(),
  fulfillment: z
    .object({
      fulfillmentStatus: FulfillmentStatus,
      fulfilledBy: z.string().optional(),
      shipByWindow: Window.optional(),
      deliverByWindow: Window.optional(),
    })
    .optional(),
  orderItems: z.array(AmazonOrderItem),
  packages: z
    .array(
      z.object({
        packageReferenceId: z.string(),
        packageStatus: z.object({ status: z.string() }).optional(),
        carrier: z.string().optional(),
        shipTime: At.optional(),
        trackingNumber: z.string().optional(),
        packageItems: z
          .array(z.object({ orderItemId: z.string().optional(), quantity: Units.optional() }))
          .optional(),
      }),
    )
    .optional(),
});

/** Orders are read one by one: one that is not as published must not keep the others from being read. */
export const SearchOrdersAnswer = z.object({
  orders: z.array(z.unknown()),
  pagination: z.object({ nextToken: z.string().optional() }).optional(),
});
export const GetOrderAnswer = z.object({ order: z.unknown() });

export type AmazonOrder = z.output<typeof AmazonOrder>;
export type AmazonOrderItem = z.output<typeof AmazonOrderItem>;
