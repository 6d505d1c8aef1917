import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';

/**
 * Renews a claim four times in each lease, for as long as the work takes that it is for: a call may hang for longer than a lease,
 * and a process that died leaves what it claimed to others within one. @returns stops it
 */
export function keepClaim(
  kept: Kept,
  brandId: number,
  connection: string,
  leaseSeconds: number,
  renew: (client: pg.PoolClient) => Promise<unknown>,
): () => void {
  const heart = setInterval(() => {
    withBrand(kept.db, brandId, renew).catch((err) =>
      kept.log.warn({ err, connection }, 'a claim was not renewed'),
    );
  }, leaseSeconds * 250);
  return () => clearInterval(heart);
}
