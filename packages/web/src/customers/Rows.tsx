import { Button, NativeSelect, Skeleton } from '@mantine/core';
import { IconCheck, IconCloudOff, IconMessageOff } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { write } from '../platform/api.ts';
import { dayOf, formatDay } from '../platform/format.ts';
import { Notice } from '../platform/Notice.tsx';
import { useToday } from '../platform/session.ts';
import styles from '../platform/sheet.module.css';
import { useDeed } from '../platform/useDeed.ts';
import { type Message, type ToHear, type Unanswered, useMessageList } from './messages.ts';
import { words } from './words.ts';

type Listed = ReturnType<typeof useMessageList>['query'];

/** A list that is being read, could not be, is empty, or is there. */
function List({ query, empty, children }: { query: Listed; empty: ReactNode; children: ReactNode[] }) {
  if (query.isPending)
    return (
      <div aria-hidden="true">
        {[70, 55, 64, 60].map((width) => (
          <Skeleton key={width} height={14} width={`${width}%`} radius={4} my={22} />
        ))}
      </div>
    );
  if (query.isLoadingError)
    return (
      <Notice
        urgent
        icon={<IconCloudOff size={26} stroke={1.4} />}
        title={words.failed}
        text={query.error.message}
      >
        <Button onClick={() => void query.refetch()}>{words.again}</Button>
      </Notice>
    );
  if (children.length === 0) return <>{empty}</>;
  return (
    <div>
      <ul className={styles.rows}>{children}</ul>
      {query.hasNextPage ? (
        <Button
          mt="md"
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {words.more}
        </Button>
      ) : null}
    </div>
  );
}

function Who({ order, customer, reach }: { order: string; customer: string; reach?: string | null }) {
  return (
    <p>
      <b>{customer}</b>{' '}
      <Link to="/orders/$order" params={{ order }}>
        {order}
      </Link>
      {reach === undefined ? null : <span className={styles.soft}> {reach ?? words.reach.none}</span>}
    </p>
  );
}

type OpenProps = { open: string | undefined; onOpen: (id: string) => void };

/** Who must hear from the brand until its day ends, the most urgent first. */
export function TodayRows({ open, onOpen, canSend }: OpenProps & { canSend: boolean }) {
  const { today } = useToday();
  const { query, items } = useMessageList<ToHear>('/v1/messages/today');
  const empty = (
    <Notice
      icon={<IconCheck size={28} stroke={1.5} />}
      title={words.nobodyToHear}
      text={words.nobodyToHearWhy}
    />
  );
  const unsent = items.flatMap(({ message, state }) =>
    message !== null && ['waiting', 'failed'].includes(state) ? [message] : [],
  );
  return (
    <div>
      {items.length > 0 ? (
        <SendAll ids={unsent} canSend={canSend} customers={items.length} more={query.hasNextPage} />
      ) : null}
      <List query={query} empty={empty}>
        {items.map((one) => (
          <li
            key={`${one.order} ${one.message}`}
            className={styles.row}
            data-chosen={(open !== undefined && open === one.message) || undefined}
          >
            <div>
              <Who order={one.order} customer={one.customer} reach={one.email ?? one.phone} />
              <p className={styles.soft}>
                {one.kind === null ? null : `${words.kinds[one.kind]}, `}
                <span className={one.late || one.state === 'bounced' ? styles.late : undefined}>
                  {words.states[one.state]}
                </span>
                {one.legalBy === null ? null : `, ${words.by(formatDay(one.legalBy, today))}`}
              </p>
            </div>
            {one.message === null ? (
              <Button
                variant="default"
                size="xs"
                renderRoot={(props) => <Link {...props} to="/orders/$order" params={{ order: one.order }} />}
              >
                {words.order}
              </Button>
            ) : (
              <Button variant="default" size="xs" onClick={() => onOpen(one.message!)}>
                {words.look}
              </Button>
            )}
          </li>
        ))}
      </List>
    </div>
  );
}

