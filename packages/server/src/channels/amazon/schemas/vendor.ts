import { z } from 'zod';
import { At, Decimal, Units } from './common.ts';

/** As much as Kept uses of Vendor Retail Procurement Orders v1. */
export const ItemQuantity = z.object({
  amount: Units.default(0),
  unitOfMeasure: z.enum(['Cases', 'Eaches']).default('Eaches'),
  /** Pieces of a case. */
  unitSize: z.int().min(1).optional(),
});
const Cost = z.object({ amount: Decimal.optional(), currencyCode: z.string().max(3).optional() });

export const VendorOrderItem = z.object({
  itemSequenceNumber: z.string().min(1),
  amazonProductIdentifier: z.string().optional(),
  vendorProductIdentifier: z.string().optional(),
  orderedQuantity: ItemQuantity,
  isBackOrderAllowed: z.boolean(),
  netCost: Cost.optional(),
});

export const VendorOrder = z.object({
  purchaseOrderNumber: z.string().min(1),
  purchaseOrderState: z.enum(['New', 'Acknowledged', 'Closed']),
  orderDetails: z
    .object({
      purchaseOrderDate: At,
      purchaseOrderChangedDate: At.optional(),
      purchaseOrderStateChangedDate: At,
      sellingParty: z.object({ partyId: z.string() }).optional(),
      shipToParty: z
        .object({
          partyId: z.string().optional(),
          address: z
            .object({
              countryCode: z.string().optional(),
              stateOrRegion: z.string().optional(),
              postalCode: z.string().optional(),
            })
            .optional(),
        })
        .optional(),
      /** Start and end with two hyphens between. */
      shipWindow: z.string().optional(),
      deliveryWindow: z.string().optional(),
      items: z.array(VendorOrderItem),
    })
    .optional(),
});

export const VendorOrdersAnswer = z.object({
  payload: z.object({
    orders: z.array(VendorOrder).default([]),
    pagination: z.object({ nextToken: z.string().optional() }).optional(),
  }),
});
export const VendorOrderAnswer = z.object({ payload: VendorOrder });
export const AcknowledgementAnswer = z.object({ payload: z.object({ transactionId: z.string() }) });

export const VendorOrdersStatusAnswer = z.object({
  payload: z.object({
    pagination: z.object({ nextToken: z.string().optional() }).optional(),
    ordersStatus: z
      .array(
        z.object({
          purchaseOrderNumber: z.string(),
          itemStatus: z.array(
            z.object({
              itemSequenceNumber: z.string(),
              acknowledgementStatus: z
                .object({
                  confirmationStatus: z
                    .enum(['ACCEPTED', 'PARTIALLY_ACCEPTED', 'REJECTED', 'UNCONFIRMED'])
                    .optional(),
                  acceptedQuantity: ItemQuantity.optional(),
                  rejectedQuantity: ItemQuantity.optional(),
                })
                .optional(),
            }),
          ),
        }),
      )
      .default([]),
  }),
});

export const Acknowledgement = z.object({
  purchaseOrderNumber: z.string(),
  sellingParty: z.object({ partyId: z.string() }),
  acknowledgementDate: At,
  items: z.array(
    z.object({
      itemSequenceNumber: z.string(),
      amazonProductIdentifier: z.string().optional(),
      vendorProductIdentifier: z.string().optional(),
      orderedQuantity: ItemQuantity,
      netCost: Cost.optional(),
      itemAcknowledgements: z.array(
        z.object({
          acknowledgementCode: z.enum(['Accepted', 'Backordered', 'Rejected']),
          acknowledgedQuantity: ItemQuantity,
          scheduledShipDate: At.optional(),
          rejectionReason: z
            .enum(['TemporarilyUnavailable', 'InvalidProductIdentifier', 'ObsoleteProduct'])
            .optional(),
        }),
      ),
    }),
  ),
});

export type VendorOrder = z.output<typeof VendorOrder>;
export type VendorOrderItem = z.output<typeof VendorOrderItem>;
export type ItemQuantity = z.output<typeof ItemQuantity>;
export type Acknowledgement = z.output<typeof Acknowledgement>;
