import type { OrderInput } from '@kept/contract';
import type { z } from 'zod';
import { requestDigest } from '../platform/inbox.ts';

/** An order as the contract reads it, defaults filled in. */
export type Order = z.output<typeof OrderInput>;
export type OrderLineInput = Order['lines'][number];

/** What had happened to a line before Kept knew the order: units, by the line's place in the order. */
export interface LineHistory {
  readonly shipped: number;
  readonly cancelled: number;
}

/**
 * A digest of what was asked, by which the same order is told from another with its name (RULES 2). When a source last
 * touched the order is not part of what it says.
 */
export function contentOf(order: Order): string {
  const { sourceUpdatedAt: _when, ...content } = order;
  return requestDigest(content);
}
