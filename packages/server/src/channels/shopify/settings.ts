import { z } from 'zod';
import type { ConnectionContext } from '../../connections/index.ts';

/** The version that Kept is written for; a test validates every operation against it and the one after it. */
export const API_VERSION = '2026-07';
export const NEXT_API_VERSION = '2026-10';

/** What the app asks of a shop, and what each is for. */
export const SCOPES = [
  'read_products',
  'write_products',
  'read_inventory',
  'read_inventory_transfers',
  'read_inventory_shipments',
  'read_locations',
  'read_orders',
  'read_all_orders',
  'write_orders',
  'write_order_edits',
  'read_customers',
  'read_merchant_managed_fulfillment_orders',
  'write_merchant_managed_fulfillment_orders',
  'read_third_party_fulfillment_orders',
  'write_third_party_fulfillment_orders',
] as const;

export const settings = z.object({
  shop: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/, 'expected an address such as example.myshopify.com')
    .describe('the shop’s own address, such as example.myshopify.com'),
  channel: z
    .string()
    .trim()
    .min(1)
    .max(120)
    .default('shopify')
    .describe('the channel that the shop’s orders belong to in Kept'),
  locations: z
    .record(z.string().regex(/^\d+$/), z.string().min(1).max(120))
    .default({})
    .describe(
      'Kept’s code for each of the shop’s locations, by the number in its address in Shopify; others are shopify-NUMBER',
    ),
  stock: z
    .boolean()
    .default(true)
    .describe('whether Shopify’s counts are the stock; false where an ERP or a warehouse system tells it'),
  depositPercent: z
    .int()
    .min(1)
    .max(99)
    .default(20)
    .describe('per cent charged at checkout by pre-order plans where a deposit is taken'),
  preorderPlans: z
    .boolean()
    .default(false)
    .describe('whether items that are sold before they are here get a pre-order selling plan in the shop'),
  apiVersion: z
    .string()
    .regex(/^(\d{4}-\d{2}|unstable)$/)
    .default(API_VERSION)
    .describe('of the Admin API: another than Kept is written for is warned about'),
  adminUrl: z
    .url()
    .optional()
    .describe('where the Admin API is, without its path; the shop’s own address unless told'),
});

/** Where the Admin API and the install of a shop are, without a path. */
export const adminUrlOf = ({ adminUrl, shop }: { adminUrl?: string | undefined; shop: string }): string =>
  adminUrl?.replace(/\/$/, '') ?? `https://${shop}`;

export const secrets = z.object({
  clientId: z.string().min(1).optional().describe('the app’s own'),
  clientSecret: z.string().min(1).describe('the app’s own: it signs webhooks and the install'),
  accessToken: z.string().min(1).optional().describe('of the shop; the install brings it'),
  refreshToken: z
    .string()
    .min(1)
    .optional()
    .describe('by which an access token that ends is renewed; the install brings it'),
  expiresAt: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('when the access token ends; left out: it does not'),
});

export type ShopifySettings = z.output<typeof settings>;
export type ShopifySecrets = z.output<typeof secrets>;

export type ShopifyContext = ConnectionContext<ShopifySettings, ShopifySecrets>;
