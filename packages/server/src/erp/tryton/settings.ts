import { z } from 'zod';
import { commonSettings } from '../settings.ts';

export const TrytonSettings = z.object({
  ...commonSettings,
  database: z.string().min(1).describe('the Tryton database’s name, the first part of its clients’ address'),
  user: z.string().min(1).describe('the sign-in name of a user of Kept’s own'),
  company: z.int().positive().optional().describe('the company’s id there, where the user is not of one'),
});
export type TrytonSettings = z.output<typeof TrytonSettings>;

export const TrytonSecrets = z.object({ password: z.string().min(1).describe('of that user') });
export type TrytonSecrets = z.output<typeof TrytonSecrets>;
