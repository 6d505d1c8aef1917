import type { Reason } from '@kept/engine';
import type pg from 'pg';
import { decodeCursor, encodeCursor } from '../platform/cursor.ts';
import { type LedgerFilter, listPromises } from './ledger-store.ts';
import { promiseFrom } from './line-store.ts';
import type { ToldColumns } from './told-store.ts';
import { promiseView } from './views.ts';

/** A page of the promise ledger, newest first. */
export async function pagePromises(
  client: pg.PoolClient,
  brandId: number,
  query: LedgerFilter & { limit: number; cursor?: string | undefined },
) {
  const after =
    query.cursor === undefined
      ? null
      : (decodeCursor(query.cursor, ['string', 'number', 'number', 'number']) as [
          string,
          number,
          number,
          number,
        ]);
  const rows = await listPromises(client, brandId, query, query.limit + 1, after);
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => {
      const promise = promiseView(promiseFrom(row), JSON.parse(row.reasons));
      return {
        order: row.order,
        line: JSON.parse(row.line_ref) as string | number,
        sku: row.sku,
        version: row.version,
        quantity: promise?.quantity ?? 0,
        shipBy: promise?.shipBy ?? null,
        deliverBy: promise?.deliverBy ?? null,
        parts: promise?.parts ?? [],
        reasons: JSON.parse(row.reasons) as Reason[],
        change: row.change,
        madeAt: row.made_at,
        told: toldView(row),
      };
    }),
    next:
      rows.length > query.limit && last !== undefined
        ? encodeCursor([last.made_at, last.order_id, last.line, last.version])
        : null,
  };
}

/** What first told the customer of a version (contract: Told). */
export function toldView(row: ToldColumns) {
  if (row.told_by === null) return null;
  return {
    by: row.told_by,
    at: row.told_at,
    ...(row.told_message === null
      ? {}
      : { message: row.told_message, kind: row.told_kind!, writtenAt: row.told_written_at! }),
  };
}
