import { z } from 'zod';
import { commonSettings } from '../settings.ts';

export const OdooSettings = z.object({
  ...commonSettings,
  database: z.string().min(1),
  /** json2: Odoo 19 and later. jsonrpc: versions before it, at /jsonrpc. */
  protocol: z.enum(['json2', 'jsonrpc']).default('json2'),
  /** The sign-in name, which only the older protocol asks for. */
  user: z.string().min(1).optional(),
});
export type OdooSettings = z.output<typeof OdooSettings>;

/** Made in Odoo under Preferences, Account Security. */
export const OdooSecrets = z.object({ apiKey: z.string().min(1) });
export type OdooSecrets = z.output<typeof OdooSecrets>;
