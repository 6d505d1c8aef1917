import type {
  MessageMetrics,
  MessagePreview,
  Message as MessageShape,
  ToHear as ToHearShape,
  Unanswered as UnansweredShape,
} from '@kept/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { read, type Shape } from '../platform/api.ts';

export type ToHear = Shape<typeof ToHearShape>;
export type Unanswered = Shape<typeof UnansweredShape>;
export type Message = Shape<typeof MessageShape>;
type Preview = Shape<typeof MessagePreview>;
type Metrics = Shape<typeof MessageMetrics>;
type Settings = { paused: boolean; shadow: boolean; sender: string | null };

const refreshMillis = 15_000;
const pageSize = 100;

/** A list under /v1/messages, page by page. */
export function useMessageList<T>(path: string, filters: Record<string, string | undefined> = {}) {
  const query = useInfiniteQuery({
    queryKey: ['messages', path, filters],
    queryFn: ({ pageParam, signal }) =>
      read<{ items: T[]; next: string | null }>(
        path,
        { ...filters, limit: pageSize, cursor: pageParam ?? undefined },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: refreshMillis,
  });
  return { query, items: query.data?.pages.flatMap(({ items }) => items) ?? [] };
}

export function usePreview(id: string) {
  return useQuery({
    queryKey: ['messages', 'preview', id],
    queryFn: ({ signal }) => read<Preview>(`/v1/messages/${encodeURIComponent(id)}/preview`, {}, signal),
  });
}

export function useMetrics() {
  return useQuery({
    queryKey: ['messages', 'metrics'],
    queryFn: ({ signal }) => read<Metrics>('/v1/messages/metrics', {}, signal),
  });
}

/** How messages leave; what holds them all up is said once, at the top. */
export function useSending() {
  return useQuery({
    queryKey: ['messages', 'settings'],
    queryFn: ({ signal }) => read<Settings>('/v1/message-settings', {}, signal),
    refetchInterval: 4 * refreshMillis,
  });
}
