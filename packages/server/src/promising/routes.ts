import {
  AccuracyQuery,
  Availability,
  AvailabilityQuery,
  Backorder,
  BackorderPage,
  BackorderQuery,
  Explanation,
  Hold,
  HoldInput,
  PlanInput,
  PlanResult,
  Problem,
  PromiseAccuracy,
  PromisePage,
  PromiseQuery,
} from '@kept/contract';
import { chooseTag } from '@kept/engine';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import { sendRendered, sendTagged } from '../platform/etag.ts';
import { once, requestDigest } from '../platform/inbox.ts';
import type { Kept } from '../platform/kept.ts';
import { promiseAccuracy } from './accuracy.ts';
import { readerOf } from './availability-reader.ts';
import { explain, pageBackorders } from './backorders.ts';
import { placeHold, releaseHold } from './holds.ts';
import { pagePromises } from './ledger.ts';
import { findOrderByName } from './order-name-store.ts';
import { replan } from './plan.ts';

export async function promisingRoutes(app: FastifyInstance, kept: Kept): Promise<void> {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/v1/availability',
    {
      config: { permission: 'queue:read' },
      schema: {
        tags: ['Availability'],
        summary: 'What a shopper of a channel can have, now and later',
        querystring: AvailabilityQuery,
        response: { 200: Availability, 404: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      const { sku, channel, quantity, shipTo, options, locale } = request.query;
      const tag = chooseTag(locale ?? request.headers['accept-language']);
      const answer = await readerOf(kept, request.brandId).answer({
        sku,
        channel,
        quantity,
        shipTo,
        options,
        tag,
      });
      return sendRendered(request, reply, answer);
    },
  );

  routes.get(
    '/v1/backorders',
    {
      config: { permission: 'queue:read' },
      schema: {
        tags: ['Backorders'],
        summary: 'The queue: every line that is not wholly reserved, with what backs it',
        querystring: BackorderQuery,
        response: { 200: BackorderPage, 404: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      const page = await withBrand(kept.db, request.brandId, async (client) => {
        const { order: name, ...query } = request.query;
        const order = name === undefined ? undefined : await orderNamed(client, request.brandId, name);
        return pageBackorders(kept, client, request.brandId, { ...query, order });
      });
      return sendTagged(request, reply, page);
    },
  );

  routes.get(
    '/v1/backorders/:id',
    {
      config: { permission: 'queue:read' },
      schema: {
        tags: ['Backorders'],
        summary: 'One waiting line',
        params: z.object({ id: z.string().max(60) }),
        response: { 200: Backorder, 404: Problem },
      },
    },
    (request) =>
      withBrand(kept.db, request.brandId, async (client) => {
        const { backorder } = await explain(kept, client, request.brandId, request.params.id);
        if (backorder !== undefined) return backorder;
        throw new KeptError('not_found', `Line ${request.params.id} does not wait any more.`);
      }),
  );

  routes.get(
    '/v1/backorders/:id/explanation',
    {
      config: { permission: 'queue:read' },
      schema: {
        tags: ['Backorders'],
        summary: 'Why a line stands where it stands, in the words of planner, agent and customer',
        params: z.object({ id: z.string().max(60) }),
        response: { 200: Explanation, 404: Problem },
      },
    },
    async (request, reply) => {
      const answer = await withBrand(kept.db, request.brandId, (client) =>
        explain(kept, client, request.brandId, request.params.id),
      );
      return sendTagged(request, reply, answer);
    },
  );

  routes.get(
    '/v1/promises',
    {
      config: { permission: 'queue:read' },
      schema: {
        tags: ['Promises'],
        summary: 'The promise ledger, newest first',
        querystring: PromiseQuery,
        response: { 200: PromisePage, 404: Problem, 422: Problem },
      },
    },
    (request) =>
      withBrand(kept.db, request.brandId, async (client) => {
        const { order: name, ...query } = request.query;
        const order = name === undefined ? undefined : await orderNamed(client, request.brandId, name);
        return pagePromises(client, request.brandId, { ...query, order });
      }),
  );

  routes.get(
    '/v1/promises/accuracy',
    {
      config: { permission: 'queue:read' },
      schema: {
        tags: ['Promises'],
        summary: 'How many promises were kept, by month, supplier or channel',
        querystring: AccuracyQuery,
        response: { 200: PromiseAccuracy, 422: Problem },
      },
    },
    (request) =>
      withBrand(kept.db, request.brandId, (client) =>
        promiseAccuracy(kept, client, request.brandId, request.query),
      ),
  );

  routes.post(
    '/v1/plan',
    {
      config: { permission: 'queue:write' },
      schema: {
        tags: ['Plan'],
        summary: 'Plan all items again, or some',
        body: PlanInput.nullish(),
        response: { 200: PlanResult, 422: Problem },
      },
    },
    ({ brandId, actor, body }) => replan(kept, brandId, { skus: body?.skus, actor }),
  );

  routes.post(
    '/v1/holds',
    {
      config: { permission: 'orders:write' },
      schema: {
        tags: ['Holds'],
        summary: 'Keep units for a cart, for a time',
        headers: z.object({ 'idempotency-key': z.string().min(1).max(255).optional() }),
        body: HoldInput,
        response: { 201: Hold, 409: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const answer = (client: pg.PoolClient) => {
        const work = () => placeHold(kept, client, request.brandId, request.body);
        if (key === undefined) return work();
        const content = requestDigest(request.body);
        return once(
          client,
          request.brandId,
          { source: 'POST /v1/holds', externalId: key, content, at: kept.clock.now() },
          work,
        );
      };
      const hold = await withBrand(kept.db, request.brandId, answer, { plannedOnce: true });
      return reply.status(201).send(hold);
    },
  );

  routes.delete(
    '/v1/holds/:id',
    {
      config: { permission: 'orders:write' },
      schema: {
        tags: ['Holds'],
        summary: 'Give a hold’s units back',
        params: z.object({ id: z.string().max(60) }),
        response: { 204: z.null(), 404: Problem },
      },
    },
    async (request, reply) => {
      await withBrand(kept.db, request.brandId, (client) =>
        releaseHold(kept, client, request.brandId, request.params.id),
      );
      return reply.status(204).send(null);
    },
  );
}

async function orderNamed(
  client: Parameters<typeof findOrderByName>[0],
  brandId: number,
  name: string,
): Promise<number> {
  const order = await findOrderByName(client, brandId, name);
  if (order === null)
    throw new KeptError(
      'not_found',
      `There is no order ${JSON.stringify(name)}. Name it by Kept's id, or as channel:ref.`,
    );
  return order;
}
