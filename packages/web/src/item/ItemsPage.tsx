import '@mantine/core/styles/SegmentedControl.layer.css';
import { Button, SegmentedControl, Skeleton, TextInput } from '@mantine/core';
import { IconBoxOff, IconCloudOff, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { read } from '../platform/api.ts';
import { formatCount, formatDay, formatMoney } from '../platform/format.ts';
import { Notice } from '../platform/Notice.tsx';
import styles from '../platform/sheet.module.css';
import { type Item, type Outlook, useOutlook } from './item.ts';
import { listWords as words } from './list-words.ts';
import type { ItemsSearch } from './search-params.ts';

const route = getRouteApi('/items');
/** Beyond this, whoever looks narrows the list. */
const shownItems = 200;

/** All items: what there is of each, and who waits. */
export function ItemsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery({
    queryKey: ['items'],
    queryFn: ({ pageParam, signal }) =>
      read<{ items: Item[]; next: string | null }>(
        '/v1/items',
        { limit: 1000, cursor: pageParam ?? undefined },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 60_000,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const all = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);
  const outlook = useOutlook().data;
  const soon = useMemo(
    () => new Map(outlook?.items.map((one, place) => [one.sku, { ...one, place }])),
    [outlook],
  );
  const today = outlook?.asOf.slice(0, 10) ?? '';
  const found = useMemo(() => {
    const sought = search.search?.trim().toLowerCase() ?? '';
    return all
      .filter(
        ({ sku, title, backordered, supplier }) =>
          (search.show !== 'waiting' || backordered > 0) &&
          (search.show !== 'running-out' || soon.has(sku)) &&
          [sku, title, supplier ?? ''].some((name) => name.toLowerCase().includes(sought)),
      )
      .sort(
        (left, right) =>
          (search.show === 'running-out' ? soon.get(left.sku)!.place - soon.get(right.sku)!.place : 0) ||
          right.backordered - left.backordered ||
          left.sku.localeCompare(right.sku),
      );
  }, [all, search, soon]);
  return (
    <div className={styles.page}>
      <header className={styles.summary}>
        <h1 className={styles.title}>{words.title}</h1>
        {query.isSuccess ? <p className={styles.soft}>{words.found(found.length)}</p> : null}
      </header>
      <div className={styles.actions} style={{ margin: '16px 0' }}>
        <TextInput
          aria-label={words.search}
          placeholder={words.searchHint}
          leftSection={<IconSearch size={16} stroke={1.6} aria-hidden="true" />}
          value={search.search ?? ''}
          onChange={({ currentTarget: { value } }) =>
            void navigate({ search: (now) => ({ ...now, search: value || undefined }), replace: true })
          }
        />
        <SegmentedControl
          aria-label={words.show}
          value={search.show ?? 'all'}
          data={[
            { value: 'all', label: words.all },
            { value: 'waiting', label: words.waiting },
            { value: 'running-out', label: words.runningOut },
          ]}
          onChange={(show) =>
            void navigate({
              search: (now) => ({ ...now, show: show === 'all' ? undefined : (show as ItemsSearch['show']) }),
            })
          }
        />
      </div>
      {query.isPending ? <Skeleton height={300} radius={8} /> : null}
      {query.isLoadingError ? (
        <Notice
          urgent
          icon={<IconCloudOff size={26} stroke={1.4} />}
          title={words.failed}
          text={query.error.message}
        >
          <Button onClick={() => void query.refetch()}>{words.again}</Button>
        </Notice>
      ) : null}
      {query.isSuccess && found.length === 0 ? (
        <Notice icon={<IconBoxOff size={26} stroke={1.4} />} title={words.none} text={words.noneWhy} />
      ) : null}
      {query.isSuccess ? (
        <ul className={styles.rows}>
          {found.slice(0, shownItems).map((item) => (
            <li key={item.sku} className={styles.row}>
              <div>
                <p>
                  <Link to="/items/$sku" params={{ sku: item.sku }}>
                    {item.title}
                  </Link>
                </p>
                <p className={styles.soft}>
                  {[item.sku, item.supplier, formatMoney(item.price)].filter(Boolean).join(' · ')}
                </p>
              </div>
              <p className={styles.soft}>
                {words.onHand(formatCount(item.stock.reduce((sum, { sellable }) => sum + sellable, 0)))}
                {item.backordered > 0 ? (
                  <>
                    {', '}
                    <Link to="/" search={{ sku: item.sku }}>
                      {words.wait(formatCount(item.backordered))}
                    </Link>
                  </>
                ) : null}
                {soon.has(item.sku) ? <RunsOut of={soon.get(item.sku)!} today={today} /> : null}
              </p>
            </li>
          ))}
        </ul>
      ) : null}
      {search.show === 'running-out' && outlook !== undefined && outlook.withoutForecast > 0 ? (
        <p className={styles.soft}>{words.withoutForecast(outlook.withoutForecast)}</p>
      ) : null}
      {found.length > shownItems ? <p className={styles.soft}>{words.narrow(shownItems)}</p> : null}
    </div>
  );
}

/** When it runs out, and what comes next. */
function RunsOut({
  of: { firstStockOut, free, nextArrival },
  today,
}: {
  of: Outlook['items'][number];
  today: string;
}) {
  const day = (on: string) => formatDay(on, today, { weekday: false });
  return (
    <span style={{ display: 'block' }}>
      {free <= 0 ? words.outNow : words.runsOut(day(firstStockOut))}
      {'; '}
      {nextArrival === null
        ? words.nothingComes
        : words.nextArrival(nextArrival.supply, formatCount(nextArrival.units), day(nextArrival.on))}
    </span>
  );
}
