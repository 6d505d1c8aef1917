import type { PurchaseOrder as PurchaseOrderShape, ReleasePage, WhatIf as WhatIfShape } from '@kept/contract';
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { read, type Shape, write } from '../platform/api.ts';
import { daysBetween } from '../platform/format.ts';

export type PurchaseOrder = Shape<typeof PurchaseOrderShape>;
export type WhatIf = Shape<typeof WhatIfShape>;
export type Releases = Shape<typeof ReleasePage>;
/** A purchase order's line of which units are still to come. */
export type OpenLine = PurchaseOrder['lines'][number] & { order: string; supplier: string };
export type SlipReason = 'production' | 'materials' | 'freight' | 'customs' | 'moq' | 'quality' | 'other';

const pageSize = 200;
const refreshMillis = 20_000;

/** All open lines, those without a date first, then by the day on which they are expected. */
export function useOpenLines() {
  const query = useInfiniteQuery({
    queryKey: ['purchase-orders'],
    queryFn: ({ pageParam, signal }) =>
      read<{ items: PurchaseOrder[]; next: string | null }>(
        '/v1/purchase-orders',
        { limit: pageSize, cursor: pageParam ?? undefined },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: refreshMillis,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const lines = useMemo(() => openLines(query.data?.pages.flatMap(({ items }) => items) ?? []), [query.data]);
  return { query, lines };
}

export function openLines(orders: readonly PurchaseOrder[]): OpenLine[] {
  const lines = orders.flatMap((order) =>
    order.lines
      .filter(({ open, stage }) => open > 0 && stage !== 'cancelled')
      .map((line) => ({ ...line, order: order.ref, supplier: order.supplier })),
  );
  const day = (line: OpenLine) => line.expectedOn ?? '';
  return lines.sort((left, right) => day(left).localeCompare(day(right)) || left.id.localeCompare(right.id));
}

/** The first and last day that the timeline has to show. */
export function spanOf(lines: readonly OpenLine[], today: string): { from: string; days: number } {
  const dated = lines.flatMap(({ expectedOn, promisableOn }) => [expectedOn, promisableOn]);
  const days = [today, ...dated.filter((day) => day !== null)].sort();
  const first = days[0]!;
  const last = days.at(-1)!;
  // A slip of weeks still fits, and a date of years ago does not press all others together.
  const early = Math.max(-120, Math.min(-7, daysBetween(today, first) - 7));
  const late = Math.min(500, Math.max(56, daysBetween(today, last) + 28));
  return { from: addDays(today, early), days: late - early };
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

const revisionOf = (line: OpenLine, expectedOn: string | null, reason: string) => ({
  line: line.line,
  ...(line.schedule === undefined ? {} : { schedule: line.schedule }),
  expectedOn,
  reason,
});

/** Who would be hit if the line came on another day. Nothing is changed by asking. */
export function useSupposed(line: OpenLine, day: string) {
  return useQuery({
    queryKey: ['what-if', line.id, day],
    queryFn: ({ signal }) =>
      write<WhatIf>(
        'POST',
        '/v1/what-if',
        {
          changes: [
            { kind: 'purchase_order_revision', purchaseOrder: line.order, ...revisionOf(line, day, 'other') },
          ],
          limit: 50,
        },
        signal,
      ),
    enabled: day !== line.expectedOn,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}

/** What a page does and then reads anew. */
export function usePurchasing() {
  const client = useQueryClient();
  const renew = useCallback(() => {
    for (const of of ['purchase-orders', 'backorders', 'releases', 'today', 'what-if'])
      void client.invalidateQueries({ queryKey: [of] });
  }, [client]);
  return useMemo(
    () => ({
      revise: async (line: OpenLine, expectedOn: string | null, reason: SlipReason) => {
        await write('POST', `${pathOf(line)}/revisions`, revisionOf(line, expectedOn, reason));
        renew();
      },
      receive: async (
        line: OpenLine,
        body: { quantity: number; condition: string; close: boolean; id: string },
      ) => {
        const { schedule } = line;
        await write('POST', `${pathOf(line)}/receipts`, {
          line: line.line,
          ...(schedule === undefined ? {} : { schedule }),
          ...body,
        });
        renew();
      },
      releasable: (sku: string) => read<Releases>('/v1/releases', { sku, limit: 200 }),
      release: async (ids: readonly string[], told: (done: number) => void) => {
        for (const [index, id] of ids.entries()) {
          await write('POST', `/v1/releases/${encodeURIComponent(id)}/approve`, {});
          told(index + 1);
        }
        renew();
      },
    }),
    [renew],
  );
}

function pathOf(line: OpenLine): string {
  return `/v1/purchase-orders/${encodeURIComponent(line.order)}`;
}
