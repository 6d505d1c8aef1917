import type { MessagePreview, MessageTemplate } from '@kept/contract';
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { read, type Shape, write } from '../platform/api.ts';
import { formatInstant } from '../platform/format.ts';
import { language } from '../platform/language.ts';
import { useToday } from '../platform/session.ts';
import styles from '../platform/sheet.module.css';
import { useDeed } from '../platform/useDeed.ts';
import { Letter } from './MessagePanel.tsx';
import { type Message, useMessageList } from './messages.ts';
import { words } from './words.ts';

type Template = Shape<typeof MessageTemplate>;
type Wording = Pick<Template, 'subject' | 'opening' | 'closing'>;
const parts = ['subject', 'opening', 'closing'] as const;

/** The brand's own words around what has to be said, shown with a real order while they are written. */
export function Templates() {
  const [kind, setKind] = useState('delay_notice');
  const [tongue, setTongue] = useState<string>(language);
  const versions = useQuery({
    queryKey: ['messages', 'templates', kind, tongue],
    queryFn: ({ signal }) =>
      read<{ items: Template[] }>(`/v1/message-templates/${kind}/${tongue}`, {}, signal),
  });
  return (
    <>
      <div className={styles.actions} style={{ marginBottom: 16 }}>
        <NativeSelect
          label={words.template.kind}
          value={kind}
          data={Object.entries(words.kinds).map(([value, label]) => ({ value, label }))}
          onChange={({ currentTarget }) => setKind(currentTarget.value)}
        />
        <NativeSelect
          label={words.template.language}
          value={tongue}
          data={Object.entries(words.template.languages).map(([value, label]) => ({ value, label }))}
          onChange={({ currentTarget }) => setTongue(currentTarget.value)}
        />
      </div>
      {versions.data === undefined ? null : (
        <Editor key={`${kind} ${tongue}`} kind={kind} tongue={tongue} versions={versions.data.items} />
      )}
    </>
  );
}

function Editor({ kind, tongue, versions }: { kind: string; tongue: string; versions: readonly Template[] }) {
  const { today, timeZone } = useToday();
  const client = useQueryClient();
  const deed = useDeed();
  const newest = versions[0];
  const [wording, setWording] = useState<Wording>({ ...newest });
  const { items } = useMessageList<Message>('/v1/messages', { kind });
  const [named, setNamed] = useState('');
  const order = named || items[0]?.order || '';
  const said = Object.fromEntries(parts.flatMap((part) => (wording[part] ? [[part, wording[part]]] : [])));
  const [tried] = useDebouncedValue(JSON.stringify({ order, ...said }), 300);
  const preview = useQuery({
    queryKey: ['messages', 'tried', kind, tried],
    queryFn: ({ signal }) =>
      write<Shape<typeof MessagePreview>>(
        'POST',
        `/v1/message-templates/${kind}/preview`,
        JSON.parse(tried),
        signal,
      ),
    enabled: order !== '',
    placeholderData: (before) => before,
  });
  const save = () =>
    deed.run(async () => {
      const kept = await write<Template>('PUT', `/v1/message-templates/${kind}/${tongue}`, said);
      await client.invalidateQueries({ queryKey: ['messages', 'templates'] });
      return words.template.saved(kept.version);
    });
  return (
    <div className={styles.split} data-open>
      <div className={styles.fields}>
        <p className={styles.soft}>{words.template.hint}</p>
        <TextInput
          label={words.template.subject}
          maxLength={200}
          value={wording.subject ?? ''}
          onChange={({ currentTarget }) => setWording({ ...wording, subject: currentTarget.value })}
        />
        {(['opening', 'closing'] as const).map((part) => (
          <Textarea
            key={part}
            label={words.template[part]}
            rows={4}
            maxLength={2000}
            value={wording[part] ?? ''}
            onChange={({ currentTarget }) => setWording({ ...wording, [part]: currentTarget.value })}
          />
        ))}
        <div className={styles.actions}>
          <Button loading={deed.busy} onClick={() => void save()}>
            {words.template.save}
          </Button>
          <span aria-live="polite" className={styles.soft}>
            {deed.told}
            {deed.trouble === null ? null : <span className={styles.late}>{deed.trouble}</span>}
          </span>
        </div>
        {newest === undefined ? <p className={styles.soft}>{words.template.own}</p> : null}
        {newest?.readingEase == null ? null : (
          <p className={styles.soft}>{words.template.ease(newest.readingEase)}</p>
        )}
        {versions.length === 0 ? null : (
          <>
            <h2>{words.template.versions}</h2>
            <ul className={styles.rows}>
              {versions.map((one) => (
                <li key={one.version} className={styles.row}>
                  <span>
                    {words.template.version(
                      one.version,
                      one.actor ?? '',
                      one.at === undefined ? '' : formatInstant(one.at, timeZone, today),
                    )}
                  </span>
                  <Button size="xs" variant="default" onClick={() => setWording({ ...one })}>
                    {words.template.take}
                  </Button>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <aside className={styles.panel} aria-label={words.preview}>
        <TextInput
          label={words.template.example}
          placeholder={items[0]?.order ?? ''}
          value={named}
          onChange={({ currentTarget }) => setNamed(currentTarget.value.trim())}
        />
        {preview.isError ? (
          <p className={styles.late} role="alert">
            {preview.error.message}
          </p>
        ) : preview.data === undefined ? null : (
          <>
            <h2>{preview.data.subject}</h2>
            <Letter html={preview.data.html} text={preview.data.text} />
          </>
        )}
      </aside>
    </div>
  );
}
