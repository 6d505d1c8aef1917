import { z } from 'zod';
import { commonSettings } from '../settings.ts';

export const ErpnextSettings = z.object({
  ...commonSettings,
  /** The company whose orders are read and written, by its name there. */
  company: z.string().min(1),
  /** The site's time zone (System Settings): its stamps are told in it. */
  timeZone: z
    .string()
    .default('UTC')
    .refine((zone) => {
      try {
        new Intl.DateTimeFormat('en', { timeZone: zone });
        return true;
      } catch {
        return false;
      }
    }, 'expected a time zone such as Europe/Berlin'),
});
export type ErpnextSettings = z.output<typeof ErpnextSettings>;

/** Made in ERPNext under the user's Settings, API Access. */
export const ErpnextSecrets = z.object({ apiKey: z.string().min(1), apiSecret: z.string().min(1) });
export type ErpnextSecrets = z.output<typeof ErpnextSecrets>;
