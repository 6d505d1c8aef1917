import { fastifyCookie } from '@fastify/cookie';
import { Day, Problem, RoleName, ScopeName } from '@kept/contract';
import { dayText, localTime } from '@kept/engine';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { readBrand } from './brand-store.ts';
import { guardRoutes } from './guard.ts';
import { keyRoutes, sessionRoutes } from './key-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { isSecure, type Outside } from './place.ts';
import { sessionCookie, sessionOf } from './session-cookie.ts';
import { signOut } from './sessions.ts';
import { signInRoutes } from './sign-in-routes.ts';
import type { SingleSignOn } from './single-sign-on.ts';

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
  user: z
    .object({ name: z.string().optional(), email: z.string().optional(), role: RoleName.optional() })
    .nullable(),
  scopes: z.array(ScopeName),
});

const tags = ['Accounts'];

export interface AccountOptions extends Outside {
  readonly bootstrapKey?: string | undefined;
  readonly keyRequestsPerMinute?: number | undefined;
  readonly otherHouse?: SingleSignOn | null;
}

/** Signing in and out, people and keys, and the check that every request passes before anything else. */
export function accountRoutes(app: FastifyInstance, kept: Kept, options: AccountOptions = {}): void {
  // For its parser: whoever sends a key costs no look at cookies.
  app.register(fastifyCookie, { hook: false });
  guardRoutes(app, kept, options);
  signInRoutes(app, kept, options, options.otherHouse ?? null);
  peopleRoutes(app, kept, options);
  keyRoutes(app, kept);
  sessionRoutes(app, kept);

  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/session',
    {
      config: { permission: 'signed_in', withoutFactor: true },
      schema: {
        tags,
        summary: 'Who asks, for which brand, on which of its days, and what they may do',
        response: { 200: Session, '4xx': Problem },
      },
    },
    async (request) => {
      const brand = await withBrand(
        kept.db,
        request.brandId,
        (client) => readBrand(client, request.brandId),
        { reads: true },
      );
      if (brand === null) throw new Error(`brand ${request.brandId} does not exist`);
      const { day } = localTime(kept.clock.now().getTime(), brand.timeZone);
      const person = request.session?.person ?? null;
      return {
        brand: { ...brand, name: brand.title },
        today: dayText(day),
        user: person === null ? null : { name: person.name, email: person.email, role: person.role },
        scopes: [...(request.scopes ?? [])],
      };
    },
  );

  routes.delete(
    '/v1/session',
    {
      config: { permission: 'signed_in', withoutFactor: true },
      schema: { tags, summary: 'Sign out', response: { 204: z.undefined(), '4xx': Problem } },
    },
    async (request, reply) => {
      const session = sessionOf(request);
      if (session !== undefined) await signOut(kept, request.brandId, session);
      return (
        reply
          .header('set-cookie', sessionCookie(request, '', isSecure(request, options)))
          // What the browser kept of the pages' answers goes, too.
          .header('clear-site-data', '"cache", "storage"')
          .code(204)
          .send()
      );
    },
  );
}
