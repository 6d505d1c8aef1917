import { Button, Skeleton } from '@mantine/core';
import { IconCheck, IconCloudOff, IconFilterOff } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { Notice } from '../platform/Notice.tsx';
import styles from './QueueStates.module.css';
import { words } from './words.ts';

const FirstRun = lazy(() => import('../import/FirstRun.tsx').then(({ FirstRun }) => ({ default: FirstRun })));

/** What stands where the queue would be: nothing yet, nobody, nothing found, no answer. */
export function EmptyQueue() {
  const { nobody, nobodyWhy } = words.empty;
  return (
    <>
      <Notice icon={<IconCheck size={28} stroke={1.5} />} title={nobody} text={nobodyWhy} />
      <Suspense>
        <FirstRun />
      </Suspense>
    </>
  );
}

export function NoMatch({ onClear }: { onClear: () => void }) {
  const { noMatch, noMatchWhy } = words.empty;
  return (
    <Notice icon={<IconFilterOff size={26} stroke={1.4} />} title={noMatch} text={noMatchWhy}>
      <Button variant="default" onClick={onClear}>
        {words.filters.clear}
      </Button>
    </Notice>
  );
}

export function FailedQueue({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <Notice
      urgent
      icon={<IconCloudOff size={26} stroke={1.4} />}
      title={words.failed.title}
      text={error.message}
    >
      <Button onClick={onRetry}>{words.failed.again}</Button>
    </Notice>
  );
}

/** As many grey lines as fit a screen, in the shape of what comes. */
export function QueueSkeleton({ layout }: { layout: 'table' | 'cards' }) {
  const lines = Array.from({ length: layout === 'table' ? 12 : 5 }, (_, index) => index);
  return (
    <div className={styles.skeleton} data-layout={layout} aria-hidden="true">
      {lines.map((line) => (
        <div key={line} className={styles.line}>
          <Skeleton height={12} width={`${70 - ((line * 13) % 30)}%`} radius={4} />
          <Skeleton height={12} width={`${80 - ((line * 17) % 40)}%`} radius={4} />
          <Skeleton height={12} width="50%" radius={4} />
          <Skeleton height={12} width="70%" radius={4} />
          <Skeleton height={12} width="60%" radius={4} />
        </div>
      ))}
    </div>
  );
}