/** All that is due, with one press; what is refused stays in the list. */
function SendAll(props: { ids: readonly string[]; canSend: boolean; customers: number; more: boolean }) {
  const { ids, canSend, customers, more } = props;
  const client = useQueryClient();
  const deed = useDeed();
  const [done, setDone] = useState(0);
  const send = () =>
    deed.run(async () => {
      let refused = 0;
      for (const [index, id] of ids.entries()) {
        await write('POST', `/v1/messages/${encodeURIComponent(id)}/send`, {}).catch(() => {
          refused++;
        });
        setDone(index + 1);
      }
      await client.invalidateQueries({ queryKey: ['messages'] });
      return refused > 0 ? words.notSent(refused) : words.sendingAll(ids.length, ids.length);
    });
  return (
    <div className={styles.actions} style={{ marginBottom: 12 }} aria-live="polite">
      <p className={styles.soft}>{(more ? words.hearMore : words.hear)(customers)}</p>
      {ids.length > 0 && canSend ? (
        <Button size="xs" disabled={deed.busy} onClick={() => void send()}>
          {deed.busy ? words.sendingAll(done, ids.length) : words.sendAll(ids.length)}
        </Button>
      ) : null}
      {deed.told === null ? null : <p className={styles.soft}>{deed.told}</p>}
    </div>
  );
}

/** Who was asked and has said nothing, and what their silence comes to. */
export function UnansweredRows() {
  const { today, timeZone } = useToday();
  const { query, items } = useMessageList<Unanswered>('/v1/messages/unanswered');
  const empty = (
    <Notice
      icon={<IconCheck size={28} stroke={1.5} />}
      title={words.nobodyAsked}
      text={words.nobodyAskedWhy}
    />
  );
  return (
    <List query={query} empty={empty}>
      {items.map((one) => (
        <li key={one.order} className={styles.row}>
          <div>
            <Who order={one.order} customer={one.customer} reach={one.email ?? one.phone} />
            <p>{silenceWords(one, today)}</p>
            <p className={styles.soft}>
              {words.waits(one.lines, one.units)},{' '}
              {words.since(formatDay(dayOf(one.askedAt, timeZone), today))}
            </p>
          </div>
          <Button
            variant="default"
            size="xs"
            renderRoot={(props) => <Link {...props} to="/orders/$order" params={{ order: one.order }} />}
          >
            {words.order}
          </Button>
        </li>
      ))}
    </List>
  );
}

function silenceWords({ silence: { means, on } }: Unanswered, today: string): string {
  if (means !== 'cancelled') return words.silence[means];
  return words.silence.cancelled(on === null ? '' : formatDay(on, today));
}

/** Every message, newest first, by state and kind. */
export function MessageRows({
  filters,
  open,
  onFilter,
  onOpen,
}: OpenProps & {
  filters: { state?: string | undefined; kind?: string | undefined; order?: string | undefined };
  onFilter: (next: Record<string, string | undefined>) => void;
}) {
  const { today, timeZone } = useToday();
  const { state, kind, order } = filters;
  const { query, items } = useMessageList<Message>('/v1/messages', { state, kind, order });
  const options = (all: string, names: Record<string, string>) => [
    { value: '', label: all },
    ...Object.entries(names)
      .filter(([value]) => value !== 'undecided')
      .map(([value, label]) => ({ value, label })),
  ];
  return (
    <div>
      <div className={styles.actions} style={{ marginBottom: 14 }}>
        <NativeSelect
          aria-label={words.state}
          value={state ?? ''}
          data={options(words.everyState, words.states)}
          onChange={({ currentTarget }) => onFilter({ state: currentTarget.value || undefined })}
        />
        <NativeSelect
          aria-label={words.kind}
          value={kind ?? ''}
          data={options(words.everyKind, words.kinds)}
          onChange={({ currentTarget }) => onFilter({ kind: currentTarget.value || undefined })}
        />
      </div>
      <List
        query={query}
        empty={<Notice icon={<IconMessageOff size={26} stroke={1.4} />} title={words.noMessages} />}
      >
        {items.map((one) => (
          <li key={one.id} className={styles.row} data-chosen={open === one.id || undefined}>
            <div>
              <Who order={one.order} customer={one.customer} />
              <p className={styles.soft}>
                {words.kinds[one.kind]}, {words.states[one.state]},{' '}
                {formatDay(dayOf(one.sentAt ?? one.dueAt, timeZone), today)}
              </p>
            </div>
            <Button variant="default" size="xs" onClick={() => onOpen(one.id)}>
              {words.look}
            </Button>
          </li>
        ))}
      </List>
    </div>
  );
}
