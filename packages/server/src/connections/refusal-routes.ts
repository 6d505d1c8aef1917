import { ConnectionName, FactsApplied, Page, Problem, RefusedFactList } from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { connectionOrFail } from './connection-store.ts';
import { deleteRefused, readRefused } from './refusal-store.ts';
import { retryRefused } from './refusals.ts';

const tags = ['Connections'];
const ByName = z.object({ name: ConnectionName });
const OneFact = z.object({ kind: z.string().min(1).max(60), externalId: z.string().min(1).max(500) });

/** What could not be applied: seen, tried again, or put aside by a person. */
export function refusalRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/connections/:name/refused-facts',
    {
      config: { permission: 'connections:read' },
      schema: {
        tags,
        summary: 'What it told and could not be applied, with the reasons',
        description:
          'What refers to something that is not there yet is tried again by itself when more comes.',
        params: ByName,
        querystring: Page,
        response: { 200: RefusedFactList, '4xx': Problem },
      },
    },
    ({ brandId, params, query: { limit, cursor } }) =>
      withBrand(
        kept.db,
        brandId,
        async (client) => {
          await connectionOrFail(client, brandId, params.name);
          const after =
            cursor === undefined ? null : (decodeCursor(cursor, ['string', 'string']) as [string, string]);
          const rows = await readRefused(client, brandId, params.name, null, after, limit + 1);
          const page = pageOf(rows, limit, (row) => [row.kind, row.externalId]);
          return { ...page, items: page.items.map((row) => ({ ...row, fact: JSON.parse(row.fact) })) };
        },
        { reads: true },
      ),
  );
  routes.post(
    '/v1/connections/:name/refused-facts/retry',
    {
      config: { permission: 'connections:write' },
      schema: {
        tags,
        summary: 'Try refused facts again: the one that is named, or all',
        params: ByName,
        body: OneFact.partial().optional(),
        response: { 200: FactsApplied, '4xx': Problem },
      },
    },
    async ({ brandId, params: { name }, body }) => {
      await withBrand(kept.db, brandId, (client) => connectionOrFail(client, brandId, name), { reads: true });
      const one =
        body?.kind === undefined || body.externalId === undefined
          ? undefined
          : { kind: body.kind, externalId: body.externalId };
      return retryRefused(kept, brandId, name, one);
    },
  );
  routes.post(
    '/v1/connections/:name/refused-facts/dismissals',
    {
      config: { permission: 'connections:write' },
      schema: {
        tags,
        summary: 'Say that a refused fact is not to be applied',
        params: ByName,
        body: OneFact,
        response: { 204: z.null(), '4xx': Problem },
      },
    },
    async ({ brandId, params: { name }, body }, reply) => {
      const gone = await withBrand(kept.db, brandId, (client) =>
        deleteRefused(client, brandId, name, body.kind, body.externalId),
      );
      if (!gone)
        throw new KeptError(
          'not_found',
          `${name} has no refused ${body.kind} ${JSON.stringify(body.externalId)}.`,
        );
      return reply.code(204).send(null);
    },
  );
}
