import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { type Applied, applyFacts } from './apply-facts.ts';
import type { Fact } from './connector.ts';
import { readRefused, takeWaitingRefused } from './refusal-store.ts';

/** Refused for something that was not there: it may have come since. */
const WAITING_FOR = ['unknown_sku', 'unknown_channel', 'unknown_location', 'unknown_supplier', 'not_found'];
/** After so many times it is a person's. */
const MOST_ATTEMPTS = 12;
const AT_ONCE = 200;

/** Tries facts again that came before what they refer to. */
export async function retryWaiting(kept: Kept, brandId: number, connection: string): Promise<void> {
  const facts = await withBrand(
    kept.db,
    brandId,
    (client) => takeWaitingRefused(client, brandId, connection, WAITING_FOR, MOST_ATTEMPTS, AT_ONCE),
    { reads: true },
  );
  if (facts.length > 0)
    await applyFacts(
      kept,
      brandId,
      connection,
      facts.map((fact) => JSON.parse(fact) as Fact),
      { again: true },
    );
}

/** Tries refused facts again because a person says so: one, or all. */
export async function retryRefused(
  kept: Kept,
  brandId: number,
  connection: string,
  only?: { readonly kind: string; readonly externalId: string },
): Promise<Applied> {
  const rows = await withBrand(
    kept.db,
    brandId,
    (client) => readRefused(client, brandId, connection, only ?? null, null, 10_000),
    { reads: true },
  );
  return applyFacts(
    kept,
    brandId,
    connection,
    rows.map((row) => JSON.parse(row.fact) as Fact),
    { again: true },
  );
}
