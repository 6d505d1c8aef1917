import { LocationCode } from '@kept/contract';
import { z } from 'zod';

export const NetsuiteSettings = z.object({
  /** The account's id, such as 1234567 or 1234567_SB1. */
  account: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'expected an account id such as 1234567_SB1'),
  /** Where the account answers; of its id unless told. */
  address: z.url('expected an address such as https://1234567.suitetalk.api.netsuite.com').optional(),
  /** The integration's client id and the id of the certificate that was given to it. */
  clientId: z.string().min(1),
  certificateId: z.string().min(1),
  /** NetSuite's stamps are told in the time zone of the integration's user: Pacific unless that was changed. */
  timeZone: z.string().default('America/Los_Angeles'),
  /** The currency of base prices, which items do not tell. */
  currency: z.string().regex(/^[A-Z]{3}$/, 'expected a currency code such as USD'),
  locations: z.record(z.string().min(1), LocationCode).default({}),
  items: z.enum(['here', 'elsewhere']).default('here'),
});
export type NetsuiteSettings = z.output<typeof NetsuiteSettings>;

export const NetsuiteSecrets = z.object({
  /** PEM, RSA of 3072 bits or more, or elliptic (P-256): the other half of the certificate. */
  privateKey: z.string().includes('PRIVATE KEY', { error: 'expected a private key in PEM' }),
});
export type NetsuiteSecrets = z.output<typeof NetsuiteSecrets>;
