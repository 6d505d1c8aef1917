import { type Role, SCOPES_OF, type Scope } from '@kept/contract';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { brandOfToken, digestOfSecret, newId, newToken } from './secrets.ts';
import {
  deleteSession,
  deleteToken,
  findToken,
  insertToken,
  listSessions,
  type SessionRow,
  type TokenKind,
} from './session-store.ts';
import { noteUse } from './uses.ts';

const HOUR = 3_600_000;
const LINK_MILLISECONDS = 12 * HOUR;
export const SESSION_SECONDS = 30 * 24 * 3600;
/** A person's session that nobody uses for so long is over. */
const IDLE_MILLISECONDS = 3 * 24 * HOUR;

/** Whoever is signed in. By the link that Kept printed it is nobody by name, who may do everything. */
export interface SignedIn {
  readonly sessionId: string;
  readonly person: {
    readonly id: string;
    readonly email: string;
    readonly name: string;
    readonly role: Role;
  } | null;
  readonly scopes: ReadonlySet<Scope>;
  /** The brand wants a second factor of everybody, and they have none: they may set one up, and nothing else. */
  readonly lacksFactor: boolean;
}

/** The token of a sign-in link: it opens sessions for 12 hours, as often as it is followed. */
export function createSignInLink(kept: Kept, brandId: number): Promise<string> {
  return createToken(kept, brandId, {
    kind: 'link',
    lasts: LINK_MILLISECONDS,
    personId: null,
    browser: null,
  });
}

/**
 * Follows a sign-in link.
 * @returns the session's token, for the cookie
 * @throws KeptError `unauthorized` for a link that is not, or no longer, in force
 */
export async function followLink(kept: Kept, link: string, browser: string | null): Promise<string> {
  const brandId = brandOfToken(link);
  if (brandId === null || (await find(kept, brandId, link, 'link')) === null)
    throw new KeptError(
      'unauthorized',
      'This sign-in link is not, or no longer, in force: links last 12 hours. Starting Kept again prints a new one.',
    );
  return startSession(kept, brandId, null, browser);
}

/** @returns the session's token, for the cookie */
export function startSession(
  kept: Kept,
  brandId: number,
  personId: string | null,
  browser: string | null,
): Promise<string> {
  return createToken(kept, brandId, {
    kind: 'session',
    lasts: SESSION_SECONDS * 1000,
    personId,
    browser: browser === null ? null : browser.slice(0, 200),
  });
}

/** Whose a session's token is; null where it is not, or no longer, in force. */
export async function recogniseSession(kept: Kept, brandId: number, token: string): Promise<SignedIn | null> {
  const found = await find(kept, brandId, token, 'session');
  if (found === null) return null;
  noteUse(kept, brandId, 'session', found.id);
  const { personId, email, name, role, lacksFactor } = found;
  if (personId === null)
    return { sessionId: found.id, person: null, scopes: SCOPES_OF.owner, lacksFactor: false };
  if (email === null || name === null || role === null) return null;
  const person = { id: personId, email, name, role };
  return { sessionId: found.id, person, scopes: SCOPES_OF[role], lacksFactor };
}

export async function signOut(kept: Kept, brandId: number, session: string): Promise<void> {
  await withBrand(kept.db, brandId, (client) => deleteToken(client, brandId, digestOfSecret(session)));
}

/** @param personId null: everybody's */
export function sessionsOf(kept: Kept, brandId: number, personId: string | null): Promise<SessionRow[]> {
  return withBrand(kept.db, brandId, (client) => listSessions(client, brandId, personId, kept.clock.now()), {
    reads: true,
  });
}

/**
 * Ends a session from elsewhere.
 * @param personId whose it has to be; null: anybody's
 * @throws KeptError `not_found`
 */
export async function endSession(
  kept: Kept,
  brandId: number,
  id: string,
  personId: string | null,
): Promise<void> {
  const ended = await withBrand(kept.db, brandId, (client) => deleteSession(client, brandId, id, personId));
  if (!ended) throw new KeptError('not_found', `There is no session ${id} to end.`);
}

async function createToken(
  kept: Kept,
  brandId: number,
  token: { kind: TokenKind; lasts: number; personId: string | null; browser: string | null },
): Promise<string> {
  const secret = newToken(brandId);
  const at = kept.clock.now();
  await withBrand(kept.db, brandId, (client) =>
    insertToken(client, brandId, {
      ...token,
      id: newId(),
      digest: digestOfSecret(secret),
      at,
      expiresAt: new Date(at.getTime() + token.lasts),
    }),
  );
  return secret;
}

function find(kept: Kept, brandId: number, token: string, kind: TokenKind) {
  const at = kept.clock.now();
  return withBrand(
    kept.db,
    brandId,
    (client) =>
      findToken(client, brandId, {
        digest: digestOfSecret(token),
        kind,
        at,
        usedSince: new Date(at.getTime() - IDLE_MILLISECONDS),
      }),
    { reads: true },
  );
}
