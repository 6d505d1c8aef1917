import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { wantsSecondFactor } from './brand-store.ts';
import { waitSeconds } from './lockout.ts';
import { isPassword } from './passwords.ts';
import { stepOfStored } from './people.ts';
import { lockPerson, noteFailure, noteSuccess, type PersonRow, takeFailureBack } from './person-store.ts';
import { takeRecoveryCode } from './recovery-codes.ts';

/**
 * Signs somebody in by password, and by an app's code, or one of their recovery codes, where they have an app.
 * @returns the person's id
 * @throws KeptError `unauthorized` that tells nobody which addresses have an account; with `needs`: `code` or `passkey` once the
 *   password was right; `too_many_requests` while the account waits out its failures
 */
export async function signInByPassword(
  kept: Kept,
  brandId: number,
  given: { email: string; password: string; code?: string | undefined },
): Promise<string> {
  const person = await begin(kept, brandId, given.email);
  // Outside of a transaction: it takes its time, for an address without an account as well.
  const right = await isPassword(given.password, person?.endedAt === null ? person.passwordHash : null);
  if (person === null || person.endedAt !== null || !right) throw wrong();
  const { id } = person;
  if (person.totpConfirmedAt === null) {
    const wantsPasskey = await withBrand(kept.db, brandId, async (client) => {
      // A password alone is one factor, where the brand wants two and a passkey is there to be the second.
      const wanted = person.passkeys > 0 && (await wantsSecondFactor(client, brandId));
      if (wanted) await takeFailureBack(client, brandId, id);
      else await noteSuccess(client, brandId, id, null);
      return wanted;
    });
    if (wantsPasskey)
      throw new KeptError(
        'unauthorized',
        'The password is right. Now your passkey: your brand wants two factors.',
        {
          needs: 'passkey',
        },
      );
    return id;
  }
  const { code } = given;
  if (code === undefined) {
    await withBrand(kept.db, brandId, (client) => takeFailureBack(client, brandId, id));
    throw new KeptError('unauthorized', 'The password is right. Now the code that your app shows.', {
      needs: 'code',
    });
  }
  const taken = await withBrand(kept.db, brandId, async (client) => {
    // Locked, so that one code is not taken twice.
    const now = await lockPerson(client, brandId, { id });
    if (now === null || now.endedAt !== null || now.totpConfirmedAt === null) return false;
    const step = stepOfStored(kept, brandId, now, code);
    const right = step !== null || (await takeRecoveryCode(client, brandId, id, code, kept.clock.now()));
    if (right) await noteSuccess(client, brandId, id, step);
    return right;
  });
  if (!taken)
    throw new KeptError(
      'unauthorized',
      'This is not the code that the app shows now, or it was used already.',
      {
        needs: 'code',
      },
    );
  return id;
}

/** Counts the try before it is looked at: of many at once each is one. */
function begin(kept: Kept, brandId: number, email: string): Promise<PersonRow | null> {
  return withBrand(kept.db, brandId, async (client) => {
    const person = await lockPerson(client, brandId, { email });
    if (person === null) return null;
    const now = kept.clock.now();
    const failedAt = person.failedAt === null ? null : Date.parse(person.failedAt);
    const wait = waitSeconds(person.failures, failedAt, now.getTime());
    if (wait > 0)
      throw new KeptError(
        'too_many_requests',
        `After several wrong tries this account waits ${wait} s for the next.`,
        { retryAfterSeconds: wait },
      );
    await noteFailure(client, brandId, person.id, now);
    return person;
  });
}

const wrong = () => new KeptError('unauthorized', 'This address and password do not belong together.');
