import { KeptError } from './errors.ts';

type Part = string | number;

/** A list's cursor: the sort key of the last row given, opaque to the caller. */
export function encodeCursor(key: readonly Part[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/**
 * The key behind a cursor, whose parts are of the types given.
 * @throws KeptError `invalid_input` for a cursor that no list of this kind gave
 */
export function decodeCursor(cursor: string, types: readonly ('string' | 'number')[]): Part[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (
      Array.isArray(key) &&
      key.length === types.length &&
      key.every((part, at) => typeof part === types[at])
    )
      return key;
  } catch {
    // told below
  }
  throw new KeptError('invalid_input', 'cursor: expected the `next` of the page before, as it was given', {
    errors: [{ path: 'cursor', message: 'expected the `next` of the page before', in: 'querystring' }],
  });
}

/** A page out of one row more than it holds: the row too many tells that there is a next page. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly Part[],
): { items: Row[]; next: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}
