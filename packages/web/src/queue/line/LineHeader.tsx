import { Drawer } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { dayOf, daysBetween, formatDay, formatMoney } from '../../platform/format.ts';
import { useToday } from '../../platform/session.ts';
import type { Backorder } from '../backorders.ts';
import { promiseStanding } from '../promise-standing.ts';
import { StateMark } from '../StateMark.tsx';
import type { QueueFilters } from '../search-params.ts';
import { words as queueWords } from '../words.ts';
import styles from './LineHeader.module.css';
import { words } from './words.ts';

type HeaderProps = {
  line: Backorder;
  channelTitle: (code: string) => string;
  onFilter: (filters: QueueFilters) => void;
};

/** Whose line it is, of what, how much, and since when. */
export function LineHeader({ line, channelTitle, onFilter }: HeaderProps) {
  const { today, timeZone } = useToday();
  const since = dayOf(line.waitingSince, timeZone);
  const promise = promiseStanding(line, today);
  return (
    <div className={styles.header}>
      <p className={styles.order}>{words.line(line.order, line.line)}</p>
      <Drawer.Title className={styles.title}>{line.title}</Drawer.Title>
      <p className={styles.who}>
        <button
          type="button"
          className={styles.sku}
          title={words.filterSku}
          onClick={() => onFilter({ sku: line.sku })}
        >
          {line.sku}
        </button>
        <span>{line.customer}</span>
        <span>{channelTitle(line.channel)}</span>
        <span>
          <Link to="/items/$sku" params={{ sku: line.sku }} className={styles.sku}>
            {words.item}
          </Link>
        </span>
      </p>
      <div className={styles.state}>
        <StateMark state={line.state} filled />
        <span>{queueWords.stateHelp[line.state]}</span>
      </div>
      <dl className={styles.facts}>
        <div>
          <dt>{words.facts.quantity}</dt>
          <dd>{queueWords.units(line.quantity)}</dd>
        </div>
        <div>
          <dt>{words.facts.value}</dt>
          <dd>{formatMoney(line.value)}</dd>
        </div>
        <div>
          <dt>{words.facts.since}</dt>
          <dd>
            {formatDay(since, today)}
            <small>{queueWords.waiting(daysBetween(since, today))}</small>
          </dd>
        </div>
        <div>
          <dt>{words.facts.promised}</dt>
          <dd title={promise.exact}>
            {promise.day}
            <small data-broken={promise.broken || undefined}>{promise.note}</small>
          </dd>
        </div>
        {line.notBefore || line.cancelAfter ? (
          <div>
            <dt>{words.facts.window}</dt>
            <dd title={queueWords.windowWhy(line.notBefore, line.cancelAfter)}>
              {words.window(
                line.notBefore && formatDay(line.notBefore, today),
                line.cancelAfter && formatDay(line.cancelAfter, today),
              )}
            </dd>
          </div>
        ) : null}
      </dl>
    </div>
  );
}
