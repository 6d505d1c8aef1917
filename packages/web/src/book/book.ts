import type {
  BookAgeing as AgeingShape,
  Book as BookShape,
  BookBurnDown as BurnDownShape,
  BookHistory as HistoryShape,
  BookLines as LinesShape,
  BookMetrics as MetricsShape,
  BookMoney as MoneyShape,
  BookMoves as MovesShape,
} from '@kept/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type QueryValues, read, type Shape } from '../platform/api.ts';

export type Book = Shape<typeof BookShape>;
export type BookHistory = Shape<typeof HistoryShape>;
export type BookAgeing = Shape<typeof AgeingShape>;
export type BookBurnDown = Shape<typeof BurnDownShape>;
export type BookMetrics = Shape<typeof MetricsShape>;
export type BookLines = Shape<typeof LinesShape>;
export type BookMoves = Shape<typeof MovesShape>;
export type BookMoney = Shape<typeof MoneyShape>;

export const DIMENSIONS = [
  'purchase_order',
  'item',
  'supplier',
  'channel',
  'class',
  'cause',
  'state',
  'month',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

const refreshMillis = 60_000;

/** A part of the book, read anew each minute; what is there stays until the new is. */
export function useBookPart<T>(path: string, query: QueryValues = {}) {
  return useQuery({
    queryKey: ['book', path, query],
    queryFn: ({ signal }) => read<T>(path, query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMillis,
  });
}
