import { Button, Skeleton } from '@mantine/core';
import { IconCloudOff, IconFileOff } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { isNotFound, read, write } from '../platform/api.ts';
import { formatDay, formatInstant, formatMoney } from '../platform/format.ts';
import { Notice } from '../platform/Notice.tsx';
import { useToday } from '../platform/session.ts';
import styles from '../platform/sheet.module.css';
import { useDeed } from '../platform/useDeed.ts';
import type { Backorder } from '../queue/backorders.ts';
import { reasonWords } from '../queue/line/reason-words.ts';
import { type Evidence, eventsOf } from './story.ts';
import { words } from './words.ts';

const route = getRouteApi('/orders/$order');

/** One order for whoever speaks with its customer: ordered, promised, moved because, backed by, told, chosen. */
export function OrderPage() {
  const { order } = route.useParams();
  const path = `/v1/orders/${encodeURIComponent(order)}`;
  const evidence = useQuery({
    queryKey: ['messages', 'order', order],
    queryFn: ({ signal }) => read<Evidence>(`${path}/evidence`, {}, signal),
    refetchInterval: 15_000,
  });
  const waiting = useQuery({
    queryKey: ['backorders', 'of order', order],
    queryFn: ({ signal }) => read<{ items: Backorder[] }>('/v1/backorders', { order, limit: 200 }, signal),
    refetchInterval: 15_000,
  });
  if (evidence.isLoadingError)
    return isNotFound(evidence.error) ? (
      <Notice icon={<IconFileOff size={26} stroke={1.4} />} title={words.story.missing(order)} />
    ) : (
      <Notice
        urgent
        icon={<IconCloudOff size={26} stroke={1.4} />}
        title={words.failed}
        text={evidence.error.message}
      >
        <Button onClick={() => void evidence.refetch()}>{words.again}</Button>
      </Notice>
    );
  const { data } = evidence;
  return (
    <div className={styles.page}>
      <header className={styles.summary}>
        <h1 className={styles.title}>{order}</h1>
        {data === undefined ? null : (
          <p className={styles.soft}>
            {words.story.customer(data.customer.name, data.shipTo.country)}
            {', '}
            {data.customer.email ?? words.reach.none}
          </p>
        )}
      </header>
      {data === undefined ? (
        <Skeleton height={260} mt={20} radius={8} />
      ) : (
        <>
          <Lines evidence={data} waiting={waiting.data?.items ?? []} />
          <Agent evidence={data} path={path} />
          <Story evidence={data} />
        </>
      )}
    </div>
  );
}

function Lines({ evidence, waiting }: { evidence: Evidence; waiting: readonly Backorder[] }) {
  const { today } = useToday();
  return (
    <section>
      <h2>{words.story.lines}</h2>
      <ul className={styles.rows}>
        {evidence.lines.map(({ line, sku, title, ordered, shipped, cancelled }) => {
          const backorder = waiting.find((one) => one.line === line);
          const open = ordered - shipped - cancelled;
          return (
            <li key={line} className={styles.row}>
              <div>
                <p>
                  <b>{words.story.ordered(ordered, title)}</b>{' '}
                  <Link to="/items/$sku" params={{ sku }}>
                    {sku}
                  </Link>
                </p>
                <p className={styles.soft}>
                  {words.story.lineState(shipped, cancelled, open)}
                  {backorder === undefined
                    ? null
                    : `. ${words.story.backed}: ${backorder.commitments.map((one) => backingWords(one, today)).join('; ')}`}
                </p>
              </div>
              {backorder === undefined ? null : (
                <Button
                  size="xs"
                  variant="default"
                  renderRoot={(props) => <Link {...props} to="/" search={{ sku, open: backorder.id }} />}
                >
                  {words.look}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function backingWords(one: Backorder['commitments'][number], today: string): string {
  const leaves = one.shipBy === null ? '' : `, ${words.story.leaves(formatDay(one.shipBy, today))}`;
  if (one.kind === 'waiting') return words.story.waiting(one.quantity);
  if (one.kind === 'reserved') return words.story.reserved(one.quantity, one.location ?? '') + leaves;
  const supply = one.supply?.purchaseOrder ?? one.supply?.ref ?? '';
  return words.story.pegged(one.quantity, supply) + leaves;
}

/** What the customer said on the phone: recorded as the agent’s, with the same effect as on their own page. */
function Agent({ evidence, path }: { evidence: Evidence; path: string }) {
  const client = useQueryClient();
  const deed = useDeed();
  const [sure, setSure] = useState(false);
  const open = evidence.lines.reduce(
    (sum, { ordered, shipped, cancelled }) => sum + ordered - shipped - cancelled,
    0,
  );
  const choose = (answer: object) =>
    deed.run(async () => {
      await write('POST', `${path}/choices`, { answer });
      setSure(false);
      await client.invalidateQueries();
      return words.story.recorded;
    });
  const openPage = () =>
    deed.run(async () => {
      const { url } = await write<{ url: string }>('POST', `${path}/link`);
      window.open(url, '_blank', 'noopener');
      return null;
    });
  return (
    <section>
      <h2>{words.story.agent}</h2>
      <div className={styles.actions}>
        {open === 0 ? null : sure ? (
          <>
            <Button
              color="red"
              loading={deed.busy}
              onClick={() => void choose({ choice: 'cancel', confirmed: true })}
            >
              {words.story.cancelSure(open)}
            </Button>
            <Button variant="default" onClick={() => setSure(false)}>
              {words.story.undo}
            </Button>
          </>
        ) : (
          <>
            <Button loading={deed.busy} onClick={() => void choose({ choice: 'wait' })}>
              {words.story.wait}
            </Button>
            <Button variant="default" onClick={() => setSure(true)}>
              {words.story.cancel}
            </Button>
          </>
        )}
        <Button variant="subtle" onClick={() => void openPage()}>
          {words.story.page}
        </Button>
        <a href={`${path}/evidence?format=pdf`} download>
          {words.story.evidence}
        </a>
      </div>
      <div aria-live="polite">
        {deed.told === null ? null : <p className={styles.good}>{deed.told}</p>}
        {deed.trouble === null ? null : (
          <p className={styles.late} role="alert">
            {words.wentWrong}: {deed.trouble}
          </p>
        )}
      </div>
    </section>
  );
}

function Story({ evidence }: { evidence: Evidence }) {
  const { today, timeZone } = useToday();
  const tell = {
    day: (day: string) => formatDay(day, today),
    money: formatMoney,
    reason: (reason: Evidence['promises'][number]['reasons'][number]) => reasonWords(reason, today),
  };
  return (
    <section>
      <h2>{words.story.happened}</h2>
      <ol className={styles.story}>
        {eventsOf(evidence, tell).map(({ key, at, text, detail }) => (
          <li key={key}>
            <p>{text}</p>
            {detail === '' ? null : <p className={styles.soft}>{detail}</p>}
            <time dateTime={at}>{formatInstant(at, timeZone, today)}</time>
          </li>
        ))}
      </ol>
    </section>
  );
}
