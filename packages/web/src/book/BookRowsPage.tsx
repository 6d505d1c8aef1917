import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { read } from '../platform/api.ts';
import { formatCount, formatDay, formatMoney } from '../platform/format.ts';
import { useToday } from '../platform/session.ts';
import styles from './BookPage.module.css';
import type { BookLines, BookMoves } from './book.ts';
import { Part } from './Part.tsx';
import { asQuery } from './rows.ts';
import { type Column, Table } from './Table.tsx';
import { words } from './words.ts';

const MOST = 100;
type Row = { readonly key: string; readonly cells: readonly React.ReactNode[] };

/** The lines behind a figure of the book. */
export function BookLinesPage() {
  const { today } = useToday();
  const day = (one: string | null) => (one === null ? '–' : formatDay(one, today, { weekday: false }));
  return (
    <Rows<BookLines['items'][number]>
      path="/v1/book/lines"
      title={words.rows.lines}
      file="lines"
      columns={words.rows.lineColumns.map((title, at) => ({ title, number: at >= 3 && at <= 7 }))}
      rowOf={(one) => ({
        key: `${one.order} ${one.line}`,
        cells: [
          <OrderLink key="to" order={one.order} />,
          one.customer,
          one.title,
          formatCount(one.units),
          formatMoney(one.value),
          day(one.placedOn),
          day(one.latestPromise),
          day(one.plannedOn),
          words.states[one.state] ?? one.state,
          words.causes(one.cause),
          one.supplies
            .map(({ ref, units }) => `${formatCount(units)} ${ref ?? words.rows.unbacked}`)
            .join(', '),
        ],
      })}
    />
  );
}

/** The changes behind a figure of what moved the book. */
export function BookMovesPage() {
  const { today } = useToday();
  return (
    <Rows<BookMoves['items'][number]>
      path="/v1/book/moves"
      title={words.rows.moves}
      file="moves"
      columns={words.rows.moveColumns.map((title, at) => ({ title, number: at >= 5 && at <= 6 }))}
      rowOf={(one) => ({
        key: `${one.order} ${one.line} ${one.at} ${one.kind}`,
        cells: [
          formatDay(one.day, today, { weekday: false }),
          <OrderLink key="to" order={one.order} />,
          one.customer,
          one.sku,
          `${words.kinds[one.kind] ?? one.kind}${one.by === '' ? '' : ` ${words.by(one.by)}`}`,
          formatCount(one.units),
          formatMoney(one.value),
          one.causeBefore === null || one.causeBefore === one.cause
            ? words.causes(one.cause)
            : `${words.causes(one.causeBefore)} → ${words.causes(one.cause)}`,
        ],
      })}
    />
  );
}

function OrderLink({ order }: { order: string }) {
  return <a href={`/?search=${encodeURIComponent(order.slice(order.indexOf(':') + 1))}`}>{order}</a>;
}

interface Page<T> {
  items: T[];
  next: string | null;
}

function Rows<T>({
  path,
  title,
  file,
  columns,
  rowOf,
}: {
  path: string;
  title: string;
  file: string;
  columns: readonly Column[];
  rowOf: (item: T) => Row;
}) {
  const { searchStr } = useLocation();
  const search = Object.fromEntries(new URLSearchParams(searchStr));
  const rows = useInfiniteQuery({
    queryKey: ['book rows', path, searchStr],
    queryFn: ({ pageParam, signal }) =>
      read<Page<T>>(path, { ...search, limit: MOST, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const which = Object.entries(search)
    .filter(([name]) => name !== 'by' && name !== 'basis')
    .map(([name, value]) => words.rows.filter(name, value, search));
  return (
    <div className={styles.page}>
      <header>
        <p className={styles.soft}>
          <a href="/book">{words.title}</a>
        </p>
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.soft}>{which.length === 0 ? words.rows.all : which.join(' · ')}</p>
      </header>
      <Part query={rows}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <p className={styles.soft}>{words.rows.none}</p>;
          return (
            <section>
              <Table
                label={title}
                columns={columns}
                rows={items.map(rowOf)}
                file={{ name: file, query: asQuery(search) }}
              />
              {rows.hasNextPage ? (
                <Button
                  variant="default"
                  loading={rows.isFetchingNextPage}
                  onClick={() => void rows.fetchNextPage()}
                >
                  {words.rows.more}
                </Button>
              ) : null}
            </section>
          );
        }}
      </Part>
    </div>
  );
}
