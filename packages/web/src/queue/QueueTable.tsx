// biome-ignore-all lint/a11y/useSemanticElements: a virtualised grid cannot be a <table>; its rows are placed by hand.
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useToday } from '../platform/session.ts';
import type { Backorder } from './backorders.ts';
import type { Sorting } from './columns.ts';
import { useQueueKeys } from './keyboard.ts';
import { QueueHead } from './QueueHead.tsx';
import { QueueRow } from './QueueRow.tsx';
import styles from './QueueTable.module.css';
import { words } from './words.ts';

/** Heights of a row and of a card, in pixels; QueueTable.module.css lays out their insides. */
const rowHeight = { table: 61, cards: 208 };
const headHeight = 44;
/** The next page is asked for when the end is this many rows away. */
const aheadRows = 60;

type TableProps = {
  rows: Backorder[];
  totalLines: number | undefined;
  layout: 'table' | 'cards';
  /** Changes when the order or the filters do: the list then starts at its top. */
  orderKey: string;
  stale: boolean;
  sorting: Sorting;
  openId: string | undefined;
  channelTitle: (code: string) => string;
  chosen: ReadonlySet<string>;
  onChoose: (id: string) => void;
  onSort: (next: Sorting) => void;
  onOpen: (id: string) => void;
  onNearEnd: () => void;
  onSearch: () => void;
};

/** The queue, virtualised: what is in view is in the page, however long the queue. */
export function QueueTable(props: TableProps) {
  const { rows, layout, openId, onOpen, onNearEnd } = props;
  const { today, timeZone } = useToday();
  const list = useRef<HTMLDivElement>(null);
  const scrollMargin = useDistanceFromTop(list);
  const [activeId, setActiveId] = useState<string>();
  const [focusId, setFocusId] = useState<string>();
  const activeIndex = rows.findIndex((row) => row.id === activeId);
  const height = rowHeight[layout];

  // The same function while the rows are the same: a new one makes the virtualizer measure every row again.
  const rowKey = useCallback((index: number) => rows[index]?.id ?? index, [rows]);
  const virtualizer = useWindowVirtualizer<HTMLDivElement>({
    count: rows.length,
    estimateSize: () => height,
    getItemKey: rowKey,
    overscan: 10,
    scrollMargin,
    scrollPaddingStart: layout === 'table' ? headHeight + 4 : 8,
    scrollPaddingEnd: 12,
  });
  const visible = virtualizer.getVirtualItems();
  const lastIndex = visible.at(-1)?.index ?? 0;

  useEffect(() => {
    if (rows.length > 0 && lastIndex >= rows.length - aheadRows) onNearEnd();
  }, [lastIndex, rows.length, onNearEnd]);
  useSteadyScroll(rows, props.orderKey, height, list);

  // Coming back from the drawer, the keyboard goes on where it left off.
  const lastOpen = useRef(openId);
  useEffect(() => {
    if (openId) setActiveId(openId);
    else if (lastOpen.current) setFocusId(lastOpen.current);
    lastOpen.current = openId;
  }, [openId]);

  const move = useCallback(
    (step: number) => {
      const next = rows[Math.min(rows.length - 1, Math.max(0, activeIndex + step))];
      if (!next) return;
      setActiveId(next.id);
      virtualizer.scrollToIndex(rows.indexOf(next), { align: 'auto' });
      if (openId) onOpen(next.id);
      else setFocusId(next.id);
    },
    [rows, activeIndex, virtualizer, openId, onOpen],
  );
  useQueueKeys({
    move,
    open: onOpen,
    activeId,
    drawerOpen: openId !== undefined,
    search: props.onSearch,
    choose: props.onChoose,
  });

  const onFocused = useCallback((id: string) => {
    setActiveId(id);
    setFocusId(undefined);
  }, []);
  const activeInView = visible.some(({ index }) => index === activeIndex);
  const reachableId = activeInView ? activeId : rows[virtualizer.range?.startIndex ?? 0]?.id;

  return (
    <div
      role="grid"
      aria-label={words.table}
      aria-rowcount={props.totalLines === undefined ? -1 : props.totalLines + 1}
      aria-busy={props.stale}
      className={styles.grid}
      data-stale={props.stale || undefined}
    >
      {layout === 'table' ? <QueueHead sorting={props.sorting} onSort={props.onSort} /> : null}
      <div role="rowgroup" ref={list} className={styles.list} style={{ height: virtualizer.getTotalSize() }}>
        {visible.map(({ index, start }) => {
          const line = rows[index];
          if (!line) return null;
          return (
            <QueueRow
              key={line.id}
              line={line}
              index={index}
              start={start - scrollMargin}
              today={today}
              timeZone={timeZone}
              channelTitle={props.channelTitle(line.channel)}
              active={line.id === activeId}
              opened={line.id === openId}
              reachable={line.id === reachableId}
              takesFocus={line.id === focusId}
              chosen={props.chosen.has(line.id)}
              onChoose={props.onChoose}
              onOpen={onOpen}
              onFocused={onFocused}
            />
          );
        })}
      </div>
    </div>
  );
}

/** How far the list lies below the page's top; what stands above it may grow or wrap. */
function useDistanceFromTop(list: React.RefObject<HTMLDivElement | null>): number {
  const [distance, setDistance] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      if (list.current) setDistance(Math.round(list.current.getBoundingClientRect().top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [list]);
  return distance;
}

/**
 * Keeps what the reader looks at in its place when lines come or go above it, and starts a newly ordered list at its top.
 */
function useSteadyScroll(
  rows: Backorder[],
  orderKey: string,
  height: number,
  list: React.RefObject<HTMLDivElement | null>,
) {
  const before = useRef({ rows, orderKey });
  useLayoutEffect(() => {
    const last = before.current;
    // While a new order is on its way the old rows stay: the change counts when its rows are there.
    if (last.rows === rows) return;
    before.current = { rows, orderKey };
    const scrolled = list.current ? -list.current.getBoundingClientRect().top : 0;
    if (scrolled <= 0) return;
    if (last.orderKey !== orderKey) {
      window.scrollBy({ top: -scrolled - headHeight });
      return;
    }
    const topIndex = Math.floor(scrolled / height);
    const anchor = last.rows[topIndex];
    if (!anchor || rows[topIndex]?.id === anchor.id) return;
    const now = rows.findIndex((row) => row.id === anchor.id);
    if (now >= 0) window.scrollBy({ top: (now - topIndex) * height });
  }, [rows, orderKey, height, list]);
}
