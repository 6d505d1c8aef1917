import { AuthorisationBegun, ConnectionName, Problem } from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { beginAuthorisation, finishAuthorisation, RETURN_PATH } from './authorise.ts';

const tags = ['Connections'];
const TICKET = 'kept_authorisation';
const SECONDS = 600;
const Query = z.record(z.string().max(200), z.string().max(5000));

/** How a connection is given access by OAuth: somebody who may change connections begins, agrees there, and comes back. */
export function authoriseRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.post(
    '/v1/connections/:name/authorisation',
    {
      config: { permission: 'connections:write' },
      schema: {
        tags,
        summary: 'Begin to give a connection access: where a person is to be sent',
        description:
          'Tell the app’s own id and secret with PUT /v1/connections/:name first. A browser that asks this is known by a cookie when it comes back; whoever asks by key brings what came back, with the ticket, to …/authorisation/return. Ten minutes are given.',
        params: z.object({ name: ConnectionName }),
        response: { 200: AuthorisationBegun, '4xx': Problem },
      },
    },
    async ({ brandId, params: { name }, actor, session, protocol }, reply) => {
      const { url, expiresAt, ticket } = await beginAuthorisation(kept, brandId, { name, actor });
      void reply.header('cache-control', 'no-store');
      if (session === null) return { url, expiresAt, ticket };
      // Lax, since the way back begins at the other side.
      const cookie = app.serializeCookie(TICKET, ticket, {
        httpOnly: true,
        sameSite: 'lax',
        secure: protocol === 'https',
        path: RETURN_PATH,
        maxAge: SECONDS,
      });
      void reply.header('set-cookie', cookie);
      return { url, expiresAt };
    },
  );
  routes.post(
    '/v1/connections/:name/authorisation/return',
    {
      config: { permission: 'connections:write' },
      schema: {
        tags,
        summary: 'End it with what the other side sent the person back with',
        params: z.object({ name: ConnectionName }),
        body: z.object({ ticket: z.string().max(200), query: Query }),
        response: { 200: z.object({ name: ConnectionName }), '4xx': Problem },
      },
    },
    async ({ brandId, params: { name }, body: { ticket, query } }) => {
      await finishAuthorisation(kept, query, ticket, { brandId, name });
      return { name };
    },
  );
  routes.get(
    RETURN_PATH,
    {
      config: { permission: 'public', rateLimit: { max: 30, timeWindow: '1 minute' } },
      schema: { tags, summary: 'Where the other side sends people back', security: [], querystring: Query },
    },
    async (request, reply) => {
      const cookies = request.headers.cookie;
      const ticket = cookies === undefined ? '' : (app.parseCookie(cookies)[TICKET] ?? '');
      void reply
        .header('cache-control', 'no-store')
        .header('referrer-policy', 'no-referrer')
        .type('text/plain; charset=utf-8');
      try {
        const { title } = await finishAuthorisation(kept, request.query, ticket);
        // It is of no more use.
        void reply.header('set-cookie', app.serializeCookie(TICKET, '', { path: RETURN_PATH, maxAge: 0 }));
        return reply.send(`${title} is connected. This page can be closed.\n`);
      } catch (error) {
        if (!(error instanceof KeptError)) throw error;
        // A person looks at this.
        return reply.code(400).send(`${error.message}\n`);
      }
    },
  );
}
