import { Button, PasswordInput, TextInput } from '@mantine/core';
import '@mantine/core/styles/PasswordInput.layer.css';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, write } from '../platform/api.ts';
import styles from '../platform/sheet.module.css';
import { useDeed } from '../platform/useDeed.ts';
import { Loaded, Told } from './Part.tsx';
import { Secret } from './PeoplePart.tsx';
import { type Self, useSetting } from './settings.ts';
import { words } from './words.ts';

/** One's own password, second step and passkeys. */
export function AccountPart() {
  const me = useSetting<Self>('/v1/people/me');
  // Whoever came by the link that Kept printed is nobody in particular.
  if (me.error instanceof ApiError && (me.error.status === 403 || me.error.status === 404))
    return <p>{words.account.nobody}</p>;
  return (
    <Loaded query={me}>
      {(self) => (
        <div className={styles.fields} style={{ maxWidth: 480 }}>
          <p className={styles.soft}>
            {self.name} · {self.email} · {words.people.roles[self.role]}
          </p>
          {self.secondFactorNeeded ? <p role="alert">{words.account.factorNeeded}</p> : null}
          <Password has={self.password} />
          <SecondStep on={self.code} has={self.password} left={self.recoveryCodes} />
          <Passkeys self={self} />
        </div>
      )}
    </Loaded>
  );
}

/** Runs a deed of one's own account and reads it again. */
function useOwn() {
  const client = useQueryClient();
  const deed = useDeed();
  const run = (work: () => Promise<string | null>) =>
    deed.run(async () => {
      const told = await work();
      await client.invalidateQueries({ queryKey: ['settings', '/v1/people/me'] });
      return told;
    });
  return { ...deed, run };
}

function Password({ has }: { has: boolean }) {
  const own = useOwn();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  return (
    <form
      className={styles.fields}
      onSubmit={(event) => {
        event.preventDefault();
        void own.run(async () => {
          await write('PUT', '/v1/people/me/password', { ...(has ? { current } : {}), password });
          setCurrent('');
          setPassword('');
          return words.account.changed;
        });
      }}
    >
      <h2>{words.account.password}</h2>
      {has ? (
        <PasswordInput
          label={words.account.current}
          autoComplete="current-password"
          required
          value={current}
          onChange={({ currentTarget }) => setCurrent(currentTarget.value)}
        />
      ) : null}
      <PasswordInput
        label={words.account.fresh}
        autoComplete="new-password"
        required
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
      />
      <div className={styles.actions}>
        <Button type="submit" loading={own.busy}>
          {words.account.change}
        </Button>
        <Told of={own} />
      </div>
    </form>
  );
}

function SecondStep({ on, has, left }: { on: boolean; has: boolean; left: number }) {
  const own = useOwn();
  const [current, setCurrent] = useState('');
  const [started, setStarted] = useState<{ secret: string; uri: string } | null>(null);
  const [code, setCode] = useState('');
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const asked = has ? { current } : {};
  const makeCodes = async () => {
    const made = await write<{ codes: string[] }>('POST', '/v1/people/me/recovery-codes', asked);
    setCodes(made.codes);
    return null;
  };
  return (
    <section className={styles.fields} aria-label={words.account.code}>
      <h2>{words.account.code}</h2>
      <p className={styles.soft}>{on ? words.account.codeOn(left) : words.account.codeOff}</p>
      {codes === null ? null : (
        <div role="status">
          <p>{words.account.recovery}</p>
          <pre>{codes.join('\n')}</pre>
        </div>
      )}
      {has && started === null ? (
        <PasswordInput
          label={words.account.current}
          autoComplete="current-password"
          value={current}
          onChange={({ currentTarget }) => setCurrent(currentTarget.value)}
        />
      ) : null}
      {started === null ? null : (
        <form
          className={styles.fields}
          onSubmit={(event) => {
            event.preventDefault();
            void own.run(async () => {
              await write('POST', '/v1/people/me/code/confirmation', { code });
              setStarted(null);
              await makeCodes();
              return words.account.codeDone;
            });
          }}
        >
          <p>{words.account.scan}</p>
          <Secret label={words.account.secret} text={started.secret} />
          <p>
            <a href={started.uri}>{words.account.open}</a>
          </p>
          <TextInput
            label={words.account.sixDigits}
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            value={code}
            onChange={({ currentTarget }) => setCode(currentTarget.value)}
          />
          <Button type="submit" loading={own.busy}>
            {words.account.confirm}
          </Button>
        </form>
      )}
      <div className={styles.actions}>
        {started === null && on ? (
          <Button variant="default" loading={own.busy} onClick={() => void own.run(makeCodes)}>
            {words.account.newRecoveryCodes}
          </Button>
        ) : null}
        {started !== null ? null : on ? (
          <Button
            variant="default"
            loading={own.busy}
            onClick={() =>
              void own.run(async () => {
                await write('POST', '/v1/people/me/code/removal', asked);
                setCodes(null);
                return words.account.removed;
              })
            }
          >
            {words.account.remove}
          </Button>
        ) : (
          <Button
            variant="default"
            loading={own.busy}
            onClick={() =>
              void own.run(async () => {
                setStarted(await write('POST', '/v1/people/me/code', asked));
                return null;
              })
            }
          >
            {words.account.start}
          </Button>
        )}
        <Told of={own} />
      </div>
    </section>
  );
}

const canMake =
  typeof PublicKeyCredential !== 'undefined' && 'parseCreationOptionsFromJSON' in PublicKeyCredential;

function Passkeys({ self }: { self: Self }) {
  const own = useOwn();
  const [name, setName] = useState('');
  const add = async () => {
    const question = await write<PublicKeyCredentialCreationOptionsJSON>(
      'POST',
      '/v1/people/me/passkeys/question',
    );
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(question);
    const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential | null;
    if (made === null) return null;
    await write('POST', '/v1/people/me/passkeys', { name: name || self.name, response: made.toJSON() });
    return words.account.passkeyAdded;
  };
  return (
    <section className={styles.fields} aria-label={words.account.passkeys}>
      <h2>{words.account.passkeys}</h2>
      <p className={styles.soft}>{words.account.passkeysHint}</p>
      <ul className={styles.rows}>
        {self.passkeyList.map((passkey) => (
          <li key={passkey.id} className={styles.row}>
            <span>{passkey.name}</span>
            <Button
              size="xs"
              variant="default"
              onClick={() =>
                void own.run(async () => {
                  await write('DELETE', `/v1/people/me/passkeys/${encodeURIComponent(passkey.id)}`);
                  return null;
                })
              }
            >
              {words.account.forget(passkey.name)}
            </Button>
          </li>
        ))}
      </ul>
      {canMake ? (
        <>
          <TextInput
            label={words.account.passkeyName}
            maxLength={100}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <div className={styles.actions}>
            <Button variant="default" loading={own.busy} onClick={() => void own.run(add)}>
              {words.account.addPasskey}
            </Button>
            <Told of={own} />
          </div>
        </>
      ) : (
        <p className={styles.soft}>{words.account.noPasskeys}</p>
      )}
    </section>
  );
}
