import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './BookPage.module.css';
import { words } from './words.ts';

/** A part that is being read, could not be, or is there. */
export function Part<T>({
  query,
  children,
}: {
  query: { data: T | undefined; isLoadingError: boolean; refetch: () => unknown };
  children: (answer: T) => ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (!query.isLoadingError) return <p className={styles.soft}>{words.loading}</p>;
  return (
    <p className={styles.soft} role="alert">
      {words.failed}{' '}
      <Button size="compact-sm" variant="default" onClick={() => void query.refetch()}>
        {words.again}
      </Button>
    </p>
  );
}
