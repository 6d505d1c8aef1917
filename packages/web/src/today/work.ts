import type {
  LineDuty,
  Message as MessageShape,
  ReleasePage,
  ReorderSuggestion,
  Signal as SignalShape,
} from '@kept/contract';
import { useQueries } from '@tanstack/react-query';
import { read, type Shape } from '../platform/api.ts';
import { daysBetween } from '../platform/format.ts';
import type { Role } from './search-params.ts';

export type Release = Shape<typeof ReleasePage>['items'][number];
export type Duty = Shape<typeof LineDuty>;
export type Suggestion = Shape<typeof ReorderSuggestion>;
export type Signal = Shape<typeof SignalShape>;
type Message = Shape<typeof MessageShape>;
type List<T> = { items: T[]; next: string | null };

/** Something that a person has to decide. The most urgent come first; of equal ones, those that most hang on. */
export type Work = { id: string; role: Role; urgency: number; weight: number } & (
  | { kind: 'signal'; signal: Signal }
  | { kind: 'signals'; signals: Signal[] }
  | { kind: 'release'; orders: Release[]; more: boolean }
  | { kind: 'duty'; duties: Duty[]; more: boolean }
  | { kind: 'unsent'; messages: Message[]; more: boolean }
  | { kind: 'order'; suggestion: Suggestion }
);

const refreshMillis = 15_000;
const ofSource = <T>(name: string, path: string, query: Record<string, string | number>) => ({
  queryKey: ['today', name],
  queryFn: ({ signal }: { signal: AbortSignal }) => read<List<T>>(path, query, signal),
  refetchInterval: refreshMillis,
});

/** All that needs somebody, from everywhere it is known; what could not be read is told by `failures`. */
export function useWork(today: string) {
  const [signals, releases, duties, failed, suggestions] = useQueries({
    queries: [
      ofSource<Signal>('signals', '/v1/signals', { limit: 100 }),
      ofSource<Release>('releases', '/v1/releases', { limit: 500 }),
      ofSource<Duty>('duties', '/v1/duties', { limit: 500 }),
      ofSource<Message>('failed', '/v1/messages', { state: 'failed', limit: 100 }),
      {
        ...ofSource<Suggestion>('suggestions', '/v1/reorder-suggestions', { limit: 100 }),
        refetchInterval: 300_000,
      },
    ],
  });
  const all = [signals, releases, duties, failed, suggestions];
  const work: Work[] = [
    ...ofSignals(signals.data?.items ?? []),
    ...ofReleases(releases.data),
    ...ofDuties(duties.data, today),
    ...ofFailed(failed.data),
    ...(suggestions.data?.items ?? [])
      .filter(({ orderBy }) => daysBetween(today, orderBy) <= 7)
      .map(ofSuggestion),
  ];
  work.sort(
    (left, right) =>
      right.urgency - left.urgency || right.weight - left.weight || left.id.localeCompare(right.id),
  );
  return {
    work,
    pending: all.some(({ isPending }) => isPending),
    failures: all.flatMap(({ error }) => (error === null ? [] : [error])),
    retry: () => {
      for (const query of all) if (query.isError) void query.refetch();
    },
  };
}

/** Kinds that somebody else than the buyer acts on. */
const roles: Record<string, Role> = {
  authorisation_lapsing: 'finance',
  authorisation_lapsed: 'finance',
  refund_failed: 'finance',
  collection_failed: 'finance',
  message_failed: 'cx',
  message_bounced: 'cx',
  message_complained: 'cx',
  partner_message: 'cx',
};

/** What is broken already; all other signals look ahead. */
const broken = [
  'promises_unbacked',
  'slip_breaks_promises',
  'selling_stopped',
  'cannot_replenish',
  'refund_failed',
  'authorisation_lapsed',
  'collection_failed',
  'message_failed',
];
/** From so many of one kind on, they are one card with a list. */
const many = 4;

function ofSignals(signals: readonly Signal[]): Work[] {
  const kinds = Map.groupBy(signals, ({ kind }) => kind);
  return [...kinds].flatMap(([kind, alike]): Work[] =>
    alike.length < many
      ? alike.map(ofSignal)
      : [
          {
            kind: 'signals',
            id: `signals ${kind}`,
            role: roles[kind] ?? 'buyer',
            urgency: broken.includes(kind) ? 3 : 1,
            weight: alike.length,
            signals: alike,
          },
        ],
  );
}

function ofSignal(signal: Signal): Work {
  const { units } = signal.data;
  return {
    kind: 'signal',
    id: `signal ${signal.id}`,
    role: roles[signal.kind] ?? 'buyer',
    urgency: broken.includes(signal.kind) ? 3 : 1,
    weight: typeof units === 'number' ? units : 0,
    signal,
  };
}

function ofReleases(page: List<Release> | undefined): Work[] {
  const orders = page?.items.filter(({ state }) => state !== 'blocked') ?? [];
  if (orders.length === 0) return [];
  const atStake = orders.some((order) => order.atStake);
  const more = page!.next !== null;
  return [
    {
      kind: 'release',
      id: 'release',
      role: 'operations',
      urgency: atStake ? 4 : 1,
      weight: orders.length,
      orders,
      more,
    },
  ];
}

function ofDuties(page: List<Duty> | undefined, today: string): Work[] {
  const duties =
    page?.items.filter(({ notice }) => notice !== null && daysBetween(today, notice.sendBy) <= 3) ?? [];
  if (duties.length === 0) return [];
  return [
    {
      kind: 'duty',
      id: 'duty',
      role: 'cx',
      urgency: 4,
      weight: duties.length,
      duties,
      more: page!.next !== null,
    },
  ];
}

function ofFailed(page: List<Message> | undefined): Work[] {
  if (page === undefined || page.items.length === 0) return [];
  const messages = page.items;
  return [
    {
      kind: 'unsent',
      id: 'unsent',
      role: 'cx',
      urgency: 3,
      weight: messages.length,
      messages,
      more: page.next !== null,
    },
  ];
}

function ofSuggestion(suggestion: Suggestion): Work {
  return {
    kind: 'order',
    id: `order ${suggestion.sku}`,
    role: 'buyer',
    // Somebody waits already, or it is only about to run short.
    urgency: suggestion.queue > 0 ? 2 : 0,
    weight: suggestion.queue > 0 ? suggestion.queue : (suggestion.value?.amount ?? 0) / 1e6,
    suggestion,
  };
}
