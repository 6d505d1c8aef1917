import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { mustKnow, readSelf } from './people.ts';
import { lockPerson } from './person-store.ts';
import { replaceRecoveryCodes, spendRecoveryCode } from './recovery-code-store.ts';
import { digestOfSecret } from './secrets.ts';

const CODES = 10;
/** Sixteen signs of 32 are 80 bits: nothing to guess, not even with the digests in hand. */
const SIGNS = 16;
/** Crockford’s: none that is taken for another. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Makes one's recovery codes anew: those from before are void.
 * @returns the codes, this one time
 * @throws KeptError `forbidden` where the present password is wrong, `conflict` where no app's code is asked for
 */
export async function makeRecoveryCodes(
  kept: Kept,
  brandId: number,
  id: string,
  current: string | undefined,
): Promise<string[]> {
  const { person } = await readSelf(kept, brandId, id);
  await mustKnow(person, current);
  const codes = Array.from({ length: CODES }, newCode);
  await withBrand(kept.db, brandId, async (client) => {
    const now = await lockPerson(client, brandId, { id });
    if (now === null || now.totpConfirmedAt === null)
      throw new KeptError(
        'conflict',
        'No app’s code is asked for, so there is none to replace. Connect an app first.',
      );
    await replaceRecoveryCodes(client, brandId, id, codes.map(digestOf));
  });
  return codes;
}

/** Takes a code, which counts once; of two who show it at once one is taken. In the caller's transaction. */
export function takeRecoveryCode(
  client: pg.PoolClient,
  brandId: number,
  id: string,
  code: string,
  at: Date,
): Promise<boolean> {
  return spendRecoveryCode(client, brandId, id, digestOf(code), at);
}

function newCode(): string {
  const signs = Array.from(randomBytes(SIGNS), (byte) => ALPHABET[byte % ALPHABET.length]);
  return signs.join('').replace(/(.{4})(?=.)/g, '$1-');
}

/** As people type: with blanks, in capitals, and o for 0. */
function digestOf(code: string): string {
  const typed = code.toLowerCase().replaceAll(/[\s-]/g, '');
  return digestOfSecret(typed.replaceAll('o', '0').replaceAll(/[il]/g, '1'));
}
