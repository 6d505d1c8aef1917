import type { QueueSort } from './search-params.ts';
import type { words } from './words.ts';

export type Column = {
  key: keyof typeof words.columns;
  /** What the server sorts by; the backing has no order of its own. */
  sort?: QueueSort;
  /** Which way the first click sorts: figures largest first, words and dates from their start. */
  first?: 'asc' | 'desc';
};

export const columns: readonly Column[] = [
  { key: 'item', sort: 'sku' },
  { key: 'customer', sort: 'customer' },
  { key: 'channel', sort: 'channel' },
  { key: 'quantity', sort: 'quantity', first: 'desc' },
  { key: 'value', sort: 'value', first: 'desc' },
  { key: 'waitingSince', sort: 'waitingSince' },
  { key: 'shipBy', sort: 'shipBy' },
  { key: 'backing' },
  { key: 'state', sort: 'state' },
];

export type Sorting = { sort?: QueueSort; direction?: 'asc' | 'desc' };

/** First click, the other way, then back to the queue's own order. */
export function nextSorting(current: Sorting, column: Column): Sorting {
  const first = column.first ?? 'asc';
  const other = first === 'asc' ? 'desc' : 'asc';
  const direction = current.direction ?? 'asc';
  if (current.sort !== column.sort)
    return { sort: column.sort, direction: first === 'desc' ? 'desc' : undefined };
  if (direction === first) return { sort: column.sort, direction: other === 'desc' ? 'desc' : undefined };
  return { sort: undefined, direction: undefined };
}
