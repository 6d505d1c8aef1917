import { z } from 'zod';
import { commonSettings } from '../settings.ts';

export const ErpnextSettings = z.object({
  ...commonSettings,
  company: z.string().min(1).describe('the company whose orders are read and written, by its name there'),
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
    }, 'expected a time zone such as Europe/Berlin')
    .describe('the site’s time zone (System Settings): its stamps are told in it'),
});
export type ErpnextSettings = z.output<typeof ErpnextSettings>;

export const ErpnextSecrets = z.object({
  apiKey: z.string().min(1).describe('made in ERPNext under the user’s Settings, API Access'),
  apiSecret: z.string().min(1).describe('told once, when the key is made'),
});
export type ErpnextSecrets = z.output<typeof ErpnextSecrets>;
