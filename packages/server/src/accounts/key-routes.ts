import { KeyInput, KeyRotation, KeyShown, KeyView, Problem, SessionView } from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import type { KeyRow } from './key-store.ts';
import { createScopedKey, endKey, keysOf, rotateKey, scopesOf } from './keys.ts';
import { endSession, sessionsOf } from './sessions.ts';

const tags = ['Accounts'];
const ById = z.object({ id: z.string().max(200) });

/** API keys. */
export function keyRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/keys',
    {
      config: { permission: 'keys:read' },
      schema: {
        tags,
        summary: 'The API keys, the newest first',
        response: { 200: z.object({ items: z.array(KeyView) }), '4xx': Problem },
      },
    },
    async (request) => ({ items: (await keysOf(kept, request.brandId)).map(viewKey) }),
  );
  routes.post(
    '/v1/keys',
    {
      config: { permission: 'keys:write' },
      schema: {
        tags,
        summary: 'A new API key',
        description: 'It is shown this one time. It may no more than whoever makes it.',
        body: KeyInput,
        response: { 201: KeyShown, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { name, scopes, expiresAt } = request.body;
      const { key, row } = await createScopedKey(
        kept,
        request.brandId,
        { name, scopes, by: request.actor, expiresAt: expiresAt === undefined ? null : new Date(expiresAt) },
        request.scopes!,
      );
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...viewKey(row), key });
    },
  );
  routes.post(
    '/v1/keys/:id/rotate',
    {
      config: { permission: 'keys:write' },
      schema: {
        tags,
        summary: 'The same key anew; the old one goes on working for a while',
        params: ById,
        body: KeyRotation,
        response: { 201: KeyShown, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { key, row } = await rotateKey(
        kept,
        request.brandId,
        request.params.id,
        { overlapMinutes: request.body.overlapMinutes, by: request.actor },
        request.scopes!,
      );
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...viewKey(row), key });
    },
  );
  routes.delete(
    '/v1/keys/:id',
    {
      config: { permission: 'keys:write' },
      schema: {
        tags,
        summary: 'Revoke an API key, at once',
        params: ById,
        response: { 204: z.undefined(), '4xx': Problem },
      },
    },
    async (request, reply) => {
      await endKey(kept, request.brandId, request.params.id);
      return reply.code(204).send();
    },
  );
}

/** Sessions: everybody's for whoever manages people, one's own for all others. */
export function sessionRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/sessions',
    {
      config: { permission: 'signed_in' },
      schema: {
        tags,
        summary: 'Who is signed in where',
        description: 'One’s own sessions; everybody’s with the scope `people:read`.',
        response: { 200: z.object({ items: z.array(SessionView) }), '4xx': Problem },
      },
    },
    async (request) => {
      const own = request.session?.person?.id ?? '';
      const rows = await sessionsOf(kept, request.brandId, request.scopes?.has('people:read') ? null : own);
      return {
        items: rows.map(({ personId, personName, ...row }) => ({
          ...row,
          person: personId === null ? null : { id: personId, name: personName ?? '' },
          current: row.id === request.session?.sessionId,
        })),
      };
    },
  );
  routes.delete(
    '/v1/sessions/:id',
    {
      config: { permission: 'signed_in' },
      schema: {
        tags,
        summary: 'End a session elsewhere',
        description: 'One’s own; anybody’s with the scope `people:write`.',
        params: ById,
        response: { 204: z.undefined(), '4xx': Problem },
      },
    },
    async (request, reply) => {
      const own = request.session?.person?.id ?? '';
      const whose = request.scopes?.has('people:write') ? null : own;
      await endSession(kept, request.brandId, request.params.id, whose);
      return reply.code(204).send();
    },
  );
}

function viewKey({ scopes, ...row }: KeyRow): z.input<typeof KeyView> {
  return { ...row, scopes: [...scopesOf({ scopes })] };
}
