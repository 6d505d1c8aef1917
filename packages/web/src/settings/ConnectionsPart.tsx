import { Button, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import '@mantine/core/styles/PasswordInput.layer.css';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { write } from '../platform/api.ts';
import { formatCount, formatInstant } from '../platform/format.ts';
import { locale } from '../platform/language.ts';
import { useToday } from '../platform/session.ts';
import styles from '../platform/sheet.module.css';
import { useDeed } from '../platform/useDeed.ts';
import { Loaded, Told } from './Part.tsx';
import { type Connection, type Connector, useMay, useSetting } from './settings.ts';
import { words } from './words.ts';

const route = getRouteApi('/settings');
const percent = new Intl.NumberFormat(locale, { style: 'percent' });
const said = words.connections;

/** The systems that Kept reads and writes to, how far each is, and what waits. */
export function ConnectionsPart() {
  const { open } = route.useSearch();
  const navigate = route.useNavigate();
  const connections = useSetting<{ items: Connection[] }>('/v1/connections');
  const may = useMay()('connections:write');
  return (
    <>
      <p className={styles.soft}>{said.hint}</p>
      <Loaded query={connections}>
        {({ items }) => (
          <ul className={styles.rows}>
            {items.length === 0 ? <li className={styles.row}>{words.none}</li> : null}
            {items.map((one) => (
              <li key={one.name} className={styles.row}>
                <div>
                  <p>{one.title}</p>
                  <p className={styles.soft}>
                    {[one.name, said.roles[one.role], said.states[one.state], waitingOf(one)]
                      .filter(Boolean)
                      .join(' · ')}
                  </p>
                  {one.trouble === null ? null : <p className={styles.late}>{one.trouble}</p>}
                </div>
                <Button
                  size="xs"
                  variant="default"
                  aria-expanded={open === one.name}
                  onClick={() =>
                    void navigate({
                      search: (now) => ({ ...now, open: open === one.name ? undefined : one.name }),
                      resetScroll: false,
                    })
                  }
                >
                  {words.channel.edit(one.title)}
                </Button>
                {open === one.name ? <Details connection={one} may={may} /> : null}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {may ? <Connect /> : null}
    </>
  );
}

function waitingOf({ waiting }: Connection): string | null {
  const parts = (['pushes', 'actions', 'refusedActions', 'availabilities', 'refusedFacts'] as const)
    .filter((part) => waiting[part] > 0)
    .map((part) => said[part](waiting[part]));
  return parts.length === 0 ? null : said.waiting(parts.join(', '));
}

interface Refused {
  kind: string;
  externalId: string;
  words: string;
}

function Details({ connection, may }: { connection: Connection; may: boolean }) {
  const client = useQueryClient();
  const deed = useDeed();
  const { today, timeZone } = useToday();
  const [from, setFrom] = useState('');
  const [sure, setSure] = useState(false);
  const path = `/v1/connections/${connection.name}`;
  const refused = useSetting<{ items: Refused[] }>(`${path}/refused-facts`, { limit: '20' });
  const notes = useSetting<{ items: { id: string; at: string; words: string }[] }>(`${path}/notes`, {
    limit: '10',
  });
  const run = (work: () => Promise<string | null>) =>
    void deed.run(async () => {
      const told = await work();
      await client.invalidateQueries({ queryKey: ['settings'] });
      return told;
    });
  const post = (what: string, told: string | null, body: object = {}) =>
    run(async () => {
      await write('POST', `${path}/${what}`, body);
      return told;
    });
  return (
    <div className={styles.fields} style={{ gridColumn: '1 / -1' }}>
      <ul className={styles.rows}>
        {connection.streams.map((stream) => (
          <li key={stream.stream} className={styles.row}>
            <div>
              <p>{stream.stream}</p>
              <p className={styles.soft}>
                {[
                  stream.phase === 'back_fill'
                    ? stream.progress === null
                      ? said.backFill
                      : said.reading(percent.format(stream.progress))
                    : stream.lastReadAt === null
                      ? null
                      : said.following(formatInstant(stream.lastReadAt, timeZone, today)),
                  said.facts(formatCount(stream.facts)),
                  stream.trouble,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </div>
            {stream.phase === 'back_fill' && stream.progress !== null ? (
              <progress value={stream.progress} max={1} aria-label={stream.stream} />
            ) : null}
          </li>
        ))}
      </ul>
      {may && connection.state !== 'disconnected' ? (
        <>
          <div className={styles.actions}>
            <Button
              size="xs"
              variant="default"
              onClick={() => post(connection.state === 'paused' ? 'resume' : 'pause', null)}
            >
              {connection.state === 'paused' ? said.resume : said.pause}
            </Button>
            <Button
              size="xs"
              variant="default"
              onClick={() =>
                run(async () => {
                  const { findings } = await write<{ findings: { level: string; words: string }[] }>(
                    'POST',
                    `${path}/check`,
                  );
                  const wrong = findings.filter(({ level }) => level !== 'ok');
                  return wrong.length === 0 ? said.fine : wrong.map((one) => one.words).join(' ');
                })
              }
            >
              {said.check}
            </Button>
            <Button size="xs" variant="default" onClick={() => post('reconcile', said.reconciled)}>
              {said.reconcile}
            </Button>
            <Button size="xs" variant="default" aria-expanded={sure} onClick={() => setSure(!sure)}>
              {said.disconnect}
            </Button>
          </div>
          {sure ? (
            <div className={styles.actions} role="alert">
              <span>{said.disconnectSure}</span>
              <Button
                size="xs"
                color="red"
                onClick={() =>
                  run(async () => {
                    await write('DELETE', path);
                    setSure(false);
                    return null;
                  })
                }
              >
                {said.disconnect}
              </Button>
              <Button size="xs" variant="default" onClick={() => setSure(false)}>
                {words.cancel}
              </Button>
            </div>
          ) : null}
          <form
            className={styles.actions}
            style={{ alignItems: 'end' }}
            onSubmit={(event) => {
              event.preventDefault();
              post('replay', said.replayed, { from: new Date(from).toISOString() });
            }}
          >
            <TextInput
              label={said.replayFrom}
              type="date"
              size="xs"
              required
              value={from}
              onChange={({ currentTarget }) => setFrom(currentTarget.value)}
            />
            <Button type="submit" size="xs" variant="default">
              {said.replay}
            </Button>
          </form>
          <Told of={deed} />
        </>
      ) : null}
      {refused.data === undefined || refused.data.items.length === 0 ? null : (
        <>
          <h2>{said.refused}</h2>
          <ul className={styles.rows}>
            {refused.data.items.map(({ kind, externalId, words: why }) => (
              <li key={`${kind} ${externalId}`} className={styles.row}>
                <div>
                  <p>
                    {kind} {externalId}
                  </p>
                  <p className={styles.late}>{why}</p>
                </div>
                {may ? (
                  <div className={styles.actions}>
                    <Button
                      size="xs"
                      variant="default"
                      onClick={() => post('refused-facts/retry', null, { kind, externalId })}
                    >
                      {said.retry}
                    </Button>
                    <Button
                      size="xs"
                      variant="default"
                      onClick={() => post('refused-facts/dismissals', null, { kind, externalId })}
                    >
                      {said.dismiss}
                    </Button>
                  </div>
                ) : null}
              </li>
            ))}
          </ul>
        </>
      )}
      {notes.data === undefined || notes.data.items.length === 0 ? null : (
        <>
          <h2>{said.log}</h2>
          <ul className={styles.rows}>
            {notes.data.items.map((note) => (
              <li key={note.id} className={styles.row}>
                <div>
                  <p>{note.words}</p>
                  <p className={styles.soft}>{formatInstant(note.at, timeZone, today)}</p>
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

interface Schema {
  properties?: Record<
    string,
    { type?: string; description?: string; enum?: string[]; default?: unknown; title?: string }
  >;
  required?: string[];
}

/** A new connection, by the form that its connector declares. */
function Connect() {
  const client = useQueryClient();
  const connectors = useSetting<{ items: Connector[] }>('/v1/connectors');
  const deed = useDeed();
  const [kind, setKind] = useState('');
  const [name, setName] = useState('');
  const [values, setValues] = useState<Record<string, string>>({});
  const [go, setGo] = useState<string | null>(null);
  const items = connectors.data?.items ?? [];
  const chosen = items.find((one) => one.kind === (kind || items[0]?.kind));
  if (chosen === undefined) return null;
  const settings = chosen.settings as Schema;
  const secrets = chosen.secrets as Schema;
  const partsOf = (schema: Schema) =>
    Object.fromEntries(
      Object.entries(schema.properties ?? {}).flatMap(([field, { type }]) => {
        const text = values[field];
        if (text === undefined || text === '') return [];
        const value =
          type === 'number' || type === 'integer'
            ? Number(text)
            : type === 'boolean'
              ? text === 'true'
              : type === 'array' || type === 'object'
                ? JSON.parse(text)
                : text;
        return [[field, value]];
      }),
    );
  const save = () =>
    deed.run(async () => {
      const path = `/v1/connections/${encodeURIComponent(name || chosen.kind)}`;
      const own = partsOf(secrets);
      await write('PUT', path, {
        kind: chosen.kind,
        settings: partsOf(settings),
        ...(Object.keys(own).length > 0 ? { secrets: own } : {}),
      });
      if (chosen.can.authorise && Object.keys(own).length === 0) {
        const { url } = await write<{ url: string }>('POST', `${path}/authorisation`);
        setGo(url);
      }
      await client.invalidateQueries({ queryKey: ['settings'] });
      return said.begun;
    });
  return (
    <form
      className={styles.fields}
      style={{ maxWidth: 560 }}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2>{said.connect}</h2>
      <NativeSelect
        label={said.kind}
        value={chosen.kind}
        data={items.map((one) => ({ value: one.kind, label: one.title }))}
        onChange={({ currentTarget }) => {
          setKind(currentTarget.value);
          setValues({});
          setGo(null);
        }}
      />
      <TextInput
        label={said.name}
        description={said.nameHint}
        placeholder={chosen.kind}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <Fields schema={settings} values={values} onChange={setValues} />
      <Fields schema={secrets} values={values} onChange={setValues} hidden optional={chosen.can.authorise} />
      <div className={styles.actions}>
        <Button type="submit" loading={deed.busy}>
          {said.begin}
        </Button>
        <Told of={deed} />
      </div>
      {go === null ? null : (
        <p>
          <a href={go}>{said.authorise(chosen.title)}</a>
        </p>
      )}
    </form>
  );
}

function Fields({
  schema,
  values,
  onChange,
  hidden = false,
  optional = false,
}: {
  schema: Schema;
  values: Record<string, string>;
  onChange: (values: Record<string, string>) => void;
  hidden?: boolean;
  optional?: boolean;
}) {
  return Object.entries(schema.properties ?? {}).map(
    ([field, { description, enum: choices, default: usual, title }]) => {
      const shared = {
        label: title ?? field,
        description,
        required: !optional && usual === undefined && (schema.required ?? []).includes(field),
        value: values[field] ?? '',
        onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
          onChange({ ...values, [field]: currentTarget.value }),
      };
      if (choices !== undefined) return <NativeSelect key={field} {...shared} data={['', ...choices]} />;
      if (hidden) return <PasswordInput key={field} autoComplete="off" {...shared} />;
      return <TextInput key={field} placeholder={usual === undefined ? '' : String(usual)} {...shared} />;
    },
  );
}
