import '@mantine/core/styles/Checkbox.layer.css';
import '@mantine/core/styles/InlineInput.layer.css';
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { read, write } from '../platform/api.ts';
import { formatInstant } from '../platform/format.ts';
import { useToday } from '../platform/session.ts';
import styles from '../platform/sheet.module.css';
import { useDeed } from '../platform/useDeed.ts';
import { Loaded, Told } from './Part.tsx';
import { Secret } from './PeoplePart.tsx';
import { type Key, type KeyShown, useMay, useSetting } from './settings.ts';
import { words } from './words.ts';

/** Keys for programs: what each may do, and when it last did. */
export function KeysPart() {
  const keys = useSetting<{ items: Key[] }>('/v1/keys');
  const client = useQueryClient();
  const deed = useDeed();
  const may = useMay()('keys:write');
  const { today, timeZone } = useToday();
  const [shown, setShown] = useState<KeyShown | null>(null);
  const run = (work: () => Promise<string | null>) =>
    deed.run(async () => {
      const told = await work();
      await client.invalidateQueries({ queryKey: ['settings', '/v1/keys'] });
      return told;
    });
  return (
    <>
      <p className={styles.soft}>{words.keys.hint}</p>
      <Told of={deed} />
      {shown === null ? null : <Secret label={`${shown.name}: ${words.keys.shown}`} text={shown.key} />}
      <Loaded query={keys}>
        {({ items }) => (
          <ul className={styles.rows}>
            {items.map((key) => (
              <li key={key.id} className={styles.row}>
                <div>
                  <p>{key.name}</p>
                  <p className={styles.soft}>
                    {[
                      key.scopes.join(', '),
                      key.lastUsedAt === null
                        ? words.keys.unused
                        : words.keys.used(formatInstant(key.lastUsedAt, timeZone, today)),
                      key.revokedAt === null ? null : words.keys.revoked,
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </p>
                </div>
                {may && key.revokedAt === null ? (
                  <div className={styles.actions}>
                    <Button
                      size="xs"
                      variant="default"
                      onClick={() =>
                        void run(async () => {
                          setShown(await write<KeyShown>('POST', `/v1/keys/${key.id}/rotate`, {}));
                          return words.keys.overlap;
                        })
                      }
                    >
                      {words.keys.rotate}
                    </Button>
                    <Button
                      size="xs"
                      variant="default"
                      onClick={() =>
                        void run(async () => {
                          await write('DELETE', `/v1/keys/${key.id}`);
                          return null;
                        })
                      }
                    >
                      {words.keys.revoke}
                    </Button>
                  </div>
                ) : null}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {may ? (
        <NewKey
          onMade={(made) => {
            setShown(made);
            void client.invalidateQueries({ queryKey: ['settings', '/v1/keys'] });
          }}
        />
      ) : null}
    </>
  );
}

function NewKey({ onMade }: { onMade: (key: KeyShown) => void }) {
  const deed = useDeed();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly string[]>([]);
  const mine = useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => read<{ scopes?: string[] }>('/v1/session', {}, signal),
    staleTime: 60_000,
  });
  const areas = [...new Set((mine.data?.scopes ?? []).map((scope) => scope.split(':')[0]!))];
  return (
    <form
      className={styles.fields}
      style={{ maxWidth: 560 }}
      onSubmit={(event) => {
        event.preventDefault();
        void deed.run(async () => {
          onMade(await write<KeyShown>('POST', '/v1/keys', { name, scopes }));
          setName('');
          setScopes([]);
          return null;
        });
      }}
    >
      <h2>{words.keys.make}</h2>
      <TextInput
        label={words.keys.name}
        required
        maxLength={120}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <fieldset className={styles.fields} style={{ border: 0, margin: 0, padding: 0, gap: 6 }}>
        <legend className={styles.soft}>{words.keys.scopes}</legend>
        {areas.map((area) => (
          <div key={area} className={styles.actions}>
            <span style={{ minWidth: 110 }}>{area}</span>
            {(['read', 'write'] as const)
              .filter((verb) => mine.data?.scopes?.includes(`${area}:${verb}`))
              .map((verb) => (
                <Checkbox
                  key={verb}
                  label={words.keys[verb]}
                  aria-label={`${area}: ${words.keys[verb]}`}
                  checked={scopes.includes(`${area}:${verb}`)}
                  onChange={({ currentTarget: { checked } }) =>
                    setScopes(
                      checked
                        ? [...scopes, `${area}:${verb}`]
                        : scopes.filter((scope) => scope !== `${area}:${verb}`),
                    )
                  }
                />
              ))}
          </div>
        ))}
      </fieldset>
      <div className={styles.actions}>
        <Button type="submit" loading={deed.busy} disabled={scopes.length === 0}>
          {words.keys.make}
        </Button>
        <Told of={deed} />
      </div>
    </form>
  );
}
