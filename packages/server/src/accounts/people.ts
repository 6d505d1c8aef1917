import type { Role } from '@kept/contract';
import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { sealerFor } from '../platform/sealed.ts';
import { readBrand, setSecondFactor, wantsSecondFactor } from './brand-store.ts';
import { deletePasskeys, type PasskeyRow, passkeysOf } from './passkey-store.ts';
import { checkPassword, hashPassword, isPassword } from './passwords.ts';
import {
  changePerson,
  deleteInvitation,
  findInvitation,
  insertInvitation,
  insertPerson,
  listPeople,
  lockPerson,
  otherOwners,
  type PersonRow,
  reopenPerson,
  setPassword,
  setTotp,
} from './person-store.ts';
import { codeUri, newCodeSecret, stepOfCode } from './second-factor.ts';
import { brandOfToken, digestOfSecret, newId, newToken } from './secrets.ts';
import { deleteSessionsOf } from './session-store.ts';

const INVITATION_MILLISECONDS = 7 * 24 * 3_600_000;

/**
 * Invites somebody: the token opens an account once, for a week. An invitation before it is over.
 * @throws KeptError `conflict` where the address has an account
 */
export async function invite(
  kept: Kept,
  brandId: number,
  invitation: { email: string; name: string; role: Role; by: string },
): Promise<{ token: string; expiresAt: Date }> {
  const token = newToken(brandId);
  const at = kept.clock.now();
  const expiresAt = new Date(at.getTime() + INVITATION_MILLISECONDS);
  await withBrand(kept.db, brandId, async (client) => {
    const known = await lockPerson(client, brandId, { email: invitation.email });
    if (known !== null && known.endedAt === null)
      throw new KeptError('conflict', 'This address has an account already. Change its role instead.');
    await insertInvitation(client, brandId, { ...invitation, digest: digestOfSecret(token), at, expiresAt });
  });
  return { token, expiresAt };
}

/** What an invitation is for, as its page shows it; null for one that is not, or no longer, in force. */
export async function readInvitation(kept: Kept, token: string) {
  const brandId = brandOfToken(token);
  if (brandId === null) return null;
  return withBrand(kept.db, brandId, async (client) => {
    const found = await findInvitation(client, brandId, { digest: digestOfSecret(token) }, kept.clock.now());
    const brand = await readBrand(client, brandId);
    return found === null || brand === null ? null : { ...found, brand: brand.title };
  });
}

/**
 * Opens the account that an invitation is for.
 * @throws KeptError `unauthorized` for an invitation that is not in force, `invalid_input` for a password that is guessed
 */
export async function acceptInvitation(
  kept: Kept,
  token: string,
  password: string,
): Promise<{ brandId: number; personId: string }> {
  const brandId = brandOfToken(token);
  const found = await readInvitation(kept, token);
  if (brandId === null || found === null) throw noInvitation();
  await checkPassword(password, [found.email, found.name, found.brand]);
  const hash = await hashPassword(password);
  return withBrand(kept.db, brandId, async (client) => {
    // Again, and locked: of two who accept at once one comes too late.
    const at = kept.clock.now();
    const invitation = await findInvitation(client, brandId, { digest: digestOfSecret(token) }, at);
    if (invitation === null) throw noInvitation();
    await deleteInvitation(client, brandId, invitation.email);
    const id = newId();
    if (!(await insertPerson(client, brandId, { ...invitation, id, at })))
      await reopenPerson(client, brandId, invitation);
    const person = await lockPerson(client, brandId, { email: invitation.email });
    await deletePasskeys(client, brandId, person!.id, null);
    await setPassword(client, brandId, person!.id, hash);
    return { brandId, personId: person!.id };
  });
}

export function peopleOf(kept: Kept, brandId: number): Promise<PersonRow[]> {
  return withBrand(kept.db, brandId, (client) => listPeople(client, brandId), { reads: true });
}

export function readSelf(
  kept: Kept,
  brandId: number,
  id: string,
): Promise<{ person: PersonRow; passkeys: PasskeyRow[] }> {
  return withBrand(kept.db, brandId, async (client) => {
    const person = await lockPerson(client, brandId, { id });
    if (person === null) throw missing(id);
    return { person, passkeys: await passkeysOf(client, brandId, id) };
  });
}

/**
 * Changes what somebody is called or may do, lets them in no more, or takes a lost device away.
 * @throws KeptError `not_found`; `conflict` where nobody would be left who may do everything
 */
export function amendPerson(
  kept: Kept,
  brandId: number,
  id: string,
  change: {
    name?: string | undefined;
    role?: Role | undefined;
    ended?: boolean | undefined;
    resetSecondFactor?: true | undefined;
  },
): Promise<PersonRow> {
  return withBrand(kept.db, brandId, async (client) => {
    const left = await otherOwners(client, brandId, id);
    const person = await lockPerson(client, brandId, { id });
    if (person === null) throw missing(id);
    const stays = (change.role ?? person.role) === 'owner' && !(change.ended ?? person.endedAt !== null);
    if (person.role === 'owner' && person.endedAt === null && !stays && left === 0)
      throw new KeptError(
        'conflict',
        'Nobody would be left who may do everything. Make somebody else an owner first.',
      );
    const endedAt = change.ended === undefined ? undefined : change.ended ? kept.clock.now() : null;
    await changePerson(client, brandId, id, { name: change.name, role: change.role, endedAt });
    if (change.resetSecondFactor) {
      await setTotp(client, brandId, id, { secret: null, confirmedAt: null });
      await deletePasskeys(client, brandId, id, null);
    }
    if (change.ended || change.resetSecondFactor) await deleteSessionsOf(client, brandId, id, null);
    return (await lockPerson(client, brandId, { id }))!;
  });
}

