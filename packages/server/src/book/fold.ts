import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { foldPending } from './fold-store.ts';

/** Transactions added up at once: each of up to a few hundred lines. */
const MOST = 100;
/** Of the time that passes, a crowd of orders keeps so many parts, and adding up gets one. */
const PARTS_LEFT = 3;

/**
 * Adds the book's pending rows up into its sums, until none is left. Readers add both, so that nothing waits for this, and the book
 * is right without it; it keeps them fast.
 */
export async function foldBook(
  kept: Kept,
  brandId: number,
  { stopped = () => false }: { stopped?(): boolean } = {},
): Promise<void> {
  while (!stopped()) {
    const began = performance.now();
    // Nobody remembers sums, so that nobody's memory is out of date after it.
    const folded = await withBrand(kept.db, brandId, (client) => foldPending(client, brandId, MOST), {
      reads: true,
    });
    if (folded < MOST) return;
    const tookMs = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, PARTS_LEFT * tookMs));
  }
}
