import { z } from 'zod';
import { AnsweredInstant, Instant } from './common.ts';

/** Something that was done, or looked at. */
export const AuditEntry = z.object({
  at: AnsweredInstant,
  actor: z.string().describe('user:…, key:…, a source of facts, or kept itself'),
  kind: z.string().describe('the kind of an event; or "read", "changed" or nothing, and a route'),
  about: z.unknown().describe('what the fact holds, or what the address named'),
  status: z.int().nullable(),
  address: z.string().nullable().describe('of whoever signed in, or tried'),
});

export const AuditQuery = z.object({
  from: Instant.optional(),
  until: Instant.optional(),
  actor: z.string().max(400).optional(),
  kind: z.string().max(200).optional().describe('a part of it'),
  about: z.string().max(200).optional().describe('a text in it, such as an order’s id'),
  format: z.enum(['json', 'csv']).default('json'),
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const AuditSeal = z.object({
  number: z.int(),
  hash: z.string().nullable(),
  at: AnsweredInstant.nullable(),
});
