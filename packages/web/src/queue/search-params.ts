import type { BackorderSort, BackorderState } from '@kept/contract';
import type { Shape } from '../platform/api.ts';

export type QueueSort = Shape<typeof BackorderSort>;
export type QueueState = Shape<typeof BackorderState>;

/** What the address bar says: how the queue is sorted and filtered, and which line is open. */
export type QueueSearch = {
  sort?: QueueSort;
  direction?: 'asc' | 'desc';
  state?: QueueState;
  channel?: string;
  sku?: string;
  purchaseOrder?: string;
  search?: string;
  /** The id of the line whose story is open. */
  open?: string;
};
export type QueueFilters = Omit<QueueSearch, 'open'>;

const sorts: readonly QueueSort[] = [
  'queue',
  'sku',
  'customer',
  'channel',
  'quantity',
  'value',
  'waitingSince',
  'shipBy',
  'state',
];
/** In the order of how much they need somebody. */
export const states: readonly QueueState[] = ['unbacked', 'late', 'awaiting_consent', 'on_time'];

/** Keeps what the contract knows and drops the rest, so that an old or mistyped link still opens the queue. */
export function readQueueSearch(raw: Record<string, unknown>): QueueSearch {
  const sort = sorts.find((known) => known === raw.sort);
  return {
    sort: sort === 'queue' ? undefined : sort,
    direction: sort && sort !== 'queue' && raw.direction === 'desc' ? 'desc' : undefined,
    state: states.find((known) => known === raw.state),
    channel: text(raw.channel),
    sku: text(raw.sku),
    purchaseOrder: text(raw.purchaseOrder),
    search: text(raw.search),
    open: text(raw.open),
  };
}

export function filtersOf({ open: _, ...filters }: QueueSearch): QueueFilters {
  return filters;
}

/** How many filters narrow the queue; sorting does not. */
export function countFilters(search: QueueSearch): number {
  const { state, channel, sku, purchaseOrder, search: words } = search;
  return [state, channel, sku, purchaseOrder, words].filter(Boolean).length;
}

export const noFilters: QueueFilters = {
  state: undefined,
  channel: undefined,
  sku: undefined,
  purchaseOrder: undefined,
  search: undefined,
};

function text(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return value.trim().slice(0, 120) || undefined;
}
