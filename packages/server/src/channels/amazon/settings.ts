import { ChannelCode, LocationCode, Sku } from '@kept/contract';
import { z } from 'zod';
import { MARKETPLACES, type Marketplace } from './marketplaces.ts';

const Address = z.url({ protocol: /^https?$/, error: 'expected an address such as https://example.com' });

/** What every connection to Amazon is told. One seller or vendor in one marketplace is one connection. */
const account = {
  marketplace: z
    .string()
    .refine((id) => MARKETPLACES.has(id), 'expected a marketplace id of Amazon, such as ATVPDKIKX0DER')
    .default('ATVPDKIKX0DER')
    .describe('Amazon’s id of the marketplace: its currency, days and address follow'),
  skus: z
    .record(z.string().min(1), Sku)
    .default({})
    .describe('Kept’s SKU for a seller SKU, or a vendor’s product id, that is called otherwise there'),
  historyDays: z
    .int()
    .min(0)
    .max(730)
    .default(365)
    .describe('how far back is read when the connection is new; Amazon keeps two years'),
  endpoint: Address.optional().describe('other addresses than Amazon’s own: for a simulator or a proxy'),
  tokenEndpoint: Address.default('https://api.amazon.com/auth/o2/token').describe(
    'where Login with Amazon gives out tokens',
  ),
};

/** Of a seller. */
export const AmazonSettings = z.object({
  ...account,
  sellerId: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .optional()
    .describe('the seller’s own id, which listings are addressed by'),
  channel: ChannelCode.describe('Kept’s channel for orders that the brand ships itself'),
  fba: z
    .object({
      /** Kept's channel for orders that Amazon ships; only `location` should serve it. */
      channel: ChannelCode,
      location: LocationCode,
      /** Days from leaving our hands to Amazon's dock, where a shipment has no delivery window. Left out: no date. */
      transitDays: z.int().min(0).max(120).optional(),
    })
    .optional()
    .describe('goods in Amazon’s warehouses: left out where the seller has none'),
  itemsFromListings: z
    .boolean()
    .default(false)
    .describe(
      'whether items take their titles and prices from the listings here. Only where Amazon is where they are kept',
    ),
  handlingDays: z
    .int()
    .min(0)
    .max(30)
    .default(2)
    .describe('days from the order to leaving the warehouse, for what lies on the shelf'),
  offerBackorders: z
    .boolean()
    .default(true)
    .describe('whether units that are still to come are offered once the shelf is empty'),
  queue: z
    .object({
      url: Address,
      arn: z
        .string()
        .regex(/^arn:aws:sqs:\S+:\S+:\S+$/, 'expected an ARN such as arn:aws:sqs:us-east-1:123:kept'),
      region: z.string().min(1).default('us-east-1'),
    })
    .optional()
    .describe('where notifications arrive; left out: changes are found by asking'),
});

/** Of a vendor: Amazon as a customer that orders by purchase order. */
export const VendorSettings = z.object({
  ...account,
  channel: ChannelCode.describe('Kept’s channel for Amazon’s purchase orders'),
  vendorCode: z
    .string()
    .trim()
    .min(1)
    .max(20)
    .optional()
    .describe('the vendor code that they name as the selling party; left out: all of them'),
});

/** What Login with Amazon asks for; kept under lock. */
export const VendorSecrets = z.object({
  clientId: z.string().min(1).describe('of the application: amzn1.application-oa2-client.…'),
  clientSecret: z.string().min(1).describe('of the application'),
  refreshToken: z.string().min(1).describe('what the seller’s or vendor’s authorisation gave: Atzr|…'),
});
/** And, of a seller, AWS for the queue. */
export const AmazonSecrets = VendorSecrets.extend({
  awsAccessKeyId: z
    .string()
    .min(1)
    .optional()
    .describe('of an AWS user that may read the queue and take from it'),
  awsSecretAccessKey: z.string().min(1).optional().describe('of the same AWS user'),
});

export type Settings = z.output<typeof AmazonSettings>;
export type VendorSettings = z.output<typeof VendorSettings>;
export type Secrets = z.output<typeof AmazonSecrets>;
export type Credentials = z.output<typeof VendorSecrets>;
/** As much of either as it takes to call Amazon. */
export type Addressed = Pick<Settings, 'marketplace' | 'endpoint' | 'tokenEndpoint'>;

export const marketplaceOf = (settings: Pick<Settings, 'marketplace'>): Marketplace =>
  MARKETPLACES.get(settings.marketplace)!;

/** Kept's name of what Amazon calls a seller SKU. */
export const skuOf = (settings: Pick<Settings, 'skus'>, sellerSku: string): string =>
  settings.skus[sellerSku] ?? sellerSku;

/** What Amazon calls one of Kept's items: several seller SKUs may be one item. */
export function sellerSkusOf(settings: Pick<Settings, 'skus'>, sku: string): string[] {
  const mapped = Object.entries(settings.skus).flatMap(([seller, own]) => (own === sku ? [seller] : []));
  return mapped.length > 0 ? mapped : [sku];
}
