import { z } from 'zod';
import { commonSettings } from '../settings.ts';

export const TrytonSettings = z.object({
  ...commonSettings,
  /** The Tryton database's name, the first part of its clients' address. */
  database: z.string().min(1),
  user: z.string().min(1),
  /** The company's id there, where the user is not of one. */
  company: z.int().positive().optional(),
});
export type TrytonSettings = z.output<typeof TrytonSettings>;

export const TrytonSecrets = z.object({ password: z.string().min(1) });
export type TrytonSecrets = z.output<typeof TrytonSecrets>;
