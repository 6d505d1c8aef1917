import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import '@mantine/core/styles/Checkbox.layer.css';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { write } from '../platform/api.ts';
import { formatInstant } from '../platform/format.ts';
import { useToday } from '../platform/session.ts';
import styles from '../platform/sheet.module.css';
import { useDeed } from '../platform/useDeed.ts';
import { Loaded, Told } from './Part.tsx';
import { type Person, type SignedIn, useMay, useSetting } from './settings.ts';
import { words } from './words.ts';

const roles = Object.entries(words.people.roles).map(([value, label]) => ({ value, label }));

/** Who may sign in, what they may do, and where they are signed in. */
export function PeoplePart() {
  const people = useSetting<{ items: Person[] }>('/v1/people');
  const settings = useSetting<{ secondFactor: boolean }>('/v1/people/settings');
  const sessions = useSetting<{ items: SignedIn[] }>('/v1/sessions');
  const may = useMay()('people:write');
  const client = useQueryClient();
  const deed = useDeed();
  const { today, timeZone } = useToday();
  const change = (person: Person, body: object, told: string | null = words.saved) =>
    deed.run(async () => {
      await write('PATCH', `/v1/people/${person.id}`, body);
      await client.invalidateQueries({ queryKey: ['settings'] });
      return told;
    });
  return (
    <>
      <div className={styles.fields} style={{ marginBottom: 18 }}>
        <p className={styles.soft}>{words.people.hint}</p>
        <Told of={deed} />
        <Loaded query={settings}>
          {({ secondFactor }) => (
            <Checkbox
              label={words.people.secondFactor}
              description={words.people.secondFactorHint}
              checked={secondFactor}
              disabled={!may || deed.busy}
              onChange={({ currentTarget: { checked } }) =>
                void deed.run(async () => {
                  await write('PUT', '/v1/people/settings', { secondFactor: checked });
                  await client.invalidateQueries({ queryKey: ['settings'] });
                  return words.saved;
                })
              }
            />
          )}
        </Loaded>
      </div>
      <Loaded query={people}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{words.people.nobody}</p>
          ) : (
            <ul className={styles.rows}>
              {items.map((person) => (
                <li key={person.id} className={styles.row}>
                  <div>
                    <p>{person.name}</p>
                    <p className={styles.soft}>
                      {[
                        person.email,
                        words.people.roles[person.role],
                        person.code ? words.people.second : null,
                        person.passkeys > 0 ? words.people.passkeys(person.passkeys) : null,
                        person.endedAt === null ? null : words.people.ended,
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </p>
                  </div>
                  {may ? (
                    <div className={styles.actions}>
                      <NativeSelect
                        size="xs"
                        aria-label={words.people.roleOf(person.name)}
                        value={person.role}
                        data={roles}
                        onChange={({ currentTarget }) => void change(person, { role: currentTarget.value })}
                      />
                      {person.code || person.passkeys > 0 ? (
                        <Button
                          size="xs"
                          variant="default"
                          onClick={() =>
                            void change(person, { resetSecondFactor: true }, words.people.resetDone)
                          }
                        >
                          {words.people.reset}
                        </Button>
                      ) : null}
                      <Button
                        size="xs"
                        variant="default"
                        onClick={() => void change(person, { ended: person.endedAt === null })}
                      >
                        {person.endedAt === null ? words.people.end : words.people.let}
                      </Button>
                    </div>
                  ) : null}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {may ? <Invite /> : null}
      <h2>{words.people.sessions}</h2>
      <Loaded query={sessions}>
        {({ items }) => (
          <ul className={styles.rows}>
            {items.map((session) => (
              <li key={session.id} className={styles.row}>
                <div>
                  <p>
                    {words.people.session(
                      session.person?.name ?? words.people.byLink,
                      browserOf(session.browser) ?? words.people.someBrowser,
                    )}
                    {session.current ? ` (${words.people.this})` : ''}
                  </p>
                  <p className={styles.soft}>
                    {words.people.lastUsed(formatInstant(session.lastUsedAt, timeZone, today))}
                  </p>
                </div>
                {session.current ? null : (
                  <Button
                    size="xs"
                    variant="default"
                    onClick={() =>
                      void deed.run(async () => {
                        await write('DELETE', `/v1/sessions/${session.id}`);
                        await client.invalidateQueries({ queryKey: ['settings', '/v1/sessions'] });
                        return null;
                      })
                    }
                  >
                    {words.people.signOut}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </>
  );
}

/** "Chrome, Windows" of what a browser calls itself; null where it says neither. */
function browserOf(agent: string | null): string | null {
  const found = (names: readonly (readonly [RegExp, string])[]) =>
    names.find(([like]) => agent !== null && like.test(agent))?.[1];
  const name = found([
    [/Edg\//, 'Edge'],
    [/Firefox\//, 'Firefox'],
    [/Chrome\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ]);
  const system = found([
    [/iPhone|iPad/, 'iOS'],
    [/Android/, 'Android'],
    [/Windows/, 'Windows'],
    [/Mac OS/, 'macOS'],
    [/Linux/, 'Linux'],
  ]);
  return [name, system].filter(Boolean).join(', ') || null;
}

function Invite() {
  const client = useQueryClient();
  const deed = useDeed();
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState('buyer');
  const [link, setLink] = useState<string | null>(null);
  return (
    <form
      className={styles.fields}
      style={{ maxWidth: 560 }}
      onSubmit={(event) => {
        event.preventDefault();
        void deed.run(async () => {
          const sent = await write<{ link: string }>('POST', '/v1/people', { email, name, role });
          setLink(sent.link);
          await client.invalidateQueries({ queryKey: ['settings'] });
          return null;
        });
      }}
    >
      <h2>{words.people.invite}</h2>
      <TextInput
        label={words.people.email}
        type="email"
        required
        value={email}
        onChange={({ currentTarget }) => setEmail(currentTarget.value)}
      />
      <TextInput
        label={words.people.name}
        required
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <NativeSelect
        label={words.people.role}
        value={role}
        data={roles}
        onChange={({ currentTarget }) => setRole(currentTarget.value)}
      />
      <div className={styles.actions}>
        <Button type="submit" loading={deed.busy}>
          {words.people.invite}
        </Button>
        <Told of={deed} />
      </div>
      {link === null ? null : <Secret label={words.people.link} text={link} />}
    </form>
  );
}

/** Something that is shown once, to be copied. */
export function Secret({ label, text }: { label: string; text: string }) {
  return (
    <TextInput
      label={label}
      readOnly
      value={text}
      onFocus={({ currentTarget }) => currentTarget.select()}
      styles={{ input: { fontFamily: 'monospace' } }}
    />
  );
}
