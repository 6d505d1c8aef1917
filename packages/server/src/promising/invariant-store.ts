import type pg from 'pg';

import { BOOK_INVARIANTS } from './book-invariant-store.ts';
import { LEDGER_INVARIANTS } from './ledger-invariant-store.ts';
import { MONEY_INVARIANTS } from './money-invariant-store.ts';
import { PROMISE_INVARIANTS } from './promise-invariant-store.ts';
import { UNIT_INVARIANTS } from './unit-invariant-store.ts';

/** DESIGN section 3, over whole tables. */
const INVARIANTS = [
  ...UNIT_INVARIANTS,
  ...PROMISE_INVARIANTS,
  ...LEDGER_INVARIANTS,
  ...BOOK_INVARIANTS,
  ...MONEY_INVARIANTS,
];

export interface InvariantFinding {
  readonly name: string;
  readonly sentence: string;
  readonly faults: readonly string[];
}

/** Checks every invariant over whole tables, in one snapshot; at most `limit` faults are told of each. */
export async function checkInvariants(
  client: pg.PoolClient,
  brandId: number,
  limit = 20,
): Promise<InvariantFinding[]> {
  const findings: InvariantFinding[] = [];
  for (const { name, sentence, text } of INVARIANTS) {
    const { rows } = await client.query(`select fault from (${text}) faults limit ${limit}`, [brandId]);
    findings.push({ name, sentence, faults: rows.map((row) => row.fault) });
  }
  return findings;
}
