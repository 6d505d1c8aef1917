import { Button, Skeleton } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Notice } from '../platform/Notice.tsx';
import styles from '../platform/sheet.module.css';
import type { SettingsSaving } from './settings.ts';
import { words } from './words.ts';

/** What is shown while settings come, and when they do not. */
export function Loaded<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError)
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
  return <Skeleton height={260} radius={8} />;
}

/** The button that saves, what came of it, and the way back. */
export function Saving({
  saving,
  may,
  label = words.save,
}: {
  saving: SettingsSaving;
  may: boolean;
  label?: string;
}) {
  if (!may) return <p className={styles.soft}>{words.readOnly}</p>;
  return (
    <div className={styles.actions}>
      <Button type="submit" loading={saving.busy}>
        {label}
      </Button>
      {saving.undo === null ? null : (
        <Button variant="default" onClick={() => void saving.undo?.()}>
          {words.undo}
        </Button>
      )}
      <Told of={saving} />
    </div>
  );
}

/** What came of a deed. */
export function Told({ of: { told, trouble } }: { of: { told: string | null; trouble: string | null } }) {
  return (
    <span aria-live="polite" className={styles.soft}>
      {told}
      {trouble === null ? null : <span className={styles.late}>{trouble}</span>}
    </span>
  );
}
