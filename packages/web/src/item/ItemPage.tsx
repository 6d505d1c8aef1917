import '@mantine/core/styles/Checkbox.layer.css';
import '@mantine/core/styles/InlineInput.layer.css';
import '@mantine/core/styles/FloatingIndicator.layer.css';
import '@mantine/core/styles/SegmentedControl.layer.css';
import '@mantine/core/styles/Slider.layer.css';
import '@mantine/core/styles/Progress.layer.css';
import { Button, Checkbox, SegmentedControl, Skeleton, Slider } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconBoxOff, IconCloudOff } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { isNotFound } from '../platform/api.ts';
import { formatCount, formatDay } from '../platform/format.ts';
import { Notice } from '../platform/Notice.tsx';
import { useToday } from '../platform/session.ts';
import type { Backorder } from '../queue/backorders.ts';
import { OrderCard } from '../today/Cards.tsx';
import { csvOf } from './export.ts';
import styles from './ItemPage.module.css';
import {
  AS_IT_IS,
  type Item,
  type Projection,
  useFillings,
  useItem,
  useProjection,
  useQueueOf,
  useShown,
  useSuggestion,
} from './item.ts';
import { Pegging } from './Pegging.tsx';
import type { Arrival } from './ProjectionChart.tsx';
import { words } from './words.ts';

// The charts' code is as large as all the rest: it comes when a chart is to be seen.
const loadChart = () => import('./ProjectionChart.tsx');
const ProjectionChart = lazy(() => loadChart().then(({ ProjectionChart }) => ({ default: ProjectionChart })));
const ProjectionTable = lazy(() => loadChart().then(({ ProjectionTable }) => ({ default: ProjectionTable })));
const route = getRouteApi('/items/$sku');

/** One item: what there is of it, what will be, who waits, and what to do. */
export function ItemPage() {
  const { sku } = route.useParams();
  const item = useItem(sku);
  if (item.isError)
    return isNotFound(item.error) ? (
      <Notice icon={<IconBoxOff size={26} stroke={1.4} />} title={words.missing(sku)} />
    ) : (
      <Notice
        urgent
        icon={<IconCloudOff size={26} stroke={1.4} />}
        title={words.failed.title}
        text={item.error.message}
      >
        <Button onClick={() => void item.refetch()}>{words.failed.again}</Button>
      </Notice>
    );
  return (
    <div className={styles.page}>
      <header className={styles.summary}>
        <h1 className={styles.title}>{item.data?.title ?? sku}</h1>
        <p className={styles.totals}>
          <span className={styles.sku}>{sku}</span>{' '}
          <Link to="/" search={{ sku }}>
            {words.back}
          </Link>
        </p>
      </header>
      <Channels sku={sku} />
      <Future key={sku} sku={sku} item={item.data} />
      <Suggestion sku={sku} />
      <Fillings sku={sku} />
    </div>
  );
}

