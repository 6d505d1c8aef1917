import { SCOPES_OF, type Scope } from '@kept/contract';
import type { FastifyRequest } from 'fastify';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { FIRST_BRAND } from './brand.ts';
import { brandOfKey, brandOfToken, sameSecret } from './secrets.ts';
import { isSignedIn, nameOfKey } from './sessions.ts';

export const SESSION_COOKIE = 'kept_session';

/** Who asks, and for which brand. */
export interface Caller {
  readonly brandId: number;
  /** As the audit trail names them. */
  readonly actor: string;
  readonly scopes: ReadonlySet<Scope>;
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
  const session = sessionOf(request);
  const brandId = session === undefined ? null : brandOfToken(session);
  if (session === undefined || brandId === null || !(await isSignedIn(kept, brandId, session)))
    throw new KeptError(
      'unauthorized',
      'Send an API key as "Authorization: Bearer …", or open the sign-in link that Kept prints when it starts.',
    );
  if (changes(request) && !isSameOrigin(request))
    throw new KeptError(
      'forbidden',
      'A change by a signed-in browser has to come from Kept’s own page. Elsewhere, send an API key instead of the cookie.',
    );
  return { brandId, actor: 'session', scopes: SCOPES_OF.owner };
}

export function sessionOf(request: FastifyRequest): string | undefined {
  return request.headers.cookie === undefined
    ? undefined
    : request.server.parseCookie(request.headers.cookie)[SESSION_COOKIE];
}

async function byKey(kept: Kept, authorization: string, bootstrapKey: string | undefined): Promise<Caller> {
  const key = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (key === undefined)
    throw new KeptError('unauthorized', 'The Authorization header is not "Bearer " and a key.');
  if (bootstrapKey !== undefined && sameSecret(key, bootstrapKey))
    return { brandId: FIRST_BRAND, actor: 'key:bootstrap', scopes: SCOPES_OF.owner };
  const brandId = brandOfKey(key);
  const name = brandId === null ? null : await nameOfKey(kept, brandId, key);
  if (brandId === null || name === null)
    throw new KeptError('unauthorized', 'This API key is not known, or was revoked.');
  return { brandId, actor: `key:${name}`, scopes: SCOPES_OF.owner };
}

const changes = (request: FastifyRequest) => request.method !== 'GET' && request.method !== 'HEAD';

/** Browsers say where a request comes from: in Sec-Fetch-Site, the older ones in Origin alone. One that says nothing is refused. */
function isSameOrigin(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = request.headers;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === request.host;
}
