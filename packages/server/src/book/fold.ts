import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { takeUpBook } from '../promising/index.ts';
import { foldPending } from './fold-store.ts';
import { takeUpMoney } from './money-balance.ts';

/** Transactions added up at once: each of up to a few hundred lines. */
const MOST = 100;
/** Touches of orders' money taken up at once. */
const MOST_ORDERS = 1000;
/** Of the time that passes, a crowd of orders keeps so many parts, and the book gets one. */
const PARTS_LEFT = 3;

/**
 * Brings the book up to what was captured, adds its rows up into its sums, and reckons the money of orders that were touched, until
 * nothing is left. Readers do the first and add the rest for themselves, so that nobody waits for this, and the book is right without
 * it; it keeps them fast.
 */
export async function foldBook(
  kept: Kept,
  brandId: number,
  { stopped = () => false }: { stopped?(): boolean } = {},
): Promise<void> {
  while (!stopped()) {
    const began = performance.now();
    // Nobody remembers sums, so that nobody's memory is out of date after it.
    const work = (step: (client: pg.PoolClient) => Promise<number>) =>
      withBrand(kept.db, brandId, step, { reads: true });
    const taken = await work((client) => takeUpBook(client, brandId, MOST));
    const folded = await work((client) => foldPending(client, brandId, MOST));
    const reckoned = await work((client) => takeUpMoney(kept, client, brandId, MOST_ORDERS));
    if (taken < MOST && folded < MOST && reckoned < MOST_ORDERS) return;
    const tookMs = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, PARTS_LEFT * tookMs));
  }
}
