import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';
import { readPurchaseOrderLines } from './planning-store.ts';

/** What a draft is to order. */
interface DraftLine {
  readonly sku: string;
  readonly quantity: number;
}

/** Drafts of one item or supplier that may be accepted on one day. */
const MOST_A_DAY = 100;

/**
 * The reference under which a proposal becomes a draft. A purchase order that somebody has placed, or another draft, is never written over:
 * only the very same draft is, and one of the day that was named here and is not placed yet, which is corrected.
 * @throws KeptError `conflict`
 */
export async function draftName(
  client: pg.PoolClient,
  brandId: number,
  ref: string | undefined,
  usual: string,
  lines: readonly DraftLine[],
): Promise<string> {
  if (ref !== undefined) {
    const found = await readPurchaseOrderLines(client, brandId, ref);
    if (found === null || (found.stage === 'draft' && sameLines(found.lines, lines))) return ref;
    const what =
      found.stage === 'draft' ? 'a draft of other lines' : `a purchase order that is ${found.stage}`;
    throw new KeptError(
      'conflict',
      `${ref} is ${what}: it would be written over. Leave ref out, or give one that is free.`,
      { errors: [{ path: 'ref', message: 'expected a reference that is free' }] },
    );
  }
  for (let turn = 1; turn <= MOST_A_DAY; turn++) {
    const name = turn === 1 ? usual : `${usual}-${turn}`;
    const found = await readPurchaseOrderLines(client, brandId, name);
    if (found === null || found.stage === 'draft') return name;
  }
  throw new KeptError(
    'conflict',
    `${MOST_A_DAY} proposals were placed as ${usual} today: give a ref of your own.`,
  );
}

function sameLines(some: readonly DraftLine[], others: readonly DraftLine[]): boolean {
  const told = (lines: readonly DraftLine[]) =>
    lines
      .map(({ sku, quantity }) => JSON.stringify([sku, quantity]))
      .sort()
      .join();
  return told(some) === told(others);
}
