import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { insertChallenge, type Purpose, takeChallenge } from './challenge-store.ts';
import { deletePasskeys, insertPasskey, lockPasskey, notePasskeyUse } from './passkey-store.ts';
import { mustKeepFactor, readSelf } from './people.ts';
import { lockPerson, noteSuccess } from './person-store.ts';
import { digestOfSecret } from './secrets.ts';

const CHALLENGE_MILLISECONDS = 5 * 60_000;

/** Where the browser is: what a passkey is made for, and works for alone. */
export interface Place {
  /** Such as https://kept.example.com. */
  readonly origin: string;
  readonly host: string;
}

/** What a browser is asked to make a passkey of. */
export async function askForPasskey(kept: Kept, brandId: number, personId: string, place: Place) {
  const { person, passkeys } = await readSelf(kept, brandId, personId);
  const options = await generateRegistrationOptions({
    rpName: 'Kept',
    rpID: place.host,
    userName: person.email,
    userDisplayName: person.name,
    userID: new Uint8Array(Buffer.from(`${brandId}:${personId}`)),
    excludeCredentials: passkeys.map(({ id, transports }) => ({ id, transports: [...transports] })),
    // Without an address to type, and by finger, face or PIN: it is both factors at once.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  await remember(kept, brandId, 'passkey_added', options.challenge, personId);
  return options;
}

/** @throws KeptError `unauthorized` for an answer to another question, of another place, or that does not check */
export async function addPasskey(
  kept: Kept,
  brandId: number,
  personId: string,
  place: Place,
  given: { name: string; response: RegistrationResponseJSON },
): Promise<void> {
  const challenge = challengeOf(given.response);
  const asked = await take(kept, brandId, 'passkey_added', challenge);
  if (asked?.personId !== personId) throw refused();
  const { registrationInfo } = await checked(() =>
    verifyRegistrationResponse({
      response: given.response,
      expectedChallenge: challenge,
      expectedOrigin: place.origin,
      expectedRPID: place.host,
      requireUserVerification: true,
    }),
  );
  if (registrationInfo === undefined) throw refused();
  const { credential } = registrationInfo;
  await withBrand(kept.db, brandId, (client) =>
    insertPasskey(client, brandId, {
      id: credential.id,
      personId,
      name: given.name,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      transports: credential.transports ?? [],
      at: kept.clock.now(),
    }),
  );
}

/** What a browser is asked to sign; it finds out by itself which of its passkeys fit. */
export async function askToSignIn(kept: Kept, brandId: number, place: Place) {
  const options = await generateAuthenticationOptions({ rpID: place.host, userVerification: 'required' });
  await remember(kept, brandId, 'passkey_shown', options.challenge, undefined);
  return options;
}

/**
 * @returns the person's id
 * @throws KeptError `unauthorized` for a passkey that is not known, or an answer that does not check
 */
export async function signInByPasskey(
  kept: Kept,
  brandId: number,
  place: Place,
  response: AuthenticationResponseJSON,
): Promise<string> {
  const challenge = challengeOf(response);
  if ((await take(kept, brandId, 'passkey_shown', challenge)) === null) throw refused();
  return withBrand(kept.db, brandId, async (client) => {
    const passkey = await lockPasskey(client, brandId, response.id);
    const person = passkey && (await lockPerson(client, brandId, { id: passkey.personId }));
    if (!passkey || !person || person.endedAt !== null) throw refused();
    const { verified, authenticationInfo } = await checked(() =>
      verifyAuthenticationResponse({
        response,
        expectedChallenge: challenge,
        expectedOrigin: place.origin,
        expectedRPID: place.host,
        requireUserVerification: true,
        credential: {
          id: passkey.id,
          publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
          counter: passkey.counter,
        },
      }),
    );
    if (!verified) throw refused();
    const at = kept.clock.now();
    await notePasskeyUse(client, brandId, { id: passkey.id, counter: authenticationInfo.newCounter, at });
    await noteSuccess(client, brandId, person.id, null);
    return person.id;
  });
}

async function remember(
  kept: Kept,
  brandId: number,
  purpose: Purpose,
  challenge: string,
  personId: string | undefined,
): Promise<void> {
  const at = kept.clock.now();
  const expiresAt = new Date(at.getTime() + CHALLENGE_MILLISECONDS);
  const digest = digestOfSecret(challenge);
  await withBrand(kept.db, brandId, (client) =>
    insertChallenge(client, brandId, { digest, purpose, personId, data: '', at, expiresAt }),
  );
}

function take(kept: Kept, brandId: number, purpose: Purpose, challenge: string) {
  const digest = digestOfSecret(challenge);
  return withBrand(kept.db, brandId, (client) =>
    takeChallenge(client, brandId, { digest, purpose, at: kept.clock.now() }),
  );
}

/** The question that an answer says it answers; whether it was asked is looked up. */
function challengeOf({ response }: { response: { clientDataJSON: string } }): string {
  try {
    const { challenge } = JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString());
    if (typeof challenge === 'string') return challenge;
  } catch {}
  throw refused();
}

async function checked<T>(check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (cause) {
    throw new KeptError('unauthorized', 'This passkey’s answer does not check.', { cause });
  }
}

const refused = () =>
  new KeptError('unauthorized', 'This passkey is not known here, or took longer than five minutes.');

/** @throws KeptError `not_found` */
export async function removePasskey(
  kept: Kept,
  brandId: number,
  personId: string,
  id: string,
): Promise<void> {
  const removed = await withBrand(kept.db, brandId, async (client) => {
    const deleted = await deletePasskeys(client, brandId, personId, id);
    await mustKeepFactor(client, brandId, personId);
    return deleted;
  });
  if (!removed) throw new KeptError('not_found', 'You have no such passkey.');
}
