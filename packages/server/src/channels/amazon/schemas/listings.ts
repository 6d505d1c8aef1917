import { z } from 'zod';
import { AmazonMoney, Units } from './common.ts';

/** As much as Kept uses of Listings Items 2021-08-01. */
export const ListingsItem = z.object({
  sku: z.string().min(1),
  summaries: z
    .array(
      z.object({
        marketplaceId: z.string(),
        asin: z.string().optional(),
        productType: z.string(),
        itemName: z.string().optional(),
        status: z.array(z.string()).default([]),
        lastUpdatedDate: z.string().optional(),
      }),
    )
    .default([]),
  offers: z.array(z.object({ marketplaceId: z.string(), price: AmazonMoney })).default([]),
  /** Only what Kept writes; another shape of it is as good as none. */
  attributes: z
    .object({
      fulfillment_availability: z
        .array(
          z.object({
            fulfillment_channel_code: z.string(),
            quantity: z.number().optional(),
            lead_time_to_ship_max_days: z.number().optional(),
            restock_date: z.string().optional(),
          }),
        )
        .optional()
        .catch(undefined),
    })
    .optional(),
  fulfillmentAvailability: z
    .array(z.object({ fulfillmentChannelCode: z.string(), quantity: Units.optional() }))
    .default([]),
});

export const SearchListingsAnswer = z.object({
  items: z.array(ListingsItem),
  pagination: z.object({ nextToken: z.string().optional() }).optional(),
});

export const ListingsSubmission = z.object({
  sku: z.string(),
  status: z.enum(['ACCEPTED', 'INVALID', 'VALID']),
  issues: z.array(z.object({ code: z.string(), message: z.string(), severity: z.string() })).default([]),
});

export type ListingsItem = z.output<typeof ListingsItem>;
