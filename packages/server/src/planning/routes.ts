import {
  Accepted,
  AcceptInput,
  Outlook,
  OutlookQuery,
  Problem,
  Projection,
  ProjectionQuery,
  ReorderPage,
  ReorderQuery,
  Sku,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import { sendTagged } from '../platform/etag.ts';
import { once, requestDigest } from '../platform/inbox.ts';
import type { Kept } from '../platform/kept.ts';
import { forecastRoutes } from './forecast-routes.ts';
import { handOver } from './joint-orders.ts';
import { jointRoutes } from './joint-routes.ts';
import { outlookOf } from './outlook.ts';
import { projectionOf } from './projection.ts';
import { acceptSuggestion, pageSuggestions } from './suggestions.ts';

const BySku = z.object({ sku: Sku });

export function planningRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['Planning'];
  forecastRoutes(app, kept);
  jointRoutes(app, kept);
  routes.get(
    '/v1/items/:sku/projection',
    {
      config: { permission: 'planning:read' },
      schema: {
        tags,
        summary: 'Stock, queue and lost sales by day, with their spread, beside the naive projection',
        description:
          'Each open unit leaves once: reserved ones tomorrow, pegged ones when their supply arrives in that scenario, waiting ones from the first free units. The query changes its inputs for this answer only.',
        params: BySku,
        querystring: ProjectionQuery,
        response: { 200: Projection, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const answer = await withBrand(kept.db, request.brandId, (client) =>
        projectionOf(kept, client, request.brandId, request.params.sku, request.query),
      );
      return sendTagged(request, reply, answer);
    },
  );
  routes.get(
    '/v1/projections',
    {
      config: { permission: 'planning:read' },
      schema: {
        tags,
        summary:
          'What runs out, the first to run out first: every item projected along its expected demand and supply',
        querystring: OutlookQuery,
        response: { 200: Outlook, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const answer = await withBrand(kept.db, request.brandId, (client) =>
        outlookOf(kept, client, request.brandId, request.query),
      );
      return sendTagged(request, reply, answer);
    },
  );
  routes.get(
    '/v1/reorder-suggestions',
    {
      config: { permission: 'planning:read' },
      schema: {
        tags,
        summary: 'What to order, how much and by when, with the reason and the other ways out',
        querystring: ReorderQuery,
        response: { 200: ReorderPage, '4xx': Problem },
      },
    },
    (request) =>
      withBrand(kept.db, request.brandId, (client) =>
        pageSuggestions(kept, client, request.brandId, request.query),
      ),
  );
  routes.post(
    '/v1/reorder-suggestions/:sku/accept',
    {
      config: { permission: 'planning:write' },
      schema: {
        tags,
        summary: 'Make a draft purchase order of a suggestion',
        params: BySku,
        headers: z.looseObject({ 'idempotency-key': z.string().min(1).max(255).optional() }),
        body: AcceptInput,
        response: { 201: Accepted, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { brandId, params, body } = request;
      const key = request.headers['idempotency-key'];
      const accepted = await withBrand(kept.db, brandId, (client) => {
        const work = async () => {
          const made = await acceptSuggestion(kept, client, brandId, params.sku, body);
          const data = { ...made, lines: [{ line: 1, sku: params.sku, quantity: made.quantity }] };
          await handOver(kept, client, brandId, data, request.actor);
          return made;
        };
        if (typeof key !== 'string') return work();
        const content = requestDigest({ sku: params.sku, ...body });
        const source = 'POST /v1/reorder-suggestions/accept';
        return once(client, brandId, { source, externalId: key, content, at: kept.clock.now() }, work);
      });
      return reply.status(201).send(accepted);
    },
  );
}
