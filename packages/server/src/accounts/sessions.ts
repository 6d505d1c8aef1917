import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { brandOfToken, digestOfSecret, newKey, newToken } from './secrets.ts';
import { deleteToken, findKey, insertKey, insertToken, isTokenInForce, type TokenKind } from './store.ts';

const HOUR = 3_600_000;
const LINK_MILLISECONDS = 12 * HOUR;
export const SESSION_SECONDS = 30 * 24 * 3600;

/** An API key with every scope of its brand. It is shown this once: only its digest is kept. */
export async function createKey(kept: Kept, brandId: number, name: string): Promise<string> {
  const key = newKey(brandId);
  await withBrand(kept.db, brandId, (client) =>
    insertKey(client, brandId, { digest: digestOfSecret(key), name, at: kept.clock.now() }),
  );
  return key;
}

/** The name of a key that is in force, else null. */
export function nameOfKey(kept: Kept, brandId: number, key: string): Promise<string | null> {
  return withBrand(kept.db, brandId, (client) => findKey(client, brandId, digestOfSecret(key)));
}

/** The token of a sign-in link: it opens sessions for 12 hours, as often as it is followed. */
export function createSignInLink(kept: Kept, brandId: number): Promise<string> {
  return createToken(kept, brandId, 'link', LINK_MILLISECONDS);
}

/**
 * Follows a sign-in link.
 * @returns the session's token, for the cookie
 * @throws KeptError `unauthorized` for a link that is not, or no longer, in force
 */
export async function signIn(kept: Kept, link: string): Promise<string> {
  const brandId = brandOfToken(link);
  if (brandId === null || !(await isInForce(kept, brandId, link, 'link')))
    throw new KeptError(
      'unauthorized',
      'This sign-in link is not, or no longer, in force: links last 12 hours. Starting Kept again prints a new one.',
    );
  return createToken(kept, brandId, 'session', SESSION_SECONDS * 1000);
}

export async function isSignedIn(kept: Kept, brandId: number, session: string): Promise<boolean> {
  return isInForce(kept, brandId, session, 'session');
}

export async function signOut(kept: Kept, brandId: number, session: string): Promise<void> {
  await withBrand(kept.db, brandId, (client) => deleteToken(client, brandId, digestOfSecret(session)));
}

async function createToken(kept: Kept, brandId: number, kind: TokenKind, lasts: number): Promise<string> {
  const token = newToken(brandId);
  const at = kept.clock.now();
  await withBrand(kept.db, brandId, (client) =>
    insertToken(client, brandId, {
      digest: digestOfSecret(token),
      kind,
      at,
      expiresAt: new Date(at.getTime() + lasts),
    }),
  );
  return token;
}

function isInForce(kept: Kept, brandId: number, token: string, kind: TokenKind): Promise<boolean> {
  return withBrand(kept.db, brandId, (client) =>
    isTokenInForce(client, brandId, { digest: digestOfSecret(token), kind, at: kept.clock.now() }),
  );
}
