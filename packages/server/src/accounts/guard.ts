import { type Permission, SCOPES, type Scope } from '@kept/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { limitCallers } from '../platform/edge.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { authenticate, BOOTSTRAP } from './authenticate.ts';
import type { SignedIn } from './sessions.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route asks of its caller. One that declares nothing is closed to everybody. */
    permission?: Permission;
    /** Open to those as well who have yet to set up the second factor that their brand wants. */
    withoutFactor?: true;
  }
  interface FastifyRequest {
    /** The brand of whoever asks; 0, which no brand is, on routes that anybody may ask. */
    brandId: number;
    /** Who asks, as the audit trail names them. */
    actor: string;
    /** What they may do; null on routes that anybody may ask. */
    scopes: ReadonlySet<Scope> | null;
    /** The session of whoever asks by browser; null by key, and on routes that anybody may ask. */
    session: SignedIn | null;
  }
}

const KNOWN: ReadonlySet<string> = new Set(SCOPES);

/** The check that every request passes before anything else: who asks, and whether they may do what the route declares. */
export function guardRoutes(
  app: FastifyInstance,
  kept: Kept,
  options: { bootstrapKey?: string | undefined; keyRequestsPerMinute?: number | undefined },
): void {
  app.decorateRequest('brandId', 0);
  app.decorateRequest('actor', '');
  app.decorateRequest('scopes', null);
  app.decorateRequest('session', null);
  const limit = limitCallers(options.keyRequestsPerMinute ?? 0);
  app.addHook('onRequest', async (request) => {
    const needed = neededFor(request);
    if (needed === 'public') return;
    const caller = await authenticate(kept, request, options.bootstrapKey);
    // The bootstrap key is its operator's own.
    if (caller.actor !== BOOTSTRAP) limit(request);
    request.brandId = caller.brandId;
    request.actor = caller.actor;
    request.scopes = caller.scopes;
    request.session = caller.session;
    if (caller.session?.lacksFactor && !request.routeOptions.config.withoutFactor) throw noFactor();
    if (!allows(caller.scopes, needed)) throw refusal(request, needed);
  });
}

/**
 * Makes public what a plugin of somebody else's adds to the scope: its routes cannot declare anything themselves.
 * @param scope an encapsulated instance that holds nothing but the plugin
 */
export function openToAnybody(scope: FastifyInstance): void {
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, permission: 'public' };
  });
}

/** By the route that was matched, so that no spelling of an address slips by; unknown addresses under /v1 tell nothing either. */
function neededFor(request: FastifyRequest): Permission | undefined {
  if (request.is404) return /^\/v1(\/|$)/.test(request.url) ? 'signed_in' : 'public';
  return request.routeOptions.config.permission;
}

function allows(scopes: ReadonlySet<Scope>, needed: Permission | undefined): boolean {
  return needed === 'signed_in' || (needed !== undefined && scopes.has(needed as Scope));
}

const noFactor = () =>
  new KeptError(
    'forbidden',
    'Your brand wants a second factor of everybody. Connect an app or add a passkey under Settings, My account.',
    { needs: 'second_factor' },
  );

function refusal(request: FastifyRequest, needed: Permission | undefined): KeptError {
  const route = `${request.method} ${request.routeOptions.url}`;
  if (needed === undefined || !KNOWN.has(needed))
    return new KeptError('forbidden', `${route} declares no permission, and so nobody may use it.`);
  return new KeptError(
    'forbidden',
    `${route} needs the scope ${needed}, which this key or user does not have.`,
    {
      needed,
    },
  );
}
