import '@mantine/core/styles/Overlay.layer.css';
import '@mantine/core/styles/Paper.layer.css';
import '@mantine/core/styles/ModalBase.layer.css';
import '@mantine/core/styles/Drawer.layer.css';
import { Button, Drawer, Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { isNotFound } from '../../platform/api.ts';
import { Notice } from '../../platform/Notice.tsx';
import { type Backorder, useExplanation } from '../backorders.ts';
import type { QueueFilters } from '../search-params.ts';
import styles from './LineDrawer.module.css';
import { LineHeader } from './LineHeader.tsx';
import { LineStory } from './LineStory.tsx';
import { words } from './words.ts';

type DrawerProps = {
  id: string;
  /** The line as the queue knows it, shown while its story is read. */
  known: Backorder | undefined;
  channelTitle: (code: string) => string;
  onFilter: (filters: QueueFilters) => void;
  onClose: () => void;
};

/** One line's story, beside the queue; the whole screen on a phone. */
export function LineDrawer({ id, known, channelTitle, onFilter, onClose }: DrawerProps) {
  const story = useExplanation(id);
  const small = useMediaQuery('(max-width: 719px)', false, { getInitialValueInEffect: false });
  const line = story.data?.backorder ?? known;
  const body = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another line's story is read from its beginning.
  useEffect(() => {
    body.current?.scrollTo({ top: 0 });
  }, [id]);
  return (
    <Drawer.Root
      opened
      position="right"
      size={small ? '100%' : 560}
      // The queue gives the focus back to the line's row itself: j and k may have moved on from where it was.
      returnFocus={false}
      classNames={{ content: styles.drawer }}
      transitionProps={{ duration: small ? 0 : 140 }}
      onClose={onClose}
    >
      <Drawer.Overlay backgroundOpacity={0.12} />
      <Drawer.Content ref={body}>
        <div className={styles.tools}>
          <Drawer.CloseButton aria-label={words.close} size={36} />
        </div>
        <Drawer.Body className={styles.body}>
          {line ? (
            <LineHeader line={line} channelTitle={channelTitle} onFilter={onFilter} />
          ) : (
            <Drawer.Title className={styles.hidden}>{words.loading}</Drawer.Title>
          )}
          {story.data ? (
            <LineStory story={story.data} line={line} onFilter={onFilter} />
          ) : story.isError ? (
            <Failed error={story.error} retry={() => void story.refetch()} />
          ) : (
            <StorySkeleton />
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function Failed({ error, retry }: { error: Error; retry: () => void }) {
  if (isNotFound(error)) return <Notice title={words.gone} text={words.goneWhy} />;
  return (
    <Notice urgent title={words.failed} text={error.message}>
      <Button variant="default" onClick={retry}>
        {words.again}
      </Button>
    </Notice>
  );
}

function StorySkeleton() {
  return (
    <div className={styles.skeleton} role="status" aria-label={words.loading}>
      {[62, 90, 78, 84, 40, 88, 70].map((width) => (
        <Skeleton key={width} height={13} width={`${width}%`} radius={4} />
      ))}
    </div>
  );
}
