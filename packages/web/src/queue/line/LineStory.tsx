import { Button, CopyButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useToday } from '../../platform/session.ts';
import type { Backorder, Explanation } from '../backorders.ts';
import type { QueueFilters } from '../search-params.ts';
import { History } from './History.tsx';
import styles from './LineStory.module.css';
import { Promises } from './Promises.tsx';
import { Waterfall } from './Waterfall.tsx';
import { words } from './words.ts';

type StoryProps = {
  story: Explanation;
  line: Backorder | undefined;
  onFilter: (filters: QueueFilters) => void;
};

/** Why the line stands here, what backs it, who is ahead, what was promised, what happened. */
export function LineStory({ story, line, onFilter }: StoryProps) {
  const { today, timeZone } = useToday();
  const { planner, customer } = story.words;
  return (
    <>
      {planner.length > 0 ? (
        <Section title={words.why}>
          <ul className={styles.reasons}>
            {planner.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </Section>
      ) : null}
      {line && line.commitments.length > 0 ? (
        <Section title={words.backedBy}>
          <Waterfall commitments={line.commitments} today={today} onFilter={onFilter} />
        </Section>
      ) : null}
      <Section title={words.ahead}>
        <p>
          {story.ahead.lines === 0 ? words.nobodyAhead : words.aheadOf(story.ahead.lines, story.ahead.units)}
        </p>
      </Section>
      <Section title={words.promises}>
        {story.promises.length > 0 ? (
          <Promises promises={story.promises} today={today} timeZone={timeZone} />
        ) : (
          <p>{words.noPromise}</p>
        )}
      </Section>
      {customer.length > 0 ? (
        <Section title={words.forCustomer} tool={<Copy text={customer.join(' ')} />}>
          <blockquote className={styles.quote}>{customer.join(' ')}</blockquote>
        </Section>
      ) : null}
      {story.history.length > 0 ? (
        <Section title={words.history}>
          <History history={story.history} today={today} timeZone={timeZone} />
        </Section>
      ) : null}
    </>
  );
}

function Section({ title, tool, children }: { title: string; tool?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <div className={styles.heading}>
        <h3>{title}</h3>
        {tool}
      </div>
      {children}
    </section>
  );
}

function Copy({ text }: { text: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button size="compact-sm" variant="subtle" onClick={copy}>
          {copied ? words.copied : words.copy}
        </Button>
      )}
    </CopyButton>
  );
}
