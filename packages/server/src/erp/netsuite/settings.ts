import { z } from 'zod';
import { commonSettings } from '../settings.ts';

export const NetsuiteSettings = z.object({
  account: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,40}$/, 'expected an account id such as 1234567_SB1')
    .describe('the account’s id, such as 1234567 or 1234567_SB1'),
  address: z
    .url('expected an address such as https://1234567.suitetalk.api.netsuite.com')
    .optional()
    .describe('where the account answers; of its id unless told'),
  clientId: z.string().min(1).describe('of the integration, told once when it is made'),
  certificateId: z
    .string()
    .min(1)
    .describe('of the certificate that was given to the integration (OAuth 2.0 Client Credentials Setup)'),
  timeZone: z
    .string()
    .default('America/Los_Angeles')
    .describe(
      'NetSuite’s stamps are told in the time zone of the integration’s user: Pacific unless that was changed',
    ),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'expected a currency code such as USD')
    .describe('the currency of base prices, which items do not tell'),
  locations: commonSettings.locations,
  items: commonSettings.items,
});
export type NetsuiteSettings = z.output<typeof NetsuiteSettings>;

export const NetsuiteSecrets = z.object({
  privateKey: z
    .string()
    .includes('PRIVATE KEY', { error: 'expected a private key in PEM' })
    .describe('PEM, RSA of 3072 bits or more, or elliptic (P-256): the other half of the certificate'),
});
export type NetsuiteSecrets = z.output<typeof NetsuiteSecrets>;
