import '@mantine/core/styles/Checkbox.layer.css';
import '@mantine/core/styles/InlineInput.layer.css';
import { Button, Checkbox, Skeleton, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconCloudOff, IconFilterOff, IconSearch, IconTruck } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { Notice } from '../platform/Notice.tsx';
import { useToday } from '../platform/session.ts';
import { LinePanel } from './LinePanel.tsx';
import { type OpenLine, useOpenLines } from './orders.ts';
import styles from './PurchaseOrdersPage.module.css';
import type { PurchaseOrdersSearch } from './search-params.ts';
import { Timeline } from './Timeline.tsx';
import { words } from './words.ts';

const route = getRouteApi('/purchase-orders');

/** What is on its way, when it is expected, and who waits for it; what would be if it came on another day. */
export function PurchaseOrdersPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { query, lines } = useOpenLines();
  const { today } = useToday();
  const small = useMediaQuery('(max-width: 719px)', false, { getInitialValueInEffect: false });
  const shown = useMemo(() => matching(lines, search), [lines, search]);
  const [moved, setMoved] = useState<{ id: string; day: string } | null>(null);

  const change = useCallback(
    (next: Partial<PurchaseOrdersSearch>, typing = false) =>
      void navigate({ search: (now) => ({ ...now, ...next }), replace: typing, resetScroll: false }),
    [navigate],
  );
  const open = useOpened(lines, search.open);
  const move = useCallback(
    (line: OpenLine, day: string) => {
      setMoved({ id: line.id, day });
      change({ open: line.id }, true);
    },
    [change],
  );
  const close = useCallback(() => {
    setMoved(null);
    change({ open: undefined });
  }, [change]);
  const suppose = useCallback(
    (day: string | null) => {
      setMoved((now) => (day === null || open === undefined ? null : { id: open.id, day: day ?? now?.day }));
    },
    [open],
  );
  const day = open === undefined ? null : moved?.id === open.id ? moved.day : open.expectedOn;

  return (
    <div className={styles.page}>
      <header className={styles.summary}>
        <h1 className={styles.title}>{words.title}</h1>
        {query.isSuccess && lines.length > 0 ? (
          <p className={styles.totals}>
            {words.open(lines.length, new Set(lines.map(({ order }) => order)).size)}
          </p>
        ) : null}
      </header>
      {lines.length > 0 ? (
        <div className={styles.controls}>
          <TextInput
            className={styles.search}
            aria-label={words.search}
            placeholder={words.searchHint}
            leftSection={<IconSearch size={16} stroke={1.6} aria-hidden="true" />}
            value={search.search ?? ''}
            onChange={({ currentTarget }) => change({ search: currentTarget.value || undefined }, true)}
          />
          <Checkbox
            label={words.onlyPromised}
            checked={search.promised === 'yes'}
            onChange={({ currentTarget }) => change({ promised: currentTarget.checked ? 'yes' : undefined })}
          />
          <p className={styles.how}>{small ? words.howSmall : words.how}</p>
        </div>
      ) : null}
      {query.isPending ? <TimelineSkeleton /> : null}
      {query.isLoadingError ? (
        <Notice
          urgent
          icon={<IconCloudOff size={26} stroke={1.4} />}
          title={words.failed.title}
          text={query.error.message}
        >
          <Button onClick={() => void query.refetch()}>{words.failed.again}</Button>
        </Notice>
      ) : null}
      {query.isSuccess && !query.hasNextPage && lines.length === 0 ? (
        <Notice
          icon={<IconTruck size={26} stroke={1.4} />}
          title={words.empty.nothing}
          text={words.empty.nothingWhy}
        />
      ) : null}
      {lines.length > 0 && shown.length === 0 ? (
        <Notice icon={<IconFilterOff size={26} stroke={1.4} />} title={words.empty.noMatch}>
          <Button variant="default" onClick={() => change({ search: undefined, promised: undefined })}>
            {words.empty.clear}
          </Button>
        </Notice>
      ) : null}
      {shown.length > 0 || open !== undefined ? (
        <div className={styles.layout} data-open={open !== undefined || undefined}>
          <Timeline
            lines={shown}
            today={today}
            small={small}
            openId={open?.id}
            supposed={open === undefined || day === null ? null : { id: open.id, day }}
            onOpen={(line) => change({ open: line.id }, open !== undefined)}
            onMove={move}
          />
          {open === undefined ? null : (
            <LinePanel key={open.id} line={open} day={day} today={today} onDay={suppose} onClose={close} />
          )}
        </div>
      ) : null}
      {query.hasNextPage ? <p className={styles.foot}>{words.more}</p> : null}
    </div>
  );
}

/** The line whose panel is open; also when it has come in full and is no longer among those to come. */
function useOpened(lines: readonly OpenLine[], id: string | undefined): OpenLine | undefined {
  const found = lines.find((line) => line.id === id);
  const [last, setLast] = useState(found);
  if (found !== undefined && found !== last) setLast(found);
  return found ?? (last?.id === id ? last : undefined);
}

/** Those that are named in full come first: who seeks PO-118 does not mean PO-1185. */
function matching(lines: readonly OpenLine[], { search, promised }: PurchaseOrdersSearch): OpenLine[] {
  const sought = search?.toLowerCase().trim() ?? '';
  const names = (line: OpenLine) => [line.order, line.sku, line.supplier].map((name) => name.toLowerCase());
  const found = lines.filter(
    (line) =>
      (promised !== 'yes' || line.pegged > 0) &&
      (sought === '' || names(line).some((name) => name.includes(sought))),
  );
  const inFull = (line: OpenLine) => names(line).includes(sought);
  return sought === '' ? found : [...found.filter(inFull), ...found.filter((line) => !inFull(line))];
}

function TimelineSkeleton() {
  return (
    <div className={styles.skeleton} aria-hidden="true">
      {[64, 78, 52, 86, 70, 60, 74, 48].map((width) => (
        <Skeleton key={width} height={14} width={`${width}%`} radius={4} />
      ))}
    </div>
  );
}
