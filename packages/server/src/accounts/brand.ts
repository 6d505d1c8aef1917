import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { insertBrand, readBrand } from './brand-store.ts';

/** The brand of an installation that has one. */
export const FIRST_BRAND = 1;

export interface NewBrand {
  readonly title: string;
  /** IANA, such as Europe/London. */
  readonly timeZone: string;
  /** ISO 4217. */
  readonly currency: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | null;
}

/** Makes the first brand where the database has none; one that is there stays as it is. */
export async function ensureBrand(
  kept: Kept,
  brand: NewBrand,
): Promise<{ brandId: number; created: boolean }> {
  const created = await withBrand(kept.db, FIRST_BRAND, (client) =>
    insertBrand(
      client,
      {
        id: FIRST_BRAND,
        title: brand.title,
        timeZone: brand.timeZone,
        currency: brand.currency,
        country: brand.country ?? null,
      },
      kept.clock.now(),
    ),
  );
  return { brandId: FIRST_BRAND, created };
}

/** Whether this database has ever been begun: a start or an import makes its brand. */
export function hasBrand(kept: Kept): Promise<boolean> {
  return withBrand(kept.db, FIRST_BRAND, async (client) => (await readBrand(client, FIRST_BRAND)) !== null, {
    reads: true,
  });
}
