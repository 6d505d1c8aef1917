import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { read } from '../platform/api.ts';
import styles from '../platform/sheet.module.css';
import own from './Import.module.css';
import { words } from './words.ts';

const STEPS = [
  ['items', '/v1/items'],
  ['stock', '/v1/stock'],
  ['supply', '/v1/purchase-orders'],
  ['orders', '/v1/orders'],
] as const;

/** What a brand that has nothing yet is led through: what there is, what is missing, and where to bring it in. */
export function FirstRun() {
  const found = useQueries({
    queries: STEPS.map(([, path]) => ({
      queryKey: ['first run', path],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        read<{ items: unknown[] }>(path, { limit: 1 }, signal),
      staleTime: 10_000,
    })),
  });
  const first = words.first;
  const ordered = (found[3]?.data?.items.length ?? 0) > 0;
  return (
    <section className={styles.page} aria-label={first.title}>
      <h2 style={{ marginTop: 0 }}>{first.title}</h2>
      <p className={styles.soft}>{ordered ? first.nobody : first.text}</p>
      <ol className={own.steps}>
        {STEPS.map(([step], at) => {
          const there = (found[at]?.data?.items.length ?? 0) > 0;
          return (
            <li key={step}>
              <p>
                {at + 1}. {first.steps[step]}
              </p>
              <p className={there ? styles.good : styles.soft}>
                {there ? <IconCheck size={14} stroke={2} aria-hidden="true" /> : null}{' '}
                {there ? first.there : first.missing}
              </p>
            </li>
          );
        })}
      </ol>
      <div className={styles.actions}>
        <Button component={Link} to="/import">
          {first.drop}
        </Button>
        <Button component={Link} to="/settings?tab=connections" variant="default">
          {first.connect}
        </Button>
      </div>
    </section>
  );
}