function Channels({ sku }: { sku: string }) {
  const shown = useShown(sku);
  if (shown.length === 0) return null;
  return (
    <section className={styles.channels} aria-label={words.channels.title}>
      <h2 className={styles.small}>{words.channels.title}</h2>
      <ul>
        {shown.map(({ code, title, shown: { headline, copy, state } }) => (
          <li key={code} data-state={state}>
            <b>{title}</b> <span className={styles.headline}>{headline}.</span> {copy}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Future({ sku, item }: { sku: string; item: Item | undefined }) {
  const { today } = useToday();
  const [supposed, setSupposed] = useState(AS_IT_IS);
  const [settled] = useDebouncedValue(supposed, 200);
  const [naive, setNaive] = useState(false);
  const [asTable, setAsTable] = useState(false);
  const { data: projection, isPlaceholderData, error } = useProjection(sku, settled);
  const queue = useQueueOf(sku);
  const arrivals = useMemo(() => arrivalsOf(queue.data?.items ?? []), [queue.data]);
  const changed = supposed.demandFactor !== 1 || supposed.slipDays !== 0;
  return (
    <section className={styles.future}>
      <Figures item={item} projection={projection} today={today} />
      <div className={styles.head}>
        <h2 className={styles.heading}>{words.chart.title}</h2>
        <SegmentedControl
          size="xs"
          aria-label={words.chart.days}
          data={['30', '90', '180', '365']}
          value={String(supposed.days)}
          onChange={(days) => setSupposed((now) => ({ ...now, days: Number(days) }))}
        />
      </div>
      {error !== null && projection === undefined ? <p role="alert">{error.message}</p> : null}
      {projection === undefined ? (
        <Skeleton height={300} radius={8} />
      ) : (
        <div data-stale={isPlaceholderData || undefined}>
          <Suspense fallback={<Skeleton height={300} radius={8} />}>
            {asTable ? (
              <ProjectionTable projection={projection} today={today} />
            ) : (
              <ProjectionChart projection={projection} arrivals={arrivals} today={today} naive={naive} />
            )}
          </Suspense>
        </div>
      )}
      <p className={styles.legend}>
        <span data-of="stock">{words.chart.stock}</span>
        <span data-of="queue">{words.chart.queue}</span>
        {words.chart.how}
      </p>
      <div className={styles.controls}>
        <Checkbox
          label={words.chart.showNaive}
          checked={naive}
          onChange={({ currentTarget }) => setNaive(currentTarget.checked)}
        />
        <Checkbox
          label={words.chart.table}
          checked={asTable}
          onChange={({ currentTarget }) => setAsTable(currentTarget.checked)}
        />
        {projection === undefined ? null : (
          <a href={csvOf(projection)} download={`${projection.sku.replaceAll(/[^\w.-]/g, '_')}.csv`}>
            {words.chart.file}
          </a>
        )}
      </div>
      <fieldset className={styles.suppose}>
        <legend>{words.suppose.title}</legend>
        <div className={styles.slide}>
          <span>
            {words.suppose.demand} {Math.round(supposed.demandFactor * 100)} %
          </span>
          <Slider
            thumbLabel={words.suppose.demand}
            label={null}
            min={0}
            max={300}
            step={5}
            value={supposed.demandFactor * 100}
            onChange={(percent) => setSupposed((now) => ({ ...now, demandFactor: percent / 100 }))}
          />
        </div>
        <div className={styles.slide}>
          <span>
            {words.suppose.slip} {words.suppose.days(supposed.slipDays)}
          </span>
          <Slider
            thumbLabel={words.suppose.slip}
            label={null}
            min={0}
            max={90}
            value={supposed.slipDays}
            onChange={(slipDays) => setSupposed((now) => ({ ...now, slipDays }))}
          />
        </div>
        <Button
          variant="default"
          size="xs"
          disabled={!changed}
          onClick={() => setSupposed((now) => ({ ...AS_IT_IS, days: now.days }))}
        >
          {words.suppose.reset}
        </Button>
      </fieldset>
    </section>
  );
}

function Figures({
  item,
  projection,
  today,
}: {
  item: Item | undefined;
  projection: Projection | undefined;
  today: string;
}) {
  if (projection === undefined) return <Skeleton height={62} radius={8} />;
  const { onHand, reserved, pegged, waiting, firstStockOut, deepestQueue, weeksOfCover } = projection;
  const units = onHand.reduce((sum, { sellable }) => sum + sellable, 0);
  const outNow = firstStockOut !== null && firstStockOut <= today;
  return (
    <dl className={styles.figures}>
      <div>
        <dt>{words.figures.onHand}</dt>
        <dd>{formatCount(units)}</dd>
        <dd className={styles.sub}>{words.figures.reserved(reserved)}</dd>
      </div>
      <div>
        <dt>{words.figures.waiting}</dt>
        <dd>{formatCount(item?.backordered ?? pegged + waiting)}</dd>
        <dd className={styles.sub}>
          {words.figures.backed(pegged)}, {words.figures.unbacked(waiting)}
        </dd>
      </div>
      <div>
        <dt>{words.figures.stockOut}</dt>
        <dd>
          {firstStockOut === null
            ? words.figures.never
            : outNow
              ? words.figures.now
              : formatDay(firstStockOut, today, { weekday: false })}
        </dd>
        <dd className={styles.sub}>{words.figures.cover(weeksOfCover)}</dd>
      </div>
      <div>
        <dt>{words.figures.deepest}</dt>
        <dd>{formatCount(Math.round(deepestQueue))}</dd>
        <dd className={styles.sub}>{words.figures.half}</dd>
      </div>
    </dl>
  );
}

function Suggestion({ sku }: { sku: string }) {
  const { today } = useToday();
  const { data } = useSuggestion(sku);
  const found = data?.items[0];
  return found === undefined ? null : <OrderCard suggestion={found} today={today} />;
}

function Fillings({ sku }: { sku: string }) {
  const { today } = useToday();
  const { data } = useQueueOf(sku);
  const fillings = useFillings(data?.items ?? []);
  if (data === undefined) return <Skeleton height={90} radius={8} />;
  return (
    <section>
      <h2 className={styles.heading}>{words.pegging.title}</h2>
      {fillings.length === 0 ? (
        <p className={styles.totals}>{words.pegging.nobody}</p>
      ) : (
        <Pegging fillings={fillings} today={today} sku={sku} />
      )}
      {data.next === null ? null : <p className={styles.totals}>{words.pegging.first(data.items.length)}</p>}
    </section>
  );
}

/** The supplies that the queue hangs on, by the day on which they are expected. */
function arrivalsOf(lines: readonly Pick<Backorder, 'commitments'>[]): Arrival[] {
  const found = new Map<string, Arrival>();
  for (const { commitments } of lines)
    for (const { quantity, supply } of commitments) {
      const name = supply?.purchaseOrder ?? supply?.ref;
      if (supply?.expectedOn == null || name === undefined) continue;
      const key = `${supply.expectedOn} ${name}`;
      const arrival = found.get(key) ?? { day: supply.expectedOn, units: 0, name };
      arrival.units += quantity;
      found.set(key, arrival);
    }
  return [...found.values()].sort((left, right) => left.day.localeCompare(right.day));
}
