import { Button, CloseButton, Skeleton, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { write } from '../platform/api.ts';
import styles from '../platform/sheet.module.css';
import { useDeed } from '../platform/useDeed.ts';
import { usePreview } from './messages.ts';
import { words } from './words.ts';

/** One message as its customer sees it, and what can be done about it. */
export function MessagePanel({ id, onClose }: { id: string; onClose: () => void }) {
  const preview = usePreview(id);
  const client = useQueryClient();
  const deed = useDeed();
  const [to, setTo] = useState('');
  const act = (told: string, step: 'send' | 'skip', body: object) =>
    deed.run(async () => {
      await write('POST', `/v1/messages/${encodeURIComponent(id)}/${step}`, body);
      await client.invalidateQueries({ queryKey: ['messages'] });
      return told;
    });
  return (
    <aside className={styles.panel} aria-label={words.preview}>
      <div className={styles.head}>
        <h2>{preview.data?.subject ?? words.preview}</h2>
        <CloseButton aria-label={words.close} onClick={onClose} />
      </div>
      {preview.isError ? (
        <p className={styles.late} role="alert">
          {preview.error.message}
        </p>
      ) : preview.data === undefined ? (
        <Skeleton height={320} radius={8} />
      ) : (
        <Letter html={preview.data.html} text={preview.data.text} />
      )}
      <div className={styles.actions}>
        <Button disabled={deed.busy} onClick={() => void act(words.sent, 'send', {})}>
          {words.send}
        </Button>
        <Button
          variant="default"
          disabled={deed.busy}
          onClick={() => void act(words.recorded, 'send', { byHand: words.byHandNote })}
        >
          {words.byHand}
        </Button>
        <Button variant="subtle" disabled={deed.busy} onClick={() => void act(words.skipped, 'skip', {})}>
          {words.skip}
        </Button>
      </div>
      <form
        className={styles.actions}
        onSubmit={(event) => {
          event.preventDefault();
          void act(words.tested(to), 'send', { test: to });
        }}
      >
        <TextInput
          type="email"
          required
          aria-label={words.testTo}
          placeholder={words.testTo}
          value={to}
          onChange={({ currentTarget }) => setTo(currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={deed.busy || to === ''}>
          {words.test}
        </Button>
      </form>
      <div aria-live="polite">
        {deed.told === null ? null : <p className={styles.good}>{deed.told}</p>}
        {deed.trouble === null ? null : (
          <p className={styles.late} role="alert">
            {words.wentWrong}: {deed.trouble}
          </p>
        )}
      </div>
    </aside>
  );
}

/** A mail in a frame of its own, in which nothing runs. */
export function Letter({ html, text }: { html: string; text: string }) {
  if (html === '') return <pre className={styles.soft}>{text}</pre>;
  return <iframe className={styles.letter} title={words.preview} sandbox="" srcDoc={html} />;
}
