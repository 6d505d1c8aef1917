import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { takeUpBook } from '../promising/index.ts';

/** Brings the book up to everything that has been committed by now, so that who reads it next reads that too. */
export async function catchUp(kept: Kept, brandId: number): Promise<void> {
  await withBrand(kept.db, brandId, (client) => takeUpBook(client, brandId), { reads: true });
}
