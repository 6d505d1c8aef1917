import type {
  Availability as AvailabilityShape,
  Item as ItemShape,
  Outlook as OutlookShape,
  Projection as ProjectionShape,
  ReorderSuggestion,
} from '@kept/contract';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { read, type Shape } from '../platform/api.ts';
import { type Backorder, type BackorderPage, useChannels } from '../queue/backorders.ts';

export type Item = Shape<typeof ItemShape>;
export type Projection = Shape<typeof ProjectionShape>;
export type Availability = Shape<typeof AvailabilityShape>;
export type Outlook = Shape<typeof OutlookShape>;
type Suggestion = Shape<typeof ReorderSuggestion>;

export type Supposition = { days: number; demandFactor: number; slipDays: number };
export const AS_IT_IS: Supposition = { days: 90, demandFactor: 1, slipDays: 0 };

const refreshMillis = 15_000;
/** So many lines of the queue are drawn in what fills whom. */
const drawnLines = 500;
const pathOf = (sku: string) => `/v1/items/${encodeURIComponent(sku)}`;

export function useItem(sku: string) {
  return useQuery({
    queryKey: ['item', sku],
    queryFn: ({ signal }) => read<Item>(pathOf(sku), {}, signal),
    refetchInterval: refreshMillis,
  });
}

export function useProjection(sku: string, supposed: Supposition) {
  return useQuery({
    queryKey: ['projection', sku, supposed],
    queryFn: ({ signal }) => read<Projection>(`${pathOf(sku)}/projection`, supposed, signal),
    placeholderData: keepPreviousData,
    staleTime: refreshMillis,
  });
}

/** What runs out within ninety days, of all items. */
export function useOutlook() {
  return useQuery({
    queryKey: ['outlook'],
    queryFn: ({ signal }) => read<Outlook>('/v1/projections', { days: AS_IT_IS.days, limit: 1000 }, signal),
    staleTime: 60_000,
  });
}

export function useQueueOf(sku: string) {
  return useQuery({
    queryKey: ['backorders', 'of item', sku],
    queryFn: ({ signal }) => read<BackorderPage>('/v1/backorders', { sku, limit: drawnLines }, signal),
    refetchInterval: refreshMillis,
  });
}

export function useSuggestion(sku: string) {
  return useQuery({
    queryKey: ['today', 'suggestion', sku],
    queryFn: ({ signal }) =>
      read<{ items: Suggestion[] }>('/v1/reorder-suggestions', { sku, limit: 1 }, signal),
    staleTime: refreshMillis,
  });
}

/** What a shopper who wants one is told, channel by channel. */
export function useShown(sku: string): { code: string; title: string; shown: Availability }[] {
  const { data } = useChannels();
  const channels = data?.items ?? [];
  const answers = useQueries({
    queries: channels.map(({ code }) => ({
      queryKey: ['availability', sku, code],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        read<Availability>('/v1/availability', { sku, channel: code, quantity: 1 }, signal),
      refetchInterval: refreshMillis,
    })),
  });
  return channels.flatMap((channel, index) => {
    const shown = answers[index]?.data;
    return shown === undefined ? [] : [{ ...channel, shown }];
  });
}

/** One source of units, and the lines that it fills, in queue order. */
export type Filling = {
  key: string;
  /** Null: the shelf. */
  name: string | null;
  kind: 'stock' | 'supply' | 'nothing';
  expectedOn: string | null;
  shipBy: string | null;
  units: number;
  lines: { id: string; customer: string; channel: string; quantity: number; state: Backorder['state'] }[];
};

/** What fills whom: the shelf first, then each supply by its day, and what nothing backs last. */
export function useFillings(backorders: readonly Backorder[]): Filling[] {
  return useMemo(() => fillingsOf(backorders), [backorders]);
}

export function fillingsOf(backorders: readonly Backorder[]): Filling[] {
  const found = new Map<string, Filling>();
  for (const line of backorders)
    for (const { kind, quantity, location, supply, shipBy } of line.commitments) {
      const name = supply?.purchaseOrder ?? supply?.ref ?? supply?.kind ?? location ?? null;
      const of = kind === 'reserved' ? 'stock' : kind === 'pegged' ? 'supply' : 'nothing';
      const key = of === 'nothing' ? of : `${of} ${name} ${supply?.line ?? ''}`;
      let filling = found.get(key);
      if (filling === undefined) {
        filling = {
          key,
          name: of === 'nothing' ? null : name,
          kind: of,
          expectedOn: supply?.expectedOn ?? null,
          shipBy: null,
          units: 0,
          lines: [],
        };
        found.set(key, filling);
      }
      filling.units += quantity;
      if (shipBy && (filling.shipBy === null || shipBy > filling.shipBy)) filling.shipBy = shipBy;
      const { id, customer, channel, state } = line;
      filling.lines.push({ id, customer, channel, quantity, state });
    }
  const rank = ({ kind }: Filling) => ['stock', 'supply', 'nothing'].indexOf(kind);
  const day = ({ shipBy }: Filling) => shipBy ?? '';
  return [...found.values()].sort(
    (left, right) => rank(left) - rank(right) || day(left).localeCompare(day(right)),
  );
}
