import type { QueryValues } from '../platform/api.ts';

/** The page of the rows behind a figure: lines of the book, or changes of it. */
export const linesPath = (query: QueryValues = {}) => `/book/lines${asQuery(query)}`;
export const movesPath = (query: QueryValues = {}) => `/book/moves${asQuery(query)}`;

export function asQuery(query: QueryValues): string {
  const told = Object.entries(query).filter(
    (entry): entry is [string, string | number] => entry[1] !== undefined,
  );
  const text = new URLSearchParams(told.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}
