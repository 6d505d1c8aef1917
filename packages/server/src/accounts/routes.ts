import { fastifyCookie } from '@fastify/cookie';
import { Day, Problem } from '@kept/contract';
import { dayText, localTime } from '@kept/engine';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { SESSION_COOKIE, sessionOf } from './authenticate.ts';
import { guardRoutes } from './guard.ts';
import { SESSION_SECONDS, signIn, signOut } from './sessions.ts';
import { readBrand } from './store.ts';

const Session = z.object({
  brand: z.object({
    id: z.int(),
    title: z.string(),
    /** The title, as the pages call it. */
    name: z.string(),
    timeZone: z.string(),
    currency: z.string(),
    country: z.string().nullable(),
  }),
  /** The brand's own day. */
  today: Day,
  user: z.object({ name: z.string().optional(), email: z.string().optional() }).nullable(),
});

const tags = ['Accounts'];

/** Signing in and out, and the check that every request under /v1 passes before anything else. */
export function accountRoutes(
  app: FastifyInstance,
  kept: Kept,
  options: { bootstrapKey?: string | undefined } = {},
): void {
  // For its parser: whoever sends a key costs no look at cookies.
  app.register(fastifyCookie, { hook: false });
  guardRoutes(app, kept, options);

  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/sign-in',
    {
      config: { permission: 'public' },
      schema: {
        tags,
        summary: 'Follow a sign-in link',
        description:
          'Opens a session of 30 days in a cookie and leads to the dashboard. A link lasts 12 hours.',
        querystring: z.object({ token: z.string().max(200) }),
      },
    },
    async (request, reply) => {
      const session = await signIn(kept, request.query.token);
      return reply
        .header('set-cookie', sessionCookie(request, session, SESSION_SECONDS))
        .header('cache-control', 'no-store')
        .header('referrer-policy', 'no-referrer') // the address holds the token
        .redirect('/', 303);
    },
  );

  routes.get(
    '/v1/session',
    {
      config: { permission: 'signed_in' },
      schema: {
        tags,
        summary: 'Who asks, for which brand, on which of its days',
        response: { 200: Session, '4xx': Problem },
      },
    },
    async (request) => {
      const brand = await withBrand(kept.db, request.brandId, (client) => readBrand(client, request.brandId));
      if (brand === null) throw new Error(`brand ${request.brandId} does not exist`);
      const { day } = localTime(kept.clock.now().getTime(), brand.timeZone);
      return { brand: { ...brand, name: brand.title }, today: dayText(day), user: null };
    },
  );

  routes.delete(
    '/v1/session',
    {
      config: { permission: 'signed_in' },
      schema: { tags, summary: 'Sign out', response: { 204: z.undefined(), '4xx': Problem } },
    },
    async (request, reply) => {
      const session = sessionOf(request);
      if (session !== undefined) await signOut(kept, request.brandId, session);
      return reply
        .header('set-cookie', sessionCookie(request, '', 0))
        .code(204)
        .send();
    },
  );
}

function sessionCookie(request: FastifyRequest, value: string, maxAge: number): string {
  return request.server.serializeCookie(SESSION_COOKIE, value, {
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
    path: '/',
    maxAge,
  });
}
