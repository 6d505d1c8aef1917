import { z } from 'zod';

export const CustomerAddress = z.object({ email: z.string().trim().min(3).max(320) });
export const CustomerExport = z.object({
  email: z.string(),
  known: z.record(z.string(), z.array(z.unknown())).describe('by what it belongs to'),
});
export const CustomerErased = z.object({
  request: z.string(),
  orders: z.int().describe('that nobody is behind any more'),
  postponed: z.int().describe('with open units: erased by themselves once they are over'),
});
export const PrivacySettings = z.object({
  eraseAfterDays: z
    .int()
    .min(30)
    .max(36_500)
    .nullable()
    .describe(
      'customers of orders that are over are erased so long after these were placed; null: when they ask',
    ),
});
