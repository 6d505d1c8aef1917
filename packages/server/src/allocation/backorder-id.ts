import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';
import { keyOf, type LineKey, type NamedLine, readNamedLines } from './line-store.ts';

/**
 * The line that a backorder's id (`order-line`) names, with its names.
 * @throws KeptError `not_found`
 */
export async function lineOf(
  client: pg.PoolClient,
  brandId: number,
  id: string,
): Promise<{ key: LineKey; named: NamedLine }> {
  const match = /^(\d{1,15})-(\d{1,9})$/.exec(id);
  const key = { order: Number(match?.[1]), line: Number(match?.[2]) };
  const named = match === null ? undefined : (await readNamedLines(client, brandId, [key])).get(keyOf(key));
  if (named === undefined)
    throw new KeptError(
      'not_found',
      `There is no backorder ${JSON.stringify(id)}. GET /v1/backorders lists them.`,
    );
  return { key, named };
}
