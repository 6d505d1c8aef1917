import { z } from 'zod';
import { AnsweredInstant } from './common.ts';

export const SearchQuery = z.object({
  /** Part of an order's, item's or purchase order's name, or of a customer's; the start of it is found everywhere. */
  q: z.string().trim().min(2).max(120),
  /** Of each kind. */
  limit: z.coerce.number().int().min(1).max(20).default(6),
});
/** What is called that. `order` and `sku` say where it is to be seen. */
export const FoundPage = z.object({
  items: z.array(
    z.object({
      kind: z.enum(['order', 'item', 'purchase_order', 'customer']),
      name: z.string(),
      /** What is said beside the name: a title, a customer, a supplier. */
      title: z.string(),
      order: z.string().optional(),
      sku: z.string().optional(),
    }),
  ),
});

/** What the log holds since an instant, in numbers. */
export const Changes = z.object({
  since: AnsweredInstant,
  asOf: AnsweredInstant,
  changes: z.array(z.object({ kind: z.string().describe('of event, such as order.placed'), count: z.int() })),
});