/**
 * A new password; all other sessions of the person end.
 * @throws KeptError `forbidden` where the present one is wrong, `invalid_input` for one that is guessed
 */
export async function changePassword(
  kept: Kept,
  brandId: number,
  who: { id: string; sessionId: string },
  given: { current?: string | undefined; password: string },
): Promise<void> {
  const { person } = await readSelf(kept, brandId, who.id);
  await mustKnow(person, given.current);
  const brand = await withBrand(kept.db, brandId, (client) => readBrand(client, brandId), { reads: true });
  await checkPassword(given.password, [person.email, person.name, brand?.title ?? '']);
  const hash = await hashPassword(given.password);
  await withBrand(kept.db, brandId, async (client) => {
    await setPassword(client, brandId, who.id, hash);
    await deleteSessionsOf(client, brandId, who.id, who.sessionId);
  });
}

/**
 * Begins to ask for an app's codes: they are asked for once one was shown.
 * @throws KeptError `forbidden` where the present password is wrong, `conflict` where codes are asked for already
 */
export async function startCodes(
  kept: Kept,
  brandId: number,
  id: string,
  current: string | undefined,
): Promise<{ secret: string; uri: string }> {
  const { person } = await readSelf(kept, brandId, id);
  await mustKnow(person, current);
  if (person.totpConfirmedAt !== null)
    throw new KeptError('conflict', 'An app is connected already. Take it away first.');
  const secret = newCodeSecret();
  const sealed = sealerFor(kept).seal(secret, aboutCodes(brandId, id));
  return withBrand(kept.db, brandId, async (client) => {
    await setTotp(client, brandId, id, { secret: sealed, confirmedAt: null });
    const brand = await readBrand(client, brandId);
    return { secret, uri: codeUri(secret, brand?.title ?? 'Kept', person.email) };
  });
}

/** @throws KeptError `invalid_input` for a code that is not the app's, `conflict` where none was begun */
export async function confirmCodes(kept: Kept, brandId: number, id: string, code: string): Promise<void> {
  await withBrand(kept.db, brandId, async (client) => {
    const person = await lockPerson(client, brandId, { id });
    if (person === null || person.totpSecret === null || person.totpConfirmedAt !== null)
      throw new KeptError('conflict', 'There is no app to confirm. Begin with POST /v1/people/me/code.');
    const step = stepOfStored(kept, brandId, person, code);
    if (step === null)
      throw new KeptError('invalid_input', 'code: this is not what the app shows now', {
        errors: [{ path: 'code', message: 'this is not what the app shows now' }],
      });
    await setTotp(client, brandId, id, { secret: person.totpSecret, confirmedAt: kept.clock.now(), step });
  });
}

export async function readPeopleSettings(kept: Kept, brandId: number): Promise<{ secondFactor: boolean }> {
  const secondFactor = await withBrand(kept.db, brandId, (client) => wantsSecondFactor(client, brandId), {
    reads: true,
  });
  return { secondFactor };
}

export async function savePeopleSettings(
  kept: Kept,
  brandId: number,
  settings: { secondFactor: boolean },
): Promise<{ secondFactor: boolean }> {
  await withBrand(kept.db, brandId, (client) => setSecondFactor(client, brandId, settings.secondFactor));
  return settings;
}

/** @throws KeptError `conflict` where the brand wants a second factor and a person with a password would have none */
export async function mustKeepFactor(client: pg.PoolClient, brandId: number, id: string): Promise<void> {
  const person = await lockPerson(client, brandId, { id });
  if (person === null || person.passwordHash === null) return;
  if (person.totpConfirmedAt !== null || person.passkeys > 0) return;
  if (await wantsSecondFactor(client, brandId))
    throw new KeptError(
      'conflict',
      'Your brand wants a second factor of everybody, and this is your last. Add another one first.',
    );
}

/**
 * @throws KeptError `forbidden` where the present password is wrong, `conflict` where it is the last second factor and the brand
 *   wants one
 */
export async function endCodes(
  kept: Kept,
  brandId: number,
  id: string,
  current: string | undefined,
): Promise<void> {
  const { person } = await readSelf(kept, brandId, id);
  await mustKnow(person, current);
  await withBrand(kept.db, brandId, async (client) => {
    await setTotp(client, brandId, id, { secret: null, confirmedAt: null });
    await mustKeepFactor(client, brandId, id);
  });
}

/** The step of a code against the secret that is kept for a person. */
export function stepOfStored(kept: Kept, brandId: number, person: PersonRow, code: string): number | null {
  const secret = sealerFor(kept).open(person.totpSecret ?? '', aboutCodes(brandId, person.id));
  return stepOfCode(secret, code, kept.clock.now(), person.totpStep);
}

/** An open browser is not yet the person: what opens the account asks for what opens it now. */
export async function mustKnow(person: PersonRow, current: string | undefined): Promise<void> {
  if (person.passwordHash === null) return; // they came by a passkey or another house's account
  if (current === undefined || !(await isPassword(current, person.passwordHash)))
    throw new KeptError('forbidden', 'The present password is not this one.');
}

const aboutCodes = (brandId: number, id: string) => `totp:${brandId}:${id}`;
const missing = (id: string) => new KeptError('not_found', `There is nobody with the id ${id}.`);
const noInvitation = () =>
  new KeptError(
    'unauthorized',
    'This invitation is not, or no longer, in force: it opens one account, within a week. Ask for a new one.',
  );
