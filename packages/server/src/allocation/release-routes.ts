import {
  PickList,
  PickQuery,
  Problem,
  Release,
  ReleaseApproval,
  ReleasePage,
  ReleaseQuery,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { onceByKey } from './once.ts';
import { pickList, pickListCsv } from './pick-list.ts';
import { approveRelease, pageReleases } from './releases.ts';

const tags = ['Release to pick'];
const Headers = z.looseObject({ 'idempotency-key': z.string().min(1).max(255).optional() });

export function releaseRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/releases',
    {
      config: { permission: 'queue:read' },
      schema: {
        tags,
        summary:
          'Orders with reserved units: what can be released to pick, whole or in part, and what cannot and why',
        querystring: ReleaseQuery,
        response: { 200: ReleasePage, 404: Problem, 422: Problem },
      },
    },
    ({ brandId, query }) =>
      withBrand(kept.db, brandId, (client) => pageReleases(kept, client, brandId, query)),
  );
  routes.post(
    '/v1/releases/:id/approve',
    {
      config: { permission: 'queue:write' },
      schema: {
        tags,
        summary: 'Release an order’s reserved units to pick',
        description:
          'All that can be, or the lines named. With the `version` of a proposal it is refused where the order is no longer as it was.',
        params: z.object({ id: z.string().min(1).max(260).describe("the order's id, or channel:ref") }),
        headers: Headers,
        body: ReleaseApproval.nullish(),
        response: { 200: Release, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    (request) => {
      const { brandId, actor, params, body } = request;
      return onceByKey(kept, request, (client) =>
        approveRelease(kept, client, brandId, params.id, body ?? {}, actor),
      );
    },
  );
  routes.get(
    '/v1/releases/pick-list',
    {
      config: { permission: 'queue:read' },
      schema: {
        tags,
        summary: 'What is to be picked: released and not shipped yet, as JSON or CSV',
        querystring: PickQuery,
        response: { 200: z.union([PickList, z.string()]), 422: Problem },
      },
    },
    async ({ brandId, query }, reply) => {
      const list = await withBrand(kept.db, brandId, (client) =>
        pickList(kept, client, brandId, query.location),
      );
      if (query.format === 'json') return reply.send(list);
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="pick-list.csv"')
        .serializer((text: unknown) => String(text))
        .send(pickListCsv(list));
    },
  );
}
