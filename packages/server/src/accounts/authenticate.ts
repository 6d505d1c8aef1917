import { SCOPES_OF, type Scope } from '@kept/contract';
import type { FastifyRequest } from 'fastify';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { sameSecret } from '../platform/same-secret.ts';
import { FIRST_BRAND } from './brand.ts';
import { recogniseKey } from './keys.ts';
import { brandOfKey, brandOfToken } from './secrets.ts';
import { sessionOf } from './session-cookie.ts';
import { recogniseSession, type SignedIn } from './sessions.ts';
import { noteUse } from './uses.ts';

export const BOOTSTRAP = 'key:bootstrap';

/** Who asks, and for which brand. */
export interface Caller {
  readonly brandId: number;
  /** As the audit trail names them. */
  readonly actor: string;
  readonly scopes: ReadonlySet<Scope>;
  /** By a browser's session; null by key. */
  readonly session: SignedIn | null;
}

/**
 * Who asks: by `Authorization: Bearer`, else by the session's cookie.
 * @throws KeptError `unauthorized` for nobody, `forbidden` where another site uses the cookie to change something
 */
export async function authenticate(
  kept: Kept,
  request: FastifyRequest,
  bootstrapKey: string | undefined,
): Promise<Caller> {
  const { authorization } = request.headers;
  if (authorization !== undefined) return byKey(kept, authorization, bootstrapKey);
  const token = sessionOf(request);
  const brandId = token === undefined ? null : brandOfToken(token);
  const session =
    token === undefined || brandId === null ? null : await recogniseSession(kept, brandId, token);
  if (session === null || brandId === null)
    throw new KeptError(
      'unauthorized',
      'Send an API key as "Authorization: Bearer …", or sign in at /sign-in.',
    );
  if (changes(request)) mustBeSameOrigin(request);
  const actor = session.person === null ? 'session' : `user:${session.person.email}`;
  return { brandId, actor, scopes: session.scopes, session };
}

/**
 * Browsers say where a request comes from: in Sec-Fetch-Site, the older ones in Origin alone. One that says nothing is refused.
 * @throws KeptError `forbidden`
 */
export function mustBeSameOrigin(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const same =
    site !== undefined
      ? site === 'same-origin'
      : origin !== undefined && URL.canParse(origin) && new URL(origin).host === request.host;
  if (!same)
    throw new KeptError(
      'forbidden',
      'A change by a signed-in browser has to come from Kept’s own page. Elsewhere, send an API key instead of the cookie.',
    );
}

async function byKey(kept: Kept, authorization: string, bootstrapKey: string | undefined): Promise<Caller> {
  const key = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (key === undefined)
    throw new KeptError('unauthorized', 'The Authorization header is not "Bearer " and a key.');
  if (bootstrapKey !== undefined && sameSecret(key, bootstrapKey))
    return { brandId: FIRST_BRAND, actor: BOOTSTRAP, scopes: SCOPES_OF.owner, session: null };
  const brandId = brandOfKey(key);
  const known = brandId === null ? null : await recogniseKey(kept, brandId, key);
  if (brandId === null || known === null)
    throw new KeptError('unauthorized', 'This API key is not known, or was revoked.');
  noteUse(kept, brandId, 'key', known.id);
  return { brandId, actor: `key:${known.name}`, scopes: known.scopes, session: null };
}

const changes = (request: FastifyRequest) => request.method !== 'GET' && request.method !== 'HEAD';
