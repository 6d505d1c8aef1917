import type { Backorder as BackorderShape, Explanation as ExplanationShape } from '@kept/contract';
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { read, type Shape } from '../platform/api.ts';
import type { Money } from '../platform/format.ts';
import type { QueueFilters, QueueState } from './search-params.ts';

export type Backorder = Shape<typeof BackorderShape>;
export type Commitment = Backorder['commitments'][number];
export type Supply = NonNullable<Commitment['supply']>;
export type Explanation = Shape<typeof ExplanationShape>;

/**
 * Sums over all that matches, not only what is loaded. `byState` leaves the state filter out, so that the other
 * states' figures stay while one is chosen.
 */
export type Totals = {
  lines: number;
  units: number;
  value: Money[];
  byState: Partial<Record<QueueState, { lines: number; units: number }>>;
};
export type BackorderPage = { items: Backorder[]; next: string | null; totals?: Totals };

const pageSize = 200;
const refreshMillis = 5_000;
/** Beyond this a refresh of all that is loaded would be a burden; the reader asks for it instead. */
const livePages = 12;

/** The queue, page by page. One request per refresh interval on average, however many pages are loaded. */
export function useBackorders(filters: QueueFilters) {
  const client = useQueryClient();
  const queryKey = ['backorders', filters];
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      read<BackorderPage>(
        '/v1/backorders',
        { ...filters, limit: pageSize, cursor: pageParam ?? undefined },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) =>
      isLive(data) ? (data?.pages.length ?? 1) * refreshMillis : false,
    refetchOnWindowFocus: ({ state: { data } }) => isLive(data),
    refetchOnReconnect: ({ state: { data } }) => isLive(data),
  });
  const pages = query.data?.pages;
  const rows = useMemo(() => uniqueRows(pages ?? []), [pages]);
  const live = isLive(query.data);
  // What is too much to refresh is let go, and read again from its beginning.
  const refresh = () => void (live ? query.refetch() : client.resetQueries({ queryKey, exact: true }));
  return { query, rows, totals: pages?.[0]?.totals, live, refresh };
}

function isLive(data: { pages: unknown[] } | undefined): boolean {
  return (data?.pages.length ?? 1) <= livePages;
}

/** Between two pages the queue may have moved: a line that slid down is shown once. */
function uniqueRows(pages: readonly BackorderPage[]): Backorder[] {
  if (pages.length === 1) return pages[0]!.items;
  const seen = new Set<string>();
  const rows: Backorder[] = [];
  for (const page of pages)
    for (const row of page.items) {
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      rows.push(row);
    }
  return rows;
}

export function useExplanation(id: string) {
  return useQuery({
    queryKey: ['explanation', id],
    queryFn: ({ signal }) =>
      read<Explanation>(`/v1/backorders/${encodeURIComponent(id)}/explanation`, {}, signal),
    refetchInterval: refreshMillis,
  });
}

/** The channels to filter by; their codes and titles. */
export function useChannels() {
  return useQuery({
    queryKey: ['channels'],
    queryFn: ({ signal }) =>
      read<{ items: { code: string; title: string }[] }>('/v1/channels', { limit: 1000 }, signal),
    staleTime: 5 * 60_000,
  });
}
