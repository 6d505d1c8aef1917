import '@mantine/core/styles/Checkbox.layer.css';
import '@mantine/core/styles/InlineInput.layer.css';
import { Button, Checkbox, Skeleton, TextInput } from '@mantine/core';
import { IconBoxOff, IconCloudOff, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { read } from '../platform/api.ts';
import { formatCount, formatMoney } from '../platform/format.ts';
import { Notice } from '../platform/Notice.tsx';
import styles from '../platform/sheet.module.css';
import type { Item } from './item.ts';
import { listWords as words } from './list-words.ts';

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
  const found = useMemo(() => {
    const sought = search.search?.trim().toLowerCase() ?? '';
    return all
      .filter(
        ({ sku, title, backordered, supplier }) =>
          (search.show !== 'waiting' || backordered > 0) &&
          [sku, title, supplier ?? ''].some((name) => name.toLowerCase().includes(sought)),
      )
      .sort((left, right) => right.backordered - left.backordered || left.sku.localeCompare(right.sku));
  }, [all, search]);
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
        <Checkbox
          label={words.waiting}
          checked={search.show === 'waiting'}
          onChange={({ currentTarget: { checked } }) =>
            void navigate({ search: (now) => ({ ...now, show: checked ? 'waiting' : undefined }) })
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
            </p>
          </li>
        ))}
      </ul>
      {found.length > shownItems ? <p className={styles.soft}>{words.narrow(shownItems)}</p> : null}
    </div>
  );
}
