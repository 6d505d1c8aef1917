import { Button, Progress } from '@mantine/core';
import {
  IconAlertTriangle,
  IconMailX,
  IconMessage2,
  IconPackageExport,
  IconShoppingCart,
} from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { write } from '../platform/api.ts';
import { formatDay } from '../platform/format.ts';
import { useToday } from '../platform/session.ts';
import { choiceWords, whyOrder, wordsOf } from './signal-words.ts';
import styles from './TodayPage.module.css';
import { words } from './words.ts';
import type { Duty, Release, Signal, Suggestion } from './work.ts';

type CardProps = { icon: ReactNode; title: string; text?: ReactNode; urgent?: boolean; children?: ReactNode };

function Card({ icon, title, text, urgent = false, children }: CardProps) {
  return (
    <article className={styles.card} data-urgent={urgent || undefined}>
      <div className={styles.icon} aria-hidden="true">
        {icon}
      </div>
      <div className={styles.body}>
        <h2 className={styles.heading}>{title}</h2>
        {text === undefined ? null : <p className={styles.text}>{text}</p>}
        {children}
      </div>
    </article>
  );
}

/** Runs what a card's button does, and says what came of it. */
function useDeed() {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<ReactNode>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const run = async (work: () => Promise<ReactNode>) => {
    setBusy(true);
    setTrouble(null);
    try {
      setTold(await work());
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  /** The day is read anew only when what was done has been seen: a card does not vanish under the hand. */
  const renew = () => void client.invalidateQueries({ queryKey: ['today'] });
  const line = (
    <div aria-live="polite" className={styles.told}>
      {told}
      {trouble === null ? null : (
        <p className={styles.trouble} role="alert">
          {words.wentWrong}: {trouble}
        </p>
      )}
    </div>
  );
  return { busy, done: told !== null, run, renew, line };
}

/** Everything that can leave, released in one go, with the list to look through first. */
export function ReleaseCard({ orders, more }: { orders: Release[]; more: boolean }) {
  const deed = useDeed();
  const [released, setReleased] = useState<number | null>(null);
  const units = orders.reduce((sum, order) => sum + unitsOf(order), 0);
  const atStake = orders.filter((order) => order.atStake).length;
  const release = () =>
    deed.run(async () => {
      let refused = 0;
      for (const [index, order] of orders.entries()) {
        // What changed since it was looked at stays for the next look.
        await write('POST', `/v1/releases/${encodeURIComponent(order.id)}/approve`, {
          version: order.version,
        }).catch(() => {
          refused++;
        });
        setReleased(index + 1);
      }
      setTimeout(deed.renew, 4000);
      return (
        <>
          <p>
            {words.release.done(orders.length - refused)}{' '}
            <a href="/v1/releases/pick-list?format=csv" download>
              {words.release.pickList}
            </a>
          </p>
          {refused > 0 ? <p>{words.release.failed(refused)}</p> : null}
        </>
      );
    });
  return (
    <Card
      urgent={atStake > 0}
      icon={<IconPackageExport size={20} stroke={1.6} />}
      title={more ? words.release.more(orders.length) : words.release.title(orders.length)}
      text={words.release.text(units, atStake)}
    >
      <details className={styles.details}>
        <summary>{words.release.look}</summary>
        <ul>
          {orders.slice(0, 30).map((order) => (
            <li key={order.id}>
              <b>{order.customer}</b> {order.order}:{' '}
              {order.lines.map(({ sku, releasable }) => `${releasable} × ${sku}`).join(', ')}
            </li>
          ))}
          {orders.length > 30 ? <li>{words.more(orders.length - 30)}</li> : null}
        </ul>
      </details>
      {deed.done ? null : (
        <div className={styles.actions}>
          <Button
            loading={deed.busy && released === null}
            disabled={deed.busy}
            onClick={() => void release()}
          >
            {released === null
              ? words.release.do(orders.length)
              : words.release.doing(released, orders.length)}
          </Button>
        </div>
      )}
      {deed.busy && released !== null ? (
        <Progress
          value={(released / orders.length) * 100}
          aria-label={words.release.doing(released, orders.length)}
        />
      ) : null}
      {deed.line}
    </Card>
  );
}

function unitsOf(order: Release): number {
  return order.lines.reduce((sum, { releasable }) => sum + releasable, 0);
}

/** Who has to be told, and by when. */
export function DutyCard({ duties, today }: { duties: Duty[]; today: string }) {
  const customers = new Set(duties.map(({ order }) => order));
  const due = new Set(duties.filter(({ notice }) => notice!.sendBy <= today).map(({ order }) => order)).size;
  const missed = duties.filter((duty) => duty.missed.length > 0).length;
  return (
    <Card
      urgent
      icon={<IconMessage2 size={20} stroke={1.6} />}
      title={words.duty.title(customers.size)}
      text={[
        ...(due > 0 ? [words.duty.today(due)] : []),
        ...(missed > 0 ? [words.duty.late(missed)] : []),
      ].join(' ')}
    >
      <details className={styles.details}>
        <summary>{words.duty.look}</summary>
        <ul>
          {duties.slice(0, 30).map((duty) => (
            <li key={`${duty.order} ${duty.line}`}>
              <Link to="/" search={{ search: duty.order.split(':').at(-1) }}>
                {duty.customer}
              </Link>{' '}
              {duty.order}, {duty.sku}, {words.duty.by(formatDay(duty.notice!.sendBy, today))}
            </li>
          ))}
          {duties.length > 30 ? <li>{words.more(duties.length - 30)}</li> : null}
        </ul>
      </details>
      <div className={styles.actions}>
        <Button renderRoot={(props) => <Link {...props} to="/customers" />}>{words.duty.tell}</Button>
      </div>
    </Card>
  );
}

export function UnsentCard({ messages, why }: { messages: number; why: string | null }) {
  return (
    <Card
      urgent
      icon={<IconMailX size={20} stroke={1.6} />}
      title={words.unsent.failed(messages)}
      text={why}
    />
  );
}

/** An item to be ordered: why, and the draft with one press. */
export function OrderCard({ suggestion, today }: { suggestion: Suggestion; today: string }) {
  const deed = useDeed();
  const { sku, title, quantity, supplier, orderBy } = suggestion;
  const draft = () =>
    deed.run(async () => {
      const { purchaseOrder } = await write<{ purchaseOrder: string }>(
        'POST',
        `/v1/reorder-suggestions/${encodeURIComponent(sku)}/accept`,
        { quantity },
      );
      return (
        <p>
          {words.order.done(purchaseOrder)}{' '}
          <Link to="/purchase-orders" search={{ search: purchaseOrder }}>
            {words.order.open}
          </Link>
        </p>
      );
    });
  return (
    <Card
      icon={<IconShoppingCart size={20} stroke={1.6} />}
      title={`${title}: ${words.order.by(formatDay(orderBy, today))}`}
      text={
        <>
          <Link to="/items/$sku" params={{ sku }} className={styles.sku}>
            {sku}
          </Link>{' '}
          {whyOrder(suggestion, today)}
        </>
      }
    >
      {deed.done ? null : (
        <div className={styles.actions}>
          <Button variant="default" loading={deed.busy} onClick={() => void draft()}>
            {words.order.do(quantity, supplier)}
          </Button>
        </div>
      )}
      {deed.line}
    </Card>
  );
}

/** Many of one kind: what they are, each with the way to its item. */
export function SignalsCard({ signals, urgent }: { signals: Signal[]; urgent: boolean }) {
  const kind = signals[0]!.kind;
  return (
    <Card
      urgent={urgent}
      icon={<IconAlertTriangle size={20} stroke={1.6} />}
      title={words.signal.many[kind]?.(signals.length) ?? words.signal.manyOf(signals.length)}
    >
      <details className={styles.details}>
        <summary>{words.release.look}</summary>
        <ul>
          {signals.slice(0, 40).map((signal) => (
            <SignalLine key={signal.id} signal={signal} />
          ))}
          {signals.length > 40 ? <li>{words.more(signals.length - 40)}</li> : null}
        </ul>
      </details>
    </Card>
  );
}

/** One of many: the way to its item, and what can be done about it by one press. */
function SignalLine({ signal }: { signal: Signal }) {
  const { busy, done, line, settle } = useSettling(signal);
  const { sku } = signal;
  const text = wordsOf(signal, useToday().today);
  return (
    <li>
      {sku === undefined ? (
        text
      ) : (
        <Link to="/items/$sku" params={{ sku }}>
          {text}
        </Link>
      )}
      {done ? null : (
        <div className={styles.actions}>
          {byPressOf(signal).map((one) => (
            <Button
              key={one.choice}
              size="xs"
              variant="default"
              loading={busy}
              onClick={() => void settle(one.choice)}
            >
              {choiceWords(one, signal)}
            </Button>
          ))}
          <Button size="xs" variant="subtle" disabled={busy} onClick={() => void settle()}>
            {words.signal.settle}
          </Button>
        </div>
      )}
      {line}
    </li>
  );
}

/** Carries out a signal's choice where it has one, and puts it away. */
function useSettling(signal: Signal) {
  const deed = useDeed();
  const settle = (choice?: string) =>
    deed.run(async () => {
      const chosen = signal.choices.find((one) => one.choice === choice);
      if (chosen?.call !== undefined) await write('POST', chosen.call.path, {});
      await write(
        'POST',
        `/v1/signals/${encodeURIComponent(signal.id)}/settled`,
        choice === undefined ? {} : { choice },
      );
      setTimeout(deed.renew, 3000);
      return <p>{words.signal.settled}</p>;
    });
  return { busy: deed.busy, done: deed.done, line: deed.line, settle };
}

function byPressOf({ choices }: Signal) {
  return choices.filter(({ call }) => call !== undefined && isComplete(call));
}

/** Something found: what can be done about it, by a press where Kept can do it alone. */
export function SignalCard({ signal }: { signal: Signal }) {
  const deed = useSettling(signal);
  const { today } = useToday();
  const { settle } = deed;
  const byPress = byPressOf(signal);
  const byHand = signal.choices.filter((choice) => !byPress.includes(choice));
  return (
    <Card urgent icon={<IconAlertTriangle size={20} stroke={1.6} />} title={wordsOf(signal, today)}>
      {byHand.length > 0 ? (
        <details className={styles.details}>
          <summary>{words.signal.choices}</summary>
          <ul>
            {byHand.map((one) => (
              <li key={one.choice}>{choiceWords(one, signal)}</li>
            ))}
          </ul>
        </details>
      ) : null}
      {deed.done ? null : (
        <div className={styles.actions}>
          {byPress.map((one) => (
            <Button key={one.choice} loading={deed.busy} onClick={() => void settle(one.choice)}>
              {choiceWords(one, signal)}
            </Button>
          ))}
          {signal.sku === undefined ? null : (
            <Button
              variant="default"
              renderRoot={(props) => <Link {...props} to="/" search={{ sku: signal.sku }} />}
            >
              {words.signal.queue}
            </Button>
          )}
          {typeof signal.data.purchaseOrder === 'string' ? (
            <Button
              variant="default"
              renderRoot={(props) => (
                <Link
                  {...props}
                  to="/purchase-orders"
                  search={{ search: String(signal.data.purchaseOrder) }}
                />
              )}
            >
              {words.signal.purchaseOrder}
            </Button>
          ) : null}
          <Button variant="subtle" disabled={deed.busy} onClick={() => void settle()}>
            {words.signal.settle}
          </Button>
        </div>
      )}
      {deed.line}
    </Card>
  );
}

/**
 * Calls that need nothing more to be said and take nothing away. A date, a quantity, or the end of somebody's order is not
 * decided by one press.
 */
function isComplete({ method, path, body }: NonNullable<Signal['choices'][number]['call']>): boolean {
  return (
    method === 'POST' &&
    body === undefined &&
    /^\/v1\/\w+\/[^:]+\/(launch|order|collections|send)$/.test(path)
  );
}
