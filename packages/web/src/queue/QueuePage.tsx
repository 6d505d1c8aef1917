import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { type Backorder, useBackorders, useChannels } from './backorders.ts';
import type { Sorting } from './columns.ts';
import { QueueFilters } from './QueueFilters.tsx';
import styles from './QueuePage.module.css';
import { EmptyQueue, FailedQueue, NoMatch, QueueSkeleton } from './QueueStates.tsx';
import { QueueSummary } from './QueueSummary.tsx';
import { QueueTable } from './QueueTable.tsx';
import { SavedViews } from './SavedViews.tsx';
import { StateFilter } from './StateFilter.tsx';
import { countFilters, filtersOf, noFilters, type QueueSearch } from './search-params.ts';
import { words } from './words.ts';

const loadDrawer = () => import('./line/LineDrawer.tsx').then(({ LineDrawer }) => ({ default: LineDrawer }));
const LineDrawer = lazy(loadDrawer);
const SelectionBar = lazy(() =>
  import('./SelectionBar.tsx').then(({ SelectionBar }) => ({ default: SelectionBar })),
);
const route = getRouteApi('/');

/** The queue: who waits for what, since when, promised for which day, backed by what. */
export function QueuePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { open, ...rest } = search;
  const orderKey = JSON.stringify(rest);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the filters, spelled out.
  const filters = useMemo(() => filtersOf(search), [orderKey]);
  const { query, rows, totals, live, refresh } = useBackorders(filters);
  const channels = useChannelTitles(rows, search.channel);
  const searchField = useRef<HTMLInputElement>(null);
  const layout = useMediaQuery('(max-width: 719px)', false, { getInitialValueInEffect: false })
    ? 'cards'
    : 'table';

  const change = useCallback(
    (next: Partial<QueueSearch>, typing = false) =>
      void navigate({ search: (now) => ({ ...now, ...next }), replace: typing, resetScroll: false }),
    [navigate],
  );
  const clear = useCallback(() => change(noFilters), [change]);
  const sort = useCallback(
    (next: Sorting) => change({ sort: next.sort, direction: next.direction }),
    [change],
  );
  const openLine = useCallback(
    // From one open line to the next is not a step to go back through.
    (id: string) => change({ open: id }, open !== undefined),
    [change, open],
  );
  const closeLine = useCallback(() => change({ open: undefined }), [change]);
  const focusSearch = useCallback(() => {
    searchField.current?.focus();
    searchField.current?.select();
  }, []);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  /** The bar has something to say, though nothing is selected any more. */
  const [barStays, setBarStays] = useState(false);
  const choose = useCallback(
    (id: string) =>
      setChosen((now) => {
        const next = new Set(now);
        if (!next.delete(id)) next.add(id);
        return next;
      }),
    [],
  );
  // What has left the queue meanwhile is no longer selected.
  const selected = useMemo(
    () => (chosen.size === 0 ? [] : rows.filter(({ id }) => chosen.has(id))),
    [rows, chosen],
  );
  const { fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } = query;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);

  const filtered = countFilters(search) > 0;
  const nobody = query.isSuccess && rows.length === 0 && !filtered;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only fetches the drawer's code before it is needed.
    <div className={styles.page} onPointerOver={loadDrawer} onFocus={loadDrawer}>
      <QueueSummary
        totals={totals}
        asOfMillis={query.dataUpdatedAt}
        failed={query.isRefetchError}
        live={live}
        onRefresh={refresh}
      />
      {nobody ? null : (
        <div className={styles.controls}>
          <StateFilter chosen={search.state} totals={totals} onChoose={(state) => change({ state })} />
          <QueueFilters
            search={search}
            channels={channels.list}
            searchField={searchField}
            onChange={change}
            onClear={clear}
          />
          <SavedViews search={search} />
        </div>
      )}
      {query.isPending ? <QueueSkeleton layout={layout} /> : null}
      {query.isLoadingError ? <FailedQueue error={query.error} onRetry={refresh} /> : null}
      {nobody ? <EmptyQueue /> : null}
      {query.isSuccess && rows.length === 0 && filtered ? <NoMatch onClear={clear} /> : null}
      {rows.length > 0 ? (
        <>
          <QueueTable
            key={layout}
            rows={rows}
            totalLines={totals?.lines}
            layout={layout}
            orderKey={orderKey}
            stale={query.isPlaceholderData}
            sorting={search}
            openId={open}
            channelTitle={channels.title}
            chosen={chosen}
            onChoose={choose}
            onSort={sort}
            onOpen={openLine}
            onNearEnd={loadMore}
            onSearch={focusSearch}
          />
          <p className={styles.foot} aria-live="polite">
            {isFetchNextPageError ? (
              <>
                {words.failed.moreTitle}{' '}
                <Button size="compact-sm" variant="default" onClick={() => void fetchNextPage()}>
                  {words.failed.again}
                </Button>
              </>
            ) : hasNextPage ? (
              words.loadingMore
            ) : (
              words.end(rows.length)
            )}
          </p>
        </>
      ) : null}
      {selected.length > 0 || barStays ? (
        <Suspense fallback={null}>
          <SelectionBar
            lines={selected}
            loaded={rows.length}
            onStay={setBarStays}
            onAll={() => setChosen(new Set(rows.map(({ id }) => id)))}
            onNone={() => setChosen(new Set())}
          />
        </Suspense>
      ) : null}
      {open ? (
        <Suspense fallback={null}>
          <LineDrawer
            id={open}
            known={rows.find((row) => row.id === open)}
            channelTitle={channels.title}
            onFilter={(next) => change({ ...noFilters, ...next, open: undefined })}
            onClose={closeLine}
          />
        </Suspense>
      ) : null}
    </div>
  );
}

/** Channels by their titles; where the list cannot be had, by the codes that the lines carry. */
function useChannelTitles(rows: Backorder[], chosen: string | undefined) {
  const { data } = useChannels();
  return useMemo(() => {
    const titles = new Map<string, string>();
    for (const { code, title } of data?.items ?? []) titles.set(code, title);
    const title = (code: string) => titles.get(code) ?? code;
    const codes = new Set(titles.keys());
    if (codes.size === 0) for (const row of rows) codes.add(row.channel);
    if (chosen) codes.add(chosen);
    const list = [...codes].map((code) => ({ code, title: title(code) }));
    return { title, list: list.sort((left, right) => left.title.localeCompare(right.title)) };
  }, [data, rows, chosen]);
}
