import '@mantine/core/styles/FloatingIndicator.layer.css';
import '@mantine/core/styles/SegmentedControl.layer.css';
import '@mantine/core/styles/Progress.layer.css';
import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Notice } from '../platform/Notice.tsx';
import { useToday } from '../platform/session.ts';
import { DutyCard, OrderCard, ReleaseCard, SignalCard, SignalsCard, UnsentCard } from './Cards.tsx';
import { Since } from './Since.tsx';
import { ROLES, type Role } from './search-params.ts';
import styles from './TodayPage.module.css';
import { words } from './words.ts';
import { useWork, type Work } from './work.ts';

const route = getRouteApi('/today');
/** Beyond this, a list of cards is a wall. */
const firstCards = 12;

/** What needs a decision today, the most urgent first, each with the button that does it. */
export function TodayPage() {
  const { role } = route.useSearch();
  const navigate = route.useNavigate();
  const { today } = useToday();
  const { work, pending, failures, retry } = useWork(today);
  const [all, setAll] = useState(false);
  const mine = role === undefined ? work : work.filter((one) => one.role === role);
  const shown = all ? mine : mine.slice(0, firstCards);
  return (
    <div className={styles.page}>
      <header className={styles.summary}>
        <h1 className={styles.title}>{words.title}</h1>
        {pending ? null : (
          <p className={styles.totals} aria-live="polite">
            {words.decisions(mine.length)}
          </p>
        )}
      </header>
      <Since />
      <SegmentedControl
        className={styles.roles}
        aria-label={words.role}
        data={[
          { value: '', label: words.everybody },
          ...ROLES.map((value) => ({ value: value as string, label: words.roles[value] })),
        ]}
        value={role ?? ''}
        onChange={(value) => void navigate({ search: { role: (value || undefined) as Role | undefined } })}
      />
      {failures.length > 0 ? (
        <Notice urgent title={words.failed.title} text={failures[0]!.message}>
          <Button onClick={retry}>{words.failed.again}</Button>
        </Notice>
      ) : null}
      {pending ? <CardSkeletons /> : null}
      {!pending && failures.length === 0 && mine.length === 0 ? (
        <Notice
          icon={<IconCheck size={28} stroke={1.5} />}
          title={words.calm}
          text={role === undefined ? words.calmWhy : words.calmFor(role)}
        />
      ) : null}
      {pending ? null : (
        <ol className={styles.cards}>
          {shown.map((one) => (
            <li key={one.id}>
              <Card work={one} today={today} />
            </li>
          ))}
        </ol>
      )}
      {mine.length > shown.length ? (
        <p className={styles.foot}>
          <Button variant="default" onClick={() => setAll(true)}>
            {words.more(mine.length - shown.length)}
          </Button>
        </p>
      ) : null}
    </div>
  );
}

function Card({ work, today }: { work: Work; today: string }) {
  switch (work.kind) {
    case 'signal':
      return <SignalCard signal={work.signal} />;
    case 'signals':
      return <SignalsCard signals={work.signals} urgent={work.urgency >= 3} />;
    case 'release':
      return <ReleaseCard orders={work.orders} more={work.more} />;
    case 'duty':
      return <DutyCard duties={work.duties} today={today} />;
    case 'unsent':
      return <UnsentCard messages={work.messages.length} why={work.messages[0]?.waitsFor ?? null} />;
    case 'order':
      return <OrderCard suggestion={work.suggestion} today={today} />;
  }
}

function CardSkeletons() {
  return (
    <div className={styles.cards} aria-hidden="true">
      {[62, 48, 55].map((width) => (
        <div key={width} className={styles.card}>
          <Skeleton height={16} width={`${width}%`} radius={4} />
          <Skeleton height={12} width="80%" radius={4} />
          <Skeleton height={30} width={140} radius={6} />
        </div>
      ))}
    </div>
  );
}
