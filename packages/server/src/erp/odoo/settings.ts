import { z } from 'zod';
import { commonSettings } from '../settings.ts';

export const OdooSettings = z.object({
  ...commonSettings,
  database: z.string().min(1),
  /** json2: Odoo 19 and later. jsonrpc: versions before it, at /jsonrpc. xmlrpc: the same where a proxy lets only /xmlrpc/2 through. */
  protocol: z.enum(['json2', 'jsonrpc', 'xmlrpc']).default('json2'),
  /** The sign-in name, which only the older protocols ask for. */
  user: z.string().min(1).optional(),
});
export type OdooSettings = z.output<typeof OdooSettings>;

/** Made in Odoo under Preferences, Account Security. */
export const OdooSecrets = z.object({ apiKey: z.string().min(1) });
export type OdooSecrets = z.output<typeof OdooSecrets>;
