import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type DragEvent, useRef, useState } from 'react';
import styles from '../platform/sheet.module.css';
import { FileCard } from './FileCard.tsx';
import own from './Import.module.css';
import { useImports } from './imports.ts';
import { words } from './words.ts';

const TEMPLATES = ['items', 'stock', 'purchase_orders', 'orders', 'suppliers', 'locations', 'channels'];
const templates = import.meta.glob<string>('../../../../docs/templates/*.csv', {
  query: '?url&no-inline',
  import: 'default',
  eager: true,
});

/** Files come in here: what was understood of each, what is wrong where it stands, and how far it is. */
export function ImportPage() {
  const { entries, add, check, take, remove, forget } = useImports();
  const [over, setOver] = useState(false);
  const [taking, setTaking] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const here = entries.filter(({ file }) => file !== null);
  const earlier = entries.filter(({ file }) => file === null);
  const ready = here.filter(
    ({ step, run }) =>
      step === 'checked' && run !== null && run.kind !== null && run.state !== 'needs_mapping',
  );
  const under = here.find(({ step }) => step !== 'checked' && step !== 'taken');
  const allIn = here.length > 0 && here.every(({ step, run }) => step === 'taken' && run?.state === 'done');
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    add([...event.dataTransfer.files]);
  };
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>{words.title}</h1>
      <p className={styles.soft}>{words.hint}</p>
      <section
        className={own.drop}
        aria-label={words.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p style={{ margin: 0 }}>{words.drop}</p>
        <Button onClick={() => input.current?.click()}>{words.choose}</Button>
        <input
          ref={input}
          type="file"
          multiple
          tabIndex={-1}
          aria-label={words.choose}
          accept=".csv,.tsv,.txt,.gz,.jsonl,.ndjson"
          onChange={({ currentTarget }) => {
            add([...(currentTarget.files ?? [])]);
            currentTarget.value = '';
          }}
        />
        <p className={styles.soft}>
          {words.templates}{' '}
          {TEMPLATES.map((kind, at) => (
            <span key={kind}>
              {at > 0 ? ', ' : ''}
              <a href={templates[`../../../../docs/templates/${kind}.csv`]} download>
                {words.kinds[kind]}
              </a>
            </span>
          ))}
        </p>
      </section>
      {here.map((entry) => (
        <FileCard
          key={entry.key}
          entry={entry}
          onCheck={(said) => check(entry, said)}
          onRemove={() => remove(entry.key)}
        />
      ))}
      {here.length === 0 ? null : (
        <div className={styles.actions} style={{ marginTop: 18 }} aria-live="polite">
          {ready.length > 0 ? (
            <Button
              size="md"
              loading={taking}
              disabled={under !== undefined && !taking}
              onClick={() => {
                setTaking(true);
                void take().finally(() => setTaking(false));
              }}
            >
              {words.take(ready.length)}
            </Button>
          ) : null}
          {taking ? <span className={styles.soft}>{words.taking}</span> : null}
          {allIn ? (
            <>
              <span className={styles.good}>{words.all}</span>
              <Link to="/">{words.queue}</Link>
            </>
          ) : null}
        </div>
      )}
      {earlier.length === 0 ? null : (
        <section aria-label={words.earlier}>
          <h2>{words.earlier}</h2>
          {earlier.map((entry) => (
            <FileCard key={entry.key} entry={entry} onCheck={null} onRemove={() => remove(entry.key)} />
          ))}
          <Button variant="default" size="xs" mt={10} onClick={forget}>
            {words.forget}
          </Button>
        </section>
      )}
    </div>
  );
}
