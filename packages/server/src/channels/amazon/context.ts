import type { SellerMetrics } from './seller-metrics.ts';
import type { Settings } from './settings.ts';
import type { SellingPartnerApi } from './sp-api.ts';

/** What every part of a connection to Amazon is given. */
export interface Amazon {
  readonly settings: Settings;
  readonly api: SellingPartnerApi;
  now(): Date;
  /** What a person should see in the connection's log. */
  warn(words: string, data?: Record<string, unknown>): void;
  /** How the seller's orders stand, by Kept's own record of them; `today` is the marketplace's day. */
  metrics(today: string): Promise<SellerMetrics>;
}
