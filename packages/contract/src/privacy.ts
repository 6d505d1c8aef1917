import { z } from 'zod';
import { AnsweredInstant, listOf } from './common.ts';

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
export const PrivacyRequestList = listOf(
  z.object({
    id: z.string(),
    kind: z.enum(['erasure', 'export']),
    email: z.string().nullable().describe('for as long as it is needed'),
    channel: z.string().nullable().describe('whose customers are all forgotten'),
    by: z.string().describe('key:…, user:… or connection:…'),
    at: AnsweredInstant,
    dueBy: AnsweredInstant,
    doneAt: AnsweredInstant.nullable(),
    orders: z.int().describe('erased so far'),
  }),
);
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
