import {
  Problem,
  Reallocation,
  ReallocationInput,
  ReallocationPage,
  ReallocationQuery,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { onceByKey } from './once.ts';
import {
  approveReallocation,
  pageReallocations,
  proposeReallocation,
  viewReallocation,
} from './reallocations.ts';

const tags = ['Re-allocation'];
const ById = z.object({ id: z.string().max(60) });
const Headers = z.looseObject({ 'idempotency-key': z.string().min(1).max(255).optional() });

export function reallocationRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.post(
    '/v1/reallocations',
    {
      config: { permission: 'queue:write' },
      schema: {
        tags,
        summary:
          'Propose who gets an item’s units anew: by strategies per class, or by swaps that keep more promises',
        description:
          'win: full and on the day asked for; gain: keeps at least what it has; improve: keeps or betters, may lose to a win; redistribute: may gain or lose; fill: never gains, may lose; lose: gives up everything. Nothing moves before it is approved.',
        headers: Headers,
        body: ReallocationInput,
        response: { 201: Reallocation, 422: Problem },
      },
    },
    async (request, reply) => {
      const { brandId, actor, body } = request;
      const proposal = await onceByKey(kept, request, (client) =>
        proposeReallocation(kept, client, brandId, body, actor),
      );
      return reply.status(201).send(proposal);
    },
  );
  routes.post(
    '/v1/reallocations/:id/approve',
    {
      config: { permission: 'queue:write' },
      schema: {
        tags,
        summary: 'Approve a re-allocation as it was proposed',
        description:
          'Refused with position_changed where the item is not as it was then; nothing changes in that case.',
        params: ById,
        response: { 200: Reallocation, 404: Problem, 409: Problem },
      },
    },
    ({ brandId, actor, params }) =>
      withBrand(kept.db, brandId, (client) => approveReallocation(kept, client, brandId, params.id, actor)),
  );
  routes.get(
    '/v1/reallocations/:id',
    {
      config: { permission: 'queue:read' },
      schema: {
        tags,
        summary: 'One re-allocation: who gains beside who loses',
        params: ById,
        response: { 200: Reallocation, 404: Problem },
      },
    },
    ({ brandId, params }) =>
      withBrand(kept.db, brandId, (client) => viewReallocation(kept, client, brandId, params.id)),
  );
  routes.get(
    '/v1/reallocations',
    {
      config: { permission: 'queue:read' },
      schema: {
        tags,
        summary: 'Re-allocations that were proposed and approved, the newest first',
        querystring: ReallocationQuery,
        response: { 200: ReallocationPage, 422: Problem },
      },
    },
    ({ brandId, query }) =>
      withBrand(kept.db, brandId, (client) => pageReallocations(kept, client, brandId, query)),
  );
}
