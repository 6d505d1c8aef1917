import type { SellerMetrics } from './seller-metrics.ts';
import type { Settings, VendorSettings } from './settings.ts';
import type { SellingPartnerApi } from './sp-api.ts';

/** Amazon as a connection calls it. */
export interface Account {
  readonly api: SellingPartnerApi;
  now(): Date;
  /** What a person should see in the connection's log. */
  info(words: string, data?: Record<string, unknown>): void;
  warn(words: string, data?: Record<string, unknown>): void;
}

/** What every part of a seller's connection is given. */
export interface Amazon extends Account {
  readonly settings: Settings;
  /** How the seller's orders stand, by Kept's own record of them; `today` is the marketplace's day. */
  metrics(today: string): Promise<SellerMetrics>;
}

/** And of a vendor's. */
export interface Vendor extends Account {
  readonly settings: VendorSettings;
}
