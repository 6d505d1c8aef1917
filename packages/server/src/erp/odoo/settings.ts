import { z } from 'zod';
import { commonSettings } from '../settings.ts';

export const OdooSettings = z.object({
  ...commonSettings,
  database: z.string().min(1).describe('the database’s name'),
  protocol: z
    .enum(['json2', 'jsonrpc', 'xmlrpc'])
    .default('json2')
    .describe(
      'json2: Odoo 19 and later. jsonrpc: versions before it, at /jsonrpc. xmlrpc: the same where a proxy lets only /xmlrpc/2 through',
    ),
  user: z.string().min(1).optional().describe('the sign-in name, which only the older protocols ask for'),
});
export type OdooSettings = z.output<typeof OdooSettings>;

export const OdooSecrets = z.object({
  apiKey: z.string().min(1).describe('made in Odoo under Preferences, Account Security'),
});
export type OdooSecrets = z.output<typeof OdooSecrets>;
